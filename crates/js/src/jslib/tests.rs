//! Each version against its documentation, with stand-ins for `k6` and `k6/execution`.

use rquickjs::{
    CatchResultExt as _, Context, Module, Object, Runtime,
    loader::{BuiltinLoader, BuiltinResolver},
};

use super::lookup::{K6_SUMMARY, K6_UTILS, lookup};

const K6: &str = "export const reported = []; \
    export function check(val, sets, tags) { let all = true; for (const name in sets) { \
        let outcome = sets[name]; if (typeof outcome === 'function') outcome = outcome(val); \
        reported.push(tags ? [name, !!outcome, tags] : [name, !!outcome]); all = all && !!outcome; } return all; }";

const EXECUTION: &str = "const tags = {}; export default { vu: { metrics: { tags } }, scenario: { name: 's', startTime: 0 }, \
    test: { options: { scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [] } } } } };";

fn runtime() -> Runtime {
    let runtime = Runtime::new().unwrap();
    let mut resolver = BuiltinResolver::default().with_module("k6").with_module("k6/execution");
    let mut loader =
        BuiltinLoader::default().with_module("k6", K6).with_module("k6/execution", EXECUTION);
    for (library, versions) in [("k6-utils", K6_UTILS), ("k6-summary", K6_SUMMARY)] {
        for (version, source) in versions {
            let url = format!("https://jslib.k6.io/{library}/{version}/index.js");
            resolver = resolver.with_module(url.clone());
            loader = loader.with_module(url, *source);
        }
    }
    runtime.set_loader(resolver, loader);
    runtime
}

#[test]
fn each_version_exports_what_it_documents() {
    let from_1_0 = vec!["randomIntBetween", "randomItem", "randomString", "uuidv4"];
    let from_1_1 = [from_1_0.clone(), vec!["findBetween"]].concat();
    let from_1_2 = [from_1_1.clone(), vec!["normalDistributionStages"]].concat();
    let stages = vec![
        "getCurrentStageIndex",
        "parseDuration",
        "tagWithCurrentStageIndex",
        "tagWithCurrentStageProfile",
    ];
    let from_1_3 = [from_1_2.clone(), stages].concat();
    let from_1_5 = [from_1_3.clone(), vec!["check"]].concat();
    let context = Context::full(&runtime()).unwrap();
    for (version, mut expected) in [
        ("1.0.0", from_1_0),
        ("1.1.0", from_1_1),
        ("1.2.0", from_1_2),
        ("1.3.0", from_1_3.clone()),
        ("1.4.0", from_1_3),
        ("1.5.0", from_1_5.clone()),
        ("1.6.0", from_1_5),
    ] {
        expected.sort_unstable();
        let exports = context.with(|ctx| {
            let source =
                lookup(&format!("https://jslib.k6.io/k6-utils/{version}/index.js")).unwrap();
            let (module, promise) =
                Module::declare(ctx.clone(), version, source).unwrap().eval().unwrap();
            promise.finish::<()>().catch(&ctx).unwrap();
            let namespace: Object<'_> = module.namespace().unwrap();
            namespace.keys::<String>().collect::<Result<Vec<_>, _>>().unwrap()
        });
        assert_eq!(exports, expected, "{version}");
    }
}

#[test]
fn only_known_urls_are_built_in() {
    for url in [
        "https://jslib.k6.io/k6-utils/1.7.0/index.js",
        "https://jslib.k6.io/k6-utils/1.4.0/other.js",
        "https://jslib.k6.io/httpx/0.1.0/index.js",
        "https://jslib.k6.io/k6-summary/9.0.0/index.js",
        "http://jslib.k6.io/k6-utils/1.4.0/index.js",
        "",
    ] {
        assert_eq!(lookup(url), None, "{url}");
    }
}

#[test]
fn functions_do_as_documented() {
    run("k6_utils", include_str!("../../tests/jslib/k6_utils.js"));
}

#[test]
fn summaries_are_as_k6_prints_them() {
    run("k6_summary", include_str!("../../tests/jslib/k6_summary.js"));
}

fn run(name: &str, source: &str) {
    let context = Context::full(&runtime()).unwrap();
    context.with(|ctx| {
        ctx.eval::<(), _>(include_str!("../../tests/web/harness.js")).unwrap();
        let promise = Module::evaluate(ctx.clone(), name, source)
            .catch(&ctx)
            .unwrap_or_else(|error| panic!("{error}"));
        while ctx.execute_pending_job() {}
        promise.finish::<()>().catch(&ctx).unwrap_or_else(|error| panic!("{error}"));
    });
}
