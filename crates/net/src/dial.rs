//! Name → address → TCP → TLS, each step timed, each byte counted.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use crate::buffers::WorkerBuffers;
use crate::byte_count::{ByteCount, Counted};
use crate::dns::Resolver;
use crate::error::{NetError, Operation, OsError};
use crate::hosts::Hosts;
use crate::timings::Timings;
use crate::tls::TlsConfig;
use crate::tls_error::TlsError;

/// What all virtual users of a run dial with.
#[derive(Debug)]
pub struct DialerConfig {
    /// The `hosts` option.
    pub hosts: Hosts,
    /// Whom to trust.
    pub tls: TlsConfig,
    /// How to find addresses.
    pub resolver: Resolver,
    /// How long connecting may take, without name resolution and TLS.
    pub dial_timeout: Duration,
}

impl DialerConfig {
    /// No overrides, the system's resolver, and k6's time limit.
    pub fn new(tls: TlsConfig) -> Self {
        Self {
            hosts: Hosts::new(),
            tls,
            resolver: Resolver::default(),
            // k6: fixed.
            dial_timeout: Duration::from_secs(30),
        }
    }
}

/// Opens connections for one virtual user.
#[derive(Debug, Clone)]
pub struct Dialer {
    config: Arc<DialerConfig>,
    bytes: Rc<ByteCount>,
    buffers: Rc<WorkerBuffers>,
}

impl Dialer {
    /// A dialer that counts in `bytes` and has buffers of its own.
    pub fn new(config: Arc<DialerConfig>, bytes: Rc<ByteCount>) -> Self {
        Self::with_buffers(config, bytes, Rc::default())
    }

    /// A dialer that counts in `bytes` and shares the buffers of its worker thread, as all dialers
    /// of many virtual users on one thread should.
    pub fn with_buffers(
        config: Arc<DialerConfig>,
        bytes: Rc<ByteCount>,
        buffers: Rc<WorkerBuffers>,
    ) -> Self {
        Self { config, bytes, buffers }
    }

    /// Opens a connection. Dropping the future closes what was opened so far.
    ///
    /// # Errors
    /// The variants of [`NetError`] on lookup, dial and TLS.
    pub async fn dial(&self, target: &Target) -> Result<Dialed, NetError> {
        let mut trace = Trace::start();
        let (stream, peers) = self.dial_traced(target, &mut trace).await?;
        trace.timings.finished = Instant::now();
        Ok(Dialed { stream, local: peers.local, remote: peers.remote, timings: trace.timings })
    }

    /// The same, with a trace that outlives failure and cancellation.
    pub(crate) async fn dial_traced(
        &self,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        let began = Instant::now();
        let address = self.address(target).await?;
        trace.timings.dns = began.elapsed();
        trace.step = Step::Connect(address);

        let began = Instant::now();
        let tcp = self.connect(address).await?;
        trace.timings.tcp = began.elapsed();
        let local = tcp.local_addr().map_err(|error| dial_error(address, &error))?;
        let peers = Peers { local, remote: address };
        trace.peers = Some(peers);
        let counted = Counted::new(tcp, Rc::clone(&self.bytes));
        if !target.tls {
            trace.step = Step::Exchange(peers);
            return Ok((Stream { kind: Kind::Plain(counted) }, peers));
        }

        trace.step = Step::Tls;
        let began = Instant::now();
        let name = ServerName::try_from(target.host.clone())
            .map_err(|_| TlsError::ServerName(target.host.clone()))?;
        let connector = TlsConnector::from(Arc::clone(self.config.tls.client()));
        let tls = connector.connect(name, counted).await;
        let tls = tls.map_err(|error| match error.kind() {
            // A peer that goes away in the middle of a handshake.
            io::ErrorKind::UnexpectedEof => NetError::Eof,
            _ => peers.error(Operation::Read, &error),
        })?;
        trace.timings.tls = began.elapsed();
        trace.step = Step::Exchange(peers);
        Ok((Stream { kind: Kind::Tls(Box::new(tls)) }, peers))
    }

    pub(crate) fn buffers(&self) -> &Rc<WorkerBuffers> {
        &self.buffers
    }

    async fn address(&self, target: &Target) -> Result<SocketAddr, NetError> {
        let overridden = self.config.hosts.lookup(&target.host, target.port, target.tls);
        if let Some(address) = overridden {
            return Ok(address);
        }
        let ip = self.config.resolver.resolve(&target.host).await?;
        Ok(SocketAddr::new(ip, target.port))
    }

    async fn connect(&self, address: SocketAddr) -> Result<TcpStream, NetError> {
        let connecting = TcpStream::connect(address);
        let tcp = tokio::time::timeout(self.config.dial_timeout, connecting)
            .await
            .map_err(|_| NetError::DialTimeout { address })?
            .map_err(|error| dial_error(address, &error))?;
        // Small messages must leave at once; coalescing is our own business.
        tcp.set_nodelay(true).map_err(|error| dial_error(address, &error))?;
        Ok(tcp)
    }
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A name, or an IP address without brackets.
    pub host: String,
    /// The port of the URL, before overrides.
    pub port: u16,
    /// Whether TLS is spoken.
    pub tls: bool,
}

impl Target {
    /// The target of a `ws`, `wss`, `http` or `https` URL.
    ///
    /// # Errors
    /// [`NetError::InvalidUrl`] for another scheme or a URL without a host.
    pub fn from_url(url: &Url) -> Result<Self, NetError> {
        let invalid =
            |reason: &str| NetError::InvalidUrl { url: url.to_string(), reason: reason.to_owned() };
        let (tls, default_port) = match url.scheme() {
            "ws" | "http" => (false, 80),
            "wss" | "https" => (true, 443),
            _ => return Err(invalid("the scheme is not one of ws, wss, http and https")),
        };
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            None => return Err(invalid("no host")),
        };
        Ok(Self { host, port: url.port().unwrap_or(default_port), tls })
    }
}

/// An open connection.
#[derive(Debug)]
pub struct Dialed {
    /// To read from and write to.
    pub stream: Stream,
    /// Our end.
    pub local: SocketAddr,
    /// The peer's end.
    pub remote: SocketAddr,
    /// How long the steps took.
    pub timings: Timings,
}

/// A counted TCP stream, with or without TLS over it.
#[derive(Debug)]
pub struct Stream {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Plain(Counted<TcpStream>),
    Tls(Box<TlsStream<Counted<TcpStream>>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Kind::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.kind {
            Kind::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Kind::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Kind::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// How far an attempt has come; tells what to report when it fails or its time is up.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) timings: Timings,
    pub(crate) peers: Option<Peers>,
    pub(crate) step: Step,
}

impl Trace {
    pub(crate) fn start() -> Self {
        Self { timings: Timings::start(), peers: None, step: Step::Lookup }
    }

    /// The error for an attempt whose time is up now.
    pub(crate) fn timeout(&self, target: &Target) -> NetError {
        match self.step {
            Step::Lookup => {
                NetError::Lookup { host: target.host.clone(), reason: "i/o timeout".to_owned() }
            }
            Step::Connect(address) => NetError::DialTimeout { address },
            Step::Tls => NetError::TlsTimeout,
            Step::Exchange(Peers { local, remote }) => NetError::ReadTimeout { local, remote },
        }
    }

    /// The address that was being dialled, if it had come so far.
    pub(crate) fn remote(&self) -> Option<SocketAddr> {
        match self.step {
            Step::Connect(address) => Some(address),
            _ => self.peers.map(|peers| peers.remote),
        }
    }
}

/// What an attempt is at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Lookup,
    Connect(SocketAddr),
    Tls,
    Exchange(Peers),
}

/// The two ends of a TCP connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peers {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
}

impl Peers {
    /// The error for a failed read or write on this connection.
    pub(crate) fn error(self, operation: Operation, error: &io::Error) -> NetError {
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(error) = tls {
            return NetError::Tls(TlsError::from(error));
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return NetError::UnexpectedEof;
        }
        let Self { local, remote } = self;
        NetError::Io { operation, local, remote, source: OsError::from(error) }
    }
}

fn dial_error(address: SocketAddr, error: &io::Error) -> NetError {
    NetError::Dial { address, source: OsError::from(error) }
}
