//! The contract of an importable module.

use rquickjs::{Ctx, Module, module::Declared};

use crate::runtime::late::Late;

/// One row of the table of modules.
pub(crate) struct ModuleEntry {
    /// What scripts import.
    pub(crate) specifier: &'static str,
    /// Makes the module in a VU.
    pub(crate) declare: for<'js> fn(&Ctx<'js>, &str) -> rquickjs::Result<Module<'js, Declared>>,
}

/// The modules that scripts may import, and sockeye's own JavaScript.
pub(crate) struct ModuleTable {
    /// By specifier.
    pub(crate) entries: &'static [ModuleEntry],
    /// Modules written in JavaScript, evaluated in a VU when something imports them.
    pub(crate) scripts: &'static [(&'static str, &'static str)],
    /// Globals that stand on modules; nothing runs before a script looks one up.
    pub(crate) globals: &'static [Late],
    /// What is wrong with a specifier that is not in the table, and what to use instead.
    pub(crate) unknown: fn(&str) -> String,
    /// What is logged, once per process, when a script imports a module.
    pub(crate) warnings: &'static [(&'static str, &'static str)],
}
