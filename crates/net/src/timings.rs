//! When a connection attempt began and how long each of its steps took.

use std::time::{Duration, Instant};

/// The steps of opening a connection. A step that was not reached, or not needed, is zero.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// When the attempt began.
    pub started: Instant,
    /// Finding an address for the name.
    pub dns: Duration,
    /// The TCP handshake.
    pub tcp: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From sending the HTTP upgrade request to having read the head of its answer.
    pub upgrade: Duration,
    /// When the attempt had succeeded or failed.
    pub finished: Instant,
}

impl Timings {
    /// An attempt that begins now.
    pub fn start() -> Self {
        let now = Instant::now();
        Self {
            started: now,
            dns: Duration::ZERO,
            tcp: Duration::ZERO,
            tls: Duration::ZERO,
            upgrade: Duration::ZERO,
            finished: now,
        }
    }

    /// From beginning to end.
    pub fn total(&self) -> Duration {
        self.finished.duration_since(self.started)
    }
}
