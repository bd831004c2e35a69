//! Which samples a socket's events become.

use std::rc::Rc;

use sockeye_metrics::{SeriesId, SystemTag, TagSet};
use sockeye_net::websocket::Response;
use std::net::SocketAddr;
use tokio::time::Instant;

use crate::vu::{Host, run::WorkerHost};

/// The series of one socket. Its tags are fixed when the handshake is over, so a message costs one
/// copy of a number and not a look at its tags.
pub(super) struct SocketSamples {
    worker: Rc<WorkerHost>,
    started: Instant,
    sent: SeriesId,
    received: SeriesId,
    ping: SeriesId,
    session_duration: SeriesId,
}

/// What is known of a dial when it is over.
pub(super) struct Dialled<'a> {
    pub(super) started: Instant,
    pub(super) ended: Instant,
    pub(super) response: Option<&'a Response>,
    pub(super) subprotocol: &'a str,
    pub(super) remote: Option<SocketAddr>,
}

impl SocketSamples {
    /// Takes the samples of a dial, well or not, and prepares the series of the session.
    pub(super) fn of_dial(
        host: &Host,
        worker: &Rc<WorkerHost>,
        tags: &TagSet,
        dialled: &Dialled<'_>,
    ) -> Self {
        let mut tags = tags.clone();
        let mut system = |tag: SystemTag, value: &str| {
            if host.has_tag(tag) {
                tags = tags.with(tag.as_str(), value);
            }
        };
        if let Some(response) = dialled.response {
            system(SystemTag::Status, &response.status.to_string());
            system(SystemTag::Subproto, dialled.subprotocol);
        }
        if let Some(remote) = dialled.remote {
            system(SystemTag::Ip, &remote.ip().to_string());
        }
        let builtin = worker.process.registry.builtin();
        let connecting = (dialled.ended - dialled.started).as_secs_f64() * 1000.0;
        worker.sample(builtin.ws_sessions, &tags, dialled.ended, 1.0);
        worker.sample(builtin.ws_connecting, &tags, dialled.ended, connecting);
        Self {
            started: dialled.started,
            sent: worker.series(builtin.ws_msgs_sent, &tags),
            received: worker.series(builtin.ws_msgs_received, &tags),
            ping: worker.series(builtin.ws_ping, &tags),
            session_duration: worker.series(builtin.ws_session_duration, &tags),
            worker: worker.clone(),
        }
    }

    /// A message, a ping or a close frame was sent.
    pub(super) fn sent(&self, at: Instant) {
        self.worker.push(self.sent, at, 1.0);
    }

    /// A message was received.
    pub(super) fn received(&self, at: Instant) {
        self.worker.push(self.received, at, 1.0);
    }

    /// The pong of a ping was received.
    pub(super) fn pong(&self, pinged: Instant, at: Instant) {
        self.worker.push(self.ping, at, (at - pinged).as_secs_f64() * 1000.0);
    }

    /// The session is over.
    pub(super) fn closed(&self, at: Instant) {
        self.worker.push(self.session_duration, at, (at - self.started).as_secs_f64() * 1000.0);
    }
}
