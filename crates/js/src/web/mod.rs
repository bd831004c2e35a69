//! The web platform's globals. Shape is JavaScript, and lives beside the natives that do the work.
//!
//! Order: [`install`] in a fresh context, then each of [`MODULES`] evaluated in its order, then the script. The first
//! half takes the natives off the global object, so no script can reach them; no `internal:` specifier may resolve for
//! a script either.

mod abort;
mod blob;
mod clone;
mod clone_leaf;
mod console;
mod console_format;
mod crypto;
mod dispatch;
mod encoding;
mod event;
mod event_class;
mod event_kinds;
mod event_target;
mod host;
mod idl;
mod install;
mod kind;
mod lazy;
pub(crate) mod opaque;
mod performance;
mod url;

use lazy::LazyModule;

pub(crate) use blob::{Blob, new_blob};
pub(crate) use dispatch::fire_message;
pub(crate) use event_class::Target;
pub(crate) use host::Host;
pub(crate) use install::install;

/// The JavaScript halves as (specifier, source), in the order in which they run.
pub(crate) const MODULES: &[(&str, &str)] = &[
    ("internal:web/idl", include_str!("idl.js")),
    ("internal:web/events", include_str!("events.js")),
];

/// The halves that are compiled and run only when a script asks for one of their globals.
const LAZY_MODULES: &[LazyModule] = &[LazyModule {
    name: "internal:web/url",
    globals: &["URL", "URLSearchParams"],
    source: include_str!("url.js"),
}];

#[cfg(test)]
mod tests;
