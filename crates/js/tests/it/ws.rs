//! `k6/ws` against the built-in server and against broken peers.

use sockeye_testkit::faults::Fault;

use crate::{
    scripts::{check_as, check_with_env},
    websockets::{Running, env_of},
};

fn check(name: &str) {
    let server = Running::start();
    let stalls = Fault::NeverAnswers.serve();
    let env = [("WS", server.url.clone()), ("STALLS", format!("ws://{}", stalls.address))];
    check_with_env(&format!("ws/{name}"), &env_of(env));
}

macro_rules! scripts {
    ($($test:ident;)*) => {
        $(#[test] fn $test() { check(concat!(stringify!($test), ".js")); })*
    };
}

scripts! {
    messages;
    binary;
    closing;
    exceptions;
    timers;
    ping;
    arguments;
    tags;
    params;
    nested;
    after;
    beside_websockets;
    async_handlers;
    interrupted;
    interrupted_dial;
    interrupted_handler;
    interrupted_timers;
    aborted;
    in_init;
}

#[test]
fn a_sleeping_script_holds_its_peer_back() {
    let peer = Fault::TextFlood { count: 1_000, bytes: 60_000 }.serve();
    check_with_env("ws/flood.js", &env_of([("FAULT", peer.url())]));
}

#[test]
fn a_script_waits_for_a_peer_that_is_slower() {
    let (reads, stops) = (Fault::StallAfterUpgrade.serve(), Fault::StopsReading.serve());
    check_with_env("ws/backlog.js", &env_of([("READS", reads.url()), ("STOPS", stops.url())]));
}

#[test]
fn cookies_come_from_a_jar_and_go_to_it() {
    let set_cookie = vec![("Set-Cookie".to_owned(), "from=server".to_owned())];
    let peer = Fault::Status(401, set_cookie, "let me in".to_owned()).serve();
    let env = env_of([("FAULT", format!("ws://{}", peer.address))]);
    check_with_env("ws/jar.js", &env);
    let requests = peer.requests();
    assert!(requests[0].contains("a=b") && requests[0].contains("X-Number: 1"), "{requests:?}");
    assert!(requests[0].contains("Sec-WebSocket-Protocol: one, two"), "{requests:?}");
    assert!(!requests[1].contains("a=b"), "{requests:?}");
}

/// Each broken peer, and what the script hears of it.
fn check_fault(name: &str, fault: Fault) {
    let peer = fault.serve();
    let env = env_of([("FAULT", format!("ws://{}/", peer.address))]);
    check_as("ws/faults.js", &format!("ws/faults/{name}.out"), &env);
}

macro_rules! faults {
    ($($test:ident: $fault:expr;)*) => {
        $(#[test] fn $test() { check_fault(stringify!($test), $fault); })*
    };
}

faults! {
    refused_connection: Fault::RefuseConnection;
    status_503: Fault::Status(503, vec![], "later".to_owned());
    redirected: Fault::Status(302, vec![("Location".to_owned(), "/x".to_owned())], String::new());
    garbage: Fault::GarbageInsteadOfHttp;
    wrong_accept: Fault::WrongAccept;
    closed_after_upgrade: Fault::CloseAfterUpgrade;
    reset_after_upgrade: Fault::ResetAfterUpgrade;
    masked_frame: Fault::MaskedFrame;
    invalid_utf8: Fault::InvalidUtf8;
    closed_with_code: Fault::CloseImmediately(1013);
    messages_with_upgrade: Fault::MessagesWithUpgrade;
}
