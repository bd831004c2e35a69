//! Web IDL's conversions of what the `WebSocket` interface is given.

use rquickjs::{
    Coerced, Ctx, Exception, FromJs as _, Function, Object, Value, atom::PredefinedAtom,
    function::This,
};

use crate::interop::bytes::usv_string;

/// `(DOMString or sequence<DOMString>)`. k6: `null` is none.
pub(super) fn protocols<'js>(
    ctx: &Ctx<'js>,
    protocols: &Value<'js>,
) -> rquickjs::Result<Vec<String>> {
    if protocols.is_null() || protocols.is_undefined() {
        return Ok(Vec::new());
    }
    if let Some(object) = protocols.as_object() {
        let method: Value<'js> = object.get(PredefinedAtom::SymbolIterator)?;
        if !method.is_null() && !method.is_undefined() {
            return sequence(ctx, object, &method);
        }
    }
    Ok(vec![usv_string(ctx, protocols.clone())?])
}

/// Web IDL "create a sequence from an iterable": each getter runs once.
fn sequence<'js>(
    ctx: &Ctx<'js>,
    iterable: &Object<'js>,
    method: &Value<'js>,
) -> rquickjs::Result<Vec<String>> {
    let wrong = |message| Exception::throw_type(ctx, message);
    let Some(method) = method.as_function() else {
        return Err(wrong("the subprotocols are not iterable"));
    };
    let iterator: Value<'js> = method.call((This(iterable.clone()),))?;
    let Some(iterator) = iterator.into_object() else {
        return Err(wrong("the iterator of the subprotocols is not an object"));
    };
    let next: Value<'js> = iterator.get(PredefinedAtom::Next)?;
    let mut list = Vec::new();
    loop {
        let next = next
            .as_function()
            .ok_or_else(|| wrong("the iterator of the subprotocols has no function `next`"))?;
        let result: Value<'js> = Function::call(next, (This(iterator.clone()),))?;
        let Some(result) = result.into_object() else {
            return Err(wrong("the iterator of the subprotocols gave no object"));
        };
        if result.get::<_, Coerced<bool>>("done")?.0 {
            return Ok(list);
        }
        list.push(usv_string(ctx, result.get("value")?)?);
    }
}

/// `[Clamp] unsigned short`: the nearest integer, ties to even. A BigInt is a `TypeError`.
pub(super) fn close_code<'js>(ctx: &Ctx<'js>, code: Value<'js>) -> rquickjs::Result<u16> {
    let number = Coerced::<f64>::from_js(ctx, code)?.0;
    // Saturates, and makes 0 of what is not a number.
    Ok(number.clamp(0.0, f64::from(u16::MAX)).round_ties_even() as u16)
}
