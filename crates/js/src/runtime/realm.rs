//! What natives keep for one context: its host, its seat, prototypes, values of theirs. rquickjs's own
//! store for such things belongs to a runtime, which several VUs share.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]
#![allow(clippy::disallowed_methods, reason = "the runtime's store keeps the list of all realms")]

use std::{
    any::{Any, TypeId},
    cell::{Cell, RefCell},
    ptr,
    rc::{Rc, Weak},
};

use rquickjs::{Ctx, Exception, JsLifetime, Object, qjs};

use super::seat::Seat;

/// What is kept for one context.
#[derive(Default)]
struct Realm {
    host: RefCell<Option<Rc<dyn Any>>>,
    seat: RefCell<Weak<Seat>>,
    kept: RefCell<Vec<(TypeId, Rc<dyn Any>)>>,
    prototypes: RefCell<Vec<(TypeId, Object<'static>)>>,
}

/// The realms of a runtime. Those that were not ended go before it does.
#[derive(Default)]
struct Realms {
    all: RefCell<Vec<Rc<Realm>>>,
    /// The engine's class of the objects behind global objects, once there is one.
    asked_class: Cell<Option<qjs::JSClassID>>,
}

// SAFETY: what is kept has had its lifetimes changed to `'static`, so there is none left to change.
unsafe impl JsLifetime<'_> for Realms {
    type Changed<'to> = Realms;
}

/// Puts `host` where [`host`] finds it.
pub(crate) fn set_host(ctx: &Ctx<'_>, host: Rc<dyn Any>) -> rquickjs::Result<()> {
    *begin(ctx)?.host.borrow_mut() = Some(host);
    Ok(())
}

/// What [`set_host`] put there. Throws if it is of another type, which only a fault of ours can
/// bring about.
pub(crate) fn host<T: 'static>(ctx: &Ctx<'_>) -> rquickjs::Result<Rc<T>> {
    of(ctx)
        .and_then(|realm| realm.host.borrow().clone()?.downcast().ok())
        .ok_or_else(|| Exception::throw_message(ctx, "internal error: no host is set"))
}

/// Says in which seat the context sits.
pub(super) fn set_seat(ctx: &Ctx<'_>, seat: &Rc<Seat>) -> rquickjs::Result<()> {
    *begin(ctx)?.seat.borrow_mut() = Rc::downgrade(seat);
    Ok(())
}

/// The seat of the context, if it has one.
pub(super) fn seat(ctx: &Ctx<'_>) -> Option<Rc<Seat>> {
    of(ctx)?.seat.borrow().upgrade()
}

/// Keeps `value` for the natives of this context, by its type.
pub(crate) fn keep<'js, U>(ctx: &Ctx<'js>, value: U) -> rquickjs::Result<()>
where
    U: JsLifetime<'js>,
    U::Changed<'static>: Any,
{
    let raw = Rc::into_raw(Rc::new(value)).cast::<U::Changed<'static>>();
    // SAFETY: `JsLifetime` vouches that only lifetimes differ between the two types, and the value
    // is handed out with its own lifetime again, that of the context.
    let value: Rc<dyn Any> = unsafe { Rc::from_raw(raw) };
    let realm = begin(ctx)?;
    let mut kept = realm.kept.borrow_mut();
    let id = TypeId::of::<U::Changed<'static>>();
    kept.retain(|(known, _)| *known != id);
    kept.push((id, value));
    Ok(())
}

/// What was kept under this type.
pub(crate) fn kept<'js, U>(ctx: &Ctx<'js>) -> Option<Rc<U>>
where
    U: JsLifetime<'js>,
    U::Changed<'static>: Any,
{
    let id = TypeId::of::<U::Changed<'static>>();
    let kept = of(ctx)?.kept.borrow();
    let value = kept.iter().find(|(known, _)| *known == id)?.1.clone();
    let value = value.downcast::<U::Changed<'static>>().ok()?;
    // SAFETY: as in `keep`; the lifetime is that of the context which it was kept for.
    Some(unsafe { Rc::from_raw(Rc::into_raw(value).cast::<U>()) })
}

/// The prototype that this context keeps for `T`, made on first use.
pub(super) fn prototype<'js, T: 'static>(ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
    let realm = begin(ctx)?;
    let known = realm.prototypes.borrow().iter().find(|(id, _)| *id == TypeId::of::<T>()).cloned();
    if let Some((_, known)) = known {
        // SAFETY: it was made in this context.
        return Ok(unsafe { std::mem::transmute::<Object<'static>, Object<'js>>(known) });
    }
    let made = Object::new(ctx.clone())?;
    // SAFETY: only the lifetime changes; `end`, or the end of the runtime, drops it in time.
    let kept = unsafe { std::mem::transmute::<Object<'js>, Object<'static>>(made.clone()) };
    realm.prototypes.borrow_mut().push((TypeId::of::<T>(), kept));
    Ok(made)
}

/// The class that the runtime has for the objects behind its global objects, made on first use.
pub(super) fn asked_class(
    ctx: &Ctx<'_>,
    make: impl FnOnce(*mut qjs::JSRuntime) -> rquickjs::Result<qjs::JSClassID>,
) -> rquickjs::Result<qjs::JSClassID> {
    begin(ctx)?;
    let realms = ctx.userdata::<Realms>().ok_or(rquickjs::Error::Unknown)?;
    if let Some(known) = realms.asked_class.get() {
        return Ok(known);
    }
    // SAFETY: the context is alive.
    let class = make(unsafe { qjs::JS_GetRuntime(ctx.as_raw().as_ptr()) })?;
    realms.asked_class.set(Some(class));
    Ok(class)
}

/// Lets go of all that is kept for the context. Its natives find nothing afterwards.
pub(super) fn end(ctx: &Ctx<'_>) {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the context is alive; the pointer is only compared.
    let realm = unsafe { qjs::JS_GetContextOpaque(raw) }.cast::<Realm>().cast_const();
    let ended = ctx.userdata::<Realms>().and_then(|realms| {
        let mut realms = realms.all.borrow_mut();
        let index = realms.iter().position(|known| ptr::eq(Rc::as_ptr(known), realm))?;
        Some(realms.swap_remove(index))
    });
    // SAFETY: the context is alive, and nothing else uses its opaque pointer.
    unsafe { qjs::JS_SetContextOpaque(raw, ptr::null_mut()) };
    drop(ended);
}

fn of<'a>(ctx: &'a Ctx<'_>) -> Option<&'a Realm> {
    // SAFETY: the context is alive, and its opaque pointer is ours alone: null, or a realm that the
    // runtime's list holds until `end` takes it away from both. No script runs after that, and the
    // functions of this file keep nothing of it beyond their own call.
    unsafe { qjs::JS_GetContextOpaque(ctx.as_raw().as_ptr()).cast::<Realm>().as_ref() }
}

/// The realm of the context, made on first use.
fn begin<'a>(ctx: &'a Ctx<'_>) -> rquickjs::Result<&'a Realm> {
    if of(ctx).is_none() {
        let refused =
            || Exception::throw_message(ctx, "internal error: the store of realms is in use");
        if ctx.userdata::<Realms>().is_none() {
            ctx.store_userdata(Realms::default()).map_err(|_| refused())?;
        }
        let realms = ctx.userdata::<Realms>().ok_or_else(refused)?;
        let realm = Rc::new(Realm::default());
        let pointer = Rc::as_ptr(&realm).cast_mut();
        realms.all.borrow_mut().push(realm);
        // SAFETY: the context is alive; see `of`.
        unsafe { qjs::JS_SetContextOpaque(ctx.as_raw().as_ptr(), pointer.cast()) };
    }
    of(ctx).ok_or(rquickjs::Error::Unknown)
}
