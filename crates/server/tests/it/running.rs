//! A server on a thread of its own for one test, and the plainest of HTTP clients.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::thread::{self, JoinHandle};

use serde_json::Value;
use sockeye_server::{Limits, Server, ServerConfig, ServerError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Stopped when dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) tls_address: SocketAddr,
    pub(crate) certificate: String,
    pub(crate) shutdown: CancellationToken,
    thread: Option<JoinHandle<Result<(), ServerError>>>,
}

impl Running {
    pub(crate) fn start() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self::on_threads(1, limits)
    }

    pub(crate) fn on_threads(threads: usize, limits: Limits) -> Self {
        let server = Server::bind(ServerConfig { limits, ..ServerConfig::default() }).unwrap();
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        let threads = NonZeroUsize::new(threads).unwrap();
        Self {
            address: server.address(),
            tls_address: server.tls_address().unwrap(),
            certificate: server.certificate_pem().unwrap().to_owned(),
            shutdown,
            thread: Some(thread::spawn(move || server.run_on_threads(threads, &token))),
        }
    }

    /// Stops it and gives what it ended with.
    pub(crate) fn stop(&mut self) -> Result<(), ServerError> {
        self.shutdown.cancel();
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap())
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these bytes and reads until the server closes.
    pub(crate) async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The server may close before it has read all: what it said counts.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) async fn request(&self, method: &str, target: &str, rest: &str) -> Answer {
        let head = format!("{method} {target} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        let rest = if rest.contains("\r\n\r\n") { rest.to_owned() } else { format!("{rest}\r\n") };
        Answer::parse(&self.exchange(format!("{head}{rest}").as_bytes()).await)
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.request("GET", target, "").await
    }

    /// The counters, once `until` likes them.
    pub(crate) async fn stats(&self, until: impl Fn(&Value) -> bool) -> Value {
        loop {
            let stats = self.get("/stats").await.json();
            if until(&stats) {
                return stats;
            }
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// A response, taken apart.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (candidate, value) = line.split_once(": ")?;
            candidate.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}
