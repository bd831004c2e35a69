//! Native functions and objects of native classes whose prototypes are their own context's.
//!
//! rquickjs keeps one prototype of each class in a runtime: what the VUs of one runtime are given
//! must not be made by `Function::new`, `Accessor::new` or `Class::instance`, or one VU would reach
//! another through it.

use rquickjs::{
    Class, Ctx, Error, Function, Object,
    class::JsClass,
    function::{IntoJsFunc, Params, RustFunction},
};

use super::realm;

/// A function over `call`, without a name.
///
/// # Errors
/// When memory is out.
pub(crate) fn function<'js, P, F>(ctx: &Ctx<'js>, call: F) -> rquickjs::Result<Function<'js>>
where
    F: IntoJsFunc<'js, P> + 'js,
{
    let native = move |params: Params<'_, 'js>| {
        params.check_params(F::param_requirements())?;
        call.call(params)
    };
    let native = RustFunction(Box::new(native));
    let object = Class::instance_proto(native, Function::prototype(ctx.clone()))?.into_inner();
    object
        .into_value()
        .into_function()
        .ok_or(Error::Unknown)?
        .with_length(F::param_requirements().min())
}

/// An object of a native class over `value`.
///
/// # Errors
/// When memory is out.
pub(crate) fn instance<'js, C>(ctx: &Ctx<'js>, value: C) -> rquickjs::Result<Class<'js, C>>
where
    C: JsClass<'js>,
    C::Changed<'static>: 'static,
{
    Class::instance_proto(value, prototype::<C>(ctx)?)
}

/// The prototype that [`instance`] gives to the objects of a class: the same one on each call in a
/// context.
///
/// # Errors
/// When memory is out.
pub(crate) fn prototype<'js, C>(ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>>
where
    C: JsClass<'js>,
    C::Changed<'static>: 'static,
{
    realm::prototype::<C::Changed<'static>>(ctx)
}
