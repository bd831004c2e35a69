//! One socket between the network's task and the event loop of its VU: events wait here until the
//! VU's turn, samples are taken when they happen.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap, VecDeque},
    rc::{Rc, Weak},
};

use bytes::Bytes;
use rquickjs::{Ctx, Function, IntoJs, Object, Persistent, Value};
use sockeye_engine::log::LogLevel;
use sockeye_metrics::TagSet;
use sockeye_net::websocket::{
    self, Closed, ConnectRequest, Handler, Socket as NetSocket, SocketEvent,
};
use tokio::{sync::Notify, time::Instant};

use super::samples::{Dialled, SocketSamples};
use crate::{
    interop::bytes::array_buffer,
    runtime::{event_loop::TaskSource, pending::PendingOp},
    vu::{Host, resources::Resource},
    web,
};

/// The sockets of a VU that its scripts can still name, and the function that makes an event of
/// what happened.
#[derive(Default)]
pub(super) struct Sockets {
    by_id: RefCell<BTreeMap<u32, Rc<Socket>>>,
    last_id: Cell<u32>,
    pub(super) deliver: RefCell<Option<Persistent<Function<'static>>>>,
}

impl Sockets {
    /// The socket of that number, while it is not closed.
    pub(super) fn get(&self, id: u32) -> Option<Rc<Socket>> {
        self.by_id.borrow().get(&id).cloned()
    }

    /// Lets go of all values of the engine.
    pub(super) fn clear(&self) {
        let sockets = std::mem::take(&mut *self.by_id.borrow_mut());
        for socket in sockets.values() {
            socket.let_go();
        }
        let deliver = self.deliver.borrow_mut().take();
        drop(deliver);
    }
}

/// What `binaryType` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BinaryType {
    Blob,
    ArrayBuffer,
}

/// One `WebSocket` object's other half.
pub(super) struct Socket {
    id: u32,
    sockets: Weak<Sockets>,
    host: Rc<Host>,
    /// The object, as long as events can come.
    target: RefCell<Option<Persistent<Object<'static>>>>,
    link: RefCell<Link>,
    events: RefCell<VecDeque<(Instant, Event)>>,
    /// Keeps the iteration alive until the close event.
    operation: RefCell<Option<PendingOp>>,
    resource: Cell<u64>,
    pub(super) binary_type: Cell<BinaryType>,
    /// Wakes the dial when the script closes the socket before it is open.
    given_up: Notify,
    /// After it the script hears no more: its iteration is over.
    silenced: Cell<bool>,
    samples: RefCell<Option<SocketSamples>>,
    /// Pings whose pong is awaited, by their payload. k6: a counter.
    pings: RefCell<HashMap<u64, Instant>>,
    last_ping: Cell<u64>,
}

enum Link {
    Connecting,
    Open(NetSocket),
    Over,
}

/// What happened, in the order in which the script hears of it.
enum Event {
    Open {
        protocol: String,
        extensions: String,
    },
    Text(String),
    Binary(Bytes),
    Ping,
    Pong,
    Closing,
    /// k6's text, and the whole of it.
    Error {
        error: String,
        detail: String,
    },
    Close {
        code: u16,
        reason: String,
        was_clean: bool,
    },
}

impl Socket {
    /// Registers a socket and begins to dial. `target` is the script's object.
    pub(super) fn connect<'js>(
        ctx: &Ctx<'js>,
        sockets: &Rc<Sockets>,
        host: &Rc<Host>,
        target: Object<'js>,
        request: ConnectRequest,
        tags: TagSet,
    ) -> u32 {
        let id = sockets.last_id.get().wrapping_add(1);
        sockets.last_id.set(id);
        let socket = Rc::new(Self {
            id,
            sockets: Rc::downgrade(sockets),
            host: host.clone(),
            target: RefCell::new(Some(Persistent::save(ctx, target))),
            link: RefCell::new(Link::Connecting),
            events: RefCell::default(),
            operation: RefCell::new(Some(host.event_loop.operation())),
            resource: Cell::new(0),
            binary_type: Cell::new(BinaryType::Blob),
            given_up: Notify::new(),
            silenced: Cell::new(false),
            samples: RefCell::default(),
            pings: RefCell::default(),
            last_ping: Cell::new(0),
        });
        socket.resource.set(host.resources.add(socket.clone()));
        sockets.by_id.borrow_mut().insert(id, socket.clone());
        tokio::task::spawn_local(socket.dial(request, tags));
        id
    }

    async fn dial(self: Rc<Self>, request: ConnectRequest, tags: TagSet) {
        let host = self.host.clone();
        let Some(network) = host.network() else { return self.closed_without_session() };
        let started = Instant::now();
        let dialled = tokio::select! {
            biased;
            () = self.given_up.notified() => None,
            dialled = websocket::connect(&network.dialer, request) => Some(dialled),
        };
        let ended = Instant::now();
        let sample =
            |dialled: &Dialled<'_>| SocketSamples::of_dial(&host, &network.worker, &tags, dialled);
        match dialled {
            None => {
                // WHATWG websockets, "close", step 3: fail the connection.
                drop(sample(&Dialled {
                    started,
                    ended,
                    response: None,
                    subprotocol: "",
                    remote: None,
                }));
                let error = "WebSocket is closed before the connection is established".to_owned();
                self.push(ended, Event::Error { detail: error.clone(), error });
                self.closed_without_session();
            }
            Some(Err(failure)) => {
                drop(sample(&Dialled {
                    started,
                    ended,
                    response: failure.response.as_ref(),
                    subprotocol: "",
                    remote: failure.remote,
                }));
                let (error, detail) = (failure.error.to_string(), failure.error.detail());
                self.push(ended, Event::Error { error, detail });
                self.closed_without_session();
            }
            Some(Ok(opened)) => {
                *self.samples.borrow_mut() = Some(sample(&Dialled {
                    started,
                    ended,
                    response: Some(&opened.response),
                    subprotocol: &opened.protocol,
                    remote: opened.remote,
                }));
                self.push(
                    ended,
                    Event::Open {
                        protocol: opened.protocol.clone(),
                        extensions: opened.extensions.clone(),
                    },
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

    /// Queues an event for the script.
    fn push(self: &Rc<Self>, at: Instant, event: Event) {
        if self.silenced.get() {
            return;
        }
        self.events.borrow_mut().push_back((at, event));
        self.host.event_loop.push(self.clone());
    }

    /// Nothing more will happen after `close`. The iteration may end once the script has heard of it.
    fn end(self: &Rc<Self>, at: Instant, close: Event) {
        *self.link.borrow_mut() = Link::Over;
        let operation = self.operation.borrow_mut().take();
        if self.silenced.get() {
            self.let_go();
        } else if let Some(operation) = operation {
            self.events.borrow_mut().push_back((at, close));
            operation.complete(self.clone());
        }
        self.host.resources.remove(self.resource.get());
    }

    fn let_go(&self) {
        let target = self.target.borrow_mut().take();
        drop(target);
        if let Some(sockets) = self.sockets.upgrade() {
            let removed =
                sockets.by_id.try_borrow_mut().ok().and_then(|mut all| all.remove(&self.id));
            drop(removed);
        }
    }

    /// Sends a message. False once the socket is closing or closed: nothing is sent then.
    pub(super) fn send_text(&self, text: &str) -> bool {
        self.with_open(|socket| socket.send_text(text))
    }

    /// The same for bytes.
    pub(super) fn send_binary(&self, bytes: &[u8]) -> bool {
        self.with_open(|socket| socket.send_binary(bytes))
    }

    fn with_open(&self, send: impl FnOnce(&NetSocket)) -> bool {
        let Link::Open(socket) = &*self.link.borrow() else { return false };
        send(socket);
        self.count_sent();
        true
    }

    fn count_sent(&self) {
        if let Some(samples) = &*self.samples.borrow() {
            samples.sent(Instant::now());
        }
    }

    /// k6: sends a ping whose payload is a counter, and measures until its pong.
    pub(super) fn ping(&self) {
        let number = self.last_ping.get() + 1;
        let sent = {
            let Link::Open(socket) = &*self.link.borrow() else { return };
            socket.ping(number.to_string().as_bytes());
            Instant::now()
        };
        self.last_ping.set(number);
        self.pings.borrow_mut().insert(number, sent);
        self.count_sent();
    }

    /// Begins the closing handshake, or gives up a dial.
    pub(super) fn close(&self, code: Option<u16>, reason: &str) {
        match &*self.link.borrow() {
            Link::Connecting => self.given_up.notify_one(),
            Link::Open(socket) => {
                socket.close(code, reason);
                self.count_sent();
            }
            Link::Over => {}
        }
    }

    /// Payload bytes that were sent by the script and are not yet handed to the system.
    pub(super) fn buffered_amount(&self) -> u64 {
        match &*self.link.borrow() {
            Link::Open(socket) => socket.buffered_amount(),
            _ => 0,
        }
    }

    /// Logs a failure that the script does not listen to, as browsers do in their console. Each text
    /// once, so that a dead server does not bury everything else.
    pub(super) fn unheard(&self, url: &str, detail: &str) {
        let message = format!("the WebSocket to '{url}' failed: {detail}");
        self.host.process.warn_once(&message);
    }

    fn pong(&self, payload: &[u8], at: Instant) {
        let number = std::str::from_utf8(payload).ok().and_then(|text| text.parse().ok());
        let pinged = number.and_then(|number: u64| self.pings.borrow_mut().remove(&number));
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
struct Deliverer(Rc<Socket>);

impl Handler for Deliverer {
    fn on_event(&mut self, event: SocketEvent<'_>, at: std::time::Instant) {
        let at = Instant::from_std(at);
        let socket = &self.0;
        let received = || {
            if let Some(samples) = &*socket.samples.borrow() {
                samples.received(at);
            }
        };
        match event {
            SocketEvent::Text(text) => {
                received();
                socket.push(at, Event::Text(text.to_owned()));
            }
            SocketEvent::Binary(bytes) => {
                received();
                socket.push(at, Event::Binary(Bytes::copy_from_slice(bytes)));
            }
            SocketEvent::Ping(_) => socket.push(at, Event::Ping),
            SocketEvent::Pong(payload) => {
                socket.pong(payload, at);
                socket.push(at, Event::Pong);
            }
            SocketEvent::Closing => socket.push(at, Event::Closing),
            SocketEvent::Closed(closed) => {
                if let Some(samples) = &*socket.samples.borrow() {
                    samples.closed(at);
                }
                let Closed { code, reason, was_clean, error } = closed;
                if let Some(error) = error {
                    let (error, detail) = (error.to_string(), error.detail());
                    socket.push(at, Event::Error { error, detail });
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
        self.events.borrow_mut().clear();
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

impl TaskSource for Socket {
    fn deliver(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let Some((at, event)) = self.events.borrow_mut().pop_front() else { return Ok(()) };
        let target = self.target.borrow().clone();
        let deliver = self.sockets.upgrade().and_then(|sockets| sockets.deliver.borrow().clone());
        let (Some(target), Some(deliver)) = (target, deliver) else { return Ok(()) };
        let is_last = matches!(event, Event::Close { .. });
        let (target, deliver) = (target.restore(ctx)?, deliver.restore(ctx)?);
        let result = self.call(ctx, &target, &deliver, at, event);
        if is_last {
            self.let_go();
        }
        result
    }
}

impl Socket {
    fn call<'js>(
        &self,
        ctx: &Ctx<'js>,
        target: &Object<'js>,
        deliver: &Function<'js>,
        at: Instant,
        event: Event,
    ) -> rquickjs::Result<()> {
        let since = at.into_std().saturating_duration_since(self.host.process.started);
        let time = since.as_secs_f64() * 1000.0;
        let call = |kind: u8, a: Value<'js>, b: Value<'js>, c: Value<'js>| {
            deliver.call::<_, ()>((target.clone(), kind, time, a, b, c))
        };
        let none = || Value::new_undefined(ctx.clone());
        let text = |text: &str| text.into_js(ctx);
        match event {
            Event::Open { protocol, extensions } => {
                call(0, text(&protocol)?, text(&extensions)?, none())
            }
            Event::Text(message) => call(1, text(&message)?, none(), none()),
            Event::Binary(bytes) => {
                let data = match self.binary_type.get() {
                    BinaryType::Blob => web::new_blob(ctx, bytes)?,
                    BinaryType::ArrayBuffer => array_buffer(ctx, bytes.into())?.into_value(),
                };
                call(1, data, none(), none())
            }
            Event::Closing => call(2, none(), none(), none()),
            Event::Error { error, detail } => call(3, text(&error)?, text(&detail)?, none()),
            Event::Close { code, reason, was_clean } => call(
                4,
                Value::new_int(ctx.clone(), i32::from(code)),
                text(&reason)?,
                Value::new_bool(ctx.clone(), was_clean),
            ),
            Event::Ping => call(5, none(), none(), none()),
            Event::Pong => call(6, none(), none(), none()),
        }
    }
}
