//! Rules about what Rust sources say. They read lines, not syntax: cheap, and wrong only in ways
//! that an allow list with a reason settles.

use crate::expect_none;
use crate::tree::{SourceFile, files};

/// Marks of unfinished work, each in two parts so that this file does not trip over itself.
const UNFINISHED: [(&str, &str); 6] = [
    ("TO", "DO"),
    ("FIX", "ME"),
    ("todo", "!("),
    ("unimplemented", "!("),
    ("#[ign", "ore"),
    ("#[should_", "panic"),
];

/// State that belongs to nobody.
const SHARED_STATE: [&str; 4] = ["static mut ", "thread_local!", "lazy_static!", "task_local!"];

/// What lets the value of a `static` change after it was built.
const CHANGEABLE: [&str; 6] = ["Mutex", "RwLock", "Atomic", "Cell", "OnceLock", "LazyLock"];

/// Where shared state is right: path and why.
const SHARED_STATE_ALLOWED: [(&str, &str); 1] = [(
    "crates/fiber/src/fiber.rs",
    "`block_on` finds the fiber that it runs on, however deep the native stack is",
)];

/// Functions that may stand in a `mod.rs` or `lib.rs`: path, the function, and why.
const DOORS_WITH_LOGIC: [(&str, &str, &str); 1] = [(
    "crates/cli/src/ui/summary/mod.rs",
    "render",
    "puts the chapters together, which are all that the folder has",
)];

/// Crates whose job needs `unsafe`.
const UNSAFE_CRATES: [&str; 2] = ["crates/fiber/", "crates/js/"];
/// The files of `js` that have any, each with its reason.
const UNSAFE_IN_JS: [(&str, &str); 18] = [
    ("crates/js/src/interop/bytes.rs", "the engine lends buffers and strings as pointers"),
    ("crates/js/src/runtime/accounts.rs", "it is the engine's allocator"),
    ("crates/js/src/runtime/builtins.rs", "rquickjs adds built-ins only to new contexts"),
    ("crates/js/src/runtime/bytecode.rs", "bytecode is trusted because this process wrote it"),
    ("crates/js/src/runtime/call.rs", "arguments as the engine passes them"),
    ("crates/js/src/runtime/ffi.rs", "calls that rquickjs does not have"),
    ("crates/js/src/runtime/fields.rs", "fields of the engine that it has no call for"),
    ("crates/js/src/runtime/group.rs", "the engine's collector and its jobs"),
    ("crates/js/src/runtime/late/asked.rs", "exotic methods, which rquickjs has no word for"),
    ("crates/js/src/runtime/late/globals.rs", "a marker trait of a struct that holds values"),
    ("crates/js/src/runtime/late/property.rs", "own properties, which rquickjs has no word for"),
    ("crates/js/src/runtime/member.rs", "tables of functions that the engine reads"),
    ("crates/js/src/runtime/probe.rs", "looks for those fields in memory"),
    ("crates/js/src/runtime/realm.rs", "values kept for a context, behind its one pointer"),
    ("crates/js/src/runtime/seat.rs", "exchanges fields where a script is suspended"),
    ("crates/js/src/web/event_class.rs", "marker traits of classes that hold values"),
    ("crates/js/src/web/kind.rs", "the engine tells the class of an object by raw value only"),
    ("crates/js/src/web/opaque.rs", "marker traits of a class without values and of the halves"),
];

/// Where time is an argument, and what would be reading it.
const CLOCKLESS: [&str; 3] =
    ["crates/engine/src/schedule/", "crates/ws/src/", "crates/metrics/src/"];
const CLOCKS: [&str; 4] = ["Instant::now", "SystemTime::now", ".elapsed()", "tokio::time"];
/// The collector thread is the one place in `metrics` that wakes up by itself.
const CLOCK_ALLOWED: &str = "crates/metrics/src/pipeline.rs";

#[test]
fn every_file_says_what_lives_in_it() {
    let breaches: Vec<String> = rust()
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.breach(0, "no `//!` on the first line"))
        .collect();
    expect_none("the first line says what lives here and what does not", &breaches);
}

#[test]
fn nothing_is_left_unfinished() {
    let breaches = lines(&rust(), |_, line| {
        UNFINISHED.iter().map(|(a, b)| format!("{a}{b}")).find(|mark| line.contains(mark.as_str()))
    });
    expect_none("finish it, or say in compat/k6.toml what is missing", &breaches);
}

#[test]
fn state_belongs_to_someone() {
    let breaches = lines(&rust(), |file, line| {
        let allowed = SHARED_STATE_ALLOWED.iter().any(|(path, _why)| *path == file.path);
        if allowed || is_comment(line) || file.path.starts_with("xtask/tests/") {
            return None;
        }
        let shared = SHARED_STATE.iter().any(|what| line.contains(what)) || is_shared_static(line);
        shared.then(|| format!("`{}`", line.trim()))
    });
    expect_none("a process can host two runs: pass it, or lend it", &breaches);
}

/// A `static` whose value can change after it was built.
fn is_shared_static(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    line.starts_with("static ") && CHANGEABLE.iter().any(|kind| line.contains(kind))
}

#[test]
fn people_never_write_untagged_or_flattened_values() {
    let breaches = lines(&rust(), |_, line| {
        let serde = line.trim_start().starts_with("#[serde(");
        let word = ["untagged", "flatten"].into_iter().find(|word| serde && line.contains(word))?;
        Some(format!("serde's `{word}` gives messages that name no key"))
    });
    expect_none("read such values by hand, and name the offending key", &breaches);
}

#[test]
fn doors_hold_no_logic() {
    let doors: Vec<SourceFile> = rust()
        .into_iter()
        .filter(SourceFile::is_in_src)
        .filter(|file| file.path.ends_with("/mod.rs") || file.path.ends_with("/lib.rs"))
        .collect();
    let mut breaches = Vec::new();
    for file in &doors {
        for (index, name) in functions_with_bodies(&file.text) {
            let allowed =
                DOORS_WITH_LOGIC.iter().any(|(path, f, _why)| *path == file.path && *f == name);
            if !allowed {
                breaches.push(file.breach(index, &format!("`fn {name}`")));
            }
        }
    }
    expect_none("`mod.rs` and `lib.rs` hold docs, declarations and one table", &breaches);
}

/// The functions of a file that are more than a declaration in a trait: line index and name. Tests
/// come last in a file, and may have helpers.
fn functions_with_bodies(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let declaration = declared_function(line);
        if let Some(name) = declaration {
            let rest = &text[offset..];
            let end = rest.find(['{', ';']).unwrap_or(rest.len());
            if rest[end..].starts_with('{') {
                found.push((index, name.to_owned()));
            }
        }
        offset += line.len();
    }
    found
}

/// The name in a line that starts a function.
fn declared_function(line: &str) -> Option<&str> {
    const BEFORE: [&str; 7] =
        ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern"];
    let mut words = line.split_whitespace();
    let first = words.find(|word| !BEFORE.contains(word) && !word.starts_with('"'))?;
    let name = words.next().filter(|_| first == "fn")?;
    name.split(['(', '<']).next()
}

#[test]
fn unsafe_is_forbidden_where_it_is_not_the_job() {
    let breaches: Vec<String> = rust()
        .iter()
        .filter(|file| file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs"))
        .filter(|file| UNSAFE_CRATES.iter().all(|allowed| !file.path.starts_with(allowed)))
        .filter(|file| !file.text.contains("#![forbid(unsafe_code)]"))
        .map(|file| file.breach(0, "no `#![forbid(unsafe_code)]`"))
        .collect();
    expect_none("`unsafe` lives in fiber and js only", &breaches);
}

#[test]
fn unsafe_in_js_stays_where_it_is() {
    let allows = |text: &str| text.contains(concat!("(unsafe", "_code"));
    let found: Vec<String> = rust()
        .into_iter()
        .filter(|file| file.path.starts_with("crates/js/") && allows(&file.text))
        .map(|file| file.path)
        .collect();
    let listed = UNSAFE_IN_JS.map(|(path, _)| path.to_owned());
    assert_eq!(found, listed, "the files of js with `unsafe`, in the order of their paths");
}

#[test]
fn time_is_an_argument() {
    let breaches = lines(&rust(), |file, line| {
        let clockless = CLOCKLESS.iter().any(|path| file.path.starts_with(path));
        if !clockless || file.path == CLOCK_ALLOWED || is_comment(line) {
            return None;
        }
        CLOCKS.iter().find(|clock| line.contains(**clock)).map(|clock| format!("`{clock}`"))
    });
    expect_none("no clock in the codec, the metrics and the schedules", &breaches);
}

fn rust() -> Vec<SourceFile> {
    files(&["rs"])
}

/// Collects what `find` says about each line.
fn lines(files: &[SourceFile], find: impl Fn(&SourceFile, &str) -> Option<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            breaches.extend(find(file, line).map(|what| file.breach(index, &what)));
        }
    }
    breaches
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn functions_are_told_from_declarations() {
    let text = "pub trait T {\n    fn declared(&self);\n}\npub(crate) async fn with_body<T>(\n    \
                x: T,\n) {\n}\n// fn commented() {}\nconst fn short() -> u8 { 1 }\n#[cfg(test)]\nmod tests { fn helper() {} }\n";
    let names: Vec<String> = functions_with_bodies(text).into_iter().map(|(_, n)| n).collect();
    assert_eq!(names, ["with_body", "short"]);
}

#[test]
fn statics_that_can_change_are_told_from_tables() {
    assert!(is_shared_static("pub(crate) static NEXT: AtomicU64 = AtomicU64::new(0);"));
    assert!(is_shared_static("    static X: std::sync::Mutex<u8> = todo;"));
    assert!(is_shared_static("static ONCE: OnceLock<u8> = OnceLock::new();"));
    assert!(!is_shared_static("    started: OnceLock<Instant>,"));
    assert!(!is_shared_static("static NAMES: [&str; 2] = [\"a\", \"b\"];"));
    assert!(!is_shared_static("fn f(x: &'static Mutex<u8>) {}"));
}
