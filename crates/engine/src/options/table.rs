//! TABLE: one row per option, from which come the layer's fields, the readers of all sources, the
//! flags and their help.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    ReadError, SignedDuration, ThresholdSpec,
    read::{FromJson, Reader},
    text::{FromText, TextForm, TextProblem},
};
use crate::scenario::{ScenarioLayer, StageLayer};
use FlagValue::{Many, One, OneOr, Switch};

/// A row of the table.
pub struct OptionSpec {
    /// In scripts and configuration files.
    pub key: Option<&'static str>,
    /// Its variable.
    pub env: Option<&'static str>,
    /// Its flag.
    pub flag: Option<Flag>,
    /// What holds where nobody says it, as a person would write it.
    pub default: Option<&'static str>,
    /// What it does, in one line.
    pub help: &'static str,
    access: Access,
}

/// An option's flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Without dashes.
    pub name: &'static str,
    /// Its one-letter form.
    pub short: Option<char>,
    /// What follows it.
    pub value: FlagValue,
}

/// What follows a flag. The words are what help calls the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagValue {
    /// Nothing, or `=true` or `=false`.
    Switch,
    /// One value; given again, the last one counts.
    One(&'static str),
    /// A value; may be given again.
    Many(&'static str),
    /// Nothing, which means the second text, or `=` and a value.
    OneOr(&'static str, &'static str),
}

/// How a row reaches its field.
struct Access {
    set_json: fn(&mut OptionsLayer, &Value, &mut Reader) -> Result<(), ReadError>,
    set_text: fn(&mut OptionsLayer, &[String], TextForm) -> Result<(), TextProblem>,
    overlay: fn(&mut OptionsLayer, &mut OptionsLayer),
}

impl OptionSpec {
    const fn new(access: Access, spec: Names) -> Self {
        let Names { key, env, flag, default, help } = spec;
        Self { key, env, flag, default, help, access }
    }

    pub(super) fn set_json(
        &self,
        layer: &mut OptionsLayer,
        value: &Value,
        reader: &mut Reader,
    ) -> Result<(), ReadError> {
        (self.access.set_json)(layer, value, reader)
    }

    pub(super) fn set_text(
        &self,
        layer: &mut OptionsLayer,
        texts: &[String],
        form: TextForm,
    ) -> Result<(), TextProblem> {
        (self.access.set_text)(layer, texts, form)
    }

    /// Moves what `over` says of this option into `layer`.
    pub(super) fn overlay(&self, layer: &mut OptionsLayer, over: &mut OptionsLayer) {
        (self.access.overlay)(layer, over);
    }
}

impl std::fmt::Debug for OptionSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OptionSpec")
            .field("key", &self.key)
            .field("env", &self.env)
            .field("flag", &self.flag)
            .finish_non_exhaustive()
    }
}

/// The columns of a row that are names.
#[derive(Clone, Copy)]
struct Names {
    key: Option<&'static str>,
    env: Option<&'static str>,
    flag: Option<Flag>,
    default: Option<&'static str>,
    help: &'static str,
}

/// Begins a row.
const fn help(help: &'static str) -> Names {
    Names { key: None, env: None, flag: None, default: None, help }
}

impl Names {
    const fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    const fn env(self, env: &'static str) -> Self {
        Self { env: Some(env), ..self }
    }

    const fn flag(self, name: &'static str, value: FlagValue) -> Self {
        Self { flag: Some(Flag { name, short: None, value }), ..self }
    }

    const fn short_flag(self, short: char, name: &'static str, value: FlagValue) -> Self {
        Self { flag: Some(Flag { name, short: Some(short), value }), ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

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
                        if let Some(value) = over.$field.take() {
                            layer.$field = Some(value);
                        }
                    },
                },
                $names,
            ),
        )*];
    };
}

options! {
    paused: bool = help("start the test in a paused state")
        .key("paused").env("K6_PAUSED").short_flag('p', "paused", Switch);
    vus: i64 = help("number of virtual users")
        .key("vus").env("K6_VUS").short_flag('u', "vus", One("INT")).default("1");
    duration: SignedDuration = help("how long the test starts iterations")
        .key("duration").env("K6_DURATION").short_flag('d', "duration", One("DURATION"));
    iterations: i64 = help("number of iterations, shared among all VUs")
        .key("iterations").env("K6_ITERATIONS").short_flag('i', "iterations", One("INT"));
    stages: Vec<StageLayer> = help("add a stage that ramps to a number of VUs")
        .key("stages").env("K6_STAGES").short_flag('s', "stage", Many("DURATION:TARGET"));
    scenarios: Vec<ScenarioLayer> = help("what runs, each with its executor").key("scenarios");
    execution_segment: String = help("run only this segment of the test, e.g. 10%, 1/3, 0.2:2/3")
        .key("executionSegment").flag("execution-segment", One("SEGMENT"));
    execution_segment_sequence: String = help("the sequence of segments that the test is cut into")
        .key("executionSegmentSequence").flag("execution-segment-sequence", One("SEQUENCE"));
    no_setup: bool = help("don't run setup()")
        .key("noSetup").env("K6_NO_SETUP").flag("no-setup", Switch);
    setup_timeout: SignedDuration = help("how long setup() may take")
        .key("setupTimeout").env("K6_SETUP_TIMEOUT").default("60s");
    no_teardown: bool = help("don't run teardown()")
        .key("noTeardown").env("K6_NO_TEARDOWN").flag("no-teardown", Switch);
    teardown_timeout: SignedDuration = help("how long teardown() may take")
        .key("teardownTimeout").env("K6_TEARDOWN_TIMEOUT").default("60s");
    handle_summary_timeout: SignedDuration = help("how long handleSummary() may take")
        .key("handleSummaryTimeout").env("K6_HANDLE_SUMMARY_TIMEOUT").default("120s");
    max_redirects: i64 = help("follow at most this many redirects")
        .key("maxRedirects").env("K6_MAX_REDIRECTS").flag("max-redirects", One("INT")).default("10");
    batch: i64 = help("most parallel requests of one http.batch() call")
        .key("batch").env("K6_BATCH").flag("batch", One("INT")).default("20");
    batch_per_host: i64 = help("most parallel requests of one http.batch() call to one host")
        .key("batchPerHost").env("K6_BATCH_PER_HOST").flag("batch-per-host", One("INT")).default("6");
    rps: i64 = help("limit requests per second")
        .key("rps").env("K6_RPS").flag("rps", One("INT"));
    user_agent: String = help("the User-Agent header of requests and handshakes")
        .key("userAgent").env("K6_USER_AGENT").flag("user-agent", One("STRING"))
        .default(concat!("sockeye/", env!("CARGO_PKG_VERSION")));
    http_debug: String = help("log all HTTP requests and responses, bodies too with `full`")
        .key("httpDebug").env("K6_HTTP_DEBUG").flag("http-debug", OneOr("MODE", "headers"));
    insecure_skip_tls_verify: bool = help("don't verify TLS certificates")
        .key("insecureSkipTLSVerify").env("K6_INSECURE_SKIP_TLS_VERIFY")
        .flag("insecure-skip-tls-verify", Switch);
    tls_cipher_suites: Value = help("cipher suites that TLS may use").key("tlsCipherSuites");
    tls_version: Value = help("TLS versions that may be used").key("tlsVersion");
    tls_auth: Value = help("client certificates, by domain").key("tlsAuth");
    no_connection_reuse: bool = help("disable keep-alive connections")
        .key("noConnectionReuse").env("K6_NO_CONNECTION_REUSE").flag("no-connection-reuse", Switch);
    no_vu_connection_reuse: bool = help("don't reuse connections between iterations")
        .key("noVUConnectionReuse").env("K6_NO_VU_CONNECTION_REUSE")
        .flag("no-vu-connection-reuse", Switch);
    no_cookies_reset: bool = help("keep the cookies of a VU between iterations")
        .key("noCookiesReset").env("K6_NO_COOKIES_RESET");
    min_iteration_duration: SignedDuration = help("least time that an iteration takes")
        .key("minIterationDuration").env("K6_MIN_ITERATION_DURATION")
        .flag("min-iteration-duration", One("DURATION"));
    throw: bool = help("throw warnings, such as failed HTTP requests, as errors")
        .key("throw").env("K6_THROW").short_flag('w', "throw", Switch);
    thresholds: IndexMap<String, Vec<ThresholdSpec>> =
        help("conditions on metrics under which the test passes").key("thresholds");
    no_thresholds: bool = help("don't evaluate thresholds")
        .env("K6_NO_THRESHOLDS").flag("no-thresholds", Switch);
    blacklist_ips: Vec<String> = help("IP ranges that must not be called")
        .key("blacklistIPs").env("K6_BLACKLIST_IPS").flag("blacklist-ip", Many("RANGE"));
    block_hostnames: Vec<String> = help("host name patterns that must not be called")
        .key("blockHostnames").env("K6_BLOCK_HOSTNAMES").flag("block-hostnames", Many("PATTERN"));
    hosts: BTreeMap<String, String> = help("addresses for host names").key("hosts");
    dns: Value = help("how names are resolved: ttl=5m,select=random,policy=preferIPv4")
        .key("dns").env("K6_DNS").flag("dns", One("SETTINGS"));
    local_ips: String = help("local addresses, ranges or networks that VUs connect from")
        .env("K6_LOCAL_IPS").flag("local-ips", One("RANGES"));
    summary_trend_stats: Vec<String> = help("what the summary shows of trend metrics")
        .key("summaryTrendStats").env("K6_SUMMARY_TREND_STATS")
        .flag("summary-trend-stats", Many("STATS")).default("avg,min,med,max,p(90),p(95)");
    summary_time_unit: String = help("the time unit of the summary: s, ms or us")
        .key("summaryTimeUnit").env("K6_SUMMARY_TIME_UNIT").flag("summary-time-unit", One("UNIT"));
    system_tags: Vec<String> = help("only these system tags are set on samples")
        .key("systemTags").env("K6_SYSTEM_TAGS").flag("system-tags", Many("TAGS"));
    tags: BTreeMap<String, String> = help("add a tag to all samples")
        .key("tags").flag("tag", Many("NAME=VALUE"));
    discard_response_bodies: bool = help("read but don't keep HTTP response bodies")
        .key("discardResponseBodies").env("K6_DISCARD_RESPONSE_BODIES")
        .flag("discard-response-bodies", Switch);
    metric_samples_buffer_size: i64 = help("has no effect: batches of samples are never blocked")
        .key("metricSamplesBufferSize").env("K6_METRIC_SAMPLES_BUFFER_SIZE");
    cloud: Value = help("settings of Grafana Cloud k6, which are not used here").key("cloud");
    ext: Value = help("settings of extensions, which are not used here").key("ext");
}
