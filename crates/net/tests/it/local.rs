//! Connections over unix sockets, and from addresses that were asked for.

use std::net::IpAddr;

use sockeye_net::websocket::{ConnectRequest, connect};
use sockeye_net::{NetError, Target};
use tokio::net::{TcpListener, UnixListener};
use url::Url;

use crate::peer::{dialer, plain_dialer, serve_echo, trust_nobody};
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
        let opened = open(&dialer, &url).await.unwrap();
        assert_eq!(opened.remote, None);
        let headers = &opened.response.headers;
        assert!(headers.contains(&("X-Host".to_owned(), "localhost".to_owned())), "{headers:?}");
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
