//! What a function of the script returned, once its event loop is empty.

use rquickjs::{Ctx, Persistent, Value, promise::PromiseState};

/// The value itself, or what it was fulfilled with if it is a promise: `undefined` for one that is
/// pending, since nothing is left that could settle it.
pub(super) fn value<'js>(
    ctx: &Ctx<'js>,
    returned: Persistent<Value<'static>>,
) -> rquickjs::Result<Value<'js>> {
    let value = returned.restore(ctx)?;
    match value.as_promise() {
        Some(promise) if promise.state() == PromiseState::Resolved => {
            promise.result().unwrap_or_else(|| Ok(Value::new_undefined(ctx.clone())))
        }
        Some(_) => Ok(Value::new_undefined(ctx.clone())),
        None => Ok(value),
    }
}
