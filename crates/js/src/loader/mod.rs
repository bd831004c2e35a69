//! From a specifier to compiled modules: resolving, reading, parsing, compiling once.

pub(crate) mod analyse;
pub(crate) mod commonjs;
pub(crate) mod compiler;
mod constraint;
mod deep;
pub(crate) mod dependencies;
pub(crate) mod directives;
pub(crate) mod error;
pub(crate) mod files;
pub(crate) mod graph;
pub(crate) mod resolve;
pub(crate) mod store;

pub use error::LoadError;
