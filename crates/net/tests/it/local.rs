//! Connections over unix sockets, from addresses that were asked for, and to those that may be
//! used.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use sockeye_net::http::CookieJar;
use sockeye_net::websocket::{ConnectRequest, connect};
use sockeye_net::{
    Blocked, Dialer, DialerConfig, DnsConfig, DnsPolicy, Hosts, LocalIps, LocalPorts, NetError,
    Resolver, Target, TlsConfig,
};
use tokio::net::{TcpListener, UnixListener};
use url::Url;

use crate::peer::{dialer, dialer_with, plain_dialer, serve_echo, trust_nobody};
use crate::recorder::{Session, local, open};

#[test]
fn a_websocket_over_a_unix_socket() {
    local(async {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("echo server.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let serving = tokio::task::spawn_local(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let _ = serve_echo(stream, None).await;
        });
        let (dialer, bytes) = dialer(&trust_nobody());
        let url = format!("ws+unix://{}:/chat?x=1", path.display());
        let jar = Rc::new(CookieJar::new());
        let host = Url::parse("ws://localhost/chat").unwrap();
        jar.store_response(&host, "session=7");
        let request = ConnectRequest {
            jar: Some(Rc::clone(&jar)),
            ..ConnectRequest::new(Url::parse(&url).unwrap())
        };
        let opened = connect(&dialer, request).await.unwrap();
        assert_eq!(opened.remote, None);
        // Its cookies are those of the name that it goes by.
        assert_eq!(jar.header_for(&host).as_deref(), Some("seen=1; session=7"));
        let headers = &opened.response.headers;
        for (name, value) in [("X-Host", "localhost"), ("X-Cookie", "session=7")] {
            assert!(headers.contains(&(name.to_owned(), value.to_owned())), "{headers:?}");
        }
        let session = Session::start(opened);
        session.socket.send_text("hi");
        assert_eq!(session.hear(1).await, ["text hi"]);
        session.socket.close(Some(1000), "");
        assert!(session.closed().await.was_clean);
        serving.await.unwrap();
        assert!(bytes.sent() > 0 && bytes.received() > 0);
    });
}

#[tokio::test]
async fn a_unix_socket_that_is_not_there() {
    let failure = open(&plain_dialer(), "ws+unix:///no/such.sock:/chat").await.unwrap_err();
    let text = "dial unix /no/such.sock: connect: no such file or directory";
    assert_eq!((failure.error.to_string().as_str(), failure.error.error_code()), (text, 1010));
    assert_eq!(failure.remote, None);
    let failure = open(&plain_dialer(), "ws+unix://host/such.sock").await.unwrap_err();
    assert!(matches!(failure.error, NetError::InvalidUrl { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_connection_comes_from_the_address_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let from: IpAddr = "127.0.0.9".parse().unwrap();
    let target = Target { local_ip: Some(from), ..Target::new("127.0.0.1", port, false) };
    let dialer = plain_dialer();
    let (opened, accepted) = tokio::join!(dialer.dial(&target), listener.accept());
    assert_eq!(accepted.unwrap().1.ip(), from);
    drop(opened.unwrap());
}

#[tokio::test]
async fn an_address_that_is_not_ours() {
    let url = Url::parse("ws://127.0.0.1:9/").unwrap();
    let local_ip = Some("192.0.2.7".parse().unwrap());
    let request = ConnectRequest { local_ip, ..ConnectRequest::new(url) };
    let failure = connect(&plain_dialer(), request).await.unwrap_err();
    // k6: its words, and what Linux says.
    let text = "dial tcp 192.0.2.7:0->127.0.0.1:9: bind: cannot assign requested address";
    assert_eq!((failure.error.to_string().as_str(), failure.error.error_code()), (text, 1210));
}

fn config() -> DialerConfig {
    DialerConfig::new(TlsConfig::new(&trust_nobody()).unwrap())
}

#[tokio::test]
async fn connections_take_the_local_addresses_in_turn() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(DialerConfig {
        local_ips: LocalIps::parse("127.0.0.7-127.0.0.8").unwrap(),
        ..config()
    });
    let target = Target::new("127.0.0.1", port, false);
    // Two virtual users' dialers.
    for _ in 0..2 {
        let dialer = Dialer::new(Arc::clone(&config), Rc::default());
        for expect in ["127.0.0.7", "127.0.0.8", "127.0.0.7", "127.0.0.8"] {
            let (opened, accepted) = tokio::join!(dialer.dial(&target), listener.accept());
            assert_eq!(accepted.unwrap().1.ip().to_string(), expect);
            drop(opened.unwrap());
        }
    }
}

#[tokio::test]
async fn a_window_without_free_ports_is_passed_over() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // No connection comes from a port that is listened on.
    let config = DialerConfig { local_ports: LocalPorts::between(port..=port), ..config() };
    let dialer = dialer_with(config).0;
    let target = Target::new("127.0.0.1", port, false);
    let (opened, accepted) = tokio::join!(dialer.dial(&target), listener.accept());
    assert_ne!(accepted.unwrap().1.port(), port);
    drop(opened.unwrap());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_take_the_windows_of_ports_in_turn() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (low, high) = (40_000, 40_000 + 2 * 64 - 1);
    let config = DialerConfig { local_ports: LocalPorts::between(low..=high), ..config() };
    let dialer = dialer_with(config).0;
    let target = Target::new("127.0.0.1", port, false);
    for window in [0, 1, 0] {
        let (opened, accepted) = tokio::join!(dialer.dial(&target), listener.accept());
        let from = accepted.unwrap().1.port();
        assert_eq!(from.checked_sub(low).map(|place| place / 64), Some(window), "{from}");
        drop(opened.unwrap());
    }
}

#[tokio::test]
async fn names_and_addresses_can_be_blocked() {
    let hosts = Hosts::parse([("a.test", "127.0.0.1"), ("b.test", "10.1.1.1")]).unwrap();
    let blocked = Blocked::parse(["*.a.test", "a.test"], ["10.0.0.0/8"]).unwrap();
    let dialer = dialer_with(DialerConfig { hosts, blocked, ..config() }).0;
    let check = async |host: &str, text: &str, code: u16| {
        let error = dialer.dial(&Target::new(host, 9, false)).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.error_code()), (text, code));
    };
    check("a.test", "hostname (a.test) is in a blocked pattern (a.test)", 1111).await;
    check("x.a.test", "hostname (x.a.test) is in a blocked pattern (*.a.test)", 1111).await;
    check("b.test", "IP (10.1.1.1) is in a blacklisted range (10.0.0.0/8)", 1110).await;
    check("10.9.9.9", "IP (10.9.9.9) is in a blacklisted range (10.0.0.0/8)", 1110).await;
}

#[tokio::test]
async fn the_other_family_stands_in_where_one_is_only_preferred() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let dial = async |policy: DnsPolicy| {
        let resolver = Resolver::new(DnsConfig { policy, ..DnsConfig::default() });
        resolver.remember("two.test", vec!["::1".parse().unwrap(), "127.0.0.1".parse().unwrap()]);
        let dialer = dialer_with(DialerConfig { resolver, ..config() }).0;
        let opened = dialer.dial(&Target::new("two.test", port, false)).await;
        opened.map(|opened| opened.peers.remote().unwrap().ip().to_string())
    };
    assert_eq!(dial(DnsPolicy::PreferIpv6).await.as_deref(), Ok("127.0.0.1"));
    assert_eq!(dial(DnsPolicy::PreferIpv4).await.as_deref(), Ok("127.0.0.1"));
    let error = dial(DnsPolicy::OnlyIpv6).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("dial tcp [::1]:{port}: connect: ")), "{error}");
}
