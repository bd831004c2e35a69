//! Making trusted events, and dispatching any: WHATWG DOM §2.9, for targets that have no parents.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{
    Atom, Class, Ctx, Exception, Object, Result, Value,
    function::{Params, This},
};

use super::{
    event::{
        flag::{CANCELED, DISPATCHING, IN_PASSIVE, STOPPED, STOPPED_NOW, TRUSTED},
        to_atom,
    },
    event_class::{Dispatcher, EventClass, Listener, Payload, Target},
    event_kinds,
    event_target::{forget, this_target},
    opaque::argument,
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
    origin: Value<'js>,
    time: f64,
) -> Result<()> {
    let listeners = Rc::clone(&*target.borrow().listeners.borrow());
    if listeners.is_empty() {
        return Ok(());
    }
    let ctx = target.ctx();
    let (kind, prototype) = {
        let dispatcher = dispatcher(ctx)?;
        (dispatcher.message_kind.clone(), dispatcher.message.clone())
    };
    let payload = Payload::Message { data, origin, rest: RefCell::default() };
    let event = Class::instance_proto(EventClass::new(kind, TRUSTED, time, payload), prototype)?;
    dispatch(target, &event, &listeners).map(drop)
}

/// (class, type, time, init) → a trusted event of the class, which is one of `Event`, `MessageEvent`, `CloseEvent` and
/// `ErrorEvent`.
pub(super) fn trusted<'js>(params: &Params<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let class: Object<'js> = argument(params, 0).get()?;
    let prototype: Object<'js> = class.get("prototype")?;
    let kind = to_atom(ctx, argument(params, 1))?;
    let time = argument(params, 2).as_number().unwrap_or_default();
    let init = argument(params, 3).into_object();
    let payload = {
        let dispatcher = dispatcher(ctx)?;
        let (message, close, error) = (
            prototype == dispatcher.message,
            prototype == dispatcher.close,
            prototype == dispatcher.error,
        );
        let plain = prototype == dispatcher.event;
        drop(dispatcher);
        match () {
            () if plain => Payload::None,
            () if message => event_kinds::message(ctx, init)?,
            () if close => event_kinds::close(ctx, init)?,
            () if error => event_kinds::error(ctx, init)?,
            () => return Err(Exception::throw_type(ctx, "natives make no events of this class")),
        }
    };
    Ok(Class::instance_proto(EventClass::new(kind, TRUSTED, time, payload), prototype)?
        .into_value())
}

/// A trusted event without more to it than its type, made and dispatched.
pub(super) fn fire_plain(target: &Target<'_>, kind: &str, time: f64) -> Result<()> {
    let ctx = target.ctx();
    let listeners = Rc::clone(&*target.borrow().listeners.borrow());
    let prototype = dispatcher(ctx)?.event.clone();
    let kind = Atom::from_str(ctx.clone(), kind)?;
    let event =
        Class::instance_proto(EventClass::new(kind, TRUSTED, time, Payload::None), prototype)?;
    dispatch(target, &event, &listeners).map(drop)
}

/// (target, event made by `trusted`) → false if it was cancelled.
pub(super) fn fire<'js>(params: &Params<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let target = this_target(ctx, &argument(params, 0))?;
    let event = Class::<EventClass<'js>>::from_value(&argument(params, 1))?;
    let listeners = Rc::clone(&*target.borrow().listeners.borrow());
    Ok(Value::new_bool(ctx.clone(), dispatch(&target, &event, &listeners)?))
}

pub(super) fn has_listeners<'js>(params: &Params<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let target = this_target(ctx, &argument(params, 0))?;
    let kind = to_atom(ctx, argument(params, 1))?;
    let found = target.borrow().listeners.borrow().iter().any(|listener| listener.kind == kind);
    Ok(Value::new_bool(ctx.clone(), found))
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
    let kind = cell.kind.borrow().clone();
    let mut phase = None;
    for listener in listeners {
        if listener.kind != kind || listener.removed.get() {
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
