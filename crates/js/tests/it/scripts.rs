//! Every script of `scripts/` against the `.out` file beside it. `UPDATE=1` writes those anew.

use std::{collections::BTreeMap, path::PathBuf};

use crate::harness;

fn check(name: &str) {
    check_with_env(name, &BTreeMap::new());
}

/// The same, with variables for `__ENV`.
pub(crate) fn check_with_env(name: &str, env: &BTreeMap<String, String>) {
    let expected = PathBuf::from(name).with_extension("out");
    check_as(name, &expected.to_string_lossy(), env);
}

/// The same, against another file than the one beside it.
pub(crate) fn check_as(name: &str, expected: &str, env: &BTreeMap<String, String>) {
    let scripts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    let got = harness::run(&scripts.join(name), env);
    let expected = scripts.join(expected);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&expected, &got).unwrap();
    }
    let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(got, wanted, "{name} printed something else than {}", expected.display());
}

macro_rules! scripts {
    ($($test:ident: $file:literal;)*) => {
        $(#[test] fn $test() { check($file); })*
    };
}

scripts! {
    check_group_fail: "check_group_fail.js";
    lifecycle: "lifecycle.js";
    setup_deep: "setup_deep.js";
    timers: "timers.js";
    exceptions: "exceptions.js";
    metrics: "metrics.js";
    execution: "execution.js";
    interrupted_timers: "interrupted_timers.js";
    interrupted_loop: "interrupted_loop.js";
    interrupted_sleep: "interrupted_sleep.js";
    deep_recursion: "deep_recursion.js";
    abort: "abort.js";
    modules: "modules/main.js";
    import_meta: "modules/meta.js";
    commonjs_entry: "modules/entry.cjs.js";
    typescript: "typescript.ts";
    missing_import: "missing_import.js";
    missing_export: "missing_export.js";
    bare_import: "bare_import.js";
    unknown_module: "unknown_module.js";
    syntax_error: "syntax_error.js";
    init_throws: "init_throws.js";
    globals: "globals.js";
    global_replaced: "global_replaced.js";
    late_globals: "late_globals.js";
    navigator: "navigator.js";
    thrown_events: "thrown_events.js";
    streams: "streams.js";
    text_streams: "text_streams.js";
    top_level_await: "top_level_await.js";
    shared_array: "data/shared_array.js";
    encoding: "data/encoding.js";
    crypto: "data/crypto.js";
    fs: "data/fs.js";
    csv: "data/csv.js";
    web_crypto: "data/web_crypto.js";
    web_crypto_interrupted: "data/web_crypto_interrupted.js";
}
