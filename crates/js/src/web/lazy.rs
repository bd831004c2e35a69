//! Globals whose JavaScript runs only when a script asks for one of them: most scripts never do, and thousands of VUs
//! would each hold it.

use std::cell::{OnceCell, RefCell};

use rquickjs::{
    Ctx, Exception, Function, Module, Object, Result, Value,
    module::{Declarations, Declared, Exports, ModuleDef},
    object::Property,
};

use super::{
    blob, crypto,
    host::Host,
    idl,
    opaque::{Halves, global_accessor},
    url,
};
use crate::runtime::realm;

/// A half that runs when one of its globals is first looked up.
pub(crate) struct LazyModule {
    /// Its specifier.
    pub(crate) name: &'static str,
    /// The globals that it defines.
    pub(crate) globals: &'static [&'static str],
    /// Its source.
    pub(crate) source: &'static str,
}

/// Lays the ground for [`define`] and [`natives`].
///
/// # Errors
/// When memory is out.
pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Host) -> Result<()> {
    let globals = ctx.globals();
    let kept = KEPT.iter().map(|name| globals.get(*name)).collect::<Result<_>>()?;
    let (natives, asked) = (OnceCell::new(), RefCell::default());
    realm::keep(ctx, Halves { natives, host: host.clone(), asked, kept })
}

/// The object that our JavaScript takes natives from. Most VUs never need it.
///
/// # Errors
/// When memory is out.
pub(super) fn natives<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let halves = realm::kept::<Halves<'js>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    if let Some(known) = halves.natives.get() {
        return Ok(known.clone());
    }
    let natives = Object::new_proto(ctx.clone(), None)?;
    blob::install_natives(&natives)?;
    crypto::install_operations(&natives, &halves.host)?;
    url::install(&natives)?;
    idl::install(&natives)?;
    Ok(halves.natives.get_or_init(|| natives).clone())
}

/// Makes `internal:web/natives`, whose default export is [`natives`].
///
/// # Errors
/// When memory is out.
pub(crate) fn declare_natives<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Module<'js, Declared>> {
    Module::declare_def::<Natives, _>(ctx.clone(), name)
}

struct Natives;

impl ModuleDef for Natives {
    fn declare(declarations: &Declarations<'_>) -> Result<()> {
        declarations.declare("default").map(drop)
    }

    fn evaluate<'js>(ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("default", natives(ctx)?).map(drop)
    }
}

/// The globals that lazy halves read while they run. A script may have put others there by then.
const KEPT: [&str; 21] = [
    "AbortSignal",
    "Array",
    "ArrayBuffer",
    "BigInt",
    "Blob",
    "DOMException",
    "DataView",
    "EventTarget",
    "Function",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Reflect",
    "String",
    "Symbol",
    "TextDecoder",
    "TextEncoder",
    "TypeError",
    "Uint8Array",
];

/// What one of [`KEPT`] was before any script could replace it.
pub(super) fn kept<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Value<'js>> {
    let halves = realm::kept::<Halves<'js>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    let at = KEPT.iter().position(|kept| *kept == name).ok_or(rquickjs::Error::Unknown)?;
    Ok(halves.kept[at].clone())
}

/// Defines the globals of `modules`; none of them runs yet.
///
/// # Errors
/// When memory is out.
pub(crate) fn define(ctx: &Ctx<'_>, modules: &'static [LazyModule]) -> Result<()> {
    let globals = ctx.globals();
    for module in modules {
        for &name in module.globals {
            global_accessor(&globals, name, move |params| {
                let ctx = params.ctx();
                // It is replaced as the plain property that it is about to become.
                if let Some(value) = params.arg(0) {
                    let plain = Property::from(value).writable().configurable();
                    ctx.globals().prop(name, plain)?;
                    return Ok(Value::new_undefined(ctx.clone()));
                }
                if !run(ctx, module)? {
                    let message = format!("{} did not define its globals", module.name);
                    return Err(Exception::throw_internal(ctx, &message));
                }
                ctx.globals().get(name)
            })?;
        }
    }
    Ok(())
}

/// The function that a half left for natives, which runs the half if it has not run.
///
/// # Errors
/// When memory is out.
pub(super) fn function_of<'js>(
    ctx: &Ctx<'js>,
    module: &LazyModule,
    name: &str,
) -> Result<Function<'js>> {
    run(ctx, module)?;
    natives(ctx)?.get(name)
}

/// Runs the half, which then replaces the accessors by what they stand for. False if it has run before.
fn run<'js>(ctx: &Ctx<'js>, module: &LazyModule) -> Result<bool> {
    {
        let halves = realm::kept::<Halves<'js>>(ctx).ok_or(rquickjs::Error::Unknown)?;
        let mut asked = halves.asked.borrow_mut();
        if asked.contains(&module.name) {
            return Ok(false);
        }
        asked.push(module.name);
    }
    let changed = put_back(ctx)?;
    // It has no top-level await, so it has run when this returns, and no jobs of the script's need to. It is compiled
    // here: an import would ask the loader on behalf of the script, which may not have it.
    let evaluated = Module::evaluate(ctx.clone(), module.name, module.source).map(drop);
    for (name, scripts) in changed {
        match scripts {
            Some(value) => ctx.globals().set(name, value)?,
            None => ctx.globals().remove(name)?,
        }
    }
    evaluated.map(|()| true)
}

/// Puts what was kept where the script has something else. Returns what that was, nothing for a deleted global.
fn put_back<'js>(ctx: &Ctx<'js>) -> Result<Vec<(&'static str, Option<Value<'js>>)>> {
    let globals = ctx.globals();
    let kept = realm::kept::<Halves<'js>>(ctx).ok_or(rquickjs::Error::Unknown)?.kept.clone();
    let mut changed = Vec::new();
    for (name, kept) in KEPT.into_iter().zip(kept) {
        let now: Value<'js> = globals.get(name)?;
        if now != kept {
            let was_there = globals.contains_key(name)?;
            globals.set(name, kept)?;
            changed.push((name, was_there.then_some(now)));
        }
    }
    Ok(changed)
}
