//! `Event` and the events made of it: WHATWG DOM §2.2 to §2.4, HTML §9.2, WebSockets §6, HTML §8.1.8.
//! Native because one is made for each message. There is no tree here: an event's path is its target alone.

use rquickjs::{Array, Atom, Class, Coerced, Ctx, Exception, FromJs as _, Result, Value};

use super::{
    event_class::{EventClass, Payload},
    lazy,
    opaque::{Shape, argument, construct_class, dictionary, require},
    performance::Clock,
};

/// The bits of [`EventClass::flags`].
pub(super) mod flag {
    pub(in super::super) const BUBBLES: u16 = 1;
    pub(in super::super) const CANCELABLE: u16 = 2;
    pub(in super::super) const COMPOSED: u16 = 4;
    pub(in super::super) const TRUSTED: u16 = 8;
    pub(in super::super) const STOPPED: u16 = 16;
    pub(in super::super) const STOPPED_NOW: u16 = 32;
    pub(in super::super) const CANCELED: u16 = 64;
    pub(in super::super) const IN_PASSIVE: u16 = 128;
    pub(in super::super) const DISPATCHING: u16 = 256;
}
use crate::runtime::{
    call::Call,
    member::{Member, accessor, getter, method},
};
use flag::{
    BUBBLES, CANCELABLE, CANCELED, COMPOSED, DISPATCHING, IN_PASSIVE, STOPPED, STOPPED_NOW, TRUSTED,
};

impl EventClass<'_> {
    pub(super) fn is(&self, bits: u16) -> bool {
        self.flags.get() & bits != 0
    }

    pub(super) fn raise(&self, bits: u16) {
        self.flags.set(self.flags.get() | bits);
    }

    pub(super) fn clear(&self, bits: u16) {
        self.flags.set(self.flags.get() & !bits);
    }

    /// DOM "set the canceled flag".
    pub(super) fn cancel(&self) {
        if self.is(CANCELABLE) && !self.is(IN_PASSIVE) {
            self.raise(CANCELED);
        }
    }
}

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let clock = lazy::clock(ctx)?;
    Shape::new(ctx, "Event", 1, move |params| {
        let event = base(&params, clock)?;
        construct_class(&params, event)
    })?
    .members(EVENT)?
    .constants(&[
        ("NONE", 0),
        ("CAPTURING_PHASE", 1),
        ("AT_TARGET", AT_TARGET),
        ("BUBBLING_PHASE", 3),
    ])?
    .publish("Event")
}

static EVENT: &[Member] = &[
    getter(c"type", |params| {
        get(&params, |_, event| Ok(event.kind.borrow().to_js_string()?.into_value()))
    }),
    getter(c"target", |params| get(&params, |ctx, event| Ok(target(ctx, event)))),
    getter(c"srcElement", |params| get(&params, |ctx, event| Ok(target(ctx, event)))),
    getter(c"currentTarget", |params| {
        get(&params, |ctx, event| {
            if event.is(DISPATCHING) {
                Ok(target(ctx, event))
            } else {
                Ok(Value::new_null(ctx.clone()))
            }
        })
    }),
    method(c"composedPath", 0, |params| {
        get(&params, |ctx, event| {
            let path = Array::new(ctx.clone())?;
            if event.is(DISPATCHING) {
                path.set(0, target(ctx, event))?;
            }
            Ok(path.into_value())
        })
    }),
    getter(c"eventPhase", |params| {
        get(&params, |ctx, event| {
            Ok(Value::new_int(ctx.clone(), if event.is(DISPATCHING) { AT_TARGET } else { 0 }))
        })
    }),
    method(c"stopPropagation", 0, |params| act(&params, |event| event.raise(STOPPED))),
    accessor(
        c"cancelBubble",
        |params| bit(&params, STOPPED),
        |params| {
            let stop = truthy(&params)?;
            act(&params, |event| event.raise(if stop { STOPPED } else { 0 }))
        },
    ),
    method(c"stopImmediatePropagation", 0, |params| {
        act(&params, |event| event.raise(STOPPED | STOPPED_NOW))
    }),
    getter(c"bubbles", |params| bit(&params, BUBBLES)),
    getter(c"cancelable", |params| bit(&params, CANCELABLE)),
    accessor(
        c"returnValue",
        |params| get(&params, |ctx, event| Ok(Value::new_bool(ctx.clone(), !event.is(CANCELED)))),
        |params| {
            let keep = truthy(&params)?;
            act(&params, |event| {
                if !keep {
                    event.cancel();
                }
            })
        },
    ),
    method(c"preventDefault", 0, |params| act(&params, EventClass::cancel)),
    getter(c"defaultPrevented", |params| bit(&params, CANCELED)),
    getter(c"composed", |params| bit(&params, COMPOSED)),
    // DOM has this on each instance, unforgeable; here it is on the prototype, so that an event stays small.
    getter(c"isTrusted", |params| bit(&params, TRUSTED)),
    getter(c"timeStamp", |params| {
        get(&params, |ctx, event| Ok(Value::new_number(ctx.clone(), event.time)))
    }),
    // k6: its socket events carry the time of day in milliseconds, with their fractions.
    getter(c"timestamp", |params| {
        get(&params, |ctx, event| {
            let origin = lazy::clock(ctx)?.time_origin;
            Ok(Value::new_number(ctx.clone(), origin + event.time))
        })
    }),
    method(c"initEvent", 1, |params| {
        init_event(&params)?;
        Ok(Value::new_undefined(params.ctx().clone()))
    }),
];

const AT_TARGET: i32 = 2;

/// What a constructor of any of these classes does first: DOM "inner event creation steps".
pub(super) fn base<'js>(params: &Call<'_, 'js>, clock: Clock) -> Result<EventClass<'js>> {
    let ctx = params.ctx();
    require(params, 1)?;
    let kind = to_atom(ctx, argument(params, 0))?;
    let mut flags = 0;
    if let Some(init) = dictionary(ctx, &argument(params, 1))? {
        // Web IDL reads dictionary members in lexicographical order, those of the parent first.
        for (name, bit) in
            [("bubbles", BUBBLES), ("cancelable", CANCELABLE), ("composed", COMPOSED)]
        {
            if init.get::<_, Coerced<bool>>(name)?.0 {
                flags |= bit;
            }
        }
    }
    Ok(EventClass::new(kind, flags, clock.now(), Payload::None))
}

/// DOM "initEvent"; false when the event is being dispatched.
pub(super) fn init_event(params: &Call<'_, '_>) -> Result<bool> {
    Ok(InitArguments::read(params)?.initialize(&this(params)?.borrow()))
}

/// What the `init…Event` methods of all these classes begin with.
pub(super) struct InitArguments<'js> {
    kind: Atom<'js>,
    flags: u16,
}

impl<'js> InitArguments<'js> {
    pub(super) fn read(params: &Call<'_, 'js>) -> Result<Self> {
        this(params)?;
        require(params, 1)?;
        let kind = to_atom(params.ctx(), argument(params, 0))?;
        let bubbles = Coerced::<bool>::from_js(params.ctx(), argument(params, 1))?.0;
        let cancelable = Coerced::<bool>::from_js(params.ctx(), argument(params, 2))?.0;
        let flags = if bubbles { BUBBLES } else { 0 } | if cancelable { CANCELABLE } else { 0 };
        Ok(Self { kind, flags })
    }

    /// False, and nothing done, when the event is being dispatched.
    pub(super) fn initialize(self, event: &EventClass<'js>) -> bool {
        if event.is(DISPATCHING) {
            return false;
        }
        event.kind.replace(self.kind);
        event.target.replace(None);
        event.flags.set(self.flags);
        true
    }
}

/// A string, as the atom by which event types are compared.
pub(super) fn to_atom<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Atom<'js>> {
    let text = Coerced::<rquickjs::String<'js>>::from_js(ctx, value)?.0;
    Atom::from_value(ctx.clone(), text.as_value())
}

pub(super) fn this<'js>(params: &Call<'_, 'js>) -> Result<Class<'js, EventClass<'js>>> {
    params.this().as_object().and_then(Class::<EventClass<'js>>::from_object).ok_or_else(|| {
        Exception::throw_type(params.ctx(), "illegal invocation: this is not an Event")
    })
}

fn get<'js>(
    params: &Call<'_, 'js>,
    read: impl FnOnce(&Ctx<'js>, &EventClass<'js>) -> Result<Value<'js>>,
) -> Result<Value<'js>> {
    read(params.ctx(), &this(params)?.borrow())
}

fn act<'js>(params: &Call<'_, 'js>, change: impl FnOnce(&EventClass<'js>)) -> Result<Value<'js>> {
    change(&this(params)?.borrow());
    Ok(Value::new_undefined(params.ctx().clone()))
}

fn bit<'js>(params: &Call<'_, 'js>, bit: u16) -> Result<Value<'js>> {
    get(params, |ctx, event| Ok(Value::new_bool(ctx.clone(), event.is(bit))))
}

fn target<'js>(ctx: &Ctx<'js>, event: &EventClass<'js>) -> Value<'js> {
    event
        .target
        .borrow()
        .as_ref()
        .map_or_else(|| Value::new_null(ctx.clone()), |target| target.as_value().clone())
}

fn truthy(params: &Call<'_, '_>) -> Result<bool> {
    Ok(Coerced::<bool>::from_js(params.ctx(), argument(params, 0))?.0)
}
