//! The classes made of `Event`: DOM §2.4 `CustomEvent`, HTML §9.2.1 `MessageEvent`, WebSockets §6 `CloseEvent`,
//! HTML §8.1.8.2 `ErrorEvent`.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{
    Array, Coerced, Ctx, Exception, FromJs as _, IntoJs as _, JsIterator, Object, Result, Value,
};

use super::{
    event::{InitArguments, base, init_event, this},
    event_class::{ErrorDetails, MessageRest, Payload},
    lazy,
    opaque::{Shape, argument, construct_class, dictionary},
};
use crate::interop::bytes::usv_string;
use crate::runtime::{
    call::Call,
    ffi,
    member::{Member, getter, method},
};

pub(super) fn make_custom(ctx: &Ctx<'_>) -> Result<()> {
    let clock = lazy::clock(ctx)?;
    Shape::new(ctx, "CustomEvent", 1, move |params| {
        let base = base(&params, clock)?;
        let detail = match dictionary(params.ctx(), &argument(&params, 1))? {
            None => None,
            Some(init) => member(&init, "detail")?,
        };
        let detail = detail.unwrap_or_else(|| Value::new_null(params.ctx().clone()));
        construct_class(&params, base.with(Payload::Custom(RefCell::new(detail))))
    })?
    .extends("Event")?
    .members(CUSTOM_EVENT)?
    .publish("CustomEvent")
}

static CUSTOM_EVENT: &[Member] = &[
    getter(c"detail", |params| {
        payload(&params, |_, payload| match payload {
            Payload::Custom(detail) => Some(Ok(detail.borrow().clone())),
            _ => None,
        })
    }),
    method(c"initCustomEvent", 1, |params| {
        let detail = params.arg(3).filter(|detail| !detail.is_undefined());
        if init_event(&params)? {
            let event = this(&params)?;
            if let Payload::Custom(own) = &event.borrow().payload {
                own.replace(detail.unwrap_or_else(|| Value::new_null(params.ctx().clone())));
            }
        }
        Ok(Value::new_undefined(params.ctx().clone()))
    }),
];

pub(super) fn make_message(ctx: &Ctx<'_>) -> Result<()> {
    let clock = lazy::clock(ctx)?;
    Shape::new(ctx, "MessageEvent", 1, move |params| {
        let base = base(&params, clock)?;
        let payload = message(params.ctx(), dictionary(params.ctx(), &argument(&params, 1))?)?;
        construct_class(&params, base.with(payload))
    })?
    .extends("Event")?
    .members(MESSAGE_EVENT)?
    .publish("MessageEvent")
}

static MESSAGE_EVENT: &[Member] = &[
    getter(c"data", |params| {
        payload(&params, |_, payload| match payload {
            Payload::Message { data, rest, .. } => {
                Some(Ok(replaced(rest).map_or_else(|| data.clone(), |(data, _)| data)))
            }
            _ => None,
        })
    }),
    getter(c"origin", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Message { origin, rest, .. } => {
                let replaced = replaced(rest).map(|(_, origin)| origin);
                Some(replaced.as_ref().unwrap_or(origin).as_ref().into_js(ctx))
            }
            _ => None,
        })
    }),
    getter(c"lastEventId", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Message { rest, .. } => {
                Some(rest.borrow().as_ref().map_or("", |rest| &rest.last_event_id).into_js(ctx))
            }
            _ => None,
        })
    }),
    // There are no windows and no ports here, so both are always empty.
    getter(c"source", |params| {
        payload(&params, |ctx, payload| {
            matches!(payload, Payload::Message { .. }).then(|| Ok(Value::new_null(ctx.clone())))
        })
    }),
    getter(c"ports", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Message { rest, .. } => Some(ports(ctx, rest)),
            _ => None,
        })
    }),
    method(c"initMessageEvent", 1, |params| init_message(&params)),
];

/// HTML "initMessageEvent".
fn init_message<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let event = this(params)?;
    let first = InitArguments::read(params)?;
    let given = |at: usize| params.arg(at).filter(|value| !value.is_undefined());
    let data = given(3).unwrap_or_else(|| Value::new_null(ctx.clone()));
    let text = |at: usize| given(at).map(|text| usv_string(ctx, text)).transpose();
    let origin = text(4)?.unwrap_or_default().into();
    let last_event_id = text(5)?.unwrap_or_default();
    check_source(ctx, given(6))?;
    check_ports(ctx, given(7))?;
    let event = event.borrow();
    let Payload::Message { rest, .. } = &event.payload else {
        return Err(Exception::throw_type(ctx, "illegal invocation: this is no MessageEvent"));
    };
    if first.initialize(&event) {
        let replaced = Some((data, origin));
        rest.replace(Some(Box::new(MessageRest { last_event_id, replaced, ports: None })));
    }
    Ok(Value::new_undefined(ctx.clone()))
}

/// What `initMessageEvent` put in place of `data` and `origin`.
fn replaced<'js>(rest: &RefCell<Option<Box<MessageRest<'js>>>>) -> Option<(Value<'js>, Rc<str>)> {
    rest.borrow().as_ref().and_then(|rest| rest.replaced.clone())
}

pub(super) fn make_close(ctx: &Ctx<'_>) -> Result<()> {
    let clock = lazy::clock(ctx)?;
    Shape::new(ctx, "CloseEvent", 1, move |params| {
        let base = base(&params, clock)?;
        let payload = close(params.ctx(), dictionary(params.ctx(), &argument(&params, 1))?)?;
        construct_class(&params, base.with(payload))
    })?
    .extends("Event")?
    .members(CLOSE_EVENT)?
    .publish("CloseEvent")
}

static CLOSE_EVENT: &[Member] = &[
    getter(c"wasClean", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Close { was_clean, .. } => Some(was_clean.into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"code", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Close { code, .. } => Some(code.into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"reason", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Close { reason, .. } => Some(reason.as_str().into_js(ctx)),
            _ => None,
        })
    }),
];

pub(super) fn make_error(ctx: &Ctx<'_>) -> Result<()> {
    let clock = lazy::clock(ctx)?;
    Shape::new(ctx, "ErrorEvent", 1, move |params| {
        let base = base(&params, clock)?;
        let payload = error(params.ctx(), dictionary(params.ctx(), &argument(&params, 1))?)?;
        construct_class(&params, base.with(payload))
    })?
    .extends("Event")?
    .members(ERROR_EVENT)?
    .publish("ErrorEvent")
}

static ERROR_EVENT: &[Member] = &[
    getter(c"message", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Error(error) => Some(error.message.as_str().into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"filename", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Error(error) => Some(error.filename.as_str().into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"lineno", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Error(error) => Some(f64::from(error.line).into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"colno", |params| {
        payload(&params, |ctx, payload| match payload {
            Payload::Error(error) => Some(f64::from(error.column).into_js(ctx)),
            _ => None,
        })
    }),
    getter(c"error", |params| {
        payload(&params, |_, payload| match payload {
            Payload::Error(error) => Some(Ok(error.error.clone())),
            _ => None,
        })
    }),
];

/// Web IDL `MessageEventInit`.
pub(super) fn message<'js>(ctx: &Ctx<'js>, init: Option<Object<'js>>) -> Result<Payload<'js>> {
    let (mut data, mut last_event_id, mut origin) = (None, None, None);
    if let Some(init) = init {
        data = member(&init, "data")?;
        last_event_id = member(&init, "lastEventId")?.map(|id| usv_string(ctx, id)).transpose()?;
        origin = member(&init, "origin")?.map(|origin| usv_string(ctx, origin)).transpose()?;
        check_ports(ctx, member(&init, "ports")?)?;
        check_source(ctx, member(&init, "source")?)?;
    }
    Ok(Payload::Message {
        data: data.unwrap_or_else(|| Value::new_null(ctx.clone())),
        origin: origin.unwrap_or_default().into(),
        rest: RefCell::new(
            last_event_id
                .map(|last_event_id| Box::new(MessageRest { last_event_id, ..Default::default() })),
        ),
    })
}

/// There are no ports, so only an empty sequence of them.
fn check_ports<'js>(ctx: &Ctx<'js>, ports: Option<Value<'js>>) -> Result<()> {
    let Some(ports) = ports else { return Ok(()) };
    if JsIterator::<Value<'js>>::from_js(ctx, ports)?.next().transpose()?.is_some() {
        return Err(Exception::throw_type(ctx, "a port is not a MessagePort"));
    }
    Ok(())
}

/// There are neither windows nor ports nor service workers.
fn check_source<'js>(ctx: &Ctx<'js>, source: Option<Value<'js>>) -> Result<()> {
    if source.is_some_and(|source| !source.is_null()) {
        return Err(Exception::throw_type(ctx, "source is not a MessageEventSource"));
    }
    Ok(())
}

/// Web IDL `CloseEventInit`.
pub(super) fn close<'js>(ctx: &Ctx<'js>, init: Option<Object<'js>>) -> Result<Payload<'js>> {
    let Some(init) = init else {
        return Ok(Payload::Close { was_clean: false, code: 0, reason: String::new() });
    };
    let code = integer(ctx, member(&init, "code")?)? as u16;
    let reason = member(&init, "reason")?
        .map(|reason| usv_string(ctx, reason))
        .transpose()?
        .unwrap_or_default();
    let was_clean = init.get::<_, Coerced<bool>>("wasClean")?.0;
    Ok(Payload::Close { was_clean, code, reason })
}

/// Web IDL `ErrorEventInit`.
pub(super) fn error<'js>(ctx: &Ctx<'js>, init: Option<Object<'js>>) -> Result<Payload<'js>> {
    let mut made = ErrorDetails {
        message: String::new(),
        filename: String::new(),
        line: 0,
        column: 0,
        error: Value::new_undefined(ctx.clone()),
    };
    if let Some(init) = init {
        made.column = integer(ctx, member(&init, "colno")?)?;
        made.error = init.get("error")?;
        let text = |name| member(&init, name)?.map(|text| usv_string(ctx, text)).transpose();
        made.filename = text("filename")?.unwrap_or_default();
        made.line = integer(ctx, member(&init, "lineno")?)?;
        made.message = text("message")?.unwrap_or_default();
    }
    Ok(Payload::Error(Box::new(made)))
}

fn payload<'js>(
    params: &Call<'_, 'js>,
    read: impl FnOnce(&Ctx<'js>, &Payload<'js>) -> Option<Result<Value<'js>>>,
) -> Result<Value<'js>> {
    let ctx = params.ctx();
    read(ctx, &this(params)?.borrow().payload).unwrap_or_else(|| {
        Err(Exception::throw_type(ctx, "illegal invocation: this is another kind of Event"))
    })
}

/// A dictionary's member, if it is there.
fn member<'js>(init: &Object<'js>, name: &str) -> Result<Option<Value<'js>>> {
    let value: Value<'js> = init.get(name)?;
    Ok(if value.is_undefined() { None } else { Some(value) })
}

/// Web IDL `unsigned long`: modulo 2^32.
fn integer<'js>(ctx: &Ctx<'js>, value: Option<Value<'js>>) -> Result<u32> {
    let Some(value) = value else { return Ok(0) };
    let number = Coerced::<f64>::from_js(ctx, value)?.0;
    Ok(if number.is_finite() { number.trunc().rem_euclid(4_294_967_296.0) as u32 } else { 0 })
}

/// The same frozen array each time.
fn ports<'js>(ctx: &Ctx<'js>, rest: &RefCell<Option<Box<MessageRest<'js>>>>) -> Result<Value<'js>> {
    if let Some(ports) = rest.borrow().as_ref().and_then(|rest| rest.ports.clone()) {
        return Ok(ports);
    }
    let ports = Array::new(ctx.clone())?;
    ffi::freeze(ports.as_object())?;
    let ports = ports.into_value();
    rest.borrow_mut().get_or_insert_default().ports = Some(ports.clone());
    Ok(ports)
}
