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

use crate::blocked::Blocked;
use crate::buffers::WorkerBuffers;
use crate::byte_count::{ByteCount, Counted};
use crate::dns::{Candidates, Resolver};
use crate::error::{NetError, Operation, OsError};
use crate::hosts::Hosts;
use crate::local_ips::LocalIps;
use crate::local_ports::{LocalPorts, Window};
use crate::proxy::{Proxies, Proxy, ProxyKind};
use crate::stream::Stream;
use crate::target::{Alpn, Target};
use crate::timings::Timings;
use crate::tls::TlsConfig;
use crate::tls_error::TlsError;
use crate::trace::{Peers, Step, Trace};
use crate::tunnel;

/// What all virtual users of a run dial with.
#[derive(Debug)]
pub struct DialerConfig {
    /// The `hosts` option.
    pub hosts: Hosts,
    /// Whom to trust.
    pub tls: TlsConfig,
    /// How to find addresses.
    pub resolver: Resolver,
    /// Where no connection may go.
    pub blocked: Blocked,
    /// What connections go through.
    pub proxies: Proxies,
    /// Which addresses connections come from, in turn.
    pub local_ips: LocalIps,
    /// Which ports they come from.
    pub local_ports: LocalPorts,
    /// How long connecting may take, without name resolution and TLS.
    pub dial_timeout: Duration,
}

impl DialerConfig {
    /// No overrides, limits or proxies, the system's resolver and choice of ports, and k6's time limit.
    pub fn new(tls: TlsConfig) -> Self {
        Self {
            hosts: Hosts::new(),
            tls,
            resolver: Resolver::default(),
            blocked: Blocked::nothing(),
            proxies: Proxies::none(),
            local_ips: LocalIps::any(),
            local_ports: LocalPorts::any(),
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
        let (stream, peers) = match (&target.unix_socket, self.config.proxies.for_target(target)) {
            (Some(path), _) => self.connect_unix(path, trace).await?,
            // Boxed, as is TLS below, so that a plain connection has no room for them.
            (None, Some(proxy)) => Box::pin(self.connect_through(proxy, target, trace)).await?,
            (None, None) => self.connect_tcp(target, trace).await?,
        };
        trace.peers = Some(peers);
        let stream = if target.tls {
            trace.step = Step::Tls;
            let began = Instant::now();
            let identity = target.identity.as_ref();
            let client = self.config.tls.client_for(&target.host, identity, target.alpn);
            let stream = Box::pin(shake_hands(client, &target.host, stream, peers)).await?;
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

    async fn connect_through(
        &self,
        proxy: &Proxy,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        if let ProxyKind::Unknown(scheme) = &proxy.kind {
            // k6: its words.
            return Err(NetError::Proxy(format!("proxy: unknown scheme: {scheme}")));
        }
        // The proxy would go there for us.
        self.config.blocked.check_name(&target.host)?;
        if let Ok(ip) = target.host.parse() {
            self.config.blocked.check_ip(ip)?;
        }
        let mut to_proxy = Target::new(&proxy.host, proxy.port, proxy.kind == ProxyKind::Https);
        to_proxy.local_ip = target.local_ip;
        let (mut stream, peers) = self.connect_tcp(&to_proxy, trace).await?;
        trace.peers = Some(peers);
        trace.step = Step::Exchange(peers);
        let began = Instant::now();
        if proxy.kind == ProxyKind::Https {
            let client = self.config.tls.client_for(&proxy.host, None, Alpn::Http11);
            stream = shake_hands(client, &proxy.host, stream, peers).await?;
        }
        match proxy.kind {
            ProxyKind::Socks5 => tunnel::socks5(&mut stream, peers, proxy, target).await?,
            _ => tunnel::connect(&mut stream, peers, proxy, target).await?,
        }
        trace.timings.tcp += began.elapsed();
        Ok((stream, peers))
    }

    async fn connect_tcp(
        &self,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<(Stream, Peers), NetError> {
        self.config.blocked.check_name(&target.host)?;
        let began = Instant::now();
        let (address, fallback) = self.addresses(target).await?;
        trace.timings.dns = began.elapsed();

        let began = Instant::now();
        let first = self.connect(address, target, trace).await;
        let (tcp, address) = match (first, fallback) {
            // Time that is up is not spent twice.
            (Err(error @ NetError::Dial { .. }), Some(fallback)) => {
                match self.connect(fallback, target, trace).await {
                    Ok(tcp) => (tcp, fallback),
                    // The address that was preferred is the one to tell of.
                    Err(_) => return Err(error),
                }
            }
            (first, _) => (first?, address),
        };
        trace.timings.tcp = began.elapsed();
        let local = tcp.local_addr().map_err(|error| dial_error(address, &error))?;
        let peers = Peers::Tcp { local, remote: address };
        Ok((Counted::new(tcp, Rc::clone(&self.bytes)).into(), peers))
    }

    /// Where to connect to, and where else if that fails.
    async fn addresses(
        &self,
        target: &Target,
    ) -> Result<(SocketAddr, Option<SocketAddr>), NetError> {
        let overridden = self.config.hosts.lookup(&target.host, target.port, target.tls);
        if let Some(address) = overridden {
            return Ok((address, None));
        }
        let Candidates { first, fallback } = self.config.resolver.resolve(&target.host).await?;
        let fallback = fallback.map(|ip| SocketAddr::new(ip, target.port));
        Ok((SocketAddr::new(first, target.port), fallback))
    }

    async fn connect(
        &self,
        address: SocketAddr,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<TcpStream, NetError> {
        self.config.blocked.check_ip(address.ip())?;
        trace.step = Step::Connect(address);
        let connecting = async {
            match target.local_ip {
                Some(local) => self.connect_from(Some(local), address).await,
                None => self.connect_from_any(address).await,
            }
        };
        let tcp = tokio::time::timeout(self.config.dial_timeout, connecting)
            .await
            .map_err(|_| NetError::DialTimeout { address })??;
        // Small messages must leave at once; coalescing is our own business.
        tcp.set_nodelay(true).map_err(|error| dial_error(address, &error))?;
        Ok(tcp)
    }

    /// Connects from the local address whose turn it is, or from another where its ports are taken.
    async fn connect_from_any(&self, address: SocketAddr) -> Result<TcpStream, NetError> {
        let ips = &self.config.local_ips;
        let mut connected = self.connect_from(ips.next(), address).await;
        for _ in 0..ips.count().saturating_sub(1).min(MAX_OTHER_SOURCES) {
            if !connected.as_ref().is_err_and(is_out_of_ports) {
                break;
            }
            connected = self.connect_from(ips.next(), address).await;
        }
        connected
    }

    /// Connects from a port of some window, or from any where those are full.
    async fn connect_from(
        &self,
        local: Option<IpAddr>,
        address: SocketAddr,
    ) -> Result<TcpStream, NetError> {
        for _ in 0..MAX_WINDOWS {
            let Some(window) = self.config.local_ports.next() else { break };
            let connected = connect(local, address, Some(&window)).await;
            if !connected.as_ref().is_err_and(is_out_of_ports) {
                return connected;
            }
        }
        connect(local, address, None).await
    }
}

/// How many further source addresses a connection tries whose own has no port left.
const MAX_OTHER_SOURCES: u128 = 16;

/// How many windows of ports a connection tries before it leaves the search to the system.
const MAX_WINDOWS: usize = 8;

async fn connect(
    local: Option<IpAddr>,
    address: SocketAddr,
    window: Option<&Window>,
) -> Result<TcpStream, NetError> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let socket = socket.map_err(|error| dial_error(address, &error))?;
    if let Some(window) = window {
        window.apply(&socket);
    }
    if let Some(local) = local {
        // The port is chosen when connecting, so that one port serves connections to many peers;
        // without it, it is chosen when binding, which is only a narrower choice.
        #[cfg(target_os = "linux")]
        let _ = setsockopt(&socket, IpBindAddressNoPort, &true);
        let source = |error| NetError::Bind { local, address, source: OsError::from(&error) };
        socket.bind(SocketAddr::new(local, 0)).map_err(source)?;
    }
    socket.connect(address).await.map_err(|error| dial_error(address, &error))
}

fn is_out_of_ports(error: &NetError) -> bool {
    matches!(error, NetError::Dial { source, .. } if source.is_out_of_ports())
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
