//! The object that a script gets for a session. k6: methods of its own that work without it too, as
//! in `setTimeout(socket.close, 10)`.

use std::{rc::Rc, time::Duration};

use rquickjs::{
    Coerced, Ctx, Exception, Function, Object, Value,
    function::{Opt, Rest},
};

use super::{event::Kind, session::Session};
use crate::{
    interop::bytes::{Container, container, usv_string, with_bytes, with_usv_str},
    modules::native,
    runtime::timers::TimerKind,
};

/// Makes the object.
pub(super) fn make<'js>(ctx: &Ctx<'js>, session: &Rc<Session>) -> rquickjs::Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    let it = session.clone();
    let close = move |ctx: Ctx<'js>, code: Opt<Value<'js>>| {
        let code = close_code(code.0.as_ref())?;
        it.close(&ctx, code)
    };
    let it = session.clone();
    let on = move |ctx: Ctx<'js>, event: Opt<Value<'js>>, callback: Opt<Value<'js>>| {
        let event = match event.0 {
            Some(event) => usv_string(&ctx, event)?,
            None => String::new(),
        };
        // k6: what it does not know, and what is no function, never happens.
        let callback = callback.0.and_then(Value::into_function);
        if let (Some(kind), Some(callback)) = (Kind::of(&event), callback) {
            it.listen(&ctx, kind, callback);
        }
        rquickjs::Result::Ok(())
    };
    let it = session.clone();
    let ping = move || it.ping();
    let it = session.clone();
    let send = move |ctx: Ctx<'js>, data: Opt<Value<'js>>| {
        // k6: nothing is an empty text.
        let data = data.0.filter(|data| !data.is_undefined() && !data.is_null());
        let done = match data {
            None => it.send_text(""),
            Some(data) => with_usv_str(&ctx, data, |text| it.send_text(text))?,
        };
        it.complain(&ctx, done)?;
        it.wait_for_room(&ctx)
    };
    let it = session.clone();
    let send_binary = move |ctx: Ctx<'js>, data: Rest<Value<'js>>| {
        let data = buffer(&ctx, data.0.first())?;
        let done = with_bytes(data, |bytes| it.send_binary(bytes));
        it.complain(&ctx, done.map_err(|error| error.throw(&ctx))?)?;
        it.wait_for_room(&ctx)
    };
    let set_timer = |kind: TimerKind| {
        let it = session.clone();
        move |ctx: Ctx<'js>, callback: Opt<Value<'js>>, delay: Opt<Value<'js>>| {
            let (callback, delay) = timer(&ctx, kind, callback.0, delay.0)?;
            it.set_timer(&ctx, kind, delay, callback);
            rquickjs::Result::Ok(())
        }
    };
    native::set(&object, "close", native::function(ctx, close))?;
    native::set(&object, "on", native::function(ctx, on))?;
    native::set(&object, "ping", native::function(ctx, ping))?;
    native::set(&object, "send", native::function(ctx, send))?;
    native::set(&object, "sendBinary", native::function(ctx, send_binary))?;
    for kind in [TimerKind::Interval, TimerKind::Timeout] {
        native::set(&object, kind.as_str(), native::function(ctx, set_timer(kind)))?;
    }
    Ok(object)
}

/// What an `error` handler is called with.
pub(super) fn error<'js>(ctx: &Ctx<'js>, text: String) -> rquickjs::Result<Value<'js>> {
    let object = Object::new(ctx.clone())?;
    native::set(&object, "error", native::function(ctx, move || text.clone()))?;
    Ok(object.into_value())
}

/// k6: 1001, going away, where the script gives none.
fn close_code(code: Option<&Value<'_>>) -> rquickjs::Result<u16> {
    match code.filter(|code| !code.is_undefined()) {
        None => Ok(GOING_AWAY),
        // Web IDL: [Clamp] unsigned short, near enough: no code has a fraction.
        Some(code) => Ok(code.get::<Coerced<f64>>()?.0 as u16),
    }
}

/// RFC 6455 §7.4.1.
pub(super) const GOING_AWAY: u16 = 1001;

/// k6: `sendBinary` takes an `ArrayBuffer` and no view of one; its words.
fn buffer<'a, 'js>(
    ctx: &Ctx<'js>,
    data: Option<&'a Value<'js>>,
) -> rquickjs::Result<&'a Value<'js>> {
    let Some(data) = data else {
        return Err(Exception::throw_message(ctx, "missing argument, expected ArrayBuffer"));
    };
    if container(data) == Some(Container::Buffer) {
        return Ok(data);
    }
    let message = format!("expected ArrayBuffer as argument, received: {}", name_of_type(data)?);
    Err(Exception::throw_message(ctx, &message))
}

fn name_of_type(value: &Value<'_>) -> rquickjs::Result<String> {
    Ok(match value.as_object() {
        Some(object) => {
            let constructor: Option<Object<'_>> = object.get("constructor")?;
            match constructor {
                Some(constructor) => constructor.get::<_, Coerced<String>>("name")?.0,
                None => "Object".to_owned(),
            }
        }
        None if value.is_string() => "String".to_owned(),
        None if value.is_number() => "Number".to_owned(),
        None if value.is_bool() => "Boolean".to_owned(),
        None => value.type_name().to_owned(),
    })
}

/// The arguments of `setTimeout` and `setInterval`. k6: its words, and that a delay is more than 0.
fn timer<'js>(
    ctx: &Ctx<'js>,
    kind: TimerKind,
    callback: Option<Value<'js>>,
    delay: Option<Value<'js>>,
) -> rquickjs::Result<(Function<'js>, Duration)> {
    let name = kind.as_str();
    let millis = match delay.filter(|delay| !delay.is_undefined()) {
        Some(delay) => delay.get::<Coerced<f64>>()?.0,
        None => 0.0,
    };
    if !millis.is_finite() || millis <= 0.0 {
        let received = match millis {
            f64::INFINITY => "+Inf".to_owned(),
            f64::NEG_INFINITY => "-Inf".to_owned(),
            millis => format!("{millis:.2}"),
        };
        let message = format!("{name} requires a >0 timeout parameter, received {received}");
        return Err(Exception::throw_message(ctx, &message));
    }
    let Some(callback) = callback.and_then(Value::into_function) else {
        return Err(Exception::throw_type(
            ctx,
            &format!("the first argument of {name} must be a function"),
        ));
    };
    Ok((callback, Duration::from_secs_f64(millis.min(LONGEST_DELAY_MILLIS) / 1000.0)))
}

/// About 24.8 days, as in browsers.
const LONGEST_DELAY_MILLIS: f64 = 2_147_483_647.0;
