//! JSON as a value that a script can't change.

use rquickjs::{Ctx, Filter, Value};

use crate::runtime::ffi;

/// Parses JSON, and freezes what it finds however deep it lies.
pub(super) fn parse<'js>(ctx: &Ctx<'js>, json: &str) -> rquickjs::Result<Value<'js>> {
    let root = ctx.json_parse(json)?;
    let mut left: Vec<_> = root.as_object().cloned().into_iter().collect();
    while let Some(object) = left.pop() {
        ffi::freeze(&object)?;
        for value in object.own_values::<Value<'js>>(Filter::new().string()) {
            left.extend(value?.into_object());
        }
    }
    Ok(root)
}
