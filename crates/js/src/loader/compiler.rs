//! An engine that only compiles. It links nothing: every import is answered by an empty module, since
//! the bytecode keeps specifiers as they were written.

use rquickjs::{
    Context, Ctx, Module, Runtime,
    loader::{ImportAttributes, Loader, Resolver},
    module::Declared,
};

/// Compiles modules and scripts. Its parser recurses, so it belongs on a thread's own stack, not on
/// a fiber's.
pub(crate) struct Compiler {
    context: Context,
}

impl Compiler {
    /// A fresh engine.
    ///
    /// # Errors
    /// When there is no memory for one.
    pub(crate) fn new() -> rquickjs::Result<Self> {
        let runtime = Runtime::new()?;
        runtime.set_loader(Nowhere, Nowhere);
        Ok(Self { context: Context::full(&runtime)? })
    }

    /// Runs `body` in the engine's context.
    pub(crate) fn with<T>(&self, body: impl FnOnce(&Ctx<'_>) -> T) -> T {
        self.context.with(|ctx| body(&ctx))
    }
}

struct Nowhere;

impl Resolver for Nowhere {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        _: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        Ok(format!("nowhere:{name}"))
    }
}

impl Loader for Nowhere {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        Module::declare(ctx.clone(), name, "")
    }
}
