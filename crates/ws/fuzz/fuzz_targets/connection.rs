//! A connection that receives anything: it hears the same whatever the bytes come in, its own
//! bytes are always understood, and after an error it is silent.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_ws::deflate::{Agreed, WindowBits};
use sockeye_ws::{Config, Connection, Context, Event, Role, State};

fuzz_target!(|bytes: &[u8]| {
    let [flags, size, wire @ ..] = bytes else { return };
    let role = if flags & 1 == 0 { Role::Client } else { Role::Server };
    let deflate = (flags & 2 != 0).then_some(Agreed {
        server_no_context_takeover: flags & 4 != 0,
        client_no_context_takeover: flags & 8 != 0,
        server_max_window_bits: WindowBits::MAX,
        client_max_window_bits: WindowBits::MAX,
    });
    let config = Config { role, max_message_size: LIMIT, deflate };
    let whole = hear(config, wire, wire.len().max(1));
    let pieces = hear(config, wire, usize::from(*size).max(1));
    assert_eq!(whole, pieces);

    // The peer understands what was answered.
    let peer_role = if role == Role::Client { Role::Server } else { Role::Client };
    let mut peer = Connection::new(Config { role: peer_role, max_message_size: LIMIT, deflate });
    let mut answers = whole.answers;
    peer.receive(&mut context(), &mut answers, &mut Vec::new(), &mut |_| ()).unwrap();
});

#[derive(Debug)]
struct Outcome {
    events: Vec<String>,
    answers: Vec<u8>,
    failed: bool,
    state: State,
}

impl PartialEq for Outcome {
    /// Which of several errors shows first may depend on where the bytes were cut, and with it
    /// the close frame's code.
    fn eq(&self, other: &Self) -> bool {
        (&self.events, self.failed, self.state, self.answers.len())
            == (&other.events, other.failed, other.state, other.answers.len())
    }
}

fn hear(config: Config, wire: &[u8], size: usize) -> Outcome {
    let (mut connection, mut cx) = (Connection::new(config), context());
    let (mut events, mut answers) = (Vec::new(), Vec::new());
    let mut wire = wire.to_vec();
    let mut failed = false;
    for chunk in wire.chunks_mut(size) {
        let before = events.len();
        let finished = connection.state().is_finished();
        let result = connection.receive(&mut cx, chunk, &mut answers, &mut |event| {
            if let Event::Text(text) = event {
                assert!(text.len() <= LIMIT);
            }
            if let Event::Binary(data) = event {
                assert!(data.len() <= LIMIT);
            }
            events.push(format!("{event:?}"));
        });
        assert!(!finished || (result.is_ok() && events.len() == before), "silent once finished");
        failed |= result.is_err();
    }
    Outcome { events, answers, failed, state: connection.state() }
}

fn context() -> Context {
    Context::new()
}

const LIMIT: usize = 4096;
