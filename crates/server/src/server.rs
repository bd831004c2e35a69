//! Listening: bind, accept, hand each connection to a task, stop in good order.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use sockeye_ws::Context;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::authority::Authority;
use crate::config::{Limits, ServerConfig};
use crate::connection;
use crate::error::ServerError;
use crate::room::Lobby;
use crate::stats::Stats;

/// A server that listens but does not yet accept; [`Server::run`] it.
#[derive(Debug)]
pub struct Server {
    plain: std::net::TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    limits: Limits,
}

#[derive(Debug)]
struct Tls {
    listener: std::net::TcpListener,
    address: SocketAddr,
    config: Arc<rustls::ServerConfig>,
    certificate_pem: String,
}

/// What all connections of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) limits: Limits,
    pub(crate) stats: Stats,
    pub(crate) lobby: Lobby,
    /// Cancelled when the server is to stop.
    pub(crate) shutdown: CancellationToken,
    max_connections: u64,
}

/// What the connections of one thread share beyond that.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    /// Never held across an await, so never waited for where each thread has its own.
    pub(crate) codec: Arc<Mutex<Codec>>,
}

/// What WebSocket connections borrow for a turn. Two, because an application answers while a
/// message that it borrows is being read.
#[derive(Debug)]
pub(crate) struct Codec {
    pub(crate) reading: Context,
    pub(crate) writing: Context,
}

impl Server {
    /// Binds the addresses and makes the certificate. Clients may connect from now on; they are
    /// answered once the server runs.
    ///
    /// # Errors
    /// [`ServerError::Listen`] if an address cannot be had, [`ServerError::Certificate`] or
    /// [`ServerError::Tls`] if TLS cannot be set up.
    pub fn bind(config: ServerConfig) -> Result<Self, ServerError> {
        let (plain, address) = listen(config.address)?;
        let tls = match config.tls_address {
            Some(address) => Some(Tls::bind(address)?),
            None => None,
        };
        Ok(Self { plain, address, tls, limits: config.limits })
    }

    /// Where `http` and `ws` are served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `https` and `wss` are served.
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls.as_ref().map(|tls| tls.address)
    }

    /// The authority that signs the server's certificates, in PEM. It signs for every name that a
    /// client asks for, so keep it to the clients of a test. `None` without TLS.
    pub fn certificate_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.certificate_pem.as_str())
    }

    /// Serves on the caller's tokio runtime until `shutdown` is cancelled; then closes open
    /// WebSockets with 1001, lets requests end, and cuts what is left after
    /// [`Limits::shutdown_grace`]. Dropping the future cuts all connections at once.
    ///
    /// # Errors
    /// [`ServerError::Start`] if the runtime cannot take the listening sockets.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), ServerError> {
        let shared = self.shared(&shutdown);
        let doors = self.doors().map_err(ServerError::Start)?;
        serve(doors, shared).await.map_err(ServerError::Start)
    }

    /// The same on this many threads of its own making, each with a runtime for one thread;
    /// blocks the caller, which is one of them.
    ///
    /// # Errors
    /// [`ServerError::Start`] if a thread or its runtime cannot be had.
    pub fn run_on_threads(
        self,
        threads: NonZeroUsize,
        shutdown: &CancellationToken,
    ) -> Result<(), ServerError> {
        let shared = self.shared(shutdown);
        thread::scope(|scope| {
            let spawn = || {
                let (doors, shared) = (self.doors()?, Arc::clone(&shared));
                let builder = thread::Builder::new().name("sockeye server".to_owned());
                builder.spawn_scoped(scope, || serve_on_this_thread(doors, shared))
            };
            let others: io::Result<Vec<_>> = (1..threads.get()).map(|_| spawn()).collect();
            let others = others.inspect_err(|_| shared.shutdown.cancel())?;
            let doors = self.doors().inspect_err(|_| shared.shutdown.cancel())?;
            let mut outcome = serve_on_this_thread(doors, Arc::clone(&shared));
            for thread in others {
                let panicked = |_| Err(io::Error::other("a server thread panicked"));
                outcome = outcome.and(thread.join().unwrap_or_else(panicked));
            }
            outcome
        })
        .map_err(ServerError::Start)
    }

    fn shared(&self, shutdown: &CancellationToken) -> Arc<Shared> {
        let max_connections = self.limits.max_connections.or_else(|| {
            open_files_limit().map(|limit| limit.saturating_sub(RESERVED_FILES).max(1))
        });
        Arc::new(Shared {
            limits: self.limits.clone(),
            stats: Stats::default(),
            lobby: Lobby::default(),
            // A child: a failing thread stops the server, not all that the caller's token stops.
            shutdown: shutdown.child_token(),
            max_connections: max_connections.map_or(u64::MAX, |max| max as u64),
        })
    }

    /// The listeners once more, for one more thread.
    fn doors(&self) -> io::Result<Doors> {
        let tls = match &self.tls {
            Some(tls) => {
                Some((tls.listener.try_clone()?, TlsAcceptor::from(Arc::clone(&tls.config))))
            }
            None => None,
        };
        Ok(Doors { plain: self.plain.try_clone()?, tls })
    }
}

impl Tls {
    fn bind(address: SocketAddr) -> Result<Self, ServerError> {
        let (listener, address) = listen(address)?;
        let authority = Authority::new(address.ip())?;
        let certificate_pem = authority.pem();
        Ok(Self { listener, address, config: authority.tls_config()?, certificate_pem })
    }
}

/// One thread's hold on the listening sockets.
struct Doors {
    plain: std::net::TcpListener,
    tls: Option<(std::net::TcpListener, TlsAcceptor)>,
}

/// Serves on a runtime of this thread's own. However it ends, the other threads end too.
fn serve_on_this_thread(doors: Doors, shared: Arc<Shared>) -> io::Result<()> {
    let _stop_all = shared.shutdown.clone().drop_guard();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(doors, shared))
}

async fn serve(doors: Doors, shared: Arc<Shared>) -> io::Result<()> {
    let plain = TcpListener::from_std(doors.plain)?;
    let tls = match doors.tls {
        Some((listener, acceptor)) => Some((TcpListener::from_std(listener)?, acceptor)),
        None => None,
    };
    let codec = Codec { reading: Context::new(), writing: Context::new() };
    let worker = Worker { shared: Arc::clone(&shared), codec: Arc::new(Mutex::new(codec)) };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shared.shutdown.cancelled() => break,
            stream = accept(&plain) => admit(stream, None, &worker, &mut connections),
            (stream, acceptor) = accept_tls(tls.as_ref()) => {
                admit(stream, Some(acceptor), &worker, &mut connections);
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop((plain, tls));
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // Whatever has not ended by then is cut when the set is dropped.
    let _ = tokio::time::timeout(shared.limits.shutdown_grace, all_ended).await;
    Ok(())
}

/// The next connection. Errors are of one connection or pass with time (no more files).
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn accept_tls(door: Option<&(TcpListener, TlsAcceptor)>) -> (TcpStream, TlsAcceptor) {
    match door {
        Some((listener, acceptor)) => (accept(listener).await, acceptor.clone()),
        None => std::future::pending().await,
    }
}

fn admit(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    worker: &Worker,
    connections: &mut JoinSet<()>,
) {
    let stats = &worker.shared.stats;
    if stats.connections_open.value() >= worker.shared.max_connections {
        stats.connections_refused.increment();
        if acceptor.is_none() {
            // As much of a farewell as fits without waiting.
            let _ = stream.try_write(OVERLOADED);
        }
        return;
    }
    stats.connections_accepted.increment();
    let present = stats.connections_open.enter();
    // Each turn is one write already; waiting for more would only delay it.
    let _ = stream.set_nodelay(true);
    let worker = worker.clone();
    connections.spawn(async move {
        let _present = present;
        match acceptor {
            Some(acceptor) => connection::serve_tls(stream, acceptor, worker).await,
            None => connection::serve_plain(stream, worker).await,
        }
    });
}

fn listen(address: SocketAddr) -> Result<(std::net::TcpListener, SocketAddr), ServerError> {
    let bind = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // A restarted server need not wait for the old one's connections to be forgotten.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        let listener = std::net::TcpListener::from(socket);
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bind().map_err(|source| ServerError::Listen { address, source })
}

/// How many files this process may have open, where the system says so in the way of Linux.
fn open_files_limit() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

/// Thousands of clients may connect within one turn of the loop.
const BACKLOG: i32 = 16_384;
/// Files that are no connections: listeners, pollers, standard streams, the process's own.
const RESERVED_FILES: usize = 64;
/// How long to wait when the system has no file for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
const OVERLOADED: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\
    Content-Length: 24\r\n\r\ntoo many connections now";
