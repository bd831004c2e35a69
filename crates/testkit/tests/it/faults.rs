//! Each group of faults does to a raw client what its name says.

use std::io::ErrorKind;
use std::time::Duration;

use sockeye_testkit::faults::{Fault, FaultServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";
const ACCEPT: &str = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// A masked close frame 1000 with a zero mask.
const CLOSE: &[u8] = &[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8];

async fn request(server: &FaultServer) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    stream
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn rest(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.map(|_| bytes)
}

/// The first bytes after a correct upgrade.
async fn after_upgrade(fault: Fault, expect: &[u8]) {
    let name = format!("{fault:?}");
    let server = fault.serve();
    let mut stream = request(&server).await;
    assert!(head(&mut stream).await.contains(ACCEPT), "{name}");
    let mut bytes = vec![0; expect.len()];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(bytes, expect, "{name}");
}

#[tokio::test]
async fn refuses_connections() {
    let server = Fault::RefuseConnection.serve();
    let error = TcpStream::connect(server.address).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn resets_and_closes_at_once() {
    let server = Fault::ResetOnAccept.serve();
    // The reset can come while the client still looks at its new connection.
    let error = match TcpStream::connect(server.address).await {
        Ok(mut stream) => rest(&mut stream).await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    let server = Fault::CloseOnAccept.serve();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"");
}

#[tokio::test]
async fn remembers_requests() {
    let server = Fault::CloseAfterUpgrade.serve();
    let mut stream = request(&server).await;
    head(&mut stream).await;
    assert_eq!(server.requests(), [String::from_utf8_lossy(REQUEST)]);
    assert_eq!(server.accepted(), 1);
    assert_eq!(server.url(), format!("ws://{}/", server.address));
}

#[tokio::test]
async fn answers_as_told() {
    let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
    let server = Fault::Status(503, headers, "too many".to_owned()).serve();
    let mut stream = request(&server).await;
    let head = head(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert!(head.contains("\r\nRetry-After: 7\r\n"), "{head}");
    assert!(head.contains("\r\nContent-Length: 8\r\n"), "{head}");
}

#[tokio::test]
async fn upgrades_wrongly() {
    for (fault, missing) in [
        (Fault::WrongAccept, ACCEPT),
        (Fault::MissingAccept, "Sec-WebSocket-Accept"),
        (Fault::MissingUpgrade, "Upgrade:"),
    ] {
        let server = fault.serve();
        let head = head(&mut request(&server).await).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(!head.contains(missing), "{head}");
    }
}

#[tokio::test]
async fn slow_handshake_is_whole_in_the_end() {
    let server = Fault::SlowLorisHandshake(Duration::from_millis(1)).serve();
    assert!(head(&mut request(&server).await).await.contains(ACCEPT));
}

#[tokio::test]
async fn huge_head_comes_whole() {
    let server = Fault::TenMegabyteHeader.serve();
    let mut stream = request(&server).await;
    let mut bytes = vec![0; 10 << 20];
    stream.read_exact(&mut bytes).await.unwrap();
    assert!(!bytes.windows(4).any(|window| window == b"\r\n\r\n"));
}

#[tokio::test]
async fn frames_are_as_broken_as_promised() {
    after_upgrade(Fault::MaskedFrame, &[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).await;
    after_upgrade(Fault::ReservedBits, &[0xf1, 8]).await;
    after_upgrade(Fault::OversizedControl, &[0x89, 126, 0, 126]).await;
    after_upgrade(Fault::HugeLength, &[0x81, 127, 0x7f, 0xff, 0xff, 0xff]).await;
    after_upgrade(Fault::UnfinishedFragmentThenClose, b"\x01\x05begun\x88\x02\x03\xe8").await;
    after_upgrade(Fault::OneByteWrites, b"\x81\x03one\x81\x03two\x89\x01?\x88\x02\x03\xe8").await;
    after_upgrade(Fault::MessagesWithUpgrade, b"\x81\x03one\x81\x03two\x88\x02\x03\xe8").await;
    after_upgrade(Fault::PingFlood(2), b"\x89\x05flood\x89\x05flood\x88\x02\x03\xe8").await;
}

#[tokio::test]
async fn ends_are_fin_or_rst() {
    let server = Fault::RstMidFrame.serve();
    let mut stream = request(&server).await;
    head(&mut stream).await;
    assert_eq!(rest(&mut stream).await.unwrap_err().kind(), ErrorKind::ConnectionReset);

    let server = Fault::CloseMidFrame.serve();
    let mut stream = request(&server).await;
    head(&mut stream).await;
    assert_eq!(rest(&mut stream).await.unwrap(), b"\x81\x09cut");
}

#[tokio::test]
async fn closes_once_answered() {
    let server = Fault::CloseImmediately(4001).serve();
    let mut stream = request(&server).await;
    head(&mut stream).await;
    stream.write_all(CLOSE).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"\x88\x02\x0f\xa1");
}

#[tokio::test]
async fn data_before_the_close_reply() {
    let server = Fault::DataBeforeCloseReply.serve();
    let mut stream = request(&server).await;
    head(&mut stream).await;
    stream.write_all(CLOSE).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), b"\x81\x04late\x88\x02\x03\xe8");
}
