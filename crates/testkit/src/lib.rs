//! Dev only: broken and slow peers, certificates for tests, and redaction for snapshots.
//!
//! Nothing here speaks through the crates it helps to test: handshakes and frames are written
//! byte by byte, so that a fault in the codec cannot hide itself.
//!
//! ```
//! use sockeye_testkit::faults::Fault;
//!
//! let server = Fault::CloseAfterUpgrade.serve();
//! assert!(server.url().starts_with("ws://127.0.0.1:"));
//! // … connect a client to `server.address`; dropping `server` stops it.
//! ```
#![forbid(unsafe_code)]

pub mod faults;
pub mod loopback;
pub mod redact;
pub mod tls;
