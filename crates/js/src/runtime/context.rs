//! Making the context of a VU: the built-ins of the language, but for those that wait until they are wanted.

use rquickjs::{
    Context, Runtime,
    context::intrinsic::{Eval, Json, Promise, Proxy, RegExp},
};

use super::{builtins::BUILTINS, late};

/// What a script can use without naming it, by a literal or a method, and what is small. `performance` is ours.
type FromTheBeginning = (Eval, RegExp, Json, Proxy, Promise);

/// A context with all built-ins, of which those of [`BUILTINS`] are made when they are first looked for.
///
/// # Errors
/// When memory is out.
pub(crate) fn new_context(runtime: &Runtime) -> rquickjs::Result<Context> {
    let context = Context::custom::<FromTheBeginning>(runtime)?;
    context.with(|ctx| late::install(&ctx, BUILTINS))?;
    Ok(context)
}
