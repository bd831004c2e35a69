//! Stopping: sockets are told, requests may end, the rest is cut.

use std::time::Duration;

use sockeye_server::{Limits, Server, ServerConfig, ServerError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use crate::client::{Client, Heard};
use crate::running::Running;

#[tokio::test]
async fn open_sockets_are_closed_with_1001() {
    let mut server = Running::start();
    let mut echo = Client::connect(&server, "/echo").await;
    let mut chat = Client::connect(&server, "/ws").await;
    let mut idle = server.connect().await;
    idle.write_all(b"GET /get HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    idle.read_u8().await.unwrap();
    server.shutdown.cancel();
    for client in [&mut echo, &mut chat] {
        let heard = client.next().await;
        assert_eq!(heard, Heard::Close(Some(1001), "the server is going away".to_owned()));
        assert_eq!(client.next().await, Heard::End);
    }
    idle.read_to_end(&mut Vec::new()).await.unwrap();
    server.stop().unwrap();
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_request_under_way_is_answered() {
    let mut server = Running::start();
    let mut stream = server.connect().await;
    stream.write_all(b"GET /delay/0.1 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.stats(|stats| stats["http"]["requests"] == 1).await;
    server.shutdown.cancel();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    server.stop().unwrap();
}

#[tokio::test]
async fn who_does_not_go_is_cut() {
    let shutdown_grace = Duration::from_millis(20);
    let mut server = Running::with_limits(Limits { shutdown_grace, ..Limits::default() });
    let client = Client::connect(&server, "/echo").await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET /delay/60 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.stats(|stats| stats["http"]["requests"] == 2).await;
    server.stop().unwrap();
    assert_eq!(slow.read(&mut [0]).await.unwrap(), 0);
    drop(client);
}

#[tokio::test]
async fn it_runs_on_the_callers_runtime_too() {
    let config = ServerConfig { tls_address: None, ..ServerConfig::default() };
    let server = Server::bind(config).unwrap();
    assert_eq!(server.tls_address(), None);
    assert_eq!(server.certificate_pem(), None);
    let address = server.address();
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(server.run(shutdown.clone()));
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut client = Client::with(stream, "/echo", &[], None).await;
    client.text("x").await;
    assert_eq!(client.next().await, Heard::Text("x".to_owned()));
    shutdown.cancel();
    client.closed_with(1001).await;
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_taken_address_is_an_error() {
    let server = Running::start();
    let config = ServerConfig { address: server.address, ..ServerConfig::default() };
    let error = Server::bind(config).unwrap_err();
    assert!(matches!(error, ServerError::Listen { address, .. } if address == server.address));
    assert_eq!(error.to_string(), format!("listen on {}", server.address));
}
