//! `require(specifier)`: CommonJS files, ES modules and built-in modules, in init code only.

use std::sync::Arc;

use rquickjs::{Ctx, Error, Exception, Function, Module, Object, Promise, Value, function::This};
use url::Url;

use super::prepare;
use crate::{
    loader::{
        analyse::Syntax,
        compiler::Compiler,
        graph::{self, Source},
        resolve::{Resolved, resolve},
        store::CompiledModule,
    },
    runtime::{bytecode, entry, late::publish_function, native::function},
    vu::{Host, Phase},
};

/// The global function resolves against the script.
pub(super) fn make(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let host = Host::of(ctx)?;
    publish_function(ctx, "require", require_for(ctx, host.process.entry.clone()))
}

/// The `require` of the module at `base`.
fn require_for<'js>(ctx: &Ctx<'js>, base: Url) -> rquickjs::Result<Function<'js>> {
    let require = move |ctx: Ctx<'js>, specifier: rquickjs::Coerced<String>| {
        require(&ctx, &base, &specifier.0)
    };
    function(ctx, require)?.with_name("require")
}

fn require<'js>(ctx: &Ctx<'js>, base: &Url, specifier: &str) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(ctx)?;
    if host.phase.get() != Phase::Init {
        // k6: its words.
        return Err(Exception::throw_message(
            ctx,
            "the \"require\" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle for more information",
        ));
    }
    let fail = |message: String| Exception::throw_message(ctx, &message);
    let url = match resolve(base, specifier).map_err(|error| fail(error.to_string()))? {
        Resolved::Builtin(name) => return import(ctx, &name, true),
        Resolved::Url(url) => url,
    };
    let store = &host.process.store;
    if store.get(url.as_str()).is_none() {
        // Polled on the thread's own stack, where there is room for the parsers.
        let loading = async {
            let compiler = Compiler::new().map_err(|error| error.to_string())?;
            let fetching = &host.process.fetching;
            graph::load(&compiler, store, fetching, &host.process.files, &url, Source::Elsewhere)
                .await
                .map_err(|error| error.to_string())
        };
        entry::block(ctx, loading)?.map_err(fail)?;
        prepare(ctx, &host)?;
    }
    match store.get(url.as_str()) {
        Some(module) if module.syntax == Syntax::CommonJs => evaluate(ctx, url.as_str(), &module),
        _ => import(ctx, url.as_str(), false),
    }
}

/// An ES module or a built-in one, evaluated, as its namespace or (k6, for built-in modules) as its
/// default export where it has one.
fn import<'js>(ctx: &Ctx<'js>, name: &str, prefer_default: bool) -> rquickjs::Result<Value<'js>> {
    let promise: Promise<'js> = Module::import(ctx, name)?;
    let namespace: Object<'js> = match promise.finish() {
        Err(Error::WouldBlock) => {
            let message = format!(
                "the module `{name}` awaits at its top level, and `require` can't wait: use `import`"
            );
            return Err(Exception::throw_message(ctx, &message));
        }
        other => other?,
    };
    if prefer_default && namespace.contains_key("default")? {
        return namespace.get("default");
    }
    Ok(namespace.into_value())
}

/// Where evaluated CommonJS modules of a VU are kept, so that each is evaluated once and cycles end.
const CACHE: &str = "sockeye.require";

/// `module.exports` of a CommonJS file, evaluated on first use in this VU.
pub(crate) fn evaluate<'js>(
    ctx: &Ctx<'js>,
    url: &str,
    module: &Arc<CompiledModule>,
) -> rquickjs::Result<Value<'js>> {
    let cache = cache(ctx)?;
    if let Some(known) = cache.get::<_, Option<Object<'js>>>(url)? {
        return known.get("exports");
    }
    let function = bytecode::run_script(ctx, &module.code)?;
    let object = Object::new(ctx.clone())?;
    let exports = Object::new(ctx.clone())?;
    object.set("exports", exports.clone())?;
    cache.set(url, object.clone())?;
    let base = Url::parse(url).map_err(|error| {
        Exception::throw_message(ctx, &format!("internal error: {url}: {error}"))
    })?;
    let require = require_for(ctx, base)?;
    let result =
        function.call::<_, Value<'js>>((This(exports.clone()), object.clone(), exports, require));
    if let Err(error) = result {
        cache.remove(url)?;
        return Err(error);
    }
    object.get("exports")
}

fn cache<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
    crate::interop::hidden(ctx, CACHE)
}
