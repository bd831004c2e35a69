//! The engine's questions while it links a module: what does this specifier mean here, and where is
//! that module. Answers come from what the graph walk compiled.

use std::sync::Arc;

use rquickjs::{
    Coerced, Ctx, Exception, Module,
    loader::{ImportAttributes, Loader, Resolver},
    module::Declared,
};
use url::Url;

use super::{globals::require, process::Process};
use crate::{
    loader::{
        analyse::Syntax,
        commonjs,
        resolve::{Resolved, resolve},
    },
    runtime::{bytecode, native::function},
};

/// Resolver and loader of one VU.
#[derive(Clone)]
pub(super) struct EngineLoader(pub(super) Arc<Process>);

impl Resolver for EngineLoader {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        // Only sockeye's own JavaScript sees `internal:`; the empty base is sockeye itself, and the
        // script's modules are all URLs.
        let is_ours = base.is_empty() || base.starts_with("internal:") || base.starts_with("k6");
        if is_ours {
            return Ok(name.to_owned());
        }
        if let Some(alias) = self.0.store.alias_of(base, name) {
            return Ok(alias);
        }
        resolve_in(ctx, base, name)
    }
}

impl Loader for EngineLoader {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        let process = &self.0;
        if let Some((_, warning)) =
            process.modules.warnings.iter().find(|(specifier, _)| *specifier == name)
        {
            process.warn_once(warning);
        }
        if let Some((_, code)) = process.internal.iter().find(|(known, _)| *known == name) {
            return bytecode::load_module(ctx, code);
        }
        if let Some(entry) = process.modules.entries.iter().find(|entry| entry.specifier == name) {
            return (entry.declare)(ctx, name);
        }
        if name == "k6" || name.starts_with("k6/") {
            let message = (process.modules.unknown)(name);
            return Err(Exception::throw_message(ctx, &message));
        }
        let Some(module) = process.store.get(name) else {
            let message = format!(
                "the module `{name}` was not loaded with the script: dynamic imports are not supported, use a static `import` or `require()`"
            );
            return Err(Exception::throw_message(ctx, &message));
        };
        match module.syntax {
            Syntax::Module => {
                let module = bytecode::load_module(ctx, &module.code)?;
                set_meta(ctx, &module, name)?;
                Ok(module)
            }
            Syntax::CommonJs => {
                let exports = require::evaluate(ctx, name, &module)?;
                commonjs::as_module(ctx, name, exports)
            }
        }
    }
}

/// `import.meta`: the module's own `url`, and `resolve(specifier)` as seen from it.
fn set_meta<'js>(
    ctx: &Ctx<'js>,
    module: &Module<'js, Declared>,
    name: &str,
) -> rquickjs::Result<()> {
    let meta = module.meta()?;
    meta.set("url", name)?;
    let base = name.to_owned();
    let resolve_from =
        move |ctx: Ctx<'js>, specifier: Coerced<String>| resolve_in(&ctx, &base, &specifier.0);
    meta.set("resolve", function(ctx, resolve_from)?.with_name("resolve")?)
}

/// What `specifier` means in the module at `base`.
fn resolve_in(ctx: &Ctx<'_>, base: &str, specifier: &str) -> rquickjs::Result<String> {
    let resolved = Url::parse(base)
        .map_err(|error| error.to_string())
        .and_then(|base| resolve(&base, specifier).map_err(|error| error.to_string()));
    match resolved {
        Ok(Resolved::Builtin(name)) => Ok(name),
        Ok(Resolved::Url(url)) => Ok(url.into()),
        Err(message) => Err(Exception::throw_message(ctx, &message)),
    }
}
