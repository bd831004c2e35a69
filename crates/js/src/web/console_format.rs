//! How `console` writes values. k6's rules: strings as they are, other primitives as `String()` has them, objects as
//! JSON. Where k6 1.1 wrote nothing of use (functions, errors, buffers, cycles) it is what later versions write.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Ctx, IntoJs as _, Result, Value, atom::PredefinedAtom, convert::Coerced};

use super::opaque::{argument, native};
use crate::interop::bytes::{Container, container, usv_string, with_bytes};
use crate::runtime::call::Call;

/// All arguments from `first` on, joined by spaces.
pub(super) fn arguments(params: &Call<'_, '_>, first: usize) -> Result<String> {
    let mut line = String::new();
    for index in first..params.len() {
        if index > first {
            line.push(' ');
        }
        line.push_str(&text(params.ctx(), &argument(params, index))?);
    }
    Ok(line)
}

/// One value.
pub(super) fn text<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<String> {
    if let Some(symbol) = value.as_symbol() {
        // k6: a symbol is its description.
        let description = symbol.description()?;
        return if description.is_undefined() {
            Ok(String::new())
        } else {
            usv_string(ctx, description)
        };
    }
    if !value.is_object() {
        return usv_string(ctx, value.clone());
    }
    match special(ctx, value).and_then(|special| match special {
        Some(special) => Ok(special),
        None => json(ctx, value),
    }) {
        Ok(text) => Ok(text),
        // k6: what cannot be JSON, for a getter that throws or a BigInt, is what `String()` makes of it.
        Err(error) => recover(ctx, error, || usv_string(ctx, value.clone()))
            .or_else(|error| recover(ctx, error, || Ok("[object Object]".to_owned()))),
    }
}

/// Goes on after an exception of the script's, but not after one that is to end it.
fn recover<T>(
    ctx: &Ctx<'_>,
    error: rquickjs::Error,
    go_on: impl FnOnce() -> Result<T>,
) -> Result<T> {
    if !error.is_exception() {
        return Err(error);
    }
    let thrown = ctx.catch();
    if thrown.is_uncatchable_error() { Err(ctx.throw(thrown)) } else { go_on() }
}

/// The kinds of objects that are not written as JSON.
fn special<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<String>> {
    if value.is_function() {
        return Ok(Some("[object Function]".to_owned()));
    }
    if value.is_error() {
        return usv_string(ctx, value.clone()).map(Some);
    }
    match container(value) {
        Some(Container::Buffer) => Ok(Some(buffer(value))),
        Some(Container::IntegerArray | Container::FloatArray) => typed_array(ctx, value).map(Some),
        Some(Container::DataView) | None => Ok(None),
    }
}

fn buffer(value: &Value<'_>) -> String {
    use std::fmt::Write as _;
    let shown = with_bytes(value, |bytes| {
        let mut hex = String::with_capacity(bytes.len() * 3);
        for (index, byte) in bytes.iter().enumerate() {
            let _ = write!(hex, "{}{byte:02x}", if index == 0 { "" } else { " " });
        }
        format!("ArrayBuffer {{ [Uint8Contents]: <{hex}>, byteLength: {} }}", bytes.len())
    });
    shown.unwrap_or_else(|_| "ArrayBuffer { (detached), byteLength: 0 }".to_owned())
}

fn typed_array<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<String> {
    let Some(array) = value.as_object() else { return Ok(String::new()) };
    let name: Coerced<String> = array.get(PredefinedAtom::SymbolToStringTag)?;
    let length: Coerced<u64> = array.get("length")?;
    let join: rquickjs::Function<'js> = array.get("join")?;
    let elements: Value<'js> = join.call((rquickjs::function::This(array.clone()), ", "))?;
    let elements = usv_string(ctx, elements)?;
    let space = if elements.is_empty() { "" } else { " " };
    Ok(format!("{}({}) [{space}{elements}{space}]", name.0, length.0))
}

/// `JSON.stringify`, but for functions, errors, buffers and cycles inside.
fn json<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<String> {
    // The objects between the root and the property that is being written.
    let path: Rc<RefCell<Vec<Value<'js>>>> = Rc::default();
    let open = Rc::clone(&path);
    let replacer = native(ctx, "", 2, move |params| {
        let value = argument(&params, 1);
        if !value.is_object() {
            return Ok(value);
        }
        let ctx = params.ctx();
        if let Some(special) = special(ctx, &value)? {
            return special.into_js(ctx);
        }
        let mut path = open.borrow_mut();
        let holder = params.this();
        while path.last().is_some_and(|last| *last != holder) {
            path.pop();
        }
        if path.contains(&value) {
            return "[Circular]".into_js(ctx);
        }
        path.push(value.clone());
        Ok(value)
    })?;
    let json = ctx.json_stringify_replacer(value.clone(), replacer);
    path.borrow_mut().clear();
    match json? {
        Some(json) => usv_string(ctx, json.into_value()),
        // k6: so it writes what JSON leaves out, such as a `toJSON` that returns nothing.
        None => Ok("null".to_owned()),
    }
}
