//! TABLE: one row per option, from which come the layer's fields, the readers of all sources, the
//! flags and their help, the shape in JSON and the documentation. Rows that a script may say stand in
//! k6's order, which is that of its JSON.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Dns, Entries,
    FlagValue::{Many, One, OneOr, Switch},
    OptionSpec, SecretSources, SignedDuration, ThresholdSpec, TlsVersion, Variables,
    read::FromJson,
    shape::ToJson,
    spec::{Access, program, run, script, summary, test},
    text::FromText,
};
use crate::{
    scenario::{ScenarioLayer, StageLayer},
    segment::{Segment, SegmentSequence},
};

macro_rules! options {
    ($($field:ident: $kind:ty = $names:expr;)*) => {
        /// What one source says: nothing, or a value, for each option.
        #[derive(Clone, Debug, Default, PartialEq)]
        #[allow(missing_docs, reason = "each is the option of its name; the table has the words")]
        pub struct OptionsLayer {
            $(pub $field: Option<$kind>,)*
        }

        /// Every option.
        pub const TABLE: &[OptionSpec] = &[$(
            OptionSpec::new(
                stringify!($field),
                Access {
                    set_json: |layer, value, reader| {
                        layer.$field = <$kind>::from_json(value, reader)?;
                        Ok(())
                    },
                    set_text: |layer, texts, form| {
                        layer.$field = Some(<$kind>::from_text(texts, form)?);
                        Ok(())
                    },
                    overlay: |layer, over| {
                        let value = over.$field.take();
                        let said = value.is_some();
                        if said {
                            layer.$field = value;
                        }
                        said
                    },
                    to_json: |layer| layer.$field.as_ref().map(ToJson::to_json),
                },
                $names,
            ),
        )*];
    };
}

options! {
    paused: bool = test("start the test in a paused state; the REST API resumes it")
        .key("paused").env("K6_PAUSED").short_flag('p', "paused", Switch);
    vus: i64 = test("number of virtual users")
        .key("vus").env("K6_VUS").short_flag('u', "vus", One("INT")).default("1");
    duration: SignedDuration = test("how long the test starts iterations")
        .key("duration").env("K6_DURATION").short_flag('d', "duration", One("DURATION"));
    iterations: i64 = test("number of iterations, shared among all VUs")
        .key("iterations").env("K6_ITERATIONS").short_flag('i', "iterations", One("INT"));
    stages: Vec<StageLayer> = test("add a stage that ramps to a number of VUs")
        .key("stages").env("K6_STAGES").short_flag('s', "stage", Many("DURATION:TARGET"));
    scenarios: Vec<ScenarioLayer> = test("what runs, each with its executor").key("scenarios");
    execution_segment: Segment = test("run only this segment of the test, e.g. 10%, 1/3, 0.2:2/3")
        .key("executionSegment").flag("execution-segment", One("SEGMENT"));
    execution_segment_sequence: SegmentSequence = test("the sequence of segments that the test is cut into")
        .key("executionSegmentSequence").flag("execution-segment-sequence", One("SEQUENCE"));
    no_setup: bool = test("don't run setup()")
        .key("noSetup").env("K6_NO_SETUP").flag("no-setup", Switch);
    setup_timeout: SignedDuration = test("how long setup() may take")
        .key("setupTimeout").env("K6_SETUP_TIMEOUT").default("60s");
    no_teardown: bool = test("don't run teardown()")
        .key("noTeardown").env("K6_NO_TEARDOWN").flag("no-teardown", Switch);
    teardown_timeout: SignedDuration = test("how long teardown() may take")
        .key("teardownTimeout").env("K6_TEARDOWN_TIMEOUT").default("60s");
    handle_summary_timeout: SignedDuration = test("how long handleSummary() may take")
        .key("handleSummaryTimeout").env("K6_HANDLE_SUMMARY_TIMEOUT").default("120s")
        .shown_if_set();
    rps: i64 = test("limit HTTP requests per second")
        .key("rps").env("K6_RPS").flag("rps", One("INT"));
    dns: Dns = test("how names are resolved: ttl is `inf`, `0` or a duration; select is `first`, \
        `random` or `roundRobin`; policy is `preferIPv4`, `preferIPv6`, `onlyIPv4`, `onlyIPv6` or \
        `any`")
        .key("dns").env("K6_DNS").flag("dns", One("SETTINGS"))
        .default("ttl=5m,select=random,policy=preferIPv4");
    max_redirects: i64 = test("follow at most this many redirects")
        .key("maxRedirects").env("K6_MAX_REDIRECTS").flag("max-redirects", One("INT")).default("10");
    user_agent: String = test("the User-Agent header of requests and handshakes")
        .key("userAgent").env("K6_USER_AGENT").flag("user-agent", One("STRING"))
        .default(concat!("sockeye/", env!("CARGO_PKG_VERSION")));
    batch: i64 = test("most parallel requests of one http.batch() call")
        .key("batch").env("K6_BATCH").flag("batch", One("INT")).default("20");
    batch_per_host: i64 = test("most parallel requests of one http.batch() call to one host")
        .key("batchPerHost").env("K6_BATCH_PER_HOST").flag("batch-per-host", One("INT")).default("6");
    http_debug: String = test("log all HTTP requests and responses, bodies too with `full`")
        .key("httpDebug").env("K6_HTTP_DEBUG").flag("http-debug", OneOr("MODE", "headers"));
    insecure_skip_tls_verify: bool = test("don't verify TLS certificates")
        .key("insecureSkipTLSVerify").env("K6_INSECURE_SKIP_TLS_VERIFY")
        .flag("insecure-skip-tls-verify", Switch);
    tls_cipher_suites: Value = test("cipher suites that TLS may use").key("tlsCipherSuites");
    tls_version: TlsVersion = test("TLS versions that may be used").key("tlsVersion");
    tls_auth: Value = test("client certificates, by domain").key("tlsAuth");
    throw: bool = test("throw warnings, such as failed HTTP requests, as errors")
        .key("throw").env("K6_THROW").short_flag('w', "throw", Switch);
    thresholds: IndexMap<String, Vec<ThresholdSpec>> =
        test("conditions on metrics under which the test passes").key("thresholds");
    blacklist_ips: Vec<String> = test("IP ranges that must not be called")
        .key("blacklistIPs").env("K6_BLACKLIST_IPS").flag("blacklist-ip", Many("RANGE"));
    block_hostnames: Vec<String> = test("host name patterns that must not be called")
        .key("blockHostnames").env("K6_BLOCK_HOSTNAMES").flag("block-hostnames", Many("PATTERN"));
    hosts: BTreeMap<String, String> = test("addresses for host names").key("hosts");
    no_connection_reuse: bool = test("disable keep-alive connections")
        .key("noConnectionReuse").env("K6_NO_CONNECTION_REUSE").flag("no-connection-reuse", Switch);
    no_vu_connection_reuse: bool = test("don't reuse connections between iterations")
        .key("noVUConnectionReuse").env("K6_NO_VU_CONNECTION_REUSE")
        .flag("no-vu-connection-reuse", Switch);
    min_iteration_duration: SignedDuration = test("least time that an iteration takes")
        .key("minIterationDuration").env("K6_MIN_ITERATION_DURATION")
        .flag("min-iteration-duration", One("DURATION"));
    cloud: Value = test("settings of Grafana Cloud k6, which are not used here")
        .key("cloud").shown_if_set();
    ext: Value = test("settings of extensions, which are not used here").key("ext");
    summary_trend_stats: Vec<String> = test("what the summary shows of trend metrics")
        .key("summaryTrendStats").env("K6_SUMMARY_TREND_STATS")
        .flag("summary-trend-stats", Many("STATS")).default("avg,min,med,max,p(90),p(95)");
    summary_time_unit: String = test("the time unit of the summary: s, ms or us")
        .key("summaryTimeUnit").env("K6_SUMMARY_TIME_UNIT").flag("summary-time-unit", One("UNIT"));
    system_tags: Vec<String> = test("only these system tags are set on samples")
        .key("systemTags").env("K6_SYSTEM_TAGS").flag("system-tags", Many("TAGS"))
        .default("proto,subproto,status,method,url,name,group,check,error,error_code,tls_version,\
            scenario,service,expected_response");
    tags: BTreeMap<String, String> = test("add a tag to all samples")
        .key("tags").env("K6_TAGS").flag("tag", Many("NAME=VALUE"));
    metric_samples_buffer_size: i64 = test("has no effect: batches of samples are never blocked")
        .key("metricSamplesBufferSize").env("K6_METRIC_SAMPLES_BUFFER_SIZE");
    no_cookies_reset: bool = test("keep the cookies of a VU between iterations")
        .key("noCookiesReset").env("K6_NO_COOKIES_RESET");
    discard_response_bodies: bool = test("read but don't keep HTTP response bodies")
        .key("discardResponseBodies").env("K6_DISCARD_RESPONSE_BODIES")
        .flag("discard-response-bodies", Switch);
    local_ips: String = test("local addresses, ranges or networks that VUs connect from")
        .env("K6_LOCAL_IPS").flag("local-ips", One("RANGES"));
    console_output: String = test("write what the script logs to this file")
        .env("K6_CONSOLE_OUTPUT").flag("console-output", One("FILE"));

    env: Variables = script("set a variable of `__ENV`").short_flag('e', "env", Many("VAR=VALUE"));
    include_system_env_vars: bool = script("show the script the variables of the system [default: \
        true for `run`, false elsewhere]")
        .env("K6_INCLUDE_SYSTEM_ENV_VARS").flag("include-system-env-vars", Switch);
    compatibility_mode: String = script("extended or base; both are the whole language here")
        .env("K6_COMPATIBILITY_MODE").flag("compatibility-mode", One("MODE")).default("extended");
    test_type: String = script("what the file is, whatever its content: js or archive")
        .env("K6_TYPE").short_flag('t', "type", One("TYPE"));
    dependency_manifest: String = script("versions of dependencies, as a JSON object; not used here")
        .env("K6_DEPENDENCY_MANIFEST");
    no_builtin_jslib: bool =
        script("fetch what https://jslib.k6.io/ has instead of using what is built in")
        .flag("no-builtin-jslib", Switch);

    no_thresholds: bool = summary("don't evaluate thresholds")
        .env("K6_NO_THRESHOLDS").flag("no-thresholds", Switch);
    no_summary: bool = summary("the same as `--summary-mode=disabled`")
        .env("K6_NO_SUMMARY").flag("no-summary", Switch).hidden();
    summary_mode: String = summary("compact, full or disabled")
        .env("K6_SUMMARY_MODE").flag("summary-mode", One("MODE")).default("compact");
    summary_export: String = summary("write the summary as JSON")
        .env("K6_SUMMARY_EXPORT").flag("summary-export", One("FILE"));
    traces_output: String = summary("where traces go; none is all there is")
        .env("K6_TRACES_OUTPUT").flag("traces-output", One("OUTPUT")).default("none");

    out: Entries = run("also write samples somewhere")
        .config_key("out").env("K6_OUT").short_flag('o', "out", Many("NAME[=ARGUMENT]"));
    linger: bool = run("stay when the test is over, until a signal comes")
        .config_key("linger").env("K6_LINGER").short_flag('l', "linger", Switch);
    collectors: Value = run("settings of k6's outputs, which are not used here")
        .config_key("collectors");
    features: Vec<String> = run("features of k6 that are not yet stable; there are none here")
        .config_key("features").env("K6_FEATURES").flag("features", Many("NAMES"));
    new_machine_readable_summary: bool = run("the machine-readable form for --summary-export and handleSummary()")
        .config_key("newMachineReadableSummary").env("K6_NEW_MACHINE_READABLE_SUMMARY")
        .flag("new-machine-readable-summary", Switch);
    no_usage_report: bool = run("nothing is ever reported to anyone")
        .config_key("noUsageReport").env("K6_NO_USAGE_REPORT").flag("no-usage-report", Switch)
        .hidden();
    with_server: bool = run("run the built-in server and send all traffic to it")
        .flag("with-server", Switch);
    ws_debug: String = run("log handshakes and frames of sockets: headers or full")
        .env("SOCKEYE_WS_DEBUG").flag("ws-debug", OneOr("MODE", "headers"));

    address: String = program("serve the REST API there, or find it there")
        .env("K6_ADDRESS").short_flag('a', "address", One("ADDRESS"));
    config: String = program("the JSON configuration file [default: k6/config.json in the folder \
        of the user's configuration]")
        .env("K6_CONFIG").short_flag('c', "config", One("FILE"));
    log_format: String = program("how log lines look: text, json or raw")
        .env("K6_LOG_FORMAT").flag("log-format", One("FORMAT"));
    log_output: String = program("where logs go: stderr, stdout, none, file=PATH[,level=LEVEL] or \
        loki=URL[,NAME=VALUE…]")
        .env("K6_LOG_OUTPUT").flag("log-output", One("OUTPUT")).default("stderr");
    no_color: bool = program("no colours").flag("no-color", Switch);
    profiling_enabled: bool = program("has no effect: it is for k6's own profiler")
        .env("K6_PROFILING_ENABLED").flag("profiling-enabled", Switch).hidden();
    quiet: bool = program("no header and no progress").short_flag('q', "quiet", Switch);
    secret_source: SecretSources = program("where secrets come from: file=PATH, mock=NAME=VALUE or \
        url=urlTemplate=URL")
        .env("K6_SECRET_SOURCE").flag("secret-source", Many("SOURCE"));
    verbose: bool = program("log more").short_flag('v', "verbose", Switch);
}
