//! One socket between the network's task and the event loop of its VU: events wait here until the
//! VU's turn, samples are taken when they happen. How it is opened is in `dial`, how events become
//! JavaScript in `deliver`.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use bytes::Bytes;
use rquickjs::Persistent;
use sockeye_engine::log::LogLevel;
use sockeye_metrics::TagSet;
use sockeye_net::websocket::{Closed, ConnectRequest, Handler, Socket as NetSocket, SocketEvent};
use tokio::{sync::Notify, time::Instant};
use url::Url;

use super::{
    debug::WireLog,
    event::{Event, Failure, Head},
    samples::{ErrorTags, SocketSamples, report_bytes_each_second},
    sockets::Sockets,
};
use crate::{
    modules::{inbox::Inbox, pings::Pings},
    runtime::pending::PendingOp,
    vu::{Host, resources::Resource},
    web::Target,
};

/// What `readyState` says; the numbers are the standard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReadyState {
    Connecting,
    Open,
    Closing,
    Closed,
}

/// What `binaryType` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BinaryType {
    Blob,
    ArrayBuffer,
}

/// One `WebSocket` object's other half, which the object holds.
pub(super) struct Socket {
    id: Cell<u32>,
    sockets: Weak<Sockets>,
    pub(super) host: Rc<Host>,
    /// The object, as long as events can come.
    pub(super) target: RefCell<Option<Persistent<Target<'static>>>>,
    pub(super) url: Box<str>,
    /// Of the URL: `MessageEvent.origin`. Made for the first message.
    origin: OnceCell<Rc<str>>,
    /// None until the script has heard that it is open.
    pub(super) head: RefCell<Option<Box<Head>>>,
    /// As the script sees it: changes with its events, and when it closes the socket.
    pub(super) ready_state: Cell<ReadyState>,
    pub(super) link: RefCell<Link>,
    inbox: Inbox<(Instant, Event)>,
    /// Keeps the iteration alive until the close event.
    operation: RefCell<Option<PendingOp>>,
    resource: Cell<u64>,
    pub(super) binary_type: Cell<BinaryType>,
    /// Wakes the dial when the script closes the socket before it is open.
    pub(super) given_up: Notify,
    /// After it the script hears no more: its iteration is over.
    pub(super) silenced: Cell<bool>,
    pub(super) samples: RefCell<Option<SocketSamples>>,
    /// What `bufferedAmount` may grow to.
    max_buffered_bytes: u64,
    /// WHATWG websockets, "send": a message found no room, so the connection was dropped.
    full: Cell<bool>,
    /// What was not handed to the system when the connection ended, and what was sent too late.
    pub(super) unsent_bytes: Cell<u64>,
    /// Pings whose pong is awaited, by their payload. k6: a counter.
    pings: Pings,
}

pub(super) enum Link {
    Connecting,
    Open(NetSocket),
    Over,
}

impl Socket {
    pub(super) fn new(
        sockets: &Rc<Sockets>,
        host: &Rc<Host>,
        url: &str,
        max_buffered_bytes: u64,
    ) -> Self {
        Self {
            id: Cell::default(),
            sockets: Rc::downgrade(sockets),
            host: host.clone(),
            target: RefCell::default(),
            url: url.into(),
            origin: OnceCell::new(),
            head: RefCell::default(),
            ready_state: Cell::new(ReadyState::Connecting),
            link: RefCell::new(Link::Connecting),
            inbox: Inbox::default(),
            operation: RefCell::default(),
            resource: Cell::default(),
            binary_type: Cell::new(BinaryType::Blob),
            given_up: Notify::new(),
            silenced: Cell::new(false),
            samples: RefCell::default(),
            max_buffered_bytes,
            full: Cell::new(false),
            unsent_bytes: Cell::default(),
            pings: Pings::default(),
        }
    }

    /// Registers the socket and begins to dial. `target` is the script's object.
    pub(super) fn connect<'js>(
        self: &Rc<Self>,
        target: &Target<'js>,
        sockets: &Rc<Sockets>,
        mut request: ConnectRequest,
        tags: TagSet,
    ) {
        let (host, id) = (&self.host, sockets.last_id.get().wrapping_add(1));
        sockets.last_id.set(id);
        self.id.set(id);
        request.tap = WireLog::for_socket(host, &self.url);
        *self.target.borrow_mut() = Some(Persistent::save(target.ctx(), target.clone()));
        *self.operation.borrow_mut() = Some(host.event_loop.operation());
        self.resource.set(host.resources.add(self.clone()));
        sockets.by_id.borrow_mut().insert(id, self.clone());
        tokio::task::spawn_local(self.clone().dial(request, tags));
        if !sockets.reporting.replace(true) {
            let sockets = Rc::downgrade(sockets);
            let goes_on =
                move || sockets.upgrade().is_some_and(|sockets| sockets.go_on_reporting());
            let report = report_bytes_each_second(Rc::downgrade(host), goes_on);
            tokio::task::spawn_local(report);
        }
    }

    /// Of the URL, as `MessageEvent.origin` says it.
    pub(super) fn origin(&self) -> &Rc<str> {
        self.origin.get_or_init(|| {
            let url = Url::parse(&self.url);
            url.map_or_else(|_| "null".into(), |url| url.origin().ascii_serialization().into())
        })
    }

    /// Queues an event for the script.
    pub(super) fn push(self: &Rc<Self>, at: Instant, event: Event) {
        if self.silenced.get() {
            return;
        }
        let payload = event.payload();
        self.inbox.push((at, event), payload);
        self.host.event_loop.push(self.clone());
        if self.inbox.is_full()
            && let Link::Open(socket) = &*self.link.borrow()
        {
            socket.pause();
        }
    }

    /// Takes the oldest event from the queue.
    pub(super) fn pop(&self) -> Option<(Instant, Event)> {
        let next = self.inbox.pop()?;
        self.read_on();
        Some(next)
    }

    fn read_on(&self) {
        if self.inbox.has_room()
            && let Link::Open(socket) = &*self.link.borrow()
        {
            socket.resume();
        }
    }

    /// Nothing more will happen after `close`. The iteration may end once the script has heard of it.
    pub(super) fn end(self: &Rc<Self>, at: Instant, close: Event) {
        self.unsent_bytes.set(self.buffered_amount());
        *self.link.borrow_mut() = Link::Over;
        let operation = self.operation.borrow_mut().take();
        if self.silenced.get() {
            self.let_go();
        } else if let Some(operation) = operation {
            self.inbox.push((at, close), 0);
            operation.complete(self.clone());
        }
        self.host.resources.remove(self.resource.get());
    }

    pub(super) fn let_go(&self) {
        let target = self.target.borrow_mut().take();
        drop(target);
        if let Some(sockets) = self.sockets.upgrade() {
            let removed =
                sockets.by_id.try_borrow_mut().ok().and_then(|mut all| all.remove(&self.id.get()));
            drop(removed);
        }
    }

    /// Sends a message. False if it is not sent: the socket is closing or closed, or has no room.
    pub(super) fn send_text(self: &Rc<Self>, text: &str) -> bool {
        self.send(text.len(), |socket| socket.send_text(text))
    }

    /// The same for bytes.
    pub(super) fn send_binary(self: &Rc<Self>, bytes: &[u8]) -> bool {
        self.send(bytes.len(), |socket| socket.send_binary(bytes))
    }

    fn send(self: &Rc<Self>, payload_bytes: usize, send: impl FnOnce(&NetSocket)) -> bool {
        let Link::Open(socket) = &*self.link.borrow() else { return false };
        if self.ready_state.get() != ReadyState::Open || self.full.get() {
            return false;
        }
        if socket.buffered_amount() + payload_bytes as u64 > self.max_buffered_bytes {
            // WHATWG websockets, "send": flag the socket as full, then close the connection.
            self.full.set(true);
            self.push(Instant::now(), Event::Closing);
            socket.abort();
            return false;
        }
        send(socket);
        if let Some(samples) = &*self.samples.borrow() {
            samples.sent(Instant::now(), payload_bytes);
        }
        true
    }

    fn count_sent_control(&self) {
        if let Some(samples) = &*self.samples.borrow() {
            samples.sent_control(Instant::now());
        }
    }

    /// k6: sends a ping whose payload is a counter, and measures until its pong.
    pub(super) fn ping(&self) {
        {
            let Link::Open(socket) = &*self.link.borrow() else { return };
            self.pings.send(|payload| socket.ping(payload));
        }
        self.count_sent_control();
    }

    /// Begins the closing handshake, or gives up a dial.
    pub(super) fn close(&self, code: Option<u16>, reason: &str) {
        self.ready_state.set(self.ready_state.get().max(ReadyState::Closing));
        match &*self.link.borrow() {
            Link::Connecting => self.given_up.notify_one(),
            Link::Open(socket) => {
                socket.close(code, reason);
                self.count_sent_control();
            }
            Link::Over => {}
        }
    }

    /// Payload bytes that were sent by the script and not handed to the system.
    pub(super) fn buffered_amount(&self) -> u64 {
        let waiting = match &*self.link.borrow() {
            Link::Open(socket) => socket.buffered_amount(),
            Link::Connecting | Link::Over => 0,
        };
        self.unsent_bytes.get() + waiting
    }

    /// Logs a failure that the script does not listen to, as browsers do in their console. Each text
    /// once, so that a dead server does not bury everything else.
    pub(super) fn unheard(&self, detail: &str) {
        let message = format!("the WebSocket to '{}' failed: {detail}", self.url);
        self.host.process.warn_once(&message);
    }

    fn pong(&self, payload: &[u8], at: Instant) {
        let pinged = self.pings.answered(payload);
        if let (Some(pinged), Some(samples)) = (pinged, &*self.samples.borrow()) {
            return samples.pong(pinged, at);
        }
        // k6: its words.
        let message =
            format!("received pong for unknown ping ID {}", String::from_utf8_lossy(payload));
        self.host.process.log(LogLevel::Warning, message);
    }
}

/// Listens to the network for a socket.
pub(super) struct Deliverer(pub(super) Rc<Socket>);

impl Handler for Deliverer {
    fn on_event(&mut self, event: SocketEvent<'_>, at: std::time::Instant) {
        let at = Instant::from_std(at);
        let socket = &self.0;
        let received = |payload_bytes: usize| {
            if let Some(samples) = &*socket.samples.borrow() {
                samples.received(at, payload_bytes);
            }
        };
        match event {
            SocketEvent::Text(text) => {
                received(text.len());
                socket.push(at, Event::Text(text.to_owned()));
            }
            SocketEvent::Binary(bytes) => {
                received(bytes.len());
                socket.push(at, Event::Binary(Bytes::copy_from_slice(bytes)));
            }
            SocketEvent::Ping(_) => socket.push(at, Event::Ping),
            SocketEvent::Pong(payload) => {
                socket.pong(payload, at);
                socket.push(at, Event::Pong);
            }
            SocketEvent::Closing => socket.push(at, Event::Closing),
            SocketEvent::Closed(closed) => {
                let Closed { code, reason, was_clean, error } = closed;
                if let Some(samples) = &*socket.samples.borrow() {
                    let error = error.as_ref().map(ErrorTags::of);
                    let full = socket.full.get().then(ErrorTags::full);
                    samples.closed(&socket.host, at, full.or(error));
                }
                if socket.full.get() {
                    let error = format!(
                        "more than {} bytes were waiting to be sent",
                        socket.max_buffered_bytes
                    );
                    socket.push(at, Event::Error(Box::new(Failure::ours(error))));
                } else if let Some(error) = error {
                    socket.push(at, Event::Error(Box::new(Failure::of(&error))));
                }
                // RFC 6455 §7.1.5: 1005 where the frame had no code.
                let code = code.unwrap_or(1005);
                socket.end(at, Event::Close { code, reason, was_clean });
            }
        }
    }
}

impl Resource for Socket {
    fn shut_down(&self) {
        self.silenced.set(true);
        self.inbox.clear();
        self.read_on();
        // RFC 6455 §7.4.1: 1001, going away.
        self.close(Some(1001), "");
    }

    fn abort(&self) {
        let socket = match &*self.link.borrow() {
            Link::Open(socket) => Some(socket.clone()),
            Link::Connecting => {
                self.given_up.notify_one();
                None
            }
            Link::Over => None,
        };
        if let Some(socket) = socket {
            socket.abort();
        }
    }
}
