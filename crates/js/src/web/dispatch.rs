//! Making trusted events, and dispatching any: WHATWG DOM §2.9, for targets that have no parents.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use rquickjs::{Class, Ctx, Exception, Object, Result, Value, function::This};

use super::{
    event::flag::{CANCELED, DISPATCHING, IN_PASSIVE, STOPPED, STOPPED_NOW, TRUSTED},
    event_class::{Dispatcher, EventClass, EventKind, Listener, Payload, Target},
    event_target::forget,
    lazy::interface_prototype,
};
use crate::runtime::realm;

/// Makes a trusted `message` event and dispatches it to `target`, if anyone listens. `time` is when the message came, in
/// milliseconds of `performance.now()`.
///
/// # Errors
/// What the host's `report_exception` made of a listener's exception, and exceptions that cannot be caught.
pub(crate) fn fire_message<'js>(
    target: &Target<'js>,
    data: Value<'js>,
    origin: &Rc<str>,
    time: f64,
) -> Result<()> {
    let payload = || Payload::Message { data, origin: Rc::clone(origin), rest: RefCell::default() };
    fire(target, EventKind::Message, time, |dispatcher| {
        Ok((prototype(target.ctx(), &dispatcher.message, "MessageEvent")?, payload()))
    })
}

/// The same for a `close` event.
///
/// # Errors
/// As [`fire_message`].
pub(crate) fn fire_close(
    target: &Target<'_>,
    time: f64,
    (code, reason, was_clean): (u16, String, bool),
) -> Result<()> {
    let payload = || Payload::Close { was_clean, code, reason };
    fire(target, EventKind::Close, time, |dispatcher| {
        Ok((prototype(target.ctx(), &dispatcher.close, "CloseEvent")?, payload()))
    })
}

/// The same for an event without more to it than its type.
///
/// # Errors
/// As [`fire_message`].
pub(crate) fn fire_plain(target: &Target<'_>, kind: EventKind, time: f64) -> Result<()> {
    fire(target, kind, time, |dispatcher| {
        Ok((prototype(target.ctx(), &dispatcher.event, "Event")?, Payload::None))
    })
}

/// The same, with properties that `fill` gives the event. False if nobody listens; then `fill` is not called.
///
/// # Errors
/// As [`fire_message`], and those of `fill`.
pub(crate) fn fire_filled<'js>(
    target: &Target<'js>,
    kind: EventKind,
    time: f64,
    fill: impl FnOnce(&Object<'js>) -> Result<()>,
) -> Result<bool> {
    let made = make(target, kind, time, |dispatcher| {
        Ok((prototype(target.ctx(), &dispatcher.event, "Event")?, Payload::None))
    })?;
    let Some((event, listeners)) = made else { return Ok(false) };
    fill(event.as_inner())?;
    dispatch(target, &event, &listeners)?;
    Ok(true)
}

fn fire<'js>(
    target: &Target<'js>,
    kind: EventKind,
    time: f64,
    class: impl for<'a> FnOnce(&'a Dispatcher<'js>) -> Result<(&'a Object<'js>, Payload<'js>)>,
) -> Result<()> {
    match make(target, kind, time, class)? {
        Some((event, listeners)) => dispatch(target, &event, &listeners).map(drop),
        None => Ok(()),
    }
}

/// A trusted event, and who hears of it: nothing if nobody does.
#[expect(clippy::type_complexity, reason = "for the two functions above alone")]
fn make<'js>(
    target: &Target<'js>,
    kind: EventKind,
    time: f64,
    class: impl for<'a> FnOnce(&'a Dispatcher<'js>) -> Result<(&'a Object<'js>, Payload<'js>)>,
) -> Result<Option<(Class<'js, EventClass<'js>>, Rc<Vec<Rc<Listener<'js>>>>)>> {
    let listeners = Rc::clone(&*target.borrow().listeners.borrow());
    if listeners.is_empty() {
        return Ok(None);
    }
    let dispatcher = dispatcher(target.ctx())?;
    let kind = &dispatcher.kinds[kind as usize];
    if !listeners.iter().any(|listener| listener.kind == *kind) {
        return Ok(None);
    }
    let (prototype, payload) = class(&dispatcher)?;
    let event = EventClass::new(kind.clone(), TRUSTED, time, payload);
    Ok(Some((Class::instance_proto(event, prototype.clone())?, listeners)))
}

fn prototype<'a, 'js>(
    ctx: &Ctx<'js>,
    known: &'a OnceCell<Object<'js>>,
    interface: &str,
) -> Result<&'a Object<'js>> {
    if known.get().is_none() {
        let _ = known.set(interface_prototype(ctx, interface)?);
    }
    known.get().ok_or(rquickjs::Error::Unknown)
}

/// DOM "dispatch" and "inner invoke", for a path of one.
pub(super) fn dispatch<'js>(
    target: &Target<'js>,
    event: &Class<'js, EventClass<'js>>,
    listeners: &[Rc<Listener<'js>>],
) -> Result<bool> {
    let cell = event.borrow();
    let cell = &*cell;
    cell.target.replace(Some(target.as_inner().clone()));
    cell.raise(DISPATCHING);
    // Nothing replaces it while the event is being dispatched.
    let kind = cell.kind.borrow();
    let mut phase = None;
    for listener in listeners {
        if listener.kind != *kind || listener.removed.get() {
            continue;
        }
        if phase != Some(listener.capture) {
            // DOM "invoke", step 1, once for the capturing listeners and once for the others.
            if cell.is(STOPPED) {
                break;
            }
            phase = Some(listener.capture);
        }
        if listener.once {
            forget(target, listener);
        }
        if listener.passive {
            cell.raise(IN_PASSIVE);
        }
        match call(target, event, listener) {
            // HTML "the event handler processing algorithm": `false` cancels.
            Ok(returned) => {
                if listener.handler && returned.as_bool() == Some(false) {
                    cell.cancel();
                }
            }
            Err(error) => report(target.ctx(), error)?,
        }
        cell.clear(IN_PASSIVE);
        if cell.is(STOPPED_NOW) {
            break;
        }
    }
    cell.clear(DISPATCHING | STOPPED | STOPPED_NOW);
    Ok(!cell.is(CANCELED))
}

fn call<'js>(
    target: &Target<'js>,
    event: &Class<'js, EventClass<'js>>,
    listener: &Listener<'js>,
) -> Result<Value<'js>> {
    let callback = listener.callback.borrow().clone();
    if let Some(function) = callback.as_function() {
        return function.call((This(target.as_inner().clone()), event.clone()));
    }
    let ctx = target.ctx();
    if listener.handler {
        return Ok(Value::new_undefined(ctx.clone()));
    }
    let handle: Value<'js> = callback.get("handleEvent")?;
    match handle.as_function() {
        Some(function) => function.call((This(callback), event.clone())),
        None => Err(Exception::throw_type(ctx, "handleEvent is not a function")),
    }
}

/// HTML "report the exception", by the host; not what is to end the script.
fn report(ctx: &Ctx<'_>, error: rquickjs::Error) -> Result<()> {
    if !error.is_exception() {
        return Err(error);
    }
    let thrown = ctx.catch();
    if thrown.is_uncatchable_error() {
        return Err(ctx.throw(thrown));
    }
    let report = Rc::clone(&dispatcher(ctx)?.report);
    report(ctx, thrown)
}

pub(super) fn dispatcher<'js>(ctx: &Ctx<'js>) -> Result<Rc<Dispatcher<'js>>> {
    realm::kept::<Dispatcher<'js>>(ctx).ok_or(rquickjs::Error::Unknown)
}
