//! `k6/websockets` against the built-in server and against broken peers.

use std::{collections::BTreeMap, num::NonZeroUsize, thread};

use sockeye_server::{Server, ServerConfig};
use sockeye_testkit::faults::Fault;
use tokio_util::sync::CancellationToken;

use crate::scripts::{check_as, check_with_env};

/// The built-in server on a thread of its own, stopped on drop.
pub(crate) struct Running {
    pub(crate) url: String,
    shutdown: CancellationToken,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start() -> Self {
        let server =
            Server::bind(ServerConfig { tls_address: None, ..ServerConfig::default() }).unwrap();
        let url = format!("ws://{}", server.address());
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        let thread = thread::spawn(move || {
            server.run_on_threads(NonZeroUsize::MIN, &token).unwrap();
        });
        Self { url, shutdown, thread: Some(thread) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[test]
fn the_global_is_the_class_of_the_module() {
    let server = Running::start();
    check_with_env("global_websocket.js", &env_of([("WS", server.url.clone())]));
}

fn check(name: &str) {
    let server = Running::start();
    let stalls = Fault::NeverAnswers.serve();
    let env = [("WS", server.url.clone()), ("STALLS", format!("ws://{}", stalls.address))];
    check_with_env(&format!("websockets/{name}"), &env_of(env));
}

pub(crate) fn env_of<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

macro_rules! scripts {
    ($($test:ident;)*) => {
        $(#[test] fn $test() { check(concat!(stringify!($test), ".js")); })*
    };
}

scripts! {
    echo;
    many;
    http2;
    ping;
    params;
    interface;
    events;
    close_while_connecting;
    exception_in_handler;
    interrupted;
    sleeping;
    slow_interval;
    experimental;
    in_init;
}

/// The requirements that the web platform's own tests check, in our words.
fn check_standard(name: &str) {
    let server = Running::start();
    let stalls = Fault::NeverAnswers.serve();
    let no_protocol = Fault::StallAfterUpgrade.serve();
    let env = env_of([
        ("WS", server.url.clone()),
        ("STALLS", format!("ws://{}", stalls.address)),
        ("NO_PROTOCOL", format!("ws://{}", no_protocol.address)),
    ]);
    check_with_env(&format!("websockets/wpt-like/{name}.js"), &env);
}

#[test]
fn standard_interface() {
    check_standard("interface");
}

#[test]
fn standard_session() {
    check_standard("session");
}

#[test]
fn extras() {
    let server = Running::start();
    let stalls = Fault::NeverAnswers.serve();
    let headers = vec![("x-why".to_owned(), "busy".to_owned())];
    let refuses = Fault::Status(503, headers, "later".to_owned()).serve();
    let env = env_of([
        ("WS", server.url.clone()),
        ("STALLS", format!("ws://{}", stalls.address)),
        ("REFUSES", format!("ws://{}", refuses.address)),
    ]);
    check_with_env("websockets/extras.js", &env);
}

#[test]
fn a_jar_gives_and_takes_cookies() {
    let server = Running::start();
    let set_cookie = vec![("Set-Cookie".to_owned(), "from=server".to_owned())];
    let peer = Fault::Status(401, set_cookie, String::new()).serve();
    let env = env_of([("WS", server.url.clone()), ("FAULT", format!("ws://{}", peer.address))]);
    check_with_env("websockets/jar.js", &env);
    let request = peer.requests().concat();
    assert!(request.contains("a=b") && !request.contains("far"), "{request}");
}

#[test]
fn a_sleeping_script_holds_its_peer_back() {
    let peer = Fault::TextFlood { count: 1_000, bytes: 60_000 }.serve();
    check_with_env("websockets/flood.js", &env_of([("FAULT", peer.url())]));
}

/// Each broken peer, and what the script hears of it.
fn check_fault(name: &str, fault: Fault, says: &str) {
    let peer = fault.serve();
    let env = env_of([("FAULT", format!("ws://{}/", peer.address)), ("SAYS", says.to_owned())]);
    check_as("websockets/faults.js", &format!("websockets/faults/{name}.out"), &env);
}

macro_rules! faults {
    ($($test:ident: $fault:expr, $says:literal;)*) => {
        $(#[test] fn $test() { check_fault(stringify!($test), $fault, $says); })*
    };
}

faults! {
    refused_connection: Fault::RefuseConnection, "";
    not_websocket: Fault::NotWebSocket, "";
    status_503: Fault::Status(503, vec![], "later".to_owned()), "";
    redirected: Fault::Status(302, vec![("Location".to_owned(), "/x".to_owned())], String::new()), "";
    garbage: Fault::GarbageInsteadOfHttp, "";
    wrong_accept: Fault::WrongAccept, "";
    unrequested_subprotocol: Fault::UnrequestedSubprotocol, "";
    huge_header: Fault::TenMegabyteHeader, "";
    closed_after_upgrade: Fault::CloseAfterUpgrade, "";
    reset_after_upgrade: Fault::ResetAfterUpgrade, "";
    garbage_frames: Fault::GarbageFrames, "";
    masked_frame: Fault::MaskedFrame, "";
    reserved_bits: Fault::ReservedBits, "";
    oversized_control: Fault::OversizedControl, "";
    unfinished_fragment: Fault::UnfinishedFragmentThenClose, "";
    one_byte_writes: Fault::OneByteWrites, "";
    huge_length: Fault::HugeLength, "";
    invalid_utf8: Fault::InvalidUtf8, "";
    closed_with_code: Fault::CloseImmediately(1013), "";
    messages_with_upgrade: Fault::MessagesWithUpgrade, "";
}
