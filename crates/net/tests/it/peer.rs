//! What the tests share: dialers for every trust, and a web server of canned answers.

use std::rc::Rc;
use std::sync::Arc;

use sockeye_net::{ByteCount, Dialer, DialerConfig, SystemRoots, TlsConfig, TlsOptions};
use sockeye_testkit::loopback::Loopback;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Options that trust nobody.
pub fn trust_nobody() -> TlsOptions {
    TlsOptions::new(SystemRoots::none())
}

/// Options that trust this root.
pub fn trust(root_pem: &str) -> TlsOptions {
    TlsOptions { extra_roots: vec![root_pem.to_owned()], ..trust_nobody() }
}

/// A dialer with these options, and its counter.
pub fn dialer(options: &TlsOptions) -> (Dialer, Rc<ByteCount>) {
    dialer_with(DialerConfig::new(TlsConfig::new(options).unwrap()))
}

/// A dialer with this configuration, and its counter.
pub fn dialer_with(config: DialerConfig) -> (Dialer, Rc<ByteCount>) {
    let bytes = Rc::new(ByteCount::new());
    (Dialer::new(Arc::new(config), Rc::clone(&bytes)), bytes)
}

/// A dialer for connections without TLS.
pub fn plain_dialer() -> Dialer {
    dialer(&trust_nobody()).0
}

/// A web server that gives `answer(path)` to each connection and closes it.
pub fn web(answer: fn(&str) -> Vec<u8>) -> Loopback {
    Loopback::start(move |mut stream| async move {
        let head = read_head(&mut stream).await;
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        // An error means that the client went away first.
        let _ = stream.write_all(&answer(&path)).await;
        let _ = stream.shutdown().await;
    })
}

/// Reads up to the blank line after a request's head.
pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap_or_default()
}
