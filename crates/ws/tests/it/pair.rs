//! Two connections over a pipe that splits bytes anywhere: what one says, the other hears.

use std::collections::VecDeque;

use proptest::collection::vec;
use proptest::prelude::*;
use sockeye_ws::deflate::{Agreed, WindowBits};
use sockeye_ws::{CloseCode, Config, Connection, Context, Fragment, MessageKind, Role, State};

use crate::heard::Heard;

/// One thing an end says.
#[derive(Clone, Debug)]
enum Say {
    Text(String),
    Binary(Vec<u8>),
    /// Each fragment, with a ping after all but the last if it is not empty.
    Fragments(MessageKind, Vec<Vec<u8>>, Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

struct End {
    connection: Connection,
    cx: Context,
    /// Bytes on their way to this end.
    inbox: VecDeque<u8>,
    heard: Vec<Heard>,
}

impl End {
    fn new(role: Role, deflate: Option<Agreed>) -> Self {
        let config = Config { role, max_message_size: 1 << 20, deflate };
        Self {
            connection: Connection::new(config),
            cx: Context::new(),
            inbox: VecDeque::new(),
            heard: Vec::new(),
        }
    }

    fn say(&mut self, say: &Say, out: &mut Vec<u8>) {
        let Self { connection, cx, .. } = self;
        match say {
            Say::Text(text) => connection.send_text(cx, text, out),
            Say::Binary(data) => connection.send_binary(cx, data, out),
            Say::Ping(data) => connection.ping(cx, data, out),
            Say::Pong(data) => connection.pong(cx, data, out),
            Say::Fragments(kind, fragments, ping) => {
                let last = fragments.len() - 1;
                for (at, payload) in fragments.iter().enumerate() {
                    let fragment = match at {
                        0 => Fragment::First(*kind),
                        at if at == last => Fragment::Last,
                        _ => Fragment::Middle,
                    };
                    connection.send_fragment(cx, fragment, payload, out).unwrap();
                    if at != last && !ping.is_empty() {
                        connection.ping(cx, ping, out).unwrap();
                    }
                }
                Ok(())
            }
        }
        .unwrap();
    }

    /// Reads up to `size` bytes; the automatic replies.
    fn read(&mut self, size: usize) -> Vec<u8> {
        let size = size.min(self.inbox.len());
        let mut piece: Vec<u8> = self.inbox.drain(..size).collect();
        let mut out = Vec::new();
        let Self { connection, cx, heard, .. } = self;
        connection
            .receive(cx, &mut piece, &mut out, &mut |event| heard.push(event.into()))
            .unwrap();
        out
    }
}

/// Both ends say their parts while the pipe moves pieces of the given sizes; then the client
/// closes. Gives what each end heard.
fn converse(deflate: Option<Agreed>, says: &[(Role, Say)], sizes: &[usize]) -> [Vec<Heard>; 2] {
    let mut client = End::new(Role::Client, deflate);
    let mut server = End::new(Role::Server, deflate);
    let mut sizes = sizes.iter().copied().cycle();
    let mut out = Vec::new();
    for (role, say) in says {
        let (from, to) = match role {
            Role::Client => (&mut client, &mut server),
            Role::Server => (&mut server, &mut client),
        };
        from.say(say, &mut out);
        to.inbox.extend(out.drain(..));
        // Some of it arrives now, the rest along with later things.
        let replies = to.read(sizes.next().unwrap());
        from.inbox.extend(replies);
    }
    let mut closing = false;
    loop {
        let to_client = server.read(sizes.next().unwrap());
        let to_server = client.read(sizes.next().unwrap());
        client.inbox.extend(to_client);
        server.inbox.extend(to_server);
        if !client.inbox.is_empty() || !server.inbox.is_empty() {
            continue;
        }
        if closing {
            break;
        }
        closing = true;
        let End { connection, cx, .. } = &mut client;
        connection.close(cx, Some(CloseCode::NORMAL), "done", &mut out).unwrap();
        assert_eq!(connection.state(), State::ClosingByUs);
        server.inbox.extend(out.drain(..));
    }
    assert_eq!(client.connection.state(), State::Closed);
    assert_eq!(server.connection.state(), State::ClosingByPeer);
    [client.heard, server.heard]
}

/// What `role` should hear besides the pongs that its own pings cause.
fn expected(says: &[(Role, Say)], role: Role) -> Vec<Heard> {
    let mut heard = Vec::new();
    for (_, say) in says.iter().filter(|(from, _)| *from != role) {
        match say.clone() {
            Say::Text(text) => heard.push(Heard::Text(text)),
            Say::Binary(data) => heard.push(Heard::Binary(data)),
            Say::Ping(data) => heard.push(Heard::Ping(data)),
            Say::Pong(data) => heard.push(Heard::Pong(data)),
            Say::Fragments(kind, fragments, ping) => {
                if !ping.is_empty() {
                    heard.extend((1..fragments.len()).map(|_| Heard::Ping(ping.clone())));
                }
                let payload = fragments.concat();
                heard.push(match kind {
                    MessageKind::Text => Heard::Text(String::from_utf8(payload).unwrap()),
                    MessageKind::Binary => Heard::Binary(payload),
                });
            }
        }
    }
    heard
}

/// The pongs that answer the pings of `role`.
fn answers(says: &[(Role, Say)], role: Role) -> Vec<Heard> {
    let other = if role == Role::Client { Role::Server } else { Role::Client };
    let pings = expected(says, other).into_iter().filter_map(|heard| match heard {
        Heard::Ping(data) => Some(Heard::Pong(data)),
        _ => None,
    });
    pings.collect()
}

/// Pongs are marked by their first byte: answers echo pings, which begin with `?`.
fn split_answers(heard: Vec<Heard>) -> (Vec<Heard>, Vec<Heard>) {
    heard
        .into_iter()
        .partition(|heard| matches!(heard, Heard::Pong(data) if data.starts_with(b"?")))
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..300),
        vec(any::<u8>(), 120..130),
        // Compressible, and longer than small windows.
        (vec(any::<u8>(), 1..40), 1..400usize).prop_map(|(unit, times)| unit.repeat(times)),
        // Incompressible, and long enough for a 64-bit length.
        any::<u32>().prop_map(noise),
    ]
}

fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    std::iter::repeat_with(next).take(66_000).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,80}", ("[ -~äß€𝄞]{1,20}", 1..200usize).prop_map(|(unit, n)| unit.repeat(n))]
}

/// Cuts anywhere, also inside characters.
fn cut(payload: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (payload.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.insert(0, 0);
    cuts.push(payload.len());
    cuts.windows(2).map(|ends| payload[ends[0]..ends[1]].to_vec()).collect()
}

fn fragments() -> impl Strategy<Value = Say> {
    let message = prop_oneof![
        text().prop_map(|text| (MessageKind::Text, text.into_bytes())),
        payload().prop_map(|data| (MessageKind::Binary, data)),
    ];
    (message, vec(any::<usize>(), 1..5), "|\\?[a-z]{0,9}").prop_map(|((kind, data), cuts, ping)| {
        Say::Fragments(kind, cut(&data, &cuts), ping.into_bytes())
    })
}

fn say() -> impl Strategy<Value = Say> {
    prop_oneof![
        3 => text().prop_map(Say::Text),
        3 => payload().prop_map(Say::Binary),
        3 => fragments(),
        1 => vec(any::<u8>(), 0..125).prop_map(|data| Say::Ping([b"?", &*data].concat())),
        1 => vec(any::<u8>(), 0..125).prop_map(|data| Say::Pong([b"!", &*data].concat())),
    ]
}

fn agreed() -> impl Strategy<Value = Option<Agreed>> {
    let bits = || (8..=15u8).prop_map(|bits| WindowBits::new(bits).unwrap());
    proptest::option::weighted(
        0.8,
        (any::<bool>(), any::<bool>(), bits(), bits()).prop_map(|(server, client, s, c)| Agreed {
            server_no_context_takeover: server,
            client_no_context_takeover: client,
            server_max_window_bits: s,
            client_max_window_bits: c,
        }),
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_one_says_the_other_hears(
        deflate in agreed(),
        says in vec((prop_oneof![Just(Role::Client), Just(Role::Server)], say()), 0..12),
        sizes in vec(prop_oneof![1..20usize, 1..5000usize, Just(100_000)], 1..10),
    ) {
        let [client, server] = converse(deflate, &says, &sizes);
        let close = Heard::Close(Some(1000), "done".into());
        let echo = Heard::Close(Some(1000), String::new());
        for (role, heard, last) in [(Role::Client, client, echo), (Role::Server, server, close)] {
            let (pongs, mut rest) = split_answers(heard);
            prop_assert_eq!(rest.pop(), Some(last));
            prop_assert_eq!(rest, expected(&says, role));
            prop_assert_eq!(pongs, answers(&says, role));
        }
    }

    #[test]
    fn strangers_cannot_make_it_panic(
        deflate in agreed(),
        role in prop_oneof![Just(Role::Client), Just(Role::Server)],
        frames in vec((any::<u8>(), 0..10u8, any::<u32>(), vec(any::<u8>(), 0..12)), 0..12),
        garbage in vec(any::<u8>(), 0..100),
        sizes in vec(1..40usize, 1..5),
    ) {
        let mut end = End::new(role, deflate);
        // Mostly frames in form, so that more than the first header is looked at.
        for (first, len, key, payload) in frames {
            let len = len.min(payload.len() as u8);
            end.inbox.push_back(first & 0xcf);
            if role == Role::Server {
                end.inbox.push_back(0x80 | len);
                end.inbox.extend(key.to_be_bytes());
            } else {
                end.inbox.push_back(len);
            }
            end.inbox.extend(&payload[..usize::from(len)]);
        }
        end.inbox.extend(garbage);
        let mut sizes = sizes.into_iter().cycle();
        while !end.inbox.is_empty() {
            let size = sizes.next().unwrap().min(end.inbox.len());
            let mut piece: Vec<u8> = end.inbox.drain(..size).collect();
            let mut out = Vec::new();
            let result = end.connection.receive(&mut end.cx, &mut piece, &mut out, &mut |_| ());
            if result.is_err() {
                prop_assert_eq!(end.connection.state(), State::Closed);
            }
        }
    }
}
