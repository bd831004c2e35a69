//! Specifiers that begin with `k6` and are not in the table: what to say, and what to use instead.

use super::TABLE;

/// Modules that k6 had once. From k6's release notes.
const REMOVED: &[(&str, &str)] = &[
    ("k6/experimental/timers", "use `k6/timers`, or the globals `setTimeout` and `setInterval`"),
    ("k6/experimental/tracing", "use the `http-instrumentation-tempo` library of jslib"),
    ("k6/experimental/browser", "use `k6/browser` in k6"),
    ("k6/experimental/grpc", "use `k6/net/grpc`"),
    ("k6/experimental/redis", "use the extension `k6/x/redis` in k6"),
    ("k6/experimental/webcrypto", "use the global `crypto`"),
];

/// Modules of k6 that sockeye does not have yet.
const NOT_YET: &[&str] = &["k6/browser", "k6/html", "k6/net/grpc"];

/// Whether a module of that name can be imported.
///
/// # Errors
/// The message for the user.
pub(crate) fn check_known(specifier: &str) -> Result<(), String> {
    let known = TABLE.entries.iter().any(|entry| entry.specifier == specifier)
        || TABLE.scripts.iter().any(|(name, _)| *name == specifier);
    if known { Ok(()) } else { Err(message(specifier)) }
}

/// What is wrong with a specifier that is not in the table.
pub(super) fn message(specifier: &str) -> String {
    if let Some((_, instead)) = REMOVED.iter().find(|(name, _)| *name == specifier) {
        return format!("the module `{specifier}` was removed from k6: {instead}");
    }
    if NOT_YET.contains(&specifier) {
        return format!(
            "the module `{specifier}` is not supported yet; docs/compat.md lists what is"
        );
    }
    if specifier.starts_with("k6/x/") {
        return format!(
            "unknown module: `{specifier}`: extensions of k6 are written in Go and can't be loaded"
        );
    }
    let names = TABLE.entries.iter().map(|entry| entry.specifier);
    let names = names.chain(TABLE.scripts.iter().map(|(name, _)| *name));
    let names = names.chain(NOT_YET.iter().copied());
    let near = names
        .filter(|name| name.starts_with("k6"))
        .map(|name| (strsim::damerau_levenshtein(name, specifier), name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match near {
        Some((_, name)) => format!("unknown module: `{specifier}`; did you mean `{name}`?"),
        None => format!("unknown module: `{specifier}`; docs/compat.md lists the modules"),
    }
}
