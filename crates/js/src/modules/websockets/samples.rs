//! Which samples a socket's events become.

use std::{
    net::SocketAddr,
    rc::{Rc, Weak},
    sync::atomic::Ordering,
    time::Duration,
};

use sockeye_metrics::{SeriesId, SystemTag, TagSet};
use sockeye_net::{
    NetError, Timings,
    websocket::{HttpVersion, Response},
};
use tokio::time::Instant;

use crate::vu::{Host, run::WorkerHost};

/// The series of one socket. Its tags are fixed when the handshake is over, so a message costs two
/// copies of a number and not a look at its tags.
pub(in crate::modules) struct SocketSamples {
    worker: Rc<WorkerHost>,
    started: Instant,
    open: SeriesId,
    sent: SeriesId,
    sent_size: SeriesId,
    received: SeriesId,
    received_size: SeriesId,
    ping: SeriesId,
    session_duration: SeriesId,
    /// Of the whole session, for its error.
    tags: TagSet,
    /// What the VU's metadata were when the handshake was over.
    metadata: Option<TagSet>,
}

/// What is known of a dial when it is over.
pub(in crate::modules) struct Dialled<'a> {
    pub(in crate::modules) started: Instant,
    pub(in crate::modules) ended: Instant,
    pub(in crate::modules) response: Option<&'a Response>,
    pub(in crate::modules) subprotocol: &'a str,
    pub(in crate::modules) remote: Option<SocketAddr>,
    /// Whether the URL has a name and not an address.
    pub(in crate::modules) needs_lookup: bool,
    /// None of a dial that the script gave up.
    pub(in crate::modules) timings: Option<&'a Timings>,
}

impl Dialled<'_> {
    /// Takes the samples of the dial, well or not. Returns the tags of what follows.
    pub(in crate::modules) fn sample(
        &self,
        host: &Host,
        worker: &WorkerHost,
        tags: &TagSet,
    ) -> TagSet {
        let mut tags = tags.clone();
        let mut system = |tag: SystemTag, value: &str| {
            if host.has_tag(tag) {
                tags = tags.with(tag.as_str(), value);
            }
        };
        if let Some(response) = self.response {
            system(SystemTag::Status, &response.status.to_string());
            system(SystemTag::Subproto, self.subprotocol);
            // k6: has it on samples of HTTP requests only. Without it, sockets over HTTP/1.1 have
            // the tags that k6 gives them.
            if response.version == HttpVersion::Http2 {
                system(SystemTag::Proto, response.version.as_str());
            }
        }
        if let Some(remote) = self.remote {
            system(SystemTag::Ip, &remote.ip().to_string());
        }
        let builtin = worker.process.registry.builtin();
        let at = self.ended;
        let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
        host.sample(builtin.ws_sessions, &tags, at, 1.0);
        host.sample(builtin.ws_connecting, &tags, at, millis(self.ended - self.started));
        if let Some(timings) = self.timings {
            let dns = if self.needs_lookup { timings.dns } else { Duration::ZERO };
            for (metric, step) in [
                (builtin.ws_connect_dns, dns),
                (builtin.ws_connect_tcp, timings.tcp),
                (builtin.ws_connect_tls, timings.tls),
                (builtin.ws_connect_upgrade, timings.upgrade),
            ] {
                // A step that was not needed must not look like a fast one.
                if !step.is_zero() {
                    host.sample(metric, &tags, at, millis(step));
                }
            }
        }
        tags
    }
}

impl SocketSamples {
    /// Counts a session as open and prepares its series.
    pub(in crate::modules) fn opened(
        host: &Host,
        worker: &Rc<WorkerHost>,
        tags: TagSet,
        dialled: &Dialled<'_>,
    ) -> Self {
        let builtin = worker.process.registry.builtin();
        let samples = Self {
            started: dialled.started,
            // Of all VUs together, and so without the tags of one.
            open: worker.series(builtin.ws_open, &host.base_tags([])),
            sent: worker.series(builtin.ws_msgs_sent, &tags),
            sent_size: worker.series(builtin.ws_msg_size_sent, &tags),
            received: worker.series(builtin.ws_msgs_received, &tags),
            received_size: worker.series(builtin.ws_msg_size_received, &tags),
            ping: worker.series(builtin.ws_ping, &tags),
            session_duration: worker.series(builtin.ws_session_duration, &tags),
            worker: worker.clone(),
            tags,
            metadata: host.metadata(),
        };
        let open = worker.shared.open_sockets.fetch_add(1, Ordering::Relaxed) + 1;
        worker.push(samples.open, None, dialled.ended, open as f64);
        samples
    }

    fn push(&self, series: SeriesId, at: Instant, value: f64) {
        self.worker.push(series, self.metadata.as_ref(), at, value);
    }

    /// A message was sent.
    pub(in crate::modules) fn sent(&self, at: Instant, payload_bytes: usize) {
        self.push(self.sent, at, 1.0);
        self.push(self.sent_size, at, payload_bytes as f64);
    }

    /// A ping or a close frame was sent. k6: they are messages.
    pub(super) fn sent_control(&self, at: Instant) {
        self.push(self.sent, at, 1.0);
    }

    /// A message was received.
    pub(in crate::modules) fn received(&self, at: Instant, payload_bytes: usize) {
        self.push(self.received, at, 1.0);
        self.push(self.received_size, at, payload_bytes as f64);
    }

    /// The pong of a ping was received.
    pub(in crate::modules) fn pong(&self, pinged: Instant, at: Instant) {
        self.push(self.ping, at, (at - pinged).as_secs_f64() * 1000.0);
    }

    /// The session is over.
    pub(in crate::modules) fn closed(&self, host: &Host, at: Instant, error: Option<ErrorTags>) {
        self.push(self.session_duration, at, (at - self.started).as_secs_f64() * 1000.0);
        let open = self.worker.shared.open_sockets.fetch_sub(1, Ordering::Relaxed) - 1;
        self.worker.push(self.open, None, at, open as f64);
        if let Some(error) = error {
            error.sample(host, &self.worker, &self.tags, at);
        }
    }
}

/// A failed dial or a broken session, as `ws_errors` counts it.
pub(in crate::modules) struct ErrorTags {
    text: String,
    /// k6's number.
    code: u16,
}

impl ErrorTags {
    pub(in crate::modules) fn of(error: &NetError) -> Self {
        Self { text: error_tag(error), code: error.error_code() }
    }

    /// More was sent than may wait.
    pub(super) fn full() -> Self {
        Self { text: "websocket: full".to_owned(), code: GENERIC_ERROR }
    }

    /// Takes the sample.
    pub(in crate::modules) fn sample(
        &self,
        host: &Host,
        worker: &WorkerHost,
        tags: &TagSet,
        at: Instant,
    ) {
        let mut tags = tags.clone();
        if host.has_tag(SystemTag::Error) {
            tags = tags.with(SystemTag::Error.as_str(), &self.text);
        }
        if host.has_tag(SystemTag::ErrorCode) {
            tags = tags.with(SystemTag::ErrorCode.as_str(), &self.code.to_string());
        }
        host.sample(worker.process.registry.builtin().ws_errors, &tags, at, 1.0);
    }
}

/// k6: its number for what no other number fits.
pub(super) const GENERIC_ERROR: u16 = 1000;

/// The error without ports and without the peer's own words: each value is a time series.
fn error_tag(error: &NetError) -> String {
    match error {
        NetError::DialTimeout { .. } => "dial: i/o timeout".to_owned(),
        NetError::Dial { source, .. } => format!("dial: {source}"),
        NetError::ReadTimeout { .. } => "read: i/o timeout".to_owned(),
        NetError::Io { operation, source, .. } => format!("{operation}: {source}"),
        NetError::MalformedResponse(_) => "malformed HTTP response".to_owned(),
        NetError::InvalidUrl { .. } => "invalid url".to_owned(),
        NetError::BlockedPort { .. } => "blocked port".to_owned(),
        other => other.to_string(),
    }
}

/// Takes the samples of what the VU has sent and received, each second as long as `goes_on` says so,
/// so that a session of an hour does not look like a burst at its end.
pub(in crate::modules) async fn report_bytes_each_second(
    host: Weak<Host>,
    goes_on: impl Fn() -> bool,
) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(host) = host.upgrade() else { return };
        let Some(network) = host.network() else { return };
        let (sent, received) = network.bytes.take();
        let builtin = host.process.registry.builtin();
        let (now, tags) = (Instant::now(), host.tags());
        for (metric, bytes) in [(builtin.data_sent, sent), (builtin.data_received, received)] {
            if bytes > 0 {
                host.sample(metric, &tags, now, bytes as f64);
            }
        }
        if !goes_on() {
            return;
        }
    }
}
