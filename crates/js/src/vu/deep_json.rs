//! JSON of any depth: what nests deeper than the engine's own functions can follow on a fiber's stack
//! is written and read here without recursion.

use rquickjs::{Array, Ctx, Exception, Filter, Function, Object, Value, object::Property};

use crate::interop::bytes::usv_string;

/// k6: how deep its reader of JSON goes.
const DEEPEST: usize = 10_000;

/// What the engine surely reads by itself.
const SHALLOW: usize = 500;

/// Writes `value` as `JSON.stringify` does with `look` for its replacer.
///
/// # Errors
/// What `look`, `toJSON` or a getter throws; a `TypeError` for a circle, a `RangeError` for too many
/// levels.
pub(super) fn stringify<'js>(
    ctx: &Ctx<'js>,
    value: Value<'js>,
    look: &Function<'js>,
) -> rquickjs::Result<Option<String>> {
    let mut text = String::new();
    let mut open: Vec<Open<'js>> = Vec::new();
    let mut next = Some((String::new(), value));
    loop {
        let told = match next.take() {
            Some((key, value)) => {
                let value = replaced(value, &key, look)?;
                write(ctx, &mut text, &mut open, &key, value)?
            }
            None => true,
        };
        if !told && open.is_empty() {
            return Ok(None);
        }
        // The next member of the innermost that has one.
        loop {
            let Some(inner) = open.last_mut() else { return Ok(Some(text)) };
            let Some(key) = inner.keys.next() else {
                text.push(if inner.is_array { ']' } else { '}' });
                open.pop();
                continue;
            };
            next = Some((key.clone(), inner.object.get(key)?));
            break;
        }
    }
}

/// An array or object whose members are being written.
struct Open<'js> {
    object: Object<'js>,
    is_array: bool,
    keys: Box<dyn Iterator<Item = String>>,
    is_empty: bool,
}

fn replaced<'js>(
    value: Value<'js>,
    key: &str,
    look: &Function<'js>,
) -> rquickjs::Result<Value<'js>> {
    let to_json = match value.as_object() {
        Some(object) => object.get::<_, Value<'js>>("toJSON")?.into_function(),
        None => None,
    };
    let value = match to_json {
        Some(to_json) => to_json.call((rquickjs::function::This(value), key))?,
        None => value,
    };
    look.call((key, value))
}

/// Writes one member, or begins it. False if JSON has no word for it.
fn write<'js>(
    ctx: &Ctx<'js>,
    text: &mut String,
    open: &mut Vec<Open<'js>>,
    key: &str,
    value: Value<'js>,
) -> rquickjs::Result<bool> {
    let container = value.as_object().filter(|object| !object.is_function() && !is_boxed(object));
    let leaf = match container {
        Some(_) => None,
        None => ctx.json_stringify(value.clone())?,
    };
    let is_in_array = open.last().is_some_and(|inner| inner.is_array);
    if container.is_none() && leaf.is_none() && !is_in_array {
        return Ok(false);
    }
    if let Some(inner) = open.last_mut() {
        if !std::mem::take(&mut inner.is_empty) {
            text.push(',');
        }
        if !inner.is_array
            && let Some(name) = ctx.json_stringify(key)?
        {
            text.push_str(&usv_string(ctx, name.into_value())?);
            text.push(':');
        }
    }
    let Some(object) = container else {
        match leaf {
            Some(leaf) => text.push_str(&usv_string(ctx, leaf.into_value())?),
            None => text.push_str("null"),
        }
        return Ok(true);
    };
    if open.iter().any(|outer| outer.object == *object) {
        return Err(Exception::throw_type(ctx, "circular reference"));
    }
    if open.len() == DEEPEST {
        let message = format!("it is more than {DEEPEST} levels deep");
        return Err(Exception::throw_range(ctx, &message));
    }
    let is_array = object.is_array();
    let keys: Box<dyn Iterator<Item = String>> = if is_array {
        let length: f64 = object.get("length")?;
        Box::new((0..length as u64).map(|index| index.to_string()))
    } else {
        let keys = object.own_keys::<String>(Filter::new().string().enum_only());
        Box::new(keys.collect::<rquickjs::Result<Vec<_>>>()?.into_iter())
    };
    text.push(if is_array { '[' } else { '{' });
    open.push(Open { object: object.clone(), is_array, keys, is_empty: true });
    Ok(true)
}

/// A number, text or truth that is an object.
fn is_boxed(object: &Object<'_>) -> bool {
    ["Number", "String", "Boolean"].iter().any(|class| {
        let class = object.ctx().globals().get::<_, Object<'_>>(*class);
        class.is_ok_and(|class| object.is_instance_of(class))
    })
}

/// Reads what [`stringify`] or the engine wrote.
///
/// # Errors
/// A `SyntaxError` for what is not JSON.
pub(super) fn parse<'js>(ctx: &Ctx<'js>, text: &str) -> rquickjs::Result<Value<'js>> {
    if depth(text) <= SHALLOW {
        return ctx.json_parse(text);
    }
    let mut open: Vec<(Object<'js>, Option<String>)> = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
        let value = match rest.as_bytes().first() {
            Some(b'[') => {
                open.push((Array::new(ctx.clone())?.into_object(), None));
                rest = &rest[1..];
                continue;
            }
            Some(b'{') => {
                open.push((Object::new(ctx.clone())?, None));
                rest = &rest[1..];
                continue;
            }
            Some(b']' | b'}') => {
                rest = &rest[1..];
                open.pop().map(|(object, _)| object.into_value())
            }
            Some(_) => {
                let (leaf, after) = rest.split_at(leaf_length(rest));
                rest = after.trim_start_matches([' ', '\t', '\r', '\n']);
                if let (Some((_, key)), Some(after)) = (open.last_mut(), rest.strip_prefix(':')) {
                    let name: Value<'js> = ctx.json_parse(leaf)?;
                    *key = Some(usv_string(ctx, name)?);
                    rest = after;
                    continue;
                }
                Some(ctx.json_parse(leaf)?)
            }
            None => None,
        };
        let Some(value) = value else {
            return Err(Exception::throw_syntax(ctx, "this is not JSON"));
        };
        let Some((outer, key)) = open.last_mut() else { return Ok(value) };
        match (outer.as_array(), key.take()) {
            (Some(array), _) => array.set(array.len(), value)?,
            (None, Some(key)) => {
                let member = Property::from(value).writable().enumerable().configurable();
                outer.prop(key, member)?;
            }
            (None, None) => return Err(Exception::throw_syntax(ctx, "this is not JSON")),
        }
    }
}

/// Of a text, number or word that `rest` begins with, one byte at least.
fn leaf_length(rest: &str) -> usize {
    let is_text = rest.starts_with('"');
    let mut is_escaped = false;
    let end = rest.bytes().skip(1).position(|byte| {
        if !is_text {
            return matches!(byte, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        }
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(rest.len(), |end| end + 1 + usize::from(is_text))
}

/// How many arrays and objects are open at most, at least: brackets in texts count too.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}
