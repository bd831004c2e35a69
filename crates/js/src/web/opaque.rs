//! Rust values inside JavaScript objects, and natives that see their call whole (`this`, `new.target`, every argument).
#![expect(unsafe_code, reason = "rquickjs asks for one marker trait to be asserted")]

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use rquickjs::{
    Class, Ctx, Exception, Function, JsLifetime, Object, Result, Value,
    atom::PredefinedAtom,
    class::{JsClass, Readable, Trace, Tracer},
    function::{Constructor, IntoJsFunc, ParamRequirement, Params},
    object::Property,
};

use super::{console::Console, host::Host, performance::Clock};
use crate::runtime::{
    call::Call,
    late,
    member::{self, Member},
    native::function,
};

/// A Rust value that JavaScript holds. It contains no JavaScript values.
pub(crate) trait Interface: 'static {
    /// The name of the interface, for messages.
    const NAME: &'static str;
}

/// The object's payload. Its prototype is chosen when it is made, so subclasses in scripts work.
pub(crate) struct Opaque<T>(pub(crate) T);

// SAFETY: `T: Interface` has no lifetimes, so there is none to change.
unsafe impl<T: Interface> JsLifetime<'_> for Opaque<T> {
    type Changed<'to> = Opaque<T>;
}

impl<'js, T: Interface> Trace<'js> for Opaque<T> {
    fn trace<'a>(&self, _: Tracer<'a, 'js>) {}
}

impl<'js, T: Interface> JsClass<'js> for Opaque<T> {
    const NAME: &'static str = T::NAME;
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }
}

/// What a context keeps of its JavaScript halves.
pub(super) struct Halves<'js> {
    /// The object that the halves take natives from, and leave their own functions on for natives. Made when the first
    /// half runs.
    pub(super) natives: OnceCell<Object<'js>>,
    /// What some natives need.
    pub(super) host: Host,
    pub(super) clock: Clock,
    pub(super) console: Rc<Console>,
    /// The names of those that were asked for.
    pub(super) asked: RefCell<Vec<&'static str>>,
    /// What they take from the global object, as it was before any script: see `lazy`.
    pub(super) kept: RefCell<Vec<(&'static str, Value<'js>)>>,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Halves<'js> {
    type Changed<'to> = Halves<'to>;
}

/// Wraps `value` in an object with the prototype `new_target.prototype`, or a `TypeError` when there was no `new`.
pub(crate) fn construct<'js, T: Interface>(params: &Call<'_, 'js>, value: T) -> Result<Value<'js>> {
    construct_class(params, Opaque(value))
}

/// The same for a payload that is a class of rquickjs's itself.
pub(crate) fn construct_class<'js, C: JsClass<'js>>(
    params: &Call<'_, 'js>,
    value: C,
) -> Result<Value<'js>> {
    Ok(construct_instance(params, value)?.into_value())
}

/// The same, for natives that have more to do with the object.
pub(super) fn construct_instance<'js, C: JsClass<'js>>(
    params: &Call<'_, 'js>,
    value: C,
) -> Result<Class<'js, C>> {
    let prototype: Value<'js> = new_target(params, C::NAME)?.get(PredefinedAtom::Prototype)?;
    let prototype = match prototype.into_object() {
        Some(object) => object,
        // ECMA-262 GetPrototypeFromConstructor: the interface's own prototype when `new.target` has none.
        None => params.function().get::<Object<'js>>()?.get(PredefinedAtom::Prototype)?,
    };
    Class::instance_proto(value, prototype)
}

/// What `new` was applied to: a constructor of ours, or of a subclass; a `TypeError` when there was no `new`.
pub(crate) fn new_target<'js>(params: &Call<'_, 'js>, name: &str) -> Result<Object<'js>> {
    params.this().into_object().filter(|_| params.is_constructor()).ok_or_else(|| {
        Exception::throw_type(params.ctx(), &format!("class constructor {name} needs 'new'"))
    })
}

/// The payload of `this`, or Web IDL's `TypeError` for a wrong receiver.
pub(crate) fn receiver<'js, T: Interface>(params: &Call<'_, 'js>) -> Result<Class<'js, Opaque<T>>> {
    params.this().as_object().and_then(Class::<Opaque<T>>::from_object).ok_or_else(|| {
        Exception::throw_type(
            params.ctx(),
            &format!("illegal invocation: this is not a {}", T::NAME),
        )
    })
}

/// What the constructor of an interface without one throws.
pub(crate) fn illegal_constructor(ctx: &Ctx<'_>) -> rquickjs::Error {
    Exception::throw_type(ctx, "Illegal constructor")
}

/// The argument at `index`, `undefined` when it was not passed.
pub(crate) fn argument<'js>(params: &Call<'_, 'js>, index: usize) -> Value<'js> {
    params.arg(index).unwrap_or_else(|| Value::new_undefined(params.ctx().clone()))
}

/// Web IDL: fewer arguments than an operation requires are a `TypeError`.
pub(crate) fn require(params: &Call<'_, '_>, count: usize) -> Result<()> {
    if params.len() >= count {
        return Ok(());
    }
    let message = format!(
        "{count} argument{} required, but only {} present",
        if count == 1 { "" } else { "s" },
        params.len()
    );
    Err(Exception::throw_type(params.ctx(), &message))
}

/// Web IDL's conversion to a dictionary: `undefined` and `null` are the empty one, other primitives a `TypeError`.
pub(crate) fn dictionary<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<Object<'js>>> {
    match value.as_object() {
        Some(object) => Ok(Some(object.clone())),
        None if value.is_undefined() || value.is_null() => Ok(None),
        None => Err(Exception::throw_type(ctx, "the options are not an object")),
    }
}

/// A native function that takes its call as it is. `length` is what Web IDL says, not what is checked.
pub(crate) fn native<'js, F>(
    ctx: &Ctx<'js>,
    name: &str,
    length: usize,
    call: F,
) -> Result<Function<'js>>
where
    F: for<'a> Fn(Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    function(ctx, Whole(call))?.with_name(name)?.with_length(length)
}

struct Whole<F>(F);

/// Only tells our implementation of [`IntoJsFunc`] from rquickjs's own.
struct WholeCall;

impl<'js, F> IntoJsFunc<'js, WholeCall> for Whole<F>
where
    F: for<'a> Fn(Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    fn param_requirements() -> ParamRequirement {
        ParamRequirement::any()
    }

    fn call<'a>(&self, params: Params<'a, 'js>) -> Result<Value<'js>> {
        (self.0)(Call::from(params))
    }
}

/// An interface written in Rust: its constructor and prototype, with the shape that Web IDL §3.7 asks for.
pub(crate) struct Shape<'js> {
    constructor: Function<'js>,
    prototype: Object<'js>,
}

impl<'js> Shape<'js> {
    /// An interface without members; `length` counts the constructor's required arguments.
    pub(crate) fn new<F>(ctx: &Ctx<'js>, name: &str, length: usize, construct: F) -> Result<Self>
    where
        F: for<'a> Fn(Call<'a, 'js>) -> Result<Value<'js>> + 'js,
    {
        Self::with_prototype(ctx, name, length, Object::new(ctx.clone())?, construct)
    }

    /// The same over a prototype that natives know too.
    pub(crate) fn with_prototype<F>(
        ctx: &Ctx<'js>,
        name: &str,
        length: usize,
        prototype: Object<'js>,
        construct: F,
    ) -> Result<Self>
    where
        F: for<'a> Fn(Call<'a, 'js>) -> Result<Value<'js>> + 'js,
    {
        let constructor = native(ctx, name, length, construct)?.with_constructor(true);
        constructor.prop("prototype", prototype.clone())?;
        prototype
            .prop("constructor", Property::from(constructor.clone()).writable().configurable())?;
        prototype.prop(PredefinedAtom::SymbolToStringTag, Property::from(name).configurable())?;
        Ok(Self { constructor, prototype })
    }

    /// Makes it inherit from the interface of that name, which is made if need be.
    pub(crate) fn extends(self, parent: &str) -> Result<Self> {
        let parent: Object<'js> = late::first(self.prototype.ctx(), parent)?.get()?;
        self.constructor.set_prototype(Some(&parent))?;
        self.prototype.set_prototype(Some(&parent.get(PredefinedAtom::Prototype)?))?;
        Ok(self)
    }

    /// Its operations and attributes.
    pub(crate) fn members(self, members: &'static [Member]) -> Result<Self> {
        member::define(&self.prototype, members)?;
        Ok(self)
    }

    /// Its static operations.
    pub(crate) fn static_members(self, members: &'static [Member]) -> Result<Self> {
        member::define(&self.constructor, members)?;
        Ok(self)
    }

    /// Constants, on the interface object and on its prototype.
    pub(crate) fn constants(self, values: &[(&str, i32)]) -> Result<Self> {
        for (name, value) in values {
            for object in [self.constructor.as_inner(), &self.prototype] {
                object.prop(*name, Property::from(*value).enumerable())?;
            }
        }
        Ok(self)
    }

    /// The interface prototype object.
    pub(crate) fn prototype(&self) -> &Object<'js> {
        &self.prototype
    }

    /// The interface object, for a module to export.
    pub(crate) fn into_constructor(self) -> Function<'js> {
        self.constructor
    }

    /// Makes the interface the late global of that name.
    pub(crate) fn publish(&self, name: &str) -> Result<()> {
        late::publish(self.prototype.ctx(), name, self.constructor.as_value().clone())
    }
}
