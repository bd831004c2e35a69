//! Scripts against the globals: each file of `tests/web` is run in a fresh context and must not throw.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc, time::Instant};

use rquickjs::{
    CatchResultExt as _, Ctx, Module, Result, Runtime,
    loader::{Loader, Resolver},
    module::Declared,
};
use sockeye_engine::log::LogLevel;

use super::{Host, Kinds, LATE, PARTS, WATCHED, declare_natives, install, keep_watched};
use crate::runtime::{context::new_context, late};

/// What a script left behind.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) console: Vec<(LogLevel, String)>,
    pub(super) reported: Vec<String>,
}

/// Runs `source` as a module, and its jobs. Panics with the script's own error.
pub(super) fn run(name: &str, source: &str) -> Outcome {
    let outcome = Rc::new(RefCell::new(Outcome::default()));
    let runtime = Runtime::new().unwrap();
    runtime.set_loader(Halves, Halves);
    let context = new_context(&runtime).unwrap();
    context.with(|ctx| {
        start(&ctx, &host(&ctx, &outcome));
        let all = late::names(&[LATE]).chain(WATCHED);
        let named: BTreeSet<_> = all.filter(|name| source.contains(name)).collect();
        keep_watched(&ctx, &named).unwrap();
        late::prepare(&ctx, named).unwrap();
        let promise = Module::evaluate(ctx.clone(), name, source)
            .catch(&ctx)
            .unwrap_or_else(|error| panic!("{error}"));
        while ctx.execute_pending_job() {}
        promise.finish::<()>().catch(&ctx).unwrap_or_else(|error| panic!("{error}"));
    });
    drop(context);
    drop(runtime);
    Rc::into_inner(outcome).expect("the context is gone").into_inner()
}

pub(super) fn host(ctx: &Ctx<'_>, outcome: &Rc<RefCell<Outcome>>) -> Host {
    let (lines, errors) = (Rc::clone(outcome), Rc::clone(outcome));
    Host {
        performance_origin: Instant::now(),
        kinds: Kinds::learn(ctx).unwrap(),
        blob_bytes: 1 << 20,
        console: Rc::new(move |level, line| lines.borrow_mut().console.push((level, line))),
        random: getrandom::fill,
        offload: Rc::new(|ctx, work, resolve, reject| work()(ctx, resolve, reject)),
        report_exception: Rc::new(move |ctx, error| {
            let text = crate::interop::bytes::usv_string(ctx, error)?;
            errors.borrow_mut().reported.push(text);
            Ok(())
        }),
    }
}

/// Installs the globals, and what they take from others: a `setTimeout` that a script fires by `runTimers()`.
pub(super) fn start(ctx: &Ctx<'_>, host: &Host) {
    install(ctx, host).catch(ctx).unwrap_or_else(|error| panic!("{error}"));
    ctx.eval::<(), _>(include_str!("../../tests/web/harness.js"))
        .catch(ctx)
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Finds the halves by name, also for scripts: the tests look at what they export.
struct Halves;

impl Resolver for Halves {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        _: &str,
        name: &str,
        _: Option<rquickjs::loader::ImportAttributes<'js>>,
    ) -> Result<String> {
        Ok(name.to_owned())
    }
}

impl Loader for Halves {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<rquickjs::loader::ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        if name == "internal:web/natives" {
            return declare_natives(ctx, name);
        }
        let mut halves = PARTS.iter().copied();
        let (_, source) = halves
            .find(|(half, _)| *half == name)
            .ok_or_else(|| rquickjs::Error::new_loading_message(name, "no such module"))?;
        Module::declare(ctx.clone(), name, source)
    }
}

macro_rules! scripts {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let name = stringify!($name);
            run(name, include_str!(concat!("../../tests/web/", stringify!($name), ".js")));
        })*
    };
}

scripts! {
    changed_globals events abort blob clone crypto dom_exception encoding performance subtle url streams
}

macro_rules! areas {
    ($($name:ident)*) => {
        &[$((stringify!($name), include_str!(concat!("../../tests/web/conformance/", stringify!($name), ".js")))),*]
    };
}

/// Requirements of the standards by area, each file a list of them: `tests/web/conformance/harness.js`.
const AREAS: &[(&str, &str)] = areas! {
    readable_general bad_sources readers tee async_iterator byte_streams writable_transform pipe blob
};

/// Prints the table: `cargo test -p sockeye-js --lib conformance -- --nocapture`.
#[test]
#[expect(clippy::print_stdout, reason = "the table is for whoever runs the test")]
fn conformance() {
    let harness = include_str!("../../tests/web/conformance/harness.js");
    let mut failures = Vec::new();
    println!("{:<20} {:>6} {:>6}", "area", "passed", "of");
    for (area, source) in AREAS {
        let report =
            "console.log(results.passed); results.failed.forEach((text) => console.log(text));";
        let outcome = run(area, &format!("{harness}\n{source}\n{report}"));
        let mut lines = outcome.console.into_iter().map(|(_, line)| line);
        let passed: usize = lines.next().and_then(|line| line.parse().ok()).unwrap_or_default();
        let failed = lines.map(|line| format!("{area}: {line}")).collect::<Vec<_>>();
        println!("{area:<20} {passed:>6} {:>6}", passed + failed.len());
        assert!(passed > 0, "{area} has no requirements");
        failures.extend(failed);
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

fn console(source: &str) -> Vec<String> {
    run("console", source).console.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn console_levels() {
    let outcome = run(
        "console",
        "console.log('a', 1); console.debug('b'); console.info('c'); console.warn('d'); console.error('e'); \
         const { log } = console; log('detached'); console.log();",
    );
    let expected = [
        (LogLevel::Info, "a 1"),
        (LogLevel::Debug, "b"),
        (LogLevel::Info, "c"),
        (LogLevel::Warning, "d"),
        (LogLevel::Error, "e"),
        (LogLevel::Info, "detached"),
        (LogLevel::Info, ""),
    ];
    assert_eq!(outcome.console, expected.map(|(level, line)| (level, line.to_owned())));
}

/// Each pair is an expression and what k6 1.1 writes for it.
#[test]
fn console_writes_values_as_k6_does() {
    for (expression, expected) in [
        ("'a', 'b'", "a b"),
        (
            "1, 1.5, -0, NaN, Infinity, 1e21, 123456789012345680000, 1e-7, 0.1 + 0.2",
            "1 1.5 0 NaN Infinity 1e+21 123456789012345680000 1e-7 0.30000000000000004",
        ),
        ("true, false, null, undefined", "true false null undefined"),
        ("{ a: 1, b: 'x', c: [1, 2, { d: 3 }] }", r#"{"a":1,"b":"x","c":[1,2,{"d":3}]}"#),
        ("[1, 'a', null, undefined, Symbol('q'), NaN]", r#"[1,"a",null,null,null,null]"#),
        ("{ a: undefined, s: Symbol('x'), n: null, nan: NaN }", r#"{"n":null,"nan":null}"#),
        ("new (class Foo { #p = 2; a = 1; get g() { return 5; } m() {} })()", r#"{"a":1}"#),
        (
            "new Map([[1, 2]]), new Set([1]), new WeakMap(), Promise.resolve(1), /a/g",
            "{} {} {} {} {}",
        ),
        ("Symbol('s')", "s"),
        ("Symbol()", ""),
        ("10n", "10"),
        ("{ a: 10n }", "[object Object]"),
        ("new Date(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("new Date(NaN)", "null"),
        ("{ get x() { return 1; } }", r#"{"x":1}"#),
        ("{ get x() { throw new Error('gx'); } }", "[object Object]"),
        ("{ get x() { throw 1; }, toString() { throw 2; } }", "[object Object]"),
        ("{ toJSON() { return 'J'; } }", r#""J""#),
        ("{ toJSON() {} }", "null"),
        ("new Number(5), new String('s'), new Boolean(false)", r#"5 "s" false"#),
        ("new Proxy({ a: 1 }, {}), Object.create(null)", r#"{"a":1} {}"#),
        ("'%s %d', 'x', 5", "%s %d x 5"),
        (r#"'a\nb"c"\\'"#, "a\nb\"c\"\\"),
        ("'é€😀'", "é€😀"),
        (r"'\ud800x', { a: '\ud800x' }", r#"�x {"a":"\ud800x"}"#),
        ("{}, [], '', [1, , 3]", "{} []  [1,null,3]"),
        ("(function () { return arguments; })(1, 2)", r#"{"0":1,"1":2}"#),
        ("{ b: 1, 2: 1, 1: 1 }", r#"{"1":1,"2":1,"b":1}"#),
        ("new DataView(new ArrayBuffer(2))", "{}"),
        ("new (class Bar { toString() { return 'STR'; } })()", "{}"),
    ] {
        assert_eq!(console(&format!("console.log({expression})")), [expected], "{expression}");
    }
}

/// Where k6 1.1 writes `{}`, `null` or `[object Object]`, its later versions (from 1.2 to 1.6) say more.
#[test]
fn console_writes_what_later_k6_says() {
    for (expression, expected) in [
        ("function foo() {}", "[object Function]"),
        (
            "{ one: class {}, two: [() => 1] }",
            r#"{"one":"[object Function]","two":["[object Function]"]}"#,
        ),
        ("new TypeError('boom')", "TypeError: boom"),
        ("{ e: new Error('boom') }", r#"{"e":"Error: boom"}"#),
        (
            "(() => { const o = { a: 1 }; o.o = o; o.deep = { o }; return o; })()",
            r#"{"a":1,"o":"[Circular]","deep":{"o":"[Circular]"}}"#,
        ),
        ("(() => { const o = {}; return [o, o]; })()", "[{},{}]"),
        ("(() => { const a = [1]; a.push(a); return a; })()", r#"[1,"[Circular]"]"#),
        ("new Int32Array([4, 2])", "Int32Array(2) [ 4, 2 ]"),
        ("new Uint8Array()", "Uint8Array(0) []"),
        (
            "new Int32Array([4, 2]).buffer",
            "ArrayBuffer { [Uint8Contents]: <04 00 00 00 02 00 00 00>, byteLength: 8 }",
        ),
        ("{ v: new BigInt64Array([1n]) }", r#"{"v":"BigInt64Array(1) [ 1 ]"}"#),
        (
            "(() => { const b = new ArrayBuffer(1); b.transfer(); return b; })()",
            "ArrayBuffer { (detached), byteLength: 0 }",
        ),
    ] {
        assert_eq!(console(&format!("console.log({expression})")), [expected], "{expression}");
    }
}

#[test]
fn console_has_the_rest_of_the_standard() {
    let lines = console(
        "console.assert(true, 'no'); console.assert(0, 'bad', 1); console.assert(); console.dir({ a: 1 }, 2); \
         console.table([{ a: 1 }, 2]); console.table(3); console.count(); console.count('x'); console.count(); \
         console.countReset(); console.count(); console.countReset('y'); console.timeEnd('t'); \
         console.group('g', 1); console.log('in'); console.groupEnd(); console.groupEnd(); console.log('out');",
    );
    assert_eq!(
        lines,
        [
            "Assertion failed: bad 1",
            "Assertion failed",
            r#"{"a":1}"#,
            r#"0: {"a":1}"#,
            "1: 2",
            "3",
            "default: 1",
            "x: 1",
            "default: 2",
            "default: 1",
            "Count for 'y' does not exist",
            "Timer 't' does not exist",
            "g 1",
            "  in",
            "out",
        ]
    );
}

#[test]
fn exceptions_in_listeners_go_to_the_host() {
    let outcome = run(
        "reports",
        "const t = new EventTarget(); t.addEventListener('x', () => { throw new TypeError('boom'); }); \
         t.addEventListener('x', {}); t.dispatchEvent(new Event('x')); console.log('on');",
    );
    assert_eq!(outcome.reported, ["TypeError: boom", "TypeError: handleEvent is not a function"]);
    assert_eq!(outcome.console.len(), 1);
}

#[test]
fn a_script_can_replace_a_global_that_was_never_asked_for() {
    let lines = console(
        "const names = Object.getOwnPropertyNames(globalThis); \
         console.log(names.includes('URL'), Object.keys(globalThis).includes('URL')); \
         globalThis.URLSearchParams = 7; console.log(new URL('http://h/?a=1').searchParams.get('a')); \
         console.log(URLSearchParams, Object.getOwnPropertyDescriptor(globalThis, 'URL').writable);",
    );
    assert_eq!(lines, ["true false", "1", "7 true"]);
}
