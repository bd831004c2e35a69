//! Getting bytes out and back, timed: a [`Dialer`] opens counted TCP and TLS streams,
//! [`http::fetch`] gets a document over one, [`websocket::connect`] opens a WebSocket over one.
//!
//! Everything that a virtual user does goes through its own [`Dialer`], which shares its
//! [`DialerConfig`] with all others and counts its bytes on the wire in a [`ByteCount`]. Nothing
//! here knows JavaScript or metrics: what comes out are values, [`Timings`] and [`NetError`]s.
//!
//! All futures run on a current-thread tokio runtime and are not `Send`;
//! [`websocket::Opened::start`] spawns, so it needs a `LocalSet` or a `LocalRuntime` around it.
#![forbid(unsafe_code)]

mod blocked;
mod buffers;
mod byte_count;
mod dial;
mod dns;
mod encrypted_key;
mod error;
mod hosts;
pub mod http;
mod identity;
mod ip_range;
mod key_log;
mod local_ips;
mod local_ports;
mod proxy;
mod stream;
mod target;
mod timings;
mod tls;
mod tls_error;
mod tls_policy;
mod trace;
mod tunnel;
pub mod websocket;

pub use blocked::{Blocked, BlockedError};
pub use buffers::WorkerBuffers;
pub use byte_count::{ByteCount, Counted};
pub use dial::{Dialed, Dialer, DialerConfig};
pub use dns::{Candidates, DnsConfig, DnsPolicy, DnsSelect, Resolver};
pub use error::{NetError, Operation, OsError};
pub use hosts::{Hosts, HostsError};
pub use identity::{ClientIdentity, IdentityError};
pub use local_ips::{LocalIps, LocalIpsError};
pub use local_ports::LocalPorts;
pub use proxy::Proxies;
pub use stream::Stream;
pub use target::{Alpn, Target};
pub use timings::Timings;
pub use tls::{DomainIdentity, SystemRoots, TlsConfig, TlsConfigError, TlsOptions};
pub use tls_error::TlsError;
pub use tls_policy::{CipherSuites, TlsVersion, TlsVersionError, TlsVersions, UnknownCipherSuite};
pub use trace::Peers;
