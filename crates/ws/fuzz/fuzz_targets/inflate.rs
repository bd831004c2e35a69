//! Compressed messages of strangers: never more than the limit, the same in pieces and as a whole,
//! and what is left in the window does no harm to the next message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_ws::deflate::Agreed;
use sockeye_ws::frame::{Header, Opcode};
use sockeye_ws::{Config, Connection, Context, Event, Role};

fuzz_target!(|bytes: &[u8]| {
    let [flags, cut, data @ ..] = bytes else { return };
    let agreed = Agreed { server_no_context_takeover: flags & 1 != 0, ..Agreed::default() };
    let cut = usize::from(*cut).min(data.len());
    // Two messages, the first in two frames.
    let mut wire = Vec::new();
    let (first, second) = data.split_at(data.len() / 2);
    let (head, tail) = first.split_at(cut.min(first.len()));
    frame(Opcode::Binary, true, false, head, &mut wire);
    frame(Opcode::Continuation, false, true, tail, &mut wire);
    frame(Opcode::Binary, true, true, second, &mut wire);
    let whole = hear(agreed, &wire, wire.len());
    assert_eq!(hear(agreed, &wire, 1 + usize::from(flags >> 1)), whole);
});

fn frame(opcode: Opcode, compressed: bool, fin: bool, payload: &[u8], wire: &mut Vec<u8>) {
    let payload_len = payload.len() as u64;
    Header { fin, compressed, opcode, mask: None, payload_len }.encode(wire);
    wire.extend_from_slice(payload);
}

/// The messages, and whether there was an error; which one may depend on the cuts.
fn hear(agreed: Agreed, wire: &[u8], size: usize) -> (Vec<Vec<u8>>, bool) {
    let config = Config { role: Role::Client, max_message_size: LIMIT, deflate: Some(agreed) };
    let (mut connection, mut cx) = (Connection::new(config), Context::new());
    let mut messages = Vec::new();
    let mut wire = wire.to_vec();
    let mut failed = false;
    for chunk in wire.chunks_mut(size) {
        let result = connection.receive(&mut cx, chunk, &mut Vec::new(), &mut |event| {
            if let Event::Binary(data) = event {
                assert!(data.len() <= LIMIT);
                messages.push(data.to_vec());
            }
        });
        failed |= result.is_err();
    }
    (messages, failed)
}

const LIMIT: usize = 10_000;
