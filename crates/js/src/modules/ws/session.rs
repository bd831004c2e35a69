//! One session: what came from the network and waits for the VU, who listens, and the loop in which
//! the VU is until the socket is closed.
//!
//! The loop is the session's own. k6: the VU's timers and promises stand still meanwhile, so nothing
//! here runs the jobs of the engine.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use rquickjs::{Ctx, Function, IntoJs, Persistent, Value};
use sockeye_net::websocket::{Handler, Opened, Socket as NetSocket, SocketEvent};
use tokio::{task::JoinHandle, time::Instant};

use super::{
    event::{Event, Kind},
    farewell::farewell,
    object::{self, GOING_AWAY},
};
use crate::{
    interop::bytes::array_buffer,
    modules::{
        inbox::Inbox,
        pings::Pings,
        websockets::{ErrorTags, SocketSamples, report_bytes_each_second},
    },
    runtime::{
        entry, ffi,
        signal::Signal,
        timers::{TimerKind, Timers},
    },
    vu::{Host, resources::Resource},
};

/// One call of `connect` from its handshake on.
pub(super) struct Session {
    host: Rc<Host>,
    samples: SocketSamples,
    /// How much may wait to be sent before a script that sends more waits too.
    max_buffered_bytes: u64,
    /// Why the connection failed, if it did.
    failure: RefCell<Option<ErrorTags>>,
    /// Absent once the TCP connection is gone.
    link: RefCell<Option<NetSocket>>,
    resource: Cell<u64>,
    inbox: Inbox<Event>,
    wake: Signal,
    listeners: RefCell<[Vec<Persistent<Function<'static>>>; Kind::ALL.len()]>,
    timers: Timers,
    /// Samples the bytes while `connect` runs.
    reports: RefCell<Option<JoinHandle<()>>>,
    state: Cell<State>,
    /// Pings whose pong is awaited, by their payload. k6: a counter.
    pings: Pings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Closed by either side; `connect` is about to return.
    Closed,
    /// `connect` has returned: no value of the engine may be kept any more.
    Over,
}

impl Session {
    /// Sets the socket going.
    pub(super) fn start(
        host: &Rc<Host>,
        opened: Opened,
        samples: SocketSamples,
        max_buffered_bytes: u64,
    ) -> Rc<Self> {
        let session = Rc::new(Self {
            host: host.clone(),
            max_buffered_bytes,
            samples,
            failure: RefCell::default(),
            link: RefCell::default(),
            resource: Cell::default(),
            inbox: Inbox::default(),
            wake: Signal::default(),
            listeners: RefCell::default(),
            timers: Timers::default(),
            reports: RefCell::default(),
            state: Cell::new(State::Open),
            pings: Pings::default(),
        });
        session.resource.set(host.resources.add(session.clone()));
        let socket = opened.start(Box::new(Deliverer(session.clone())));
        *session.link.borrow_mut() = Some(socket);
        let reports = report_bytes_each_second(Rc::downgrade(host), || true);
        *session.reports.borrow_mut() = Some(tokio::task::spawn_local(reports));
        session
    }

    /// Runs the script's callback, then the loop until the socket is closed.
    ///
    /// # Errors
    /// What the callback or a handler threw; the socket is closed then too.
    pub(super) fn run<'js>(
        self: &Rc<Self>,
        ctx: &Ctx<'js>,
        callback: &Function<'js>,
    ) -> rquickjs::Result<()> {
        let result = self.live(ctx, callback).or_else(|error| self.fail(ctx, error));
        self.samples.closed(&self.host, Instant::now(), self.failure.borrow_mut().take());
        self.state.set(State::Over);
        if let Some(reports) = self.reports.borrow_mut().take() {
            // What is left is sampled with the rest of the iteration's.
            reports.abort();
        }
        self.timers.clear_all();
        let listeners = std::mem::take(&mut *self.listeners.borrow_mut());
        drop(listeners);
        self.inbox.clear();
        if !self.host.interrupt.is_raised() {
            // What is left is the peer's close frame, and no iteration waits for it. After an
            // interrupt, the end of the iteration does.
            self.host.resources.remove(self.resource.get());
        }
        result
    }

    fn live<'js>(
        self: &Rc<Self>,
        ctx: &Ctx<'js>,
        callback: &Function<'js>,
    ) -> rquickjs::Result<()> {
        let socket = object::make(ctx, self)?;
        callback.call::<_, Value<'js>>((socket,))?;
        self.emit(ctx, Kind::Open, None)?;
        while self.state.get() == State::Open {
            if self.host.interrupt.is_raised() {
                return Err(ffi::throw_uncatchable(ctx, "interrupted"));
            }
            if let Some(event) = self.pop() {
                self.deliver(ctx, event)?;
            } else if let Some(result) = self.timers.fire_next(ctx, self.timers.mark()) {
                result?;
                // Timers that are always due must let the socket be heard.
                entry::block(ctx, tokio::task::yield_now())?;
            } else {
                entry::block(ctx, self.timers.wait(&self.wake))?;
            }
        }
        Ok(())
    }

    /// Closes the socket because of an exception, and returns it. The handlers of `close` still
    /// hear of it, unless the VU is interrupted.
    fn fail(&self, ctx: &Ctx<'_>, error: rquickjs::Error) -> rquickjs::Result<()> {
        if !matches!(error, rquickjs::Error::Exception) {
            self.hang_up(GOING_AWAY);
            return Err(error);
        }
        let thrown = ctx.catch();
        if ffi::is_uncatchable(&thrown) {
            self.hang_up(GOING_AWAY);
        } else {
            self.close(ctx, GOING_AWAY)?;
        }
        Err(ctx.throw(thrown))
    }

    fn deliver<'js>(&self, ctx: &Ctx<'js>, event: Event) -> rquickjs::Result<()> {
        match event {
            Event::Text(text) => self.emit(ctx, Kind::Message, Some(text.into_js(ctx)?)),
            Event::Binary(bytes) => {
                let buffer = array_buffer(ctx, bytes)?.into_value();
                self.emit(ctx, Kind::BinaryMessage, Some(buffer))
            }
            Event::Ping => self.emit(ctx, Kind::Ping, None),
            Event::Pong => self.emit(ctx, Kind::Pong, None),
            Event::Closed(closed) => {
                let (error, code) = farewell(closed);
                if let Some(error) = error {
                    self.emit(ctx, Kind::Error, Some(object::error(ctx, error)?))?;
                }
                self.close(ctx, code)
            }
        }
    }

    /// Calls the handlers that there are now, in the order in which they were set.
    fn emit<'js>(
        &self,
        ctx: &Ctx<'js>,
        kind: Kind,
        argument: Option<Value<'js>>,
    ) -> rquickjs::Result<()> {
        let count = self.listeners.borrow()[kind as usize].len();
        for at in 0..count {
            let listener = self.listeners.borrow()[kind as usize].get(at).cloned();
            let Some(listener) = listener else { break };
            let listener = listener.restore(ctx)?;
            match &argument {
                Some(argument) => listener.call::<_, Value<'js>>((argument.clone(),))?,
                None => listener.call::<_, Value<'js>>(())?,
            };
        }
        Ok(())
    }

    /// Adds a handler.
    pub(super) fn listen<'js>(&self, ctx: &Ctx<'js>, kind: Kind, callback: Function<'js>) {
        if self.state.get() != State::Over {
            let callback = Persistent::save(ctx, callback);
            self.listeners.borrow_mut()[kind as usize].push(callback);
        }
    }

    /// Sets a timer that lives no longer than the session.
    pub(super) fn set_timer<'js>(
        &self,
        ctx: &Ctx<'js>,
        kind: TimerKind,
        delay: Duration,
        callback: Function<'js>,
    ) {
        if self.state.get() != State::Over {
            self.timers.set(ctx, kind, delay, callback, Vec::new());
        }
    }

    /// Closes the socket and ends the loop. k6: the handlers of `close` are called at once, with
    /// the code that the script gave.
    pub(super) fn close(&self, ctx: &Ctx<'_>, code: u16) -> rquickjs::Result<()> {
        if self.state.get() != State::Open {
            return Ok(());
        }
        self.hang_up(code);
        self.emit(ctx, Kind::Close, Some(Value::new_int(ctx.clone(), i32::from(code))))
    }

    /// Sends the close frame. The peer's is awaited in the background.
    fn hang_up(&self, code: u16) {
        if self.state.get() == State::Open {
            self.state.set(State::Closed);
        }
        if let Some(socket) = &*self.link.borrow() {
            socket.close(Some(code), "");
            // Nobody hears of what comes before the peer's close frame.
            socket.resume();
        }
    }

    /// Waits while more than the script allows is not yet with the system. k6: `send` returns when
    /// the system has taken the message, so that a script can't outrun its peer.
    pub(super) fn wait_for_room(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let link = self.link.borrow().clone();
        match link {
            Some(socket) if socket.buffered_amount() > self.max_buffered_bytes => {
                entry::block(ctx, socket.drained_to(self.max_buffered_bytes))
            }
            _ => Ok(()),
        }
    }

    /// Sends a message. False once the socket is closed.
    pub(super) fn send_text(&self, text: &str) -> bool {
        self.send(text.len(), |socket| socket.send_text(text))
    }

    /// The same for bytes.
    pub(super) fn send_binary(&self, bytes: &[u8]) -> bool {
        self.send(bytes.len(), |socket| socket.send_binary(bytes))
    }

    fn send(&self, payload_bytes: usize, send: impl FnOnce(&NetSocket)) -> bool {
        if self.state.get() != State::Open {
            return false;
        }
        // Without a link the end waits among the events, and says why.
        if let Some(socket) = &*self.link.borrow() {
            send(socket);
            self.samples.sent(Instant::now(), payload_bytes);
        }
        true
    }

    /// Tells the handlers of `error` if a message was not sent. k6: its words.
    pub(super) fn complain(&self, ctx: &Ctx<'_>, sent: bool) -> rquickjs::Result<()> {
        if sent {
            return Ok(());
        }
        self.emit(ctx, Kind::Error, Some(object::error(ctx, "websocket: close sent".to_owned())?))
    }

    /// k6: sends a ping whose payload is a counter, and measures until its pong. Here it counts not
    /// as a message.
    pub(super) fn ping(&self) {
        if self.state.get() != State::Open {
            return;
        }
        if let Some(socket) = &*self.link.borrow() {
            self.pings.send(|payload| socket.ping(payload));
        }
    }

    fn pong(&self, payload: &[u8], at: Instant) {
        if let Some(pinged) = self.pings.answered(payload) {
            self.samples.pong(pinged, at);
        }
    }

    fn push(&self, event: Event) {
        let payload = match &event {
            Event::Text(text) => text.len(),
            Event::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        self.inbox.push(event, payload);
        self.wake.set();
        if self.inbox.is_full()
            && let Some(socket) = &*self.link.borrow()
        {
            socket.pause();
        }
    }

    /// The oldest event that waits.
    fn pop(&self) -> Option<Event> {
        let event = self.inbox.pop()?;
        if self.inbox.has_room()
            && let Some(socket) = &*self.link.borrow()
        {
            socket.resume();
        }
        Some(event)
    }
}

/// Listens to the network for a session.
struct Deliverer(Rc<Session>);

impl Handler for Deliverer {
    fn on_event(&mut self, event: SocketEvent<'_>, at: std::time::Instant) {
        let session = &self.0;
        let at = Instant::from_std(at);
        let is_open = session.state.get() == State::Open;
        match event {
            SocketEvent::Closed(closed) => {
                session.link.borrow_mut().take();
                session.host.resources.remove(session.resource.get());
                if is_open {
                    *session.failure.borrow_mut() = closed.error.as_ref().map(ErrorTags::of);
                    session.push(Event::Closed(closed));
                }
            }
            // Nobody is there to hear it.
            _ if !is_open => {}
            SocketEvent::Text(text) => {
                session.samples.received(at, text.len());
                session.push(Event::Text(text.to_owned()));
            }
            SocketEvent::Binary(payload) => {
                session.samples.received(at, payload.len());
                session.push(Event::Binary(payload.to_vec()));
            }
            SocketEvent::Ping(_) => session.push(Event::Ping),
            SocketEvent::Pong(payload) => {
                session.pong(payload, at);
                session.push(Event::Pong);
            }
            SocketEvent::Closing => {}
        }
    }
}

impl Resource for Session {
    fn shut_down(&self) {
        self.hang_up(GOING_AWAY);
    }

    fn abort(&self) {
        let socket = self.link.borrow().clone();
        if let Some(socket) = socket {
            socket.abort();
        }
    }
}
