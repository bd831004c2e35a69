//! Event targets of other modules: interfaces that inherit from `EventTarget` and have a Rust half of their own.

use std::{any::Any, rc::Rc};

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::{
    event_class::{EventTargetClass, Target},
    opaque::{Shape, construct_instance},
};
use crate::runtime::{call::Call, late};

/// An interface that inherits from `EventTarget`. Its constructor is to make objects by [`construct_target`].
pub(crate) fn target_interface<'js, F>(
    ctx: &Ctx<'js>,
    name: &str,
    length: usize,
    construct: F,
) -> Result<Shape<'js>>
where
    F: for<'a> Fn(Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    Shape::new(ctx, name, length, construct)?.extends("EventTarget")
}

/// The interface object of `Blob`, for modules that export it too.
pub(crate) fn blob_interface<'js>(ctx: &Ctx<'js>) -> Result<Value<'js>> {
    late::first(ctx, "Blob")
}

/// Makes the object that `new` was asked for, over `half`. A half that holds on to values of the engine must let go of
/// them by itself: the collector does not see them.
pub(crate) fn construct_target<'js>(
    params: &Call<'_, 'js>,
    half: Rc<dyn Any>,
) -> Result<Target<'js>> {
    construct_instance(params, EventTargetClass { half: Some(half), ..EventTargetClass::default() })
}

/// The object that a member was called on and its half, or Web IDL's `TypeError` for a wrong receiver.
pub(crate) fn half<'js, T: 'static>(
    params: &Call<'_, 'js>,
    name: &str,
) -> Result<(Target<'js>, Rc<T>)> {
    let target = params.this().as_object().and_then(Target::from_object);
    target
        .and_then(|target| {
            let half = target.borrow().half.clone()?.downcast().ok()?;
            Some((target, half))
        })
        .ok_or_else(|| {
            let message = format!("illegal invocation: this is not a {name}");
            Exception::throw_type(params.ctx(), &message)
        })
}

/// The object that was shown before, or the one that `make` makes of the half.
pub(crate) fn shown<'js>(
    target: &Target<'js>,
    make: impl FnOnce() -> Result<Object<'js>>,
) -> Result<Value<'js>> {
    let cell = target.borrow();
    if cell.shown.get().is_none() {
        let _ = cell.shown.set(Box::new(make()?));
    }
    Ok(cell.shown.get().ok_or(rquickjs::Error::Unknown)?.as_value().clone())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use rquickjs::{CatchResultExt as _, Class, Context, IntoJs as _, Runtime};

    use super::*;
    use crate::runtime::member::{Member, getter};
    use crate::web::{
        event_class::EventKind,
        fire_close, fire_filled, fire_message, fire_plain, handler,
        tests::{Outcome, host, start},
    };

    #[test]
    fn natives_fire_trusted_events() {
        let outcome = Rc::new(RefCell::new(Outcome::default()));
        let runtime = Runtime::new().unwrap();
        let context = Context::full(&runtime).unwrap();
        context.with(|ctx| {
            start(&ctx, &host(&ctx, &outcome));
            fire_each(&ctx).catch(&ctx).unwrap_or_else(|error| panic!("{error}"));
        });
        drop(context);
        drop(runtime);
        let outcome = outcome.borrow();
        let lines: Vec<&str> = outcome.console.iter().map(|(_, line)| &**line).collect();
        assert_eq!(
            lines,
            [
                "MessageEvent message hi ws://h  12.5 true false",
                "Event open 13 true true",
                "CloseEvent close 1006 gone false 14",
                "error extra",
                "false",
            ]
        );
    }

    fn fire_each(ctx: &Ctx<'_>) -> Result<()> {
        static THING: &[Member] = &[
            getter(c"seven", |call| half::<u32>(&call, "Thing")?.1.into_js(call.ctx())),
            handler(c"onmessage", EventKind::Message),
            handler(c"onopen", EventKind::Open),
            handler(c"onclose", EventKind::Close),
        ];
        let shape = target_interface(ctx, "Thing", 0, |call| {
            Ok(construct_target(&call, Rc::new(7_u32))?.into_inner().into_value())
        })?
        .members(THING)?;
        ctx.globals().set("Thing", shape.into_constructor())?;
        let target: Value<'_> = ctx.eval(
            "const target = new (class extends Thing {})(); \
             same(target.seven, 7); \
             same(Object.getPrototypeOf(Thing), EventTarget); \
             throws(TypeError, () => Thing()); \
             throws(TypeError, () => Thing.prototype.seven); \
             throws(TypeError, () => Reflect.get(Thing.prototype, 'seven', new EventTarget())); \
             target",
        )?;
        let target = Class::from_value(&target)?;
        let origin: Rc<str> = "ws://h".into();
        fire_message(&target, "nobody".into_js(ctx)?, &origin, 1.0)?;
        let filled =
            fire_filled(&target, EventKind::Error, 1.0, |_| Err(rquickjs::Error::Unknown))?;
        assert!(!filled, "nobody hears it");
        ctx.eval::<(), _>(
            "target.onmessage = event => { \
                 globalThis.last = event; \
                 console.log(event.constructor.name, event.type, event.data, event.origin, event.lastEventId, \
                     event.timeStamp, event.isTrusted, event.bubbles); \
             }; \
             target.onopen = function (event) { \
                 console.log(event.constructor.name, event.type, event.timeStamp, this === target, event.target === target); \
             }; \
             target.onclose = event => { \
                 console.log(event.constructor.name, event.type, event.code, event.reason, event.wasClean, event.timeStamp); \
             }; \
             target.addEventListener('error', event => console.log(event.type, event.more));",
        )?;
        fire_message(&target, "hi".into_js(ctx)?, &origin, 12.5)?;
        fire_plain(&target, EventKind::Open, 13.0)?;
        fire_close(&target, 14.0, (1006, "gone".to_owned(), false))?;
        assert!(fire_filled(&target, EventKind::Error, 15.0, |event| event.set("more", "extra"))?);
        // A script that dispatches an event of ours takes the trust away.
        ctx.eval::<(), _>(
            "target.onmessage = null; target.dispatchEvent(last); console.log(last.isTrusted);",
        )
    }
}
