//! From the text of a script to the upgrade request: no panic, nothing that breaks out of the
//! request's first two lines, and what was accepted means the same when it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_net::Target;
use sockeye_net::websocket::{host_and_resource, parse_url};
use sockeye_ws::handshake::Request;
use sockeye_ws::{ClientHandshake, MaskSource};

fuzz_target!(|text: &str| {
    let Ok(url) = parse_url(text) else { return };
    assert!(matches!(url.scheme(), "ws" | "wss" | "ws+unix" | "wss+unix"));
    assert_eq!(parse_url(url.as_str()).as_ref(), Ok(&url));
    let Ok(target) = Target::from_url(&url) else { return };
    assert_eq!(target.unix_socket.is_some(), url.scheme().ends_with("+unix"));
    let (host, resource) = host_and_resource(&url).expect("its target was found");
    let request =
        Request { host: &host, resource: &resource, protocols: &[], deflate: None, headers: &[] };
    let Ok(handshake) = ClientHandshake::new(request, &mut Zeros) else {
        // A path may hold what a request line can't. Such a URL has no `//`, or is of a unix socket.
        assert!(target.unix_socket.is_some(), "{url}");
        return;
    };
    let head = str::from_utf8(handshake.request()).expect("a head is ASCII");
    let mut lines = head.split("\r\n");
    assert_eq!(lines.next(), Some(format!("GET {resource} HTTP/1.1").as_str()));
    assert_eq!(lines.next(), Some(format!("Host: {host}").as_str()));
    assert_eq!(lines.next(), Some("Upgrade: websocket"));
    assert_eq!(head.matches("\r\n\r\n").count(), 1);
});

struct Zeros;

impl MaskSource for Zeros {
    fn next_mask(&mut self) -> [u8; 4] {
        [0; 4]
    }
}
