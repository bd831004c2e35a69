//! The opening handshake: requests byte for byte, responses in any pieces, every rule for them.

use proptest::prelude::*;
use sockeye_ws::deflate::{
    Agreed, ClientMaxWindowBits, NegotiationError, Offer, ServerPolicy, WindowBits, negotiate,
};
use sockeye_ws::handshake::{
    Accepted, HandshakeError, MAX_RESPONSE_HEAD, Request, RequestError, Response,
};
use sockeye_ws::{ClientHandshake, MaskSource, accept_key};

/// Makes the nonce of RFC 6455 §1.3.
struct ExampleNonce(usize);

impl MaskSource for ExampleNonce {
    fn next_mask(&mut self) -> [u8; 4] {
        self.0 += 1;
        *b"the sample nonce".as_chunks().0[self.0 - 1..].first().unwrap()
    }
}

const REQUEST: Request<'_> =
    Request { host: "example.com", resource: "/chat", protocols: &[], deflate: None, headers: &[] };

const OK: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

fn handshake(request: Request<'_>) -> ClientHandshake {
    ClientHandshake::new(request, &mut ExampleNonce(0)).unwrap()
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

/// The response in `bytes`, which must be the same in one piece and byte by byte.
fn receive(bytes: &[u8]) -> Result<Option<(Response, usize)>, HandshakeError> {
    let whole = handshake(REQUEST).receive(bytes);
    let mut slow = handshake(REQUEST);
    let by_byte = (0..bytes.len())
        .find_map(|at| match slow.receive(&bytes[at..=at]) {
            Ok(None) => None,
            Ok(Some((response, 1))) => Some(Ok((response, at + 1))),
            Ok(Some((_, consumed))) => panic!("consumed {consumed} bytes of one"),
            Err(error) => Some(Err(error)),
        })
        .transpose();
    assert_eq!(by_byte, whole);
    whole
}

/// What the client makes of a 101 with `lines` put before its end.
fn check(request: Request<'_>, lines: &str) -> Result<Accepted, HandshakeError> {
    let text = OK.replace("\r\n\r\n", &format!("\r\n{lines}\r\n"));
    check_whole(request, &text)
}

fn check_whole(request: Request<'_>, text: &str) -> Result<Accepted, HandshakeError> {
    let mut handshake = handshake(request);
    let (response, consumed) = handshake.receive(text.as_bytes()).unwrap().unwrap();
    assert_eq!(consumed, text.len());
    handshake.check(&response)
}

#[test]
fn rfc6455_1_3_accept_key() {
    assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn request_bytes() {
    assert_eq!(
        handshake(REQUEST).request(),
        b"GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    let request = Request {
        resource: "/?q=1",
        protocols: &strings(&["v2", "v1"]),
        deflate: Some(Offer::default()),
        headers: &headers(&[
            ("Origin", "https://a.example"),
            ("host", "other.example:8080"),
            ("X-Token", "ä; b"),
            ("X-Token", ""),
        ]),
        ..REQUEST
    };
    assert_eq!(
        std::str::from_utf8(handshake(request).request()).unwrap(),
        "GET /?q=1 HTTP/1.1\r\nHost: other.example:8080\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: v2, v1\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
         Origin: https://a.example\r\nX-Token: ä; b\r\nX-Token: \r\n\r\n"
    );
}

#[test]
fn requests_that_cannot_be_sent() {
    let check = |request: Request<'_>, error| {
        assert_eq!(ClientHandshake::new(request, &mut ExampleNonce(0)).unwrap_err(), error);
    };
    let with = |name: &str, value: &str, error| {
        check(Request { headers: &headers(&[(name, value)]), ..REQUEST }, error);
    };
    for host in ["", "a\r\nb"] {
        check(Request { host, ..REQUEST }, RequestError::Host(host.into()));
    }
    for resource in ["", "chat", "/a b", "/a\r\n", "/ä"] {
        check(Request { resource, ..REQUEST }, RequestError::Resource(resource.into()));
    }
    for protocols in [["a", "a"], ["a", ""], ["a", "b c"], ["a", "b,c"]] {
        let error = RequestError::Protocol(protocols[1].into());
        check(Request { protocols: &strings(&protocols), ..REQUEST }, error);
    }
    for name in ["", "a b", "a:", "ä"] {
        with(name, "x", RequestError::Header(name.into()));
    }
    with("a", "x\r\nEvil: 1", RequestError::Header("a".into()));
    for name in [
        "upgrade",
        "Connection",
        "Sec-Websocket-Key",
        "Sec-WebSocket-Version",
        "sec-websocket-extensions",
    ] {
        with(name, "x", RequestError::DuplicateHeader(name.into()));
    }
    let twice = headers(&[("Host", "a"), ("HOST", "b")]);
    check(Request { headers: &twice, ..REQUEST }, RequestError::DuplicateHeader("HOST".into()));
    let protocols = strings(&["a"]);
    let header = headers(&[("sec-websocket-protocol", "b")]);
    check(
        Request { protocols: &protocols, headers: &header, ..REQUEST },
        RequestError::DuplicateHeader("Sec-WebSocket-Protocol".into()),
    );
}

#[test]
fn responses_in_pieces_leave_the_frames() {
    let (response, consumed) = receive(&[OK.as_bytes(), b"\x81\x02hi"].concat()).unwrap().unwrap();
    assert_eq!((response.status, consumed), (101, OK.len()));
    assert_eq!(&*response.reason, "Switching Protocols");
    assert_eq!(response.headers[0], ("Upgrade".to_owned(), "websocket".to_owned()));
    assert!(handshake(REQUEST).check(&response).is_ok());

    // Bare line feeds, no reason, bytes above ASCII, interim responses before the final one.
    let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n\
                 HTTP/1.1 503\nX-Caf\x65: caf\xe9\nX-Utf8: caf\xc3\xa9\nset-cookie: a\nSet-Cookie: b\n\nbody";
    let (response, consumed) = receive(text).unwrap().unwrap();
    assert_eq!(consumed, text.len() - "body".len());
    assert_eq!((response.status, &*response.reason), (503, ""));
    assert_eq!(
        response.headers,
        headers(&[
            ("X-Cafe", "café"),
            ("X-Utf8", "café"),
            ("set-cookie", "a"),
            ("Set-Cookie", "b")
        ])
    );
    assert_eq!(response.header("SET-COOKIE").as_deref(), Some("a, b"));
    assert_eq!(handshake(REQUEST).check(&response), Err(HandshakeError::Status(503)));
}

#[test]
fn responses_that_never_end_or_are_none() {
    for text in ["", "HTTP", "HTTP/1.1 101 Switching Protocols\r\n", &OK[..OK.len() - 1]] {
        assert_eq!(receive(text.as_bytes()), Ok(None), "{text}");
    }
    for text in [
        &b"SSH-2.0-OpenSSH"[..],
        b"\x15\x03\x03\x00\x02\x02\x46",
        b"HTTP/2 200\r\n",
        b"HTTP/1.1 abc\r\n",
        b"HTTP/1.1 101 X\r\nno colon\r\n\r\n",
        b"HTTP/1.1 101 X\r\na\0b: c\r\n\r\n",
        b"\r\n\r\n",
    ] {
        assert_eq!(receive(text), Err(HandshakeError::NotHttp), "{text:x?}");
    }
    for line in ["X: y\r\n", "X"] {
        let endless = OK.replace("\r\n\r\n", "\r\n") + &line.repeat(MAX_RESPONSE_HEAD);
        let mut handshake = handshake(REQUEST);
        let result = endless
            .as_bytes()
            .chunks(4096)
            .map(|piece| handshake.receive(piece))
            .find(|r| *r != Ok(None));
        assert_eq!(result, Some(Err(HandshakeError::HeadTooBig)));
    }
}

#[test]
fn rfc6455_4_1_upgrade_connection_accept() {
    let changed = |from: &str, to: &str| check_whole(REQUEST, &OK.replace(from, to));
    assert!(changed("Upgrade: websocket", "upgrade:  WebSocket ").is_ok());
    for bad in ["X: y", "Upgrade: h2c", "Upgrade:"] {
        assert_eq!(changed("Upgrade: websocket", bad), Err(HandshakeError::Upgrade), "{bad}");
    }
    for good in ["keep-alive, UPGRADE", "a\r\nConnection: upgrade"] {
        assert!(changed("Connection: Upgrade", &format!("Connection: {good}")).is_ok(), "{good}");
    }
    for bad in ["X: y", "Connection: close", "Connection: not-upgrade"] {
        assert_eq!(changed("Connection: Upgrade", bad), Err(HandshakeError::Connection), "{bad}");
    }
    for bad in ["", "s3pplmbitxaq9kygzzhzrbk+xoo=", "dGhlIHNhbXBsZSBub25jZQ=="] {
        let result = changed("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", bad);
        assert_eq!(result, Err(HandshakeError::Accept), "{bad}");
    }
    assert_eq!(changed("Sec-WebSocket-Accept", "X"), Err(HandshakeError::Accept));
    let twice = check(REQUEST, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    assert_eq!(twice, Err(HandshakeError::Accept));
}

#[test]
fn rfc6455_4_1_subprotocols() {
    let protocols = strings(&["v2", "v1"]);
    let request = Request { protocols: &protocols, ..REQUEST };
    let header = headers(&[("Sec-WebSocket-Protocol", "v2, v1")]);
    let by_header = Request { headers: &header, ..REQUEST };
    for request in [request, by_header] {
        assert_eq!(check(request, "").unwrap().protocol, None);
        let accepted = check(request, "Sec-WebSocket-Protocol: v1\r\n").unwrap();
        assert_eq!(accepted.protocol.as_deref(), Some("v1"));
        for bad in ["V1", "v3", "v2, v1", ""] {
            let result = check(request, &format!("Sec-WebSocket-Protocol: {bad}\r\n"));
            assert_eq!(result, Err(HandshakeError::Protocol(bad.into())), "{bad}");
        }
    }
    let unasked = check(REQUEST, "Sec-WebSocket-Protocol: v1\r\n");
    assert_eq!(unasked, Err(HandshakeError::Protocol("v1".into())));
}

#[test]
fn extensions_must_fit_the_offer() {
    let line = |value: &str| format!("Sec-WebSocket-Extensions: {value}\r\n");
    let refused = check(REQUEST, &line("permessage-deflate")).unwrap_err();
    let not_offered = NegotiationError::NotOffered("permessage-deflate".into());
    assert_eq!(refused, HandshakeError::Extensions(not_offered));

    let request = Request { deflate: Some(Offer::default()), ..REQUEST };
    assert_eq!(check(request, "").unwrap().deflate, None);
    let accepted =
        check(request, &line("permessage-deflate; client_max_window_bits=\"10\"")).unwrap();
    assert_eq!(accepted.extensions, "permessage-deflate; client_max_window_bits=\"10\"");
    let client_max_window_bits = WindowBits::new(10).unwrap();
    assert_eq!(accepted.deflate, Some(Agreed { client_max_window_bits, ..Agreed::default() }));
    let two_lines = line("permessage-deflate") + &line("x-other");
    assert_eq!(
        check(request, &two_lines).unwrap_err(),
        HandshakeError::Extensions(NegotiationError::NotOffered("x-other".into()))
    );
    let narrow = Offer { client_max_window_bits: ClientMaxWindowBits::Absent, ..Offer::default() };
    let request = Request { deflate: Some(narrow), ..REQUEST };
    assert_eq!(
        check(request, &line("permessage-deflate; client_max_window_bits=10")).unwrap_err(),
        HandshakeError::Extensions(NegotiationError::Parameter("client_max_window_bits".into()))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strangers_cannot_make_it_panic(
        lines in proptest::collection::vec("[ -~ä]{0,30}|[A-Z][a-z]{1,9}: ?[ -~]{0,20}", 0..6),
        end in "(\r\n){0,2}|\n{0,2}|\\PC{0,9}",
        cut in 1..20usize,
    ) {
        let text = format!("HTTP/1.1 101 {}{end}", lines.join("\r\n"));
        let mut handshake = handshake(REQUEST);
        for piece in text.as_bytes().chunks(cut) {
            match handshake.receive(piece) {
                Ok(None) => {}
                Ok(Some((response, consumed))) => {
                    prop_assert!(consumed <= piece.len());
                    prop_assert!(handshake.check(&response).is_err());
                }
                Err(_) => break,
            }
        }
    }

    #[test]
    fn no_list_of_extensions_makes_it_panic(
        text in "(permessage-deflate|[a-z_]{1,9}|; ?|, ?|=|\"|1[0-5]|[89]|(client|server)_(no_context_takeover|max_window_bits)|\\PC){0,12}",
    ) {
        let offer = Offer::default();
        let _ = Offer::accept(Some(&offer), &text);
        if let Some((agreed, answer)) = negotiate(&text, &ServerPolicy::default()) {
            let offer = Offer {
                server_no_context_takeover: agreed.server_no_context_takeover,
                ..offer
            };
            prop_assert_eq!(Offer::accept(Some(&offer), &answer), Ok(Some(agreed)));
        }
    }
}
