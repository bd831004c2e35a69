//! A server's answer to the opening handshake: read the same in pieces and as a whole, and judged
//! without panic; extensions that are accepted can be offered and negotiated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_ws::deflate::{Offer, ServerPolicy, negotiate};
use sockeye_ws::handshake::{HandshakeError, Request, Response};
use sockeye_ws::{ClientHandshake, MaskSource};

fuzz_target!(|bytes: &[u8]| {
    let [size, head @ ..] = bytes else { return };
    let protocols = ["chat".to_owned(), "superchat".to_owned()];
    let request = Request {
        host: "server.example.com",
        resource: "/chat",
        protocols: &protocols,
        deflate: (size & 1 == 0).then(Offer::default),
        headers: &[],
    };
    let fresh = || ClientHandshake::new(request, &mut SampleNonce).expect("a valid request");
    let whole = receive(&mut fresh(), head, head.len().max(1));
    let pieces = receive(&mut fresh(), head, usize::from(*size).max(1));
    assert_eq!(whole, pieces);
    if let Ok(Some((response, used))) = whole {
        assert!(used <= head.len());
        if let Ok(accepted) = fresh().check(&response) {
            assert_eq!(response.status, 101);
            assert!(accepted.deflate.is_none() || size & 1 == 0);
        }
    }
    if let Ok(text) = std::str::from_utf8(head)
        && let Some((_, answer)) = negotiate(text, &ServerPolicy::default())
    {
        // Whatever the offer was, the answer is well formed.
        assert!(negotiate(&answer, &ServerPolicy::default()).is_some());
    }
});

/// The response and how many bytes belong to it.
fn receive(
    handshake: &mut ClientHandshake,
    head: &[u8],
    size: usize,
) -> Result<Option<(Response, usize)>, HandshakeError> {
    let mut before = 0;
    for chunk in head.chunks(size) {
        if let Some((response, used)) = handshake.receive(chunk)? {
            return Ok(Some((response, before + used)));
        }
        before += chunk.len();
    }
    Ok(None)
}

/// Makes the key of RFC 6455 §1.3, so that the corpus can have its answer.
struct SampleNonce;

impl MaskSource for SampleNonce {
    fn next_mask(&mut self) -> [u8; 4] {
        *b"samp"
    }
}
