//! Name → address → TCP → TLS, each step timed, each byte counted.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use nix::sys::socket::{setsockopt, sockopt::IpBindAddressNoPort};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::{TcpSocket, TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use crate::buffers::WorkerBuffers;
use crate::byte_count::{ByteCount, Counted};
use crate::dns::Resolver;
use crate::error::{NetError, Operation, OsError};
use crate::hosts::Hosts;
use crate::stream::Stream;
use crate::target::Target;
use crate::timings::Timings;
use crate::tls::TlsConfig;
use crate::tls_error::TlsError;
use crate::trace::{Peers, Step, Trace};

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
        Ok(Dialed { stream, peers, timings: trace.timings })
    }

    /// The same, with a trace that outlives failure and cancellation.
    pub(crate) async fn dial_traced(
        &self,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        let (stream, peers) = match &target.unix_socket {
            Some(path) => self.connect_unix(path, trace).await?,
            None => self.connect_tcp(target, trace).await?,
        };
        trace.peers = Some(peers);
        let stream = if target.tls {
            trace.step = Step::Tls;
            let began = Instant::now();
            let client = self.config.tls.client_for(&target.host, target.identity.as_ref());
            let stream = shake_hands(client, &target.host, stream, peers).await?;
            trace.timings.tls = began.elapsed();
            stream
        } else {
            stream
        };
        trace.step = Step::Exchange(peers);
        Ok((stream, peers))
    }

    pub(crate) fn buffers(&self) -> &Rc<WorkerBuffers> {
        &self.buffers
    }

    async fn connect_unix(
        &self,
        path: &Path,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        let began = Instant::now();
        let error = |error| NetError::DialUnix { path: path.to_owned(), source: error };
        let unix = UnixStream::connect(path).await.map_err(|e| error(OsError::from(&e)))?;
        trace.timings.tcp = began.elapsed();
        Ok((Counted::new(unix, Rc::clone(&self.bytes)).into(), Peers::Unix))
    }

    async fn connect_tcp(
        &self,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        let began = Instant::now();
        let address = self.address(target).await?;
        trace.timings.dns = began.elapsed();
        trace.step = Step::Connect(address);

        let began = Instant::now();
        let tcp = self.connect(address, target.local_ip).await?;
        trace.timings.tcp = began.elapsed();
        let local = tcp.local_addr().map_err(|error| dial_error(address, &error))?;
        let peers = Peers::Tcp { local, remote: address };
        Ok((Counted::new(tcp, Rc::clone(&self.bytes)).into(), peers))
    }

    async fn address(&self, target: &Target) -> Result<SocketAddr, NetError> {
        let overridden = self.config.hosts.lookup(&target.host, target.port, target.tls);
        if let Some(address) = overridden {
            return Ok(address);
        }
        let ip = self.config.resolver.resolve(&target.host).await?;
        Ok(SocketAddr::new(ip, target.port))
    }

    async fn connect(
        &self,
        address: SocketAddr,
        local: Option<IpAddr>,
    ) -> Result<TcpStream, NetError> {
        let connecting = async {
            if let Some(local) = local {
                connect_from(local, address).await
            } else {
                let connected = TcpStream::connect(address).await;
                connected.map_err(|error| dial_error(address, &error))
            }
        };
        let tcp = tokio::time::timeout(self.config.dial_timeout, connecting)
            .await
            .map_err(|_| NetError::DialTimeout { address })??;
        // Small messages must leave at once; coalescing is our own business.
        tcp.set_nodelay(true).map_err(|error| dial_error(address, &error))?;
        Ok(tcp)
    }
}

async fn connect_from(local: IpAddr, address: SocketAddr) -> Result<TcpStream, NetError> {
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // The port is chosen when connecting, so that one port serves connections to many peers;
        // without it, it is chosen when binding, which is only a narrower choice.
        #[cfg(target_os = "linux")]
        let _ = setsockopt(&socket, IpBindAddressNoPort, &true);
        socket.bind(SocketAddr::new(local, 0))?;
        Ok(socket)
    };
    let socket = bind().map_err(|error: io::Error| NetError::Bind {
        local,
        address,
        source: OsError::from(&error),
    })?;
    socket.connect(address).await.map_err(|error| dial_error(address, &error))
}

async fn shake_hands(
    client: Arc<ClientConfig>,
    host: &str,
    stream: Stream,
    peers: Peers,
) -> Result<Stream, NetError> {
    let name =
        ServerName::try_from(host.to_owned()).map_err(|_| TlsError::ServerName(host.to_owned()))?;
    let tls = TlsConnector::from(client).connect(name, stream).await;
    let tls = tls.map_err(|error| match error.kind() {
        // A peer that goes away in the middle of a handshake.
        io::ErrorKind::UnexpectedEof => NetError::Eof,
        _ => peers.error(Operation::Read, &error),
    })?;
    Ok(tls.into())
}

/// An open connection.
#[derive(Debug)]
pub struct Dialed {
    /// To read from and write to.
    pub stream: Stream,
    /// Its ends.
    pub peers: Peers,
    /// How long the steps took.
    pub timings: Timings,
}

fn dial_error(address: SocketAddr, error: &io::Error) -> NetError {
    NetError::Dial { address, source: OsError::from(error) }
}
