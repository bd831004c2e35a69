//! What options mean and what is wrong with them, in the words of k6 1.1.0 where it has good ones.

use proptest::prelude::*;
use serde_json::{Value, json};
use sockeye_engine::{
    executor::Description,
    options::{
        self, Notice, OptionsError, Resolved, Source, TABLE, from_env, from_flags, from_json,
    },
};

fn resolve(sources: &[(Source, Value)]) -> Result<Resolved, OptionsError> {
    let mut layers = Vec::new();
    let mut notices = Vec::new();
    for (source, value) in sources {
        let reading = from_json(*source, value)?;
        notices.extend(reading.notices);
        layers.push((*source, reading.layer));
    }
    let mut resolved = options::resolve(layers)?;
    notices.append(&mut resolved.notices);
    Ok(Resolved { notices, ..resolved })
}

fn resolve_script(script: Value) -> Result<Resolved, OptionsError> {
    resolve(&[(Source::Script, script)])
}

/// The error, or else the scenarios' descriptions.
fn check(script: Value, expect: &str) {
    let shown = script.to_string();
    let got = match resolve_script(script) {
        Ok(resolved) => describe(&resolved),
        Err(error) => {
            let text = error.to_string();
            match text.split_once("configuration:\n\t- ") {
                Some((_, problems)) => problems.to_owned(),
                None => text,
            }
        }
    };
    assert_eq!(got, expect, "{shown}");
}

fn describe(resolved: &Resolved) -> String {
    let scenarios = resolved.options.scenarios.iter().map(|scenario| {
        let numbers = match scenario.executor.describe() {
            Description::SharedIterations { iterations, vus, max_duration } => {
                format!("{iterations} shared among {vus} in {max_duration:?}")
            }
            Description::PerVuIterations { iterations, vus, max_duration } => {
                format!("{iterations} for each of {vus} in {max_duration:?}")
            }
            Description::ConstantVus { vus, duration } => format!("{vus} for {duration:?}"),
            Description::RampingVus { max_vus, duration, stages, .. } => {
                format!("up to {max_vus} for {duration:?} over {stages}")
            }
            Description::ConstantArrivalRate { rate, duration, .. } => {
                format!("{rate} a second for {duration:?}")
            }
            Description::RampingArrivalRate { peak_rate, duration, stages, .. } => {
                format!("up to {peak_rate} a second for {duration:?} over {stages}")
            }
        };
        format!("{}: {numbers}", scenario.name)
    });
    scenarios.collect::<Vec<_>>().join("; ")
}

#[test]
fn shortcuts() {
    check(json!(null), "default: 1 for each of 1 in 600s");
    check(json!({}), "default: 1 for each of 1 in 600s");
    check(json!({ "vus": 2, "iterations": 10 }), "default: 10 shared among 2 in 600s");
    check(json!({ "VUS": 2, "Iterations": "10" }), "default: 10 shared among 2 in 600s");
    check(json!({ "iterations": 1e3 }), "default: 1000 shared among 1 in 600s");
    check(json!({ "vus": 2, "duration": "1m30s" }), "default: 2 for 90s");
    check(json!({ "duration": 1500 }), "default: 1 for 1.5s");
    check(
        json!({ "vus": 2, "iterations": 2, "duration": "5s" }),
        "default: 2 shared among 2 in 5s",
    );
    check(
        json!({ "vus": 5, "stages": [{ "duration": "10s", "target": 2 }] }),
        "default: up to 5 for 10s over 1",
    );
    check(
        json!({ "iterations": 1, "duration": "1s", "stages": [{ "duration": "1s", "target": 1 }] }),
        "using `iterations` and `stages` options simultaneously is not allowed",
    );
    let scenario = json!({ "a": { "executor": "shared-iterations" } });
    check(
        json!({ "iterations": 1, "scenarios": scenario }),
        "using `iterations` and `scenarios` options simultaneously is not allowed",
    );
    check(
        json!({ "duration": "1s", "stages": [{ "duration": "1s", "target": 1 }] }),
        "using `duration` and `stages` options simultaneously is not allowed",
    );
    check(
        json!({ "duration": "1s", "scenarios": scenario }),
        "using `duration` and `scenarios` options simultaneously is not allowed",
    );
    check(
        json!({ "stages": [{ "duration": "1s", "target": 1 }], "scenarios": scenario }),
        "using `stages` and `scenarios` options simultaneously is not allowed",
    );
    check(json!({ "vus": 9, "scenarios": scenario }), "a: 1 shared among 1 in 600s");
    check(json!({ "duration": 0 }), "`duration` option should be more than 0");
}

#[test]
fn what_is_odd_is_noticed() {
    let notices = |script| resolve_script(script).unwrap().notices;
    assert_eq!(notices(json!({ "vus": 1 })), []);
    assert_eq!(
        notices(json!({ "vus": 2, "stages": [] })),
        [Notice::VusIgnored { vus: 2 }, Notice::EmptyShortcut { key: "stages" }]
    );
    assert_eq!(notices(json!({ "scenarios": {} })), [Notice::EmptyShortcut { key: "scenarios" }]);
    let unknown = |path: &str, nearest| Notice::UnknownKey {
        source: Source::Script,
        path: path.to_owned(),
        nearest,
    };
    assert_eq!(notices(json!({ "vuss": 1 })), [unknown("vuss", Some("vus"))]);
    assert_eq!(notices(json!({ "linger": true })), [unknown("linger", None)]);
    assert_eq!(
        notices(
            json!({ "thresholds": { "checks": [{ "threshold": "rate>0", "abortOnFall": true }] } })
        ),
        [unknown("thresholds.checks[0].abortOnFall", Some("abortOnFail"))]
    );
    assert_eq!(
        notices(json!({ "systemTags": ["url", "foo"] })),
        [Notice::UnknownSystemTag("foo".to_owned())]
    );
    assert_eq!(
        notices(json!({ "vuss": 1 }))[0].to_string(),
        "unknown option `vuss` in the script, did you mean `vus`?"
    );
}

#[test]
fn keys_are_known_whatever_their_case() {
    let read = |script: Value| {
        let reading = from_json(Source::Script, &script).unwrap();
        assert_eq!(reading.notices, []);
        reading.layer
    };
    let written = json!({
        "stages": [{ "duration": "1s", "target": 2 }],
        "scenarios": { "A": { "executor": "ramping-vus", "startVUs": 0, "stages": [] } },
        "thresholds": { "checks": [{ "threshold": "rate>0", "abortOnFail": true }] },
        "dns": { "ttl": "1s" },
        "tlsVersion": { "min": "tls1.2" },
    });
    let otherwise = json!({
        "STAGES": [{ "Duration": "1s", "TARGET": 2 }],
        "scenarios": { "A": { "Executor": "ramping-vus", "startvus": 0, "Stages": [] } },
        "Thresholds": { "checks": [{ "Threshold": "rate>0", "abortonfail": true }] },
        "DNS": { "TTL": "1s" },
        "tlsversion": { "Min": "tls1.2" },
    });
    assert_eq!(read(otherwise), read(written));
}

#[test]
fn wrong_types_say_where_they_are() {
    let number = "expected a whole number, got";
    check(json!({ "vus": 1.5 }), &format!("option `vus` in the script: {number} `1.5`"));
    check(json!({ "vus": "a" }), &format!("option `vus` in the script: {number} `\"a\"`"));
    check(
        json!({ "iterations": 1e30 }),
        &format!("option `iterations` in the script: {number} `1e+30`"),
    );
    check(
        json!({ "duration": "1h2d" }),
        "option `duration` in the script: expected a duration such as `1m30s` or a number of milliseconds, got `\"1h2d\"`",
    );
    check(
        json!({ "stages": [{ "duration": "1s", "target": [] }] }),
        "option `stages[0].target` in the script: expected a whole number, got an array",
    );
    check(json!([1]), "options in the script: expected an object, got an array");
    check(
        json!({ "tags": { "a": 1 } }),
        "option `tags.a` in the script: expected a string, got `1`",
    );
    check(
        json!({ "noSetup": "yes" }),
        "option `noSetup` in the script: expected `true` or `false`, got `\"yes\"`",
    );
    check(
        json!({ "thresholds": { "checks": "rate>0" } }),
        "option `thresholds.checks` in the script: expected an array, got `\"rate>0\"`",
    );
    check(
        json!({ "scenarios": { "a": { "executor": "shared-iterations", "vus": 1.5 } } }),
        "option `scenarios.a.vus` in the script: expected a whole number, got `1.5`",
    );
}

#[test]
fn scenarios_that_can_not_be_read() {
    let place = "option `scenarios.a` in the script:";
    let a = |fields: Value| json!({ "scenarios": { "a": fields } });
    check(a(json!({})), &format!("{place} scenario 'a' doesn't have a specified executor type"));
    check(a(json!(1)), &format!("{place} expected an object, got `1`"));
    check(
        a(json!({ "executor": "ramping-vu" })),
        "option `scenarios.a.executor` in the script: unknown executor type 'ramping-vu', did you mean `ramping-vus`?",
    );
    check(
        a(json!({ "executor": "constant-vus", "iterations": 1 })),
        "option `scenarios.a.iterations` in the script: the executor `constant-vus` has no field `iterations`",
    );
    check(
        a(json!({ "executor": "ramping-vus", "stages": [{ "duraton": 1 }] })),
        "option `scenarios.a.stages[0]` in the script: unknown field `duraton`, did you mean `duration`?",
    );
}

#[test]
fn scenarios_that_make_no_test() {
    let a = |fields: Value, expect: &str| {
        let expect = format!("scenario a has configuration errors: {expect}");
        check(json!({ "scenarios": { "a": fields } }), &expect);
    };
    a(json!({ "executor": "constant-vus" }), "the duration is unspecified");
    a(
        json!({ "executor": "constant-vus", "duration": "500ms", "vus": 0 }),
        "the number of VUs must be more than 0, the duration must be at least 1s, but is 500ms",
    );
    a(
        json!({ "executor": "shared-iterations", "vus": 2 }),
        "the number of iterations (1) can't be less than the number of VUs (2)",
    );
    a(
        json!({ "executor": "shared-iterations", "maxDuration": "-1s" }),
        "the maxDuration must be at least 1s, but is -1s",
    );
    a(
        json!({ "executor": "per-vu-iterations", "vus": 0, "iterations": -1 }),
        "the number of VUs must be more than 0, the number of iterations must be more than 0",
    );
    a(
        json!({ "executor": "constant-vus", "duration": "1s", "vus": 1e12 }),
        "the number of VUs can't be more than 100000000",
    );
    a(json!({ "executor": "ramping-vus" }), "at least one stage has to be specified");
    a(
        json!({ "executor": "ramping-vus", "startVUs": 0, "stages": [{ "duration": "1s", "target": 0 }] }),
        "either startVUs or one of the stages' target values must be greater than 0",
    );
    a(
        json!({ "executor": "ramping-vus", "stages": [
            { "duration": "1s", "target": -1 }, { "target": 1 }, { "duration": "1s" }
        ] }),
        "the target for stage 1 can't be negative, stage 2 doesn't have a duration, stage 3 doesn't have a target",
    );
    a(json!({ "executor": "shared-iterations", "exec": "" }), "exec value cannot be empty");
    a(
        json!({ "executor": "shared-iterations", "startTime": "-1s" }),
        "the startTime can't be negative",
    );
    a(
        json!({ "executor": "shared-iterations", "gracefulStop": "-1s" }),
        "the gracefulStop timeout can't be negative",
    );
    a(
        json!({ "executor": "constant-arrival-rate" }),
        "the iteration rate isn't specified, the duration is unspecified, the number of preAllocatedVUs isn't specified",
    );
    a(
        json!({ "executor": "constant-arrival-rate", "rate": -1, "duration": "500ms", "timeUnit": "0s",
                "preAllocatedVUs": -1, "maxVUs": -5 }),
        "the iteration rate must be more than 0, the timeUnit must be more than 0, the duration must be at least 1s, but is 500ms, the number of preAllocatedVUs can't be negative, maxVUs can't be less than preAllocatedVUs",
    );
    a(
        json!({ "executor": "ramping-arrival-rate" }),
        "at least one stage has to be specified, the number of preAllocatedVUs isn't specified",
    );
    a(
        json!({ "executor": "ramping-arrival-rate", "startRate": -1, "timeUnit": "-1s",
                "preAllocatedVUs": 2, "maxVUs": 1, "stages": [{}] }),
        "the startRate value can't be negative, the timeUnit must be more than 0, stage 1 doesn't have a duration, stage 1 doesn't have a target, maxVUs can't be less than preAllocatedVUs",
    );
    check(
        json!({ "executionSegment": "1/3:2/3", "executionSegmentSequence": "0,1/2,1" }),
        "provided segment 1/3:2/3 can't be found in sequence 0,1/2,1",
    );
    check(
        json!({ "scenarios": {
            "b": { "executor": "constant-vus" },
            "a b": { "executor": "shared-iterations" },
        } }),
        "scenario a b has configuration errors: the scenario name should contain only numbers, latin letters, underscores, and dashes\n\t- scenario b has configuration errors: the duration is unspecified",
    );
    check(json!({ "setupTimeout": 0 }), "setupTimeout must be positive");
}

#[test]
fn scenarios_are_shown_by_start_time_and_name() {
    check(
        json!({ "scenarios": {
            "a": { "executor": "constant-vus", "duration": "1s", "startTime": "2s" },
            "b": { "executor": "shared-iterations", "startTime": "1s" },
            "A": { "executor": "shared-iterations", "startTime": "1s" },
        } }),
        "A: 1 shared among 1 in 600s; b: 1 shared among 1 in 600s; a: 1 for 1s",
    );
}

#[test]
fn later_sources_win_and_shortcuts_put_aside_those_before() {
    let both =
        |low: Value, high: Value| resolve(&[(Source::Script, low), (Source::Flags, high)]).unwrap();
    let shown = |low, high| describe(&both(low, high));
    assert_eq!(
        shown(json!({ "vus": 3, "duration": "1s" }), json!({ "iterations": 3 })),
        "default: 3 shared among 3 in 600s"
    );
    assert_eq!(
        shown(json!({ "duration": "1s", "iterations": 3 }), json!({ "vus": 3 })),
        "default: 3 shared among 3 in 1s"
    );
    assert_eq!(
        shown(json!({ "vus": 2, "iterations": 4 }), json!({ "duration": "1s" })),
        "default: 2 for 1s"
    );
    let scenarios = json!({ "scenarios": { "a": { "executor": "shared-iterations" } } });
    let over = both(scenarios.clone(), json!({ "iterations": 3 }));
    assert_eq!(describe(&over), "default: 3 shared among 1 in 600s");
    assert_eq!(over.notices, [Notice::ScenariosOverridden { by: Source::Flags }]);
    assert_eq!(
        over.notices[0].to_string(),
        "\"cli\" level configuration overrode scenarios configuration entirely"
    );
    assert_eq!(both(scenarios, json!({ "vus": 2 })).notices, []);
    // k6: maps are replaced, not merged.
    let tags = both(json!({ "tags": { "a": "x", "b": "1" } }), json!({ "tags": { "a": "y" } }));
    assert_eq!(tags.options.tags.into_iter().collect::<Vec<_>>(), [("a".into(), "y".into())]);
}

fn flags(given: &[(&str, &[&str])]) -> Result<options::OptionsLayer, String> {
    let given = given
        .iter()
        .map(|(name, texts)| (*name, texts.iter().map(|&text| text.to_owned()).collect()));
    from_flags(given).map(|reading| reading.layer).map_err(|error| {
        assert!(error.is_usage());
        error.to_string()
    })
}

#[test]
fn flags_are_read() {
    let layer = flags(&[
        ("vus", &["3"]),
        ("stage", &["10s:5,1m:0", "5s"]),
        ("tag", &["a=b=c", "d=e"]),
        ("no-setup", &[]),
        ("no-teardown", &["F"]),
        ("system-tags", &["url,name", "iter"]),
    ])
    .unwrap();
    assert_eq!(layer.vus, Some(3));
    let targets: Vec<_> = layer.stages.unwrap().iter().map(|stage| stage.target).collect();
    assert_eq!(targets, [Some(5), Some(0), None]);
    assert_eq!(layer.tags.unwrap()["a"], "b=c");
    assert_eq!((layer.no_setup, layer.no_teardown), (Some(true), Some(false)));
    assert_eq!(layer.system_tags.unwrap(), ["url", "name", "iter"]);

    let fails = |name, text: &str, expect: &str| {
        assert_eq!(flags(&[(name, &[text])]).unwrap_err(), expect);
    };
    fails("vus", "a", "flag `--vus`: expected a whole number, got `a`");
    fails(
        "duration",
        "1",
        "flag `--duration`: expected a duration with its unit, such as `1m30s`, got `1`",
    );
    fails("stage", ":3", "flag `--stage`: stage `:3` has no duration");
    fails("stage", "1s:x", "flag `--stage`: expected a whole number of VUs, got `x`");
    fails("tag", "a", "flag `--tag`: `a` has no value, write `name=value`");
    fails("tag", "=a", "flag `--tag`: `=a` has no name before the `=`");
    fails("no-setup", "xx", "flag `--no-setup`: expected `true` or `false`, got `xx`");
    fails("vu", "1", "flag `--vu`: no such flag, did you mean `--vus`?");
}

#[test]
fn variables_are_read() {
    let read = |name: &'static str, text: &'static str| {
        from_env(&options::Group::ALL, |wanted| (wanted == name).then(|| text.to_owned()))
    };
    assert_eq!(read("K6_VUS", "2").unwrap().layer.vus, Some(2));
    assert_eq!(read("K6_VUS", "").unwrap().layer.vus, None);
    let duration = read("K6_DURATION", "1000").unwrap().layer.duration;
    assert_eq!(duration.unwrap().to_string(), "1s");
    let error = read("K6_NO_SETUP", "yes").unwrap_err();
    assert_eq!(
        error.to_string(),
        "environment variable `K6_NO_SETUP`: expected `true` or `false`, got `yes`"
    );
    assert!(!error.is_usage());
}

#[test]
fn summary_options_are_checked() {
    check(json!({ "summaryTrendStats": ["foo"] }), "invalid trend stat 'foo', unknown format");
    check(
        json!({ "summaryTrendStats": ["p(99)", "p(101)"] }),
        "invalid percentile trend stat value 'p(101)', provide a number between 0 and 100",
    );
    check(
        json!({ "summaryTimeUnit": "h" }),
        "invalid summary time unit 'h', use 's', 'ms' or 'us'",
    );
}

#[test]
fn functions_must_be_exported() {
    let options = resolve_script(json!({ "scenarios": {
        "a": { "executor": "shared-iterations", "exec": "nope" },
        "b": { "executor": "shared-iterations" },
    } }))
    .unwrap()
    .options;
    assert!(options.check_exports(|_| true).is_ok());
    assert_eq!(
        options.check_exports(|name| name == "default").unwrap_err().to_string(),
        "There were problems with the specified script configuration:\n\t- executor a: function 'nope' not found in exports"
    );
}

/// Any JSON with bias to what options are made of.
fn json_value() -> impl Strategy<Value = Value> {
    let keys = "vus|duration|iterations|stages|scenarios|thresholds|tags|executor|target|gracefulStop|exec|[a-z]{0,3}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "([0-9.]{1,3}(ms|s|m|h|d)){0,2}|ramping-vus|constant-vus|.{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((keys, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_in_options_panics(value in json_value()) {
        let _ = resolve_script(value);
    }
}

#[test]
fn names_in_the_table_are_unique() {
    let names = |of: fn(&options::OptionSpec) -> Option<String>| {
        let mut names: Vec<String> = TABLE.iter().filter_map(of).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    };
    names(|row| row.key.map(str::to_ascii_lowercase));
    names(|row| row.env.map(str::to_owned));
    names(|row| row.flag.map(|flag| flag.name.to_owned()));
    names(|row| row.flag.and_then(|flag| flag.short).map(String::from));
}
