//! From the constructor to an open socket, or to none: the dial, its samples and its events.

use std::{net::IpAddr, rc::Rc};

use sockeye_engine::log::LogLevel;
use sockeye_metrics::TagSet;
use sockeye_net::{
    NetError,
    websocket::{self, ConnectFailure, ConnectRequest, HttpVersion, Opened},
};
use tokio::time::Instant;

use super::{
    event::{Event, Failure, Head},
    response,
    samples::{Dialled, ErrorTags, SocketSamples},
    socket::{Deliverer, Link, Socket},
};

impl Socket {
    pub(super) async fn dial(self: Rc<Self>, request: ConnectRequest, tags: TagSet) {
        let host = self.host.clone();
        let Some(network) = host.network() else { return self.closed_without_session() };
        let started = Instant::now();
        let needs_lookup = request.url.domain().is_some_and(|name| name.parse::<IpAddr>().is_err());
        let fallback = request.http2.is_some().then(|| request.url.to_string());
        let asked_for_subprotocol = !request.protocols.is_empty();
        let dialled = tokio::select! {
            biased;
            () = self.given_up.notified() => None,
            dialled = websocket::connect(&network.dialer, request) => Some(dialled),
        };
        let ended = Instant::now();
        let dialled = match dialled {
            Some(Ok(opened)) if asked_for_subprotocol && opened.protocol.is_empty() => {
                Some(Err(no_subprotocol(&opened)))
            }
            dialled => dialled,
        };
        let mut dial = Dialled {
            started,
            ended,
            response: None,
            subprotocol: "",
            remote: None,
            needs_lookup,
            timings: None,
        };
        match dialled {
            None => {
                // WHATWG websockets, "close", step 3: fail the connection.
                dial.sample(&host, &network.worker, &tags);
                let error = "WebSocket is closed before the connection is established".to_owned();
                self.push(ended, Event::Error(Box::new(Failure::ours(error))));
                self.closed_without_session();
            }
            Some(Err(failure)) => {
                dial.response = failure.response.as_ref();
                dial.remote = failure.remote;
                dial.timings = Some(&failure.timings);
                let tags = dial.sample(&host, &network.worker, &tags);
                ErrorTags::of(&failure.error).sample(&host, &network.worker, &tags, ended);
                let mut told = Failure::of(&failure.error);
                told.response =
                    failure.response.as_ref().map(|it| (response::pack(it), failure.body));
                self.push(ended, Event::Error(Box::new(told)));
                self.closed_without_session();
            }
            Some(Ok(opened)) => {
                dial.response = Some(&opened.response);
                dial.subprotocol = &opened.protocol;
                dial.remote = opened.remote;
                dial.timings = Some(&opened.timings);
                if let (Some(url), HttpVersion::Http11) = (fallback, opened.response.version) {
                    let message = format!(
                        "the server of '{url}' does not announce WebSockets over HTTP/2 (RFC 8441): HTTP/1.1 is used"
                    );
                    host.process.log(LogLevel::Debug, message);
                }
                let tags = dial.sample(&host, &network.worker, &tags);
                *self.samples.borrow_mut() =
                    Some(SocketSamples::opened(&host, &network.worker, tags, &dial));
                self.push(
                    ended,
                    Event::Open(Box::new(Head {
                        protocol: opened.protocol.as_str().into(),
                        extensions: opened.extensions.as_str().into(),
                        response: response::pack(&opened.response).into(),
                    })),
                );
                let socket = opened.start(Box::new(Deliverer(self.clone())));
                if self.silenced.get() {
                    socket.abort();
                }
                *self.link.borrow_mut() = Link::Open(socket);
            }
        }
    }

    fn closed_without_session(self: &Rc<Self>) {
        self.end(
            Instant::now(),
            Event::Close { code: 1006, reason: String::new(), was_clean: false },
        );
    }
}

/// WHATWG websockets, "establish a WebSocket connection", step 11: a server that chooses none of
/// the subprotocols fails the connection. k6 and RFC 6455 let it pass.
fn no_subprotocol(opened: &Opened) -> ConnectFailure {
    let reason = "the server chose none of the subprotocols that were asked for".to_owned();
    ConnectFailure {
        error: NetError::BadHandshake { reason },
        response: Some(opened.response.clone()),
        body: Vec::new(),
        remote: opened.remote,
        timings: opened.timings,
    }
}
