//! `EventTarget`, dispatch, and event handler attributes: WHATWG DOM §2.7 to §2.9, HTML §8.1.8.1.

use std::{
    cell::{Cell, RefCell},
    ffi::CStr,
    rc::Rc,
};

use rquickjs::{Atom, Class, Coerced, Ctx, Exception, FromJs as _, Object, Result, Value};

use super::{
    abort,
    dispatch::{dispatch, dispatcher},
    event::{
        flag::{DISPATCHING, TRUSTED},
        to_atom,
    },
    event_class::{EventClass, EventKind, EventTargetClass, Listener, Target},
    opaque::{Shape, argument, construct_class, require},
};
use crate::runtime::{
    builtins::throw_dom,
    call::Call,
    member::{Member, method, numbered_accessor},
};

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    Shape::new(ctx, "EventTarget", 0, |params| {
        construct_class(&params, EventTargetClass::default())
    })?
    .members(EVENT_TARGET)?
    .publish("EventTarget")
}

static EVENT_TARGET: &[Member] = &[
    method(c"addEventListener", 2, |params| add_event_listener(&params)),
    method(c"removeEventListener", 2, |params| remove_event_listener(&params)),
    method(c"dispatchEvent", 1, |params| dispatch_event(&params)),
];

fn dispatch_event<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let target = this_target(ctx, &params.this())?;
    require(params, 1)?;
    let event = argument(params, 0);
    let Ok(event) = Class::<EventClass<'js>>::from_value(&event) else {
        return Err(Exception::throw_type(ctx, "argument is not an Event"));
    };
    if event.borrow().is(DISPATCHING) {
        return Err(throw_dom(ctx, "InvalidStateError", "the event is already being dispatched"));
    }
    event.borrow().clear(TRUSTED);
    let listeners = Rc::clone(&*target.borrow().listeners.borrow());
    Ok(Value::new_bool(ctx.clone(), dispatch(&target, &event, &listeners)?))
}

fn add_event_listener<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let target = this_target(ctx, &params.this())?;
    require(params, 2)?;
    let kind = to_atom(ctx, argument(params, 0))?;
    let callback = event_listener(ctx, &argument(params, 1))?;
    let options = argument(params, 2);
    let (mut once, mut passive, mut signal) = (false, false, None);
    let capture = match options.as_object() {
        None => Coerced::<bool>::from_js(ctx, options)?.0,
        Some(options) => {
            let capture = options.get::<_, Coerced<bool>>("capture")?.0;
            once = options.get::<_, Coerced<bool>>("once")?.0;
            passive = options.get::<_, Coerced<bool>>("passive")?.0;
            signal = Some(options.get::<_, Value<'js>>("signal")?)
                .filter(|signal| !signal.is_undefined());
            capture
        }
    };
    let undefined = Value::new_undefined(ctx.clone());
    let signal = signal.map(|signal| abort::signal(ctx, &signal)).transpose()?;
    // DOM "add an event listener", steps 2 to 4.
    if signal.as_ref().is_some_and(abort::is_aborted) {
        return Ok(undefined);
    }
    let Some(callback) = callback else { return Ok(undefined) };
    if find(&target, &kind, &callback, capture).is_some() {
        return Ok(undefined);
    }
    let listener = Rc::new(Listener {
        kind,
        callback: RefCell::new(callback),
        capture,
        once,
        passive,
        handler: false,
        removed: Cell::new(false),
    });
    // Step 6.
    if let Some(signal) = signal {
        abort::remove_on_abort(&signal, &target, &listener);
    }
    add(&target, listener);
    Ok(undefined)
}

fn remove_event_listener<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let target = this_target(ctx, &params.this())?;
    require(params, 2)?;
    let kind = to_atom(ctx, argument(params, 0))?;
    let callback = event_listener(ctx, &argument(params, 1))?;
    let options = argument(params, 2);
    let capture = match options.as_object() {
        None => Coerced::<bool>::from_js(ctx, options)?.0,
        Some(options) => options.get::<_, Coerced<bool>>("capture")?.0,
    };
    if let Some(listener) = callback.and_then(|callback| find(&target, &kind, &callback, capture)) {
        forget(&target, &listener);
    }
    Ok(Value::new_undefined(ctx.clone()))
}

/// Web IDL `EventListener?`, a callback interface: any object, or nothing.
fn event_listener<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<Object<'js>>> {
    match value.as_object() {
        Some(object) => Ok(Some(object.clone())),
        None if value.is_undefined() || value.is_null() => Ok(None),
        None => Err(Exception::throw_type(ctx, "listener is not an object")),
    }
}

fn find<'js>(
    target: &Target<'js>,
    kind: &Atom<'js>,
    callback: &Object<'js>,
    capture: bool,
) -> Option<Rc<Listener<'js>>> {
    let cell = target.borrow();
    let listeners = cell.listeners.borrow();
    let same = |listener: &&Rc<Listener<'js>>| {
        !listener.handler
            && listener.capture == capture
            && listener.kind == *kind
            && *listener.callback.borrow() == *callback
    };
    listeners.iter().find(same).cloned()
}

fn find_handler<'js>(target: &Target<'js>, kind: &Atom<'js>) -> Option<Rc<Listener<'js>>> {
    let cell = target.borrow();
    let listeners = cell.listeners.borrow();
    listeners.iter().find(|listener| listener.handler && listener.kind == *kind).cloned()
}

fn add<'js>(target: &Target<'js>, listener: Rc<Listener<'js>>) {
    let cell = target.borrow();
    let mut listeners = cell.listeners.borrow_mut();
    let at = if listener.capture {
        listeners.iter().take_while(|other| other.capture).count()
    } else {
        listeners.len()
    };
    // Copied if a dispatch holds it.
    Rc::make_mut(&mut listeners).insert(at, listener);
}

/// DOM "remove an event listener".
pub(super) fn forget<'js>(target: &Target<'js>, listener: &Rc<Listener<'js>>) {
    listener.removed.set(true);
    let cell = target.borrow();
    let before = Rc::clone(&*cell.listeners.borrow());
    let left = before.iter().filter(|other| !Rc::ptr_eq(other, listener)).cloned().collect();
    cell.listeners.replace(Rc::new(left));
}

/// HTML "event handler IDL attributes": one of them, `on` and the type.
pub(crate) const fn handler(name: &'static CStr, kind: EventKind) -> Member {
    numbered_accessor(
        name,
        kind as i16,
        |params, kind| {
            let ctx = params.ctx();
            let target = this_target(ctx, &params.this())?;
            let handler = find_handler(&target, &kind_of(ctx, kind)?);
            Ok(handler.map_or_else(
                || Value::new_null(ctx.clone()),
                |handler| handler.callback.borrow().as_value().clone(),
            ))
        },
        |params, kind| {
            let ctx = params.ctx();
            let target = this_target(ctx, &params.this())?;
            let kind = kind_of(ctx, kind)?;
            let old = find_handler(&target, &kind);
            // [LegacyTreatNonObjectAsNull]
            match (old, argument(&params, 0).into_object()) {
                (None, None) => {}
                (Some(old), None) => forget(&target, &old),
                (Some(old), Some(callback)) => drop(old.callback.replace(callback)),
                (None, Some(callback)) => add(
                    &target,
                    Rc::new(Listener {
                        kind,
                        callback: RefCell::new(callback),
                        capture: false,
                        once: false,
                        passive: false,
                        handler: true,
                        removed: Cell::new(false),
                    }),
                ),
            }
            Ok(Value::new_undefined(ctx.clone()))
        },
    )
}

/// The event type that has the number of an [`EventKind`].
fn kind_of<'js>(ctx: &Ctx<'js>, number: i16) -> Result<Atom<'js>> {
    let kinds = &dispatcher(ctx)?.kinds;
    kinds.get(usize::from(number.unsigned_abs())).cloned().ok_or(rquickjs::Error::Unknown)
}

pub(super) fn this_target<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Target<'js>> {
    value
        .as_object()
        .and_then(Target::from_object)
        .ok_or_else(|| Exception::throw_type(ctx, "illegal invocation: this is not an EventTarget"))
}
