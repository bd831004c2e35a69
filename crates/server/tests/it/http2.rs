//! HTTP/2: requests, and WebSockets as streams of one connection (RFC 8441).

use bytes::Bytes;
use h2::client::{self, ResponseFuture, SendRequest};
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use hyper::http::{Method, Request, Response, StatusCode, Version};
use sockeye_ws::deflate::Offer;
use sockeye_ws::handshake::Accepted;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};

use crate::client::{Client, Heard};
use crate::running::Running;
use crate::tls::connect_speaking;

/// A connection whose SETTINGS are known.
async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
) -> SendRequest<Bytes> {
    let (mut requests, connection) = client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    // Any answer comes after them.
    let (answer, _) = requests.send_request(request(Method::GET, "/headers"), true).unwrap();
    assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
    assert!(requests.is_extended_connect_protocol_enabled());
    requests
}

fn request(method: Method, path: &str) -> Request<()> {
    let uri = format!("http://a.test{path}");
    Request::builder().method(method).uri(uri).version(Version::HTTP_2).body(()).unwrap()
}

fn websocket(path: &str, headers: &[(&'static str, &str)]) -> Request<()> {
    let mut request = request(Method::CONNECT, path);
    request.extensions_mut().insert(Protocol::from_static("websocket"));
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

const VERSION: (&str, &str) = ("sec-websocket-version", "13");

async fn ask(
    requests: &SendRequest<Bytes>,
    request: Request<()>,
) -> (Response<RecvStream>, SendStream<Bytes>) {
    let mut requests = requests.clone().ready().await.unwrap();
    let (answer, send): (ResponseFuture, _) = requests.send_request(request, false).unwrap();
    (answer.await.unwrap(), send)
}

async fn open(
    requests: &SendRequest<Bytes>,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Client<DuplexStream> {
    let headers = [&[VERSION], headers].concat();
    let (response, send) = ask(requests, websocket(path, &headers)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers().get("sec-websocket-accept"), None);
    let text =
        |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let extensions = text("sec-websocket-extensions").unwrap_or_default();
    let offered = (!extensions.is_empty()).then(Offer::default);
    let accepted = Accepted {
        protocol: text("sec-websocket-protocol"),
        deflate: Offer::accept(offered.as_ref(), &extensions).unwrap(),
        extensions,
    };
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    tokio::spawn(carry(theirs, send, response.into_body()));
    Client::opened(ours, accepted)
}

/// Carries bytes between a test and its stream.
async fn carry(stream: DuplexStream, mut send: SendStream<Bytes>, mut receive: RecvStream) {
    let (mut said, mut heard) = tokio::io::split(stream);
    let inward = async {
        while let Some(Ok(data)) = receive.data().await {
            receive.flow_control().release_capacity(data.len()).unwrap();
            if heard.write_all(&data).await.is_err() {
                break;
            }
        }
        let _ = heard.shutdown().await;
    };
    let outward = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = said.read(&mut buffer).await {
            // h2 keeps what the window does not let through.
            if send.send_data(Bytes::copy_from_slice(&buffer[..count]), false).is_err() {
                return;
            }
        }
        let _ = send.send_data(Bytes::new(), true);
    };
    tokio::join!(inward, outward);
}

#[tokio::test]
async fn sockets_share_a_connection() {
    let server = Running::start();
    let requests = connection(server.connect().await).await;
    let deflate = ("sec-websocket-extensions", "permessage-deflate");
    let mut echo =
        open(&requests, "/echo", &[("sec-websocket-protocol", "one, two"), deflate]).await;
    let mut ann = open(&requests, "/ws/room", &[]).await;
    let mut bob = open(&requests, "/ws?room=room", &[]).await;
    assert_eq!(echo.accepted.protocol.as_deref(), Some("one"));
    assert!(echo.accepted.deflate.is_some());
    server
        .stats(|stats| {
            stats["sessions"]["open"] == 3 && stats["connections"]["accepted"].as_u64() < Some(100)
        })
        .await;

    let large = "x".repeat(300_000);
    echo.text(&large).await;
    assert_eq!(echo.next().await, Heard::Text(large));
    ann.text(r#"{"event":"SET_NAME","new_name":"Ann"}"#).await;
    ann.text(r#"{"event":"SAY","message":"hi"}"#).await;
    for member in [&mut ann, &mut bob] {
        loop {
            match member.next().await {
                Heard::Text(text) if text.contains(r#""message":"hi""#) => break,
                Heard::Text(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    echo.close(1000, "").await;
    echo.closed_with(1000).await;
    // The others stay.
    server.stats(|stats| stats["sessions"]["open"] == 2).await;
    bob.close(1000, "").await;
    bob.closed_with(1000).await;
}

#[tokio::test]
async fn requests_that_open_no_websocket() {
    let server = Running::start();
    let requests = connection(server.connect().await).await;
    for (request, status) in [
        (request(Method::GET, "/echo"), 400),
        (websocket("/echo", &[("sec-websocket-version", "12")]), 426),
        (websocket("/get", &[VERSION]), 405),
        (websocket("/nowhere", &[VERSION]), 404),
        (request(Method::GET, "/status/418"), 418),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        assert_eq!(ask(&requests, request).await.0.status(), status, "{what}");
    }
}

#[tokio::test]
async fn over_tls_it_is_chosen_by_alpn() {
    let server = Running::start();
    let stream = connect_speaking(&server, "a.test", b"h2").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let requests = connection(stream).await;
    let (response, _) = ask(&requests, request(Method::GET, "/get?x=1")).await;
    let body = response.into_body().data().await.unwrap().unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains(r#""url": "https://a.test/get?x=1""#), "{text}");
    let mut echo = open(&requests, "/echo?close=4001", &[]).await;
    echo.closed_with(4001).await;
}

#[tokio::test]
async fn stopping_closes_sockets_with_1001() {
    let mut server = Running::start();
    let requests = connection(server.connect().await).await;
    let mut echo = open(&requests, "/echo", &[]).await;
    server.shutdown.cancel();
    echo.closed_with(1001).await;
    server.stop().unwrap();
}
