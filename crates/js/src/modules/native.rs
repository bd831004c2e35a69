//! Modules written in Rust: a list of named functions.

use rquickjs::{
    Ctx, Function, Module, Object, Value,
    module::{Declarations, Declared, Exports, ModuleDef},
};

pub(in crate::modules) use crate::runtime::native::{function, instance, prototype};

/// A module whose exports are made in one go.
pub(crate) trait NativeModule {
    /// The names of its exports, `default` aside.
    const EXPORTS: &'static [&'static str];

    /// Sets every export on `exports`, which becomes the default export too.
    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()>;
}

struct Def<M>(std::marker::PhantomData<M>);

impl<M: NativeModule> ModuleDef for Def<M> {
    fn declare(declarations: &Declarations<'_>) -> rquickjs::Result<()> {
        for name in M::EXPORTS {
            declarations.declare(*name)?;
        }
        declarations.declare("default")?;
        Ok(())
    }

    fn evaluate<'js>(ctx: &Ctx<'js>, out: &Exports<'js>) -> rquickjs::Result<()> {
        let exports = Object::new(ctx.clone())?;
        M::fill(ctx, &exports)?;
        for name in M::EXPORTS {
            let value: Value<'js> = exports.get(*name)?;
            out.export(*name, value)?;
        }
        out.export("default", exports)?;
        Ok(())
    }
}

/// Makes the module in a VU.
pub(super) fn declare<'js, M: NativeModule>(
    ctx: &Ctx<'js>,
    name: &str,
) -> rquickjs::Result<Module<'js, Declared>> {
    Module::declare_def::<Def<M>, _>(ctx.clone(), name)
}

/// Sets a function with its name.
pub(super) fn set<'js>(
    exports: &Object<'js>,
    name: &str,
    function: rquickjs::Result<Function<'js>>,
) -> rquickjs::Result<()> {
    exports.set(name, function?.with_name(name)?)
}
