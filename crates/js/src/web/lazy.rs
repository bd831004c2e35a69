//! Globals whose JavaScript runs only when a script asks for one of them: most scripts never do, and thousands of VUs
//! would each hold it.

use std::{cell::Cell, rc::Rc};

use rquickjs::{Ctx, Exception, Module, Result, Value, object::Property};

use super::opaque::{argument, global_accessor};

/// A half that runs when one of its globals is first looked up.
pub(super) struct LazyModule {
    /// Its specifier.
    pub(super) name: &'static str,
    /// The globals that it defines.
    pub(super) globals: &'static [&'static str],
    /// Its source.
    pub(super) source: &'static str,
}

pub(super) fn install(ctx: &Ctx<'_>, modules: &'static [LazyModule]) -> Result<()> {
    let globals = ctx.globals();
    for module in modules {
        let asked = Rc::new(Cell::new(false));
        for &name in module.globals {
            let asked = Rc::clone(&asked);
            global_accessor(
                &globals,
                name,
                move |params| {
                    run(params.ctx(), module, &asked)?;
                    params.ctx().globals().get(name)
                },
                // So that it can be replaced as the plain property that it is about to become.
                move |params| {
                    let ctx = params.ctx();
                    ctx.globals().prop(
                        name,
                        Property::from(argument(&params, 0)).writable().configurable(),
                    )?;
                    Ok(Value::new_undefined(ctx.clone()))
                },
            )?;
        }
    }
    Ok(())
}

/// Runs the half, which then replaces the accessors by what they stand for.
fn run(ctx: &Ctx<'_>, module: &LazyModule, asked: &Cell<bool>) -> Result<()> {
    if asked.replace(true) {
        return Err(Exception::throw_internal(
            ctx,
            &format!("{} did not define its globals", module.name),
        ));
    }
    // It has no top-level await, so it has run when this returns, and no jobs of the script's need to. It is compiled
    // here: an import would ask the loader on behalf of the script, which may not have it.
    Module::evaluate(ctx.clone(), module.name, module.source).map(drop)
}
