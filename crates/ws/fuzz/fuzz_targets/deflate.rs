//! Two ends that negotiate any offer and policy, then talk: the answer to an offer is accepted,
//! both agree on the same, and every message arrives as it was sent.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_ws::deflate::{ClientMaxWindowBits, Offer, ServerPolicy, WindowBits, negotiate};
use sockeye_ws::{Config, Connection, Context, Event, Fragment, MessageKind, Role};

fuzz_target!(|bytes: &[u8]| {
    let [offer, server, own, asked, granted, size, rest @ ..] = bytes else { return };
    let bits = |byte: &u8| WindowBits::new(8 + byte % 8).expect("8 to 15");
    let offer = Offer {
        server_no_context_takeover: offer & 1 != 0,
        client_no_context_takeover: offer & 2 != 0,
        server_max_window_bits: (offer & 4 != 0).then_some(bits(server)),
        client_max_window_bits: match offer >> 3 & 3 {
            0 => ClientMaxWindowBits::Absent,
            1 => ClientMaxWindowBits::Any,
            _ => ClientMaxWindowBits::AtMost(bits(own)),
        },
    };
    let policy = ServerPolicy {
        server_no_context_takeover: asked & 64 != 0,
        client_no_context_takeover: asked & 128 != 0,
        server_max_window_bits: bits(asked),
        client_max_window_bits: bits(granted),
    };
    let (agreed, answer) = negotiate(&offer.header_value(), &policy).expect("a valid offer");
    let understood = Offer::accept(Some(&offer), &answer).expect("a valid answer");
    let understood = understood.expect("an answer with the extension");
    assert_eq!(agreed.server_max_window_bits, understood.server_max_window_bits);
    assert_eq!(agreed.server_no_context_takeover, understood.server_no_context_takeover);
    assert_eq!(agreed.client_no_context_takeover, understood.client_no_context_takeover);
    // The client may use less than it was allowed.
    assert!(understood.client_max_window_bits <= agreed.client_max_window_bits);

    for (role, own, peers) in
        [(Role::Client, understood, agreed), (Role::Server, agreed, understood)]
    {
        let other = if role == Role::Client { Role::Server } else { Role::Client };
        let config =
            |role, agreed| Config { role, max_message_size: 1 << 24, deflate: Some(agreed) };
        let mut sender = Connection::new(config(role, own));
        let mut receiver = Connection::new(config(other, peers));
        let mut cx = Context::new();
        let (mut wire, mut said, mut heard) = (Vec::new(), Vec::new(), Vec::new());
        // Messages are divided by zero bytes, those that begin with a 1 go in fragments.
        for message in rest.split(|byte| *byte == 0) {
            // So that windows fill up.
            let message = message.repeat(1 + message.len() % 7 * 1000 / message.len().max(50));
            if message.first() == Some(&1) {
                let (first, last) = message.split_at(message.len() / 2);
                let begin = Fragment::First(MessageKind::Binary);
                sender.send_fragment(&mut cx, begin, first, &mut wire).unwrap();
                sender.send_fragment(&mut cx, Fragment::Last, last, &mut wire).unwrap();
            } else {
                sender.send_binary(&mut cx, &message, &mut wire).unwrap();
            }
            said.push(message);
        }
        for chunk in wire.chunks_mut(1 + usize::from(*size) * 64) {
            let sink = &mut |event: Event<'_>| {
                if let Event::Binary(data) = event {
                    heard.push(data.to_vec());
                }
            };
            receiver.receive(&mut cx, chunk, &mut Vec::new(), sink).unwrap();
        }
        assert!(said == heard);
    }
});
