//! Objects of ours that live in a context and that scripts do not meet.

use rquickjs::{Ctx, Exception, Function, Object, Value, function::This};

/// An empty object kept in the context under `name`: the same one on each call. It hangs on the
/// global object under a registered symbol, not enumerable.
pub(crate) fn hidden<'js>(ctx: &Ctx<'js>, name: &str) -> rquickjs::Result<Object<'js>> {
    let globals = ctx.globals();
    let symbol: Object<'js> = globals.get("Symbol")?;
    let registry: Function<'js> = symbol.get("for")?;
    let key: Value<'js> = registry.call((This(symbol), name))?;
    let key = key
        .into_symbol()
        .ok_or_else(|| Exception::throw_message(ctx, "`Symbol.for` does not return a symbol"))?;
    if let Some(known) = globals.get::<_, Option<Object<'js>>>(key.clone())? {
        return Ok(known);
    }
    let made = Object::new_proto(ctx.clone(), None)?;
    globals.prop(key, rquickjs::object::Property::from(made.clone()))?;
    Ok(made)
}
