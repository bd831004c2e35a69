//! The LZ77 windows that were agreed on are kept: no reference goes further back, and none into an
//! earlier message without context takeover.

use sockeye_ws::deflate::{Agreed, WindowBits};
use sockeye_ws::{Config, Connection, Context, Event, Role, frame};

use crate::inflate::inflate;

/// Text in which matches lie at every distance up to about 40,000.
fn text() -> String {
    let mut seed = 1u32;
    let mut words = Vec::new();
    for _ in 0..9000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        words.push(format!("{:03x}-sockeye", seed >> 20));
    }
    words.join(" ")
}

/// The compressed payload of the one frame in `out`.
fn payload(out: &[u8]) -> Vec<u8> {
    let (header, len) = frame::Header::decode(out).unwrap().unwrap();
    assert!(header.compressed && header.fin);
    let payload = &out[len..];
    assert_eq!(payload.len() as u64, header.payload_len);
    [payload, &[0, 0, 0xff, 0xff]].concat()
}

#[test]
fn no_reference_is_longer_than_the_window() {
    let text = text();
    // One context for all: states of other windows must not be mixed up.
    let mut cx = Context::new();
    for no_context_takeover in [false, true] {
        for bits in 8..=15 {
            let agreed = Agreed {
                server_no_context_takeover: no_context_takeover,
                server_max_window_bits: WindowBits::new(bits).unwrap(),
                ..Agreed::default()
            };
            let config =
                Config { role: Role::Server, max_message_size: 1 << 20, deflate: Some(agreed) };
            let mut server = Connection::new(config);
            let mut client = Connection::new(Config { role: Role::Client, ..config });
            let mut history = Vec::new();
            for _ in 0..2 {
                let mut out = Vec::new();
                server.send_text(&mut cx, &text, &mut out).unwrap();
                let (inflated, farthest) = inflate(&payload(&out), &history);
                assert!(inflated == text.as_bytes(), "{bits} bits");
                assert!(farthest <= 1 << bits, "{farthest} bytes back with {bits} bits");
                assert!(farthest > 1 << (bits - 2), "{farthest} bytes back with {bits} bits");
                if !no_context_takeover {
                    history = inflated;
                }
                let mut heard = 0;
                let sink = &mut |event: Event<'_>| {
                    assert_eq!(event, Event::Text(&text));
                    heard += 1;
                };
                client.receive(&mut cx, &mut out, &mut Vec::new(), sink).unwrap();
                assert_eq!(heard, 1);
            }
        }
    }
}
