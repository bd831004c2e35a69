//! What the late globals of the web platform have in common: the host that they were installed for, their clock, and,
//! for those written in JavaScript, the way to run that half once.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use rquickjs::{
    Ctx, Function, Module, Object, Result, Value,
    atom::PredefinedAtom,
    module::{Declarations, Declared, Exports, ModuleDef},
    object::Property,
};

use super::{
    blob, console::Console, crypto, host::Host, idl, opaque::Halves, performance::Clock, url,
};
use crate::runtime::{
    ffi,
    late::{self, Taken},
    realm,
};

/// A half in JavaScript that makes late globals.
pub(crate) struct LazyModule {
    /// Its specifier.
    pub(crate) name: &'static str,
    /// Its source.
    pub(crate) source: &'static str,
}

/// Lays the ground for late globals and [`natives`].
///
/// # Errors
/// When memory is out.
pub(super) fn install(ctx: &Ctx<'_>, host: &Host, clock: Clock) -> Result<()> {
    let globals = ctx.globals();
    let kept = KEPT.iter().map(|name| Ok((*name, globals.get(*name)?))).collect::<Result<_>>()?;
    let kept = RefCell::new(kept);
    let (natives, asked) = (OnceCell::new(), RefCell::default());
    let console = Rc::new(Console::new(Rc::clone(&host.console)));
    realm::keep(ctx, Halves { natives, host: host.clone(), clock, console, asked, kept })
}

/// Keeps those of [`WATCHED`] that the script names. Before any script runs.
///
/// # Errors
/// When memory is out.
pub(crate) fn keep_watched(ctx: &Ctx<'_>, named: &BTreeSet<&'static str>) -> Result<()> {
    let halves = realm::kept::<Halves<'_>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    for name in WATCHED.into_iter().filter(|name| named.contains(name)) {
        halves.kept.borrow_mut().push((name, ctx.globals().get(name)?));
    }
    Ok(())
}

/// What the globals were installed for.
///
/// # Errors
/// When none are.
pub(super) fn host(ctx: &Ctx<'_>) -> Result<Host> {
    Ok(realm::kept::<Halves<'_>>(ctx).ok_or(rquickjs::Error::Unknown)?.host.clone())
}

/// The clock of event times.
///
/// # Errors
/// When no globals are installed.
pub(super) fn clock(ctx: &Ctx<'_>) -> Result<Clock> {
    Ok(realm::kept::<Halves<'_>>(ctx).ok_or(rquickjs::Error::Unknown)?.clock)
}

/// What `console` remembers.
///
/// # Errors
/// When no globals are installed.
pub(super) fn console(ctx: &Ctx<'_>) -> Result<Rc<Console>> {
    let halves = realm::kept::<Halves<'_>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    Ok(Rc::clone(&halves.console))
}

/// The interface prototype object of a late global.
///
/// # Errors
/// When memory is out.
pub(super) fn interface_prototype<'js>(ctx: &Ctx<'js>, interface: &str) -> Result<Object<'js>> {
    late::first(ctx, interface)?.get::<Object<'js>>()?.get(PredefinedAtom::Prototype)
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

/// The globals that halves read while they run, of those that are there from the beginning. A script may have put
/// others there by then.
const KEPT: [&str; 9] =
    ["Array", "BigInt", "Function", "Number", "Object", "Promise", "String", "Symbol", "TypeError"];

/// The same of those that the engine makes when they are first looked for, which is worth waiting for: they are kept if
/// the script names them, since it can't have replaced them otherwise.
pub(crate) const WATCHED: [&str; 2] = ["Math", "Reflect"];

/// The same of the late ones.
const KEPT_LATE: [&str; 10] = [
    "AbortSignal",
    "ArrayBuffer",
    "Blob",
    "DOMException",
    "DataView",
    "EventTarget",
    "Map",
    "TextDecoder",
    "TextEncoder",
    "Uint8Array",
];

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

/// Runs the half, if it has not run.
///
/// # Errors
/// What it throws, when memory is out.
pub(crate) fn run(ctx: &Ctx<'_>, module: &LazyModule) -> Result<()> {
    let halves = realm::kept::<Halves<'_>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    if halves.asked.borrow().contains(&module.name) {
        return Ok(());
    }
    halves.asked.borrow_mut().push(module.name);
    let changed = put_first(ctx)?;
    // It has no top-level await, so it has run when this returns, and no jobs of the script's need to. It is compiled
    // here: an import would ask the loader on behalf of the script, which may not have it.
    let evaluated = Module::evaluate(ctx.clone(), module.name, module.source);
    let evaluated = evaluated.and_then(|promise| promise.result::<Value<'_>>().transpose());
    if evaluated.is_err() {
        // It may run another time.
        halves.asked.borrow_mut().retain(|asked| *asked != module.name);
    }
    let restored = changed.into_iter().map(|(name, scripts)| restore(ctx, name, scripts.as_ref()));
    let restored = restored.fold(Ok(()), Result::and);
    evaluated.and(restored)
}

type Changed<'js> = Vec<(&'static str, Option<Taken<'js>>)>;

/// Puts what was there first where the script has something else. Returns what that was, nothing for a deleted global.
/// What a script has fixed stays.
fn put_first<'js>(ctx: &Ctx<'js>) -> Result<Changed<'js>> {
    let globals = ctx.globals();
    let halves = realm::kept::<Halves<'js>>(ctx).ok_or(rquickjs::Error::Unknown)?;
    let mut first = halves.kept.borrow().clone();
    for name in KEPT_LATE {
        // One that is to come is found by the half as it would be by a script.
        let is_found = globals.contains_key(name)?;
        if !is_found || late::has_own(&globals, name)? {
            first.push((name, late::first(ctx, name)?));
        }
    }
    let mut changed = Vec::new();
    if !ffi::is_extensible(&globals)? {
        return Ok(changed);
    }
    for (name, first) in first {
        if late::is_own(&globals, name, &first)? {
            continue;
        }
        let Ok(scripts) = late::take(&globals, name) else {
            drop(ctx.catch());
            continue;
        };
        globals.prop(name, Property::from(first).writable().configurable())?;
        changed.push((name, scripts));
    }
    Ok(changed)
}

fn restore(ctx: &Ctx<'_>, name: &str, scripts: Option<&Taken<'_>>) -> Result<()> {
    match scripts {
        Some(property) => late::put_back(&ctx.globals(), name, property),
        None => ctx.globals().remove(name),
    }
}
