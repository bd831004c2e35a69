//! The payloads of event and event target objects, which hold JavaScript values and so show them to the collector.
#![expect(unsafe_code, reason = "rquickjs asks for one marker trait to be asserted")]

use std::{
    any::Any,
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use rquickjs::{
    Atom, Class, Ctx, JsLifetime, Object, Result, Value,
    class::{JsClass, Readable, Trace, Tracer},
    function::Constructor,
};

use super::host::ReportException;

/// An event.
pub(crate) struct EventClass<'js> {
    /// Its type.
    pub(super) kind: RefCell<Atom<'js>>,
    pub(super) target: RefCell<Option<Object<'js>>>,
    /// Bits of `event::flag`.
    pub(super) flags: Cell<u16>,
    /// Milliseconds of `performance.now()`.
    pub(super) time: f64,
    pub(super) payload: Payload<'js>,
}

impl<'js> EventClass<'js> {
    pub(super) fn new(kind: Atom<'js>, flags: u16, time: f64, payload: Payload<'js>) -> Self {
        Self {
            kind: RefCell::new(kind),
            target: RefCell::new(None),
            flags: Cell::new(flags),
            time,
            payload,
        }
    }

    pub(super) fn with(self, payload: Payload<'js>) -> Self {
        Self { payload, ..self }
    }
}

/// What the class of an event adds to it.
pub(super) enum Payload<'js> {
    None,
    Custom(RefCell<Value<'js>>),
    Message { data: Value<'js>, origin: Rc<str>, rest: RefCell<Option<Box<MessageRest<'js>>>> },
    Close { was_clean: bool, code: u16, reason: String },
    Error(Box<ErrorDetails<'js>>),
}

/// What hardly any `MessageEvent` is asked for, or has.
#[derive(Default)]
pub(super) struct MessageRest<'js> {
    pub(super) last_event_id: String,
    /// `data` and `origin` of `initMessageEvent`, instead of those that the event was made with.
    pub(super) replaced: Option<(Value<'js>, Rc<str>)>,
    /// The frozen array, once it has been asked for.
    pub(super) ports: Option<Value<'js>>,
}

/// The attributes of an `ErrorEvent`.
pub(super) struct ErrorDetails<'js> {
    pub(super) message: String,
    pub(super) filename: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) error: Value<'js>,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for EventClass<'js> {
    type Changed<'to> = EventClass<'to>;
}

impl<'js> Trace<'js> for EventClass<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        // What is borrowed just now is not shown: the collector then takes it for alive. Atoms too are shown, since
        // each holds its context.
        if let Ok(kind) = self.kind.try_borrow() {
            kind.trace(tracer);
        }
        if let Ok(target) = self.target.try_borrow()
            && let Some(target) = &*target
        {
            target.trace(tracer);
        }
        match &self.payload {
            Payload::None | Payload::Close { .. } => {}
            Payload::Custom(detail) => {
                if let Ok(detail) = detail.try_borrow() {
                    detail.trace(tracer);
                }
            }
            Payload::Message { data, rest, .. } => {
                data.trace(tracer);
                if let Ok(rest) = rest.try_borrow()
                    && let Some(rest) = &*rest
                {
                    rest.ports.trace(tracer);
                    if let Some((data, _)) = &rest.replaced {
                        data.trace(tracer);
                    }
                }
            }
            Payload::Error(details) => details.error.trace(tracer),
        }
    }
}

impl<'js> JsClass<'js> for EventClass<'js> {
    const NAME: &'static str = "Event";
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }
}

/// An event target.
#[derive(Default)]
pub(crate) struct EventTargetClass<'js> {
    /// Those for the capturing phase first, else in order of addition. A dispatch keeps the list that it began with.
    pub(super) listeners: RefCell<Rc<Vec<Rc<Listener<'js>>>>>,
    /// Only an `AbortSignal` has this.
    pub(super) signal: Option<Box<Signal<'js>>>,
    /// What the module has that made the interface: see `half.rs`.
    pub(super) half: Option<Rc<dyn Any>>,
    /// What that module has shown of it, to show the same object again.
    pub(super) shown: OnceCell<Box<Object<'js>>>,
}

/// What an `AbortSignal` has beside its listeners.
#[derive(Default)]
pub(super) struct Signal<'js> {
    /// The abort reason; none, not even `undefined`, until then.
    pub(super) reason: RefCell<Option<Value<'js>>>,
    /// The listeners that an abort removes, each with its target.
    pub(super) removals: RefCell<Vec<(Target<'js>, Weak<Listener<'js>>)>>,
    /// The signals that `AbortSignal.any` made from this one, and for such a signal those it was made from.
    pub(super) dependents: RefCell<Vec<Target<'js>>>,
    pub(super) sources: RefCell<Vec<Target<'js>>>,
}

/// An event target, as natives hold it.
pub(crate) type Target<'js> = Class<'js, EventTargetClass<'js>>;

/// One registration.
#[expect(clippy::struct_excessive_bools, reason = "the DOM standard's own list")]
pub(super) struct Listener<'js> {
    pub(super) kind: Atom<'js>,
    /// A function, or an object with `handleEvent`. Changes only for an event handler attribute.
    pub(super) callback: RefCell<Object<'js>>,
    pub(super) capture: bool,
    pub(super) once: bool,
    pub(super) passive: bool,
    /// It is the value of an `onX` attribute.
    pub(super) handler: bool,
    pub(super) removed: Cell<bool>,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for EventTargetClass<'js> {
    type Changed<'to> = EventTargetClass<'to>;
}

impl<'js> Trace<'js> for EventTargetClass<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Ok(listeners) = self.listeners.try_borrow() {
            for listener in listeners.iter() {
                listener.kind.trace(tracer);
                if let Ok(callback) = listener.callback.try_borrow() {
                    callback.trace(tracer);
                }
            }
        }
        if let Some(shown) = self.shown.get() {
            shown.trace(tracer);
        }
        let Some(signal) = &self.signal else { return };
        if let Ok(reason) = signal.reason.try_borrow() {
            reason.trace(tracer);
        }
        if let Ok(removals) = signal.removals.try_borrow() {
            for (target, _) in removals.iter() {
                target.as_inner().trace(tracer);
            }
        }
        for signals in [&signal.dependents, &signal.sources] {
            if let Ok(signals) = signals.try_borrow() {
                for signal in signals.iter() {
                    signal.as_inner().trace(tracer);
                }
            }
        }
    }
}

impl<'js> JsClass<'js> for EventTargetClass<'js> {
    const NAME: &'static str = "EventTarget";
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }
}

/// What natives need to make and dispatch events in a context: prototypes, once one was wanted, and where exceptions go.
pub(super) struct Dispatcher<'js> {
    pub(super) event: OnceCell<Object<'js>>,
    pub(super) message: OnceCell<Object<'js>>,
    pub(super) close: OnceCell<Object<'js>>,
    /// By [`EventKind`].
    pub(super) kinds: Box<[Atom<'js>]>,
    pub(super) report: ReportException,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Dispatcher<'js> {
    type Changed<'to> = Dispatcher<'to>;
}

/// The types of the events that natives fire.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EventKind {
    Abort,
    Close,
    Error,
    Message,
    Open,
    Ping,
    Pong,
}

impl EventKind {
    /// In the order of their numbers.
    pub(super) const ALL: [Self; 7] =
        [Self::Abort, Self::Close, Self::Error, Self::Message, Self::Open, Self::Ping, Self::Pong];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Abort => "abort",
            Self::Close => "close",
            Self::Error => "error",
            Self::Message => "message",
            Self::Open => "open",
            Self::Ping => "ping",
            Self::Pong => "pong",
        }
    }
}

/// An `AbortController`.
pub(super) struct ControllerClass<'js> {
    pub(super) signal: Target<'js>,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for ControllerClass<'js> {
    type Changed<'to> = ControllerClass<'to>;
}

impl<'js> Trace<'js> for ControllerClass<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        self.signal.as_inner().trace(tracer);
    }
}

impl<'js> JsClass<'js> for ControllerClass<'js> {
    const NAME: &'static str = "AbortController";
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }
}
