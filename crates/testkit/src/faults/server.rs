//! A loopback server that plays one fault to every connection, and remembers the requests it saw.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::fault::Fault;
use super::play::play;
use crate::loopback::Loopback;

/// A running faulty server; dropping it stops it.
#[derive(Debug)]
pub struct FaultServer {
    /// Where to connect.
    pub address: SocketAddr,
    scheme: &'static str,
    requests: Requests,
    server: Server,
}

/// The request heads read so far, shared with the server's thread.
pub(super) type Requests = Arc<Mutex<Vec<String>>>;

#[derive(Debug)]
enum Server {
    Running(Loopback),
    /// Bound and never listening: the port stays taken and connecting to it is refused.
    Refusing(#[expect(dead_code, reason = "held to keep the port")] TcpSocket),
}

impl FaultServer {
    pub(super) fn start(fault: Fault) -> Self {
        if matches!(fault, Fault::RefuseConnection) {
            return Self::refusing();
        }
        let requests = Requests::default();
        let seen = Arc::clone(&requests);
        let server = Loopback::start(move |stream: TcpStream| {
            let (fault, seen) = (fault.clone(), Arc::clone(&seen));
            async move {
                // Each byte counts, and some faults are about how bytes are cut into packets.
                let _ = stream.set_nodelay(true);
                // An error here means that the client went away first.
                let _ = play(fault, stream, &seen).await;
            }
        });
        Self { address: server.address, scheme: "ws", requests, server: Server::Running(server) }
    }

    pub(super) fn start_tls(fault: Fault, config: Arc<ServerConfig>) -> Self {
        let acceptor = TlsAcceptor::from(config);
        let requests = Requests::default();
        let seen = Arc::clone(&requests);
        let server = Loopback::start(move |stream: TcpStream| {
            let (fault, seen, acceptor) = (fault.clone(), Arc::clone(&seen), acceptor.clone());
            async move {
                let _ = stream.set_nodelay(true);
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let _ = play(fault, stream, &seen).await;
            }
        });
        Self { address: server.address, scheme: "wss", requests, server: Server::Running(server) }
    }

    fn refusing() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be made");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a loopback port is free");
        let address = socket.local_addr().expect("a bound socket has an address");
        let requests = Requests::default();
        Self { address, scheme: "ws", requests, server: Server::Refusing(socket) }
    }

    /// `ws://127.0.0.1:PORT/`; over TLS `wss://localhost:PORT/`, the name its certificate has.
    pub fn url(&self) -> String {
        let host = if self.scheme == "wss" { "localhost" } else { "127.0.0.1" };
        format!("{}://{host}:{}/", self.scheme, self.address.port())
    }

    /// How many connections were accepted so far.
    pub fn accepted(&self) -> usize {
        match &self.server {
            Server::Running(server) => server.accepted(),
            Server::Refusing(_) => 0,
        }
    }

    /// The request heads read so far, in order, each with its blank line.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no holder of this lock panics").clone()
    }
}
