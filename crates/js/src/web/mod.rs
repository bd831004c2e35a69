//! The web platform's globals. Shape is JavaScript, and lives beside the natives that do the work.
//!
//! Order: [`install`] in a fresh context, then each of [`MODULES`] evaluated in its order, then the script. The first
//! half takes the natives off the global object, so no script can reach them; no `internal:` specifier may resolve for
//! a script either.

mod blob;
mod clone;
mod console;
mod console_format;
mod crypto;
mod encoding;
mod host;
mod install;
mod kind;
pub(crate) mod opaque;
mod performance;
mod url;

pub(crate) use blob::{Blob, new_blob};
pub(crate) use host::Host;
pub(crate) use install::install;

/// The JavaScript halves as (specifier, source), in the order in which they run.
pub(crate) const MODULES: &[(&str, &str)] = &[
    ("internal:web/idl", include_str!("idl.js")),
    ("internal:web/events", include_str!("events.js")),
    ("internal:web/abort", include_str!("abort.js")),
    ("internal:web/performance", include_str!("performance.js")),
    ("internal:web/crypto", include_str!("crypto.js")),
    ("internal:web/url", include_str!("url.js")),
];

#[cfg(test)]
mod tests;
