//! What Web IDL §3.7 asks of interfaces written in JavaScript, for the halves: exported by `internal:web/idl`.

use rquickjs::{
    Atom, Ctx, Exception, Filter, Object, Result, Value,
    atom::PredefinedAtom,
    object::{AsProperty, Property, PropertyFlags},
    qjs,
};

use super::opaque::{argument, dictionary, native};
use crate::runtime::{call::Call, late};

pub(super) fn install(natives: &Object<'_>) -> Result<()> {
    let ctx = natives.ctx();
    // (class, name = class.name): members made enumerable, prototype tagged with the name.
    natives.set("idl", native(ctx, "idl", 1, |params| idl(&params))?)?;
    // (class, { NAME: value }): constants on the interface object and on its prototype.
    natives.set("constants", native(ctx, "constants", 2, |params| constants(&params))?)?;
    // (name, value): a global as built-ins are.
    natives.set("expose", native(ctx, "expose", 2, |params| expose(&params))?)?;
    // (arguments.length, count): too few arguments are a TypeError.
    natives.set("required", native(ctx, "required", 2, |params| required(&params))?)?;
    // (value): an object, or undefined for nothing, or a TypeError.
    let to_dictionary = native(ctx, "dictionary", 1, |params| {
        let dictionary = dictionary(params.ctx(), &argument(&params, 0))?;
        Ok(dictionary.map_or_else(|| undefined(params.ctx()), Object::into_value))
    })?;
    natives.set("dictionary", to_dictionary)
}

fn idl<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let class: Object<'js> = argument(params, 0).get()?;
    let prototype: Object<'js> = class.get("prototype")?;
    for (object, fixed) in
        [(&class, &["length", "name", "prototype"][..]), (&prototype, &["constructor"])]
    {
        for key in object.own_keys::<Atom<'js>>(Filter::new().string()) {
            let key = key?;
            if !fixed.contains(&key.to_string()?.as_str()) {
                object.prop(key, Enumerable)?;
            }
        }
    }
    let name = match argument(params, 1) {
        absent if absent.is_undefined() => class.get("name")?,
        name => name,
    };
    prototype.prop(PredefinedAtom::SymbolToStringTag, Property::from(name).configurable())?;
    Ok(undefined(params.ctx()))
}

/// Only changes whether a property is enumerable.
struct Enumerable;

impl<'js> AsProperty<'js, Enumerable> for Enumerable {
    fn config(self, ctx: &Ctx<'js>) -> Result<(PropertyFlags, Value<'js>, Value<'js>, Value<'js>)> {
        let flags = qjs::JS_PROP_HAS_ENUMERABLE | qjs::JS_PROP_ENUMERABLE;
        Ok((flags.cast_signed(), undefined(ctx), undefined(ctx), undefined(ctx)))
    }
}

fn constants<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let class: Object<'js> = argument(params, 0).get()?;
    let prototype: Object<'js> = class.get("prototype")?;
    let values: Object<'js> = argument(params, 1).get()?;
    for constant in values.props::<Atom<'js>, Value<'js>>() {
        let (name, value) = constant?;
        for object in [&class, &prototype] {
            object.prop(name.clone(), Property::from(value.clone()).enumerable())?;
        }
    }
    Ok(undefined(params.ctx()))
}

fn expose<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let name: String = argument(params, 0).get()?;
    late::publish(ctx, &name, argument(params, 1))?;
    Ok(undefined(ctx))
}

fn required<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let number = |index| argument(params, index).as_int().unwrap_or_default();
    let (given, count) = (number(0), number(1));
    if given >= count {
        return Ok(undefined(params.ctx()));
    }
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("{count} argument{plural} required, but only {given} present");
    Err(Exception::throw_type(params.ctx(), &message))
}

fn undefined<'js>(ctx: &Ctx<'js>) -> Value<'js> {
    Value::new_undefined(ctx.clone())
}
