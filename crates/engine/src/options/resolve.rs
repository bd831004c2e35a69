//! Layers to options: who wins, what the shortcuts mean, what holds where nobody says anything.

use std::{collections::BTreeMap, time::Duration};

use indexmap::IndexMap;
use serde_json::{Map, Value};
use sockeye_metrics::SystemTags;

use super::{
    Dns, Notice, OptionsError, OptionsLayer, Origins, SignedDuration, Source, TABLE, ThresholdSpec,
    TlsVersion, shape::sorted_tags, shortcuts,
};
use crate::{
    scenario::{Scenario, ScenarioLayer},
    segment::Stripe,
};

/// The options of a run: checked, every default applied. What has no value when nobody sets it is
/// an `Option`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each is the option of its name; the table has the words")]
#[allow(clippy::struct_excessive_bools, reason = "so has k6")]
pub struct Options {
    /// In the order in which they are shown: by start time, then by name. Never empty.
    pub scenarios: Vec<Scenario>,
    /// Which part of the test this process runs.
    pub(crate) segment: Stripe,
    pub paused: bool,
    pub no_setup: bool,
    pub setup_timeout: Duration,
    pub no_teardown: bool,
    pub teardown_timeout: Duration,
    pub handle_summary_timeout: Duration,
    /// Metrics and sub-metrics with their conditions, as written.
    pub thresholds: IndexMap<String, Vec<ThresholdSpec>>,
    pub no_thresholds: bool,
    pub tags: BTreeMap<String, String>,
    pub system_tags: SystemTags,
    pub summary_trend_stats: Vec<String>,
    pub summary_time_unit: Option<String>,
    pub hosts: BTreeMap<String, String>,
    pub insecure_skip_tls_verify: bool,
    pub user_agent: String,
    pub no_connection_reuse: bool,
    pub no_vu_connection_reuse: bool,
    pub no_cookies_reset: bool,
    pub discard_response_bodies: bool,
    pub throw: bool,
    pub min_iteration_duration: Duration,
    pub max_redirects: u64,
    pub batch: u64,
    pub batch_per_host: u64,
    /// Requests per second, if limited.
    pub rps: Option<u64>,
    pub http_debug: Option<String>,
    pub blacklist_ips: Vec<String>,
    pub block_hostnames: Vec<String>,
    pub local_ips: Option<String>,
    /// As written, for who resolves names.
    pub dns: Dns,
    /// As written: read by who uses it.
    pub tls_cipher_suites: Option<Value>,
    /// As written: read by who uses it.
    pub tls_version: Option<TlsVersion>,
    /// As written: read by who uses it.
    pub tls_auth: Option<Value>,
}

/// Options, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// What the run uses.
    pub options: Options,
    /// What all sources together say, without defaults and shortcuts.
    pub merged: OptionsLayer,
    /// Who said it.
    pub origins: Origins,
    /// The scenarios as written, or as the shortcuts mean them.
    pub written_scenarios: Vec<ScenarioLayer>,
    /// What is odd.
    pub notices: Vec<Notice>,
}

/// Merges layers, lowest precedence first, and checks the result.
///
/// # Errors
/// [`OptionsError`] in all its variants but `Read`.
pub fn resolve(layers: Vec<(Source, OptionsLayer)>) -> Result<Resolved, OptionsError> {
    let mut notices = Vec::new();
    let mut merged = OptionsLayer::default();
    let mut origins = Origins::default();
    for (source, layer) in layers {
        overlay(&mut merged, layer, source, &mut origins, &mut notices);
    }
    let mut written_scenarios = shortcuts::scenarios(&merged, &mut notices)?;
    written_scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    let (scenarios, segment) = scenarios(&merged, &written_scenarios)?;
    let options = apply_defaults(&merged, scenarios, segment, &mut notices)?;
    Ok(Resolved { options, merged, origins, written_scenarios, notices })
}

impl Resolved {
    /// All that holds, as k6 shows it: what was said, with the scenarios that shortcuts mean and the
    /// defaults of what concerns all metrics.
    pub fn to_json(&self) -> Map<String, Value> {
        self.json_of(OptionsLayer {
            scenarios: Some(self.written_scenarios.clone()),
            ..self.merged.clone()
        })
    }

    /// What an archive holds: what was said, and the defaults of what concerns all metrics. Shortcuts
    /// stay shortcuts, so that others may win over them.
    pub fn archived(&self) -> Map<String, Value> {
        self.json_of(self.merged.clone())
    }

    fn json_of(&self, layer: OptionsLayer) -> Map<String, Value> {
        let summary_trend_stats = Some(self.options.summary_trend_stats.clone());
        let mut object = OptionsLayer { summary_trend_stats, ..layer }.to_json();
        object.insert("systemTags".to_owned(), sorted_tags(self.options.system_tags));
        object
    }
}

impl Options {
    /// How much of the test this process runs, from 0 to 1.
    pub fn segment_fraction(&self) -> f64 {
        self.segment.fraction()
    }

    /// Checks that every scenario's function is there.
    ///
    /// # Errors
    /// [`OptionsError::Invalid`] names each scenario whose function is not.
    pub fn check_exports(&self, is_function: impl Fn(&str) -> bool) -> Result<(), OptionsError> {
        let missing = self.scenarios.iter().filter(|scenario| !is_function(&scenario.exec));
        let problems: Vec<String> = missing
            .map(|Scenario { name, exec, .. }| {
                format!("executor {name}: function '{exec}' not found in exports")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(OptionsError::Invalid(problems)) }
    }
}

/// k6: a source that says one of these puts aside what those before it said of any of them.
fn overlay(
    merged: &mut OptionsLayer,
    mut over: OptionsLayer,
    source: Source,
    origins: &mut Origins,
    notices: &mut Vec<Notice>,
) {
    let shortcut = over.duration.is_some() || over.iterations.is_some() || over.stages.is_some();
    if shortcut || over.scenarios.is_some() {
        let scenarios = merged.scenarios.take();
        if scenarios.is_some() && over.scenarios.is_none() {
            notices.push(Notice::ScenariosOverridden { by: source });
        }
        (merged.duration, merged.iterations, merged.stages) = (None, None, None);
    }
    for row in TABLE {
        if row.overlay(merged, &mut over) {
            origins.set(row.field, source);
        }
    }
}

fn scenarios(
    merged: &OptionsLayer,
    written: &[ScenarioLayer],
) -> Result<(Vec<Scenario>, Stripe), OptionsError> {
    let mut problems = Vec::new();
    let mut scenarios = Vec::new();
    let sequence = merged.execution_segment_sequence.as_ref();
    let segment = Stripe::of(merged.execution_segment, sequence).unwrap_or_else(|error| {
        problems.push(error.to_string());
        Stripe::whole()
    });
    for layer in written {
        match Scenario::from_layer(layer, &segment) {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => problems.push(format!(
                "scenario {} has configuration errors: {}",
                layer.name,
                found.0.join(", ")
            )),
        }
    }
    for (key, given) in [
        ("setupTimeout", merged.setup_timeout),
        ("teardownTimeout", merged.teardown_timeout),
        ("handleSummaryTimeout", merged.handle_summary_timeout),
    ] {
        if given.is_some_and(|timeout| timeout <= SignedDuration::default()) {
            problems.push(format!("{key} must be positive"));
        }
    }
    if !problems.is_empty() {
        return Err(OptionsError::Invalid(problems));
    }
    scenarios.sort_by_key(|scenario| scenario.start_time);
    Ok((scenarios, segment))
}

fn apply_defaults(
    merged: &OptionsLayer,
    scenarios: Vec<Scenario>,
    segment: Stripe,
    notices: &mut Vec<Notice>,
) -> Result<Options, OptionsError> {
    let said = merged.clone();
    let duration = |given: Option<SignedDuration>, default| {
        given.map_or(Duration::from_secs(default), SignedDuration::clamped)
    };
    let count = |given: Option<i64>, default| {
        given.map_or(default, |given| u64::try_from(given).unwrap_or(0))
    };
    let summary_trend_stats = said
        .summary_trend_stats
        .filter(|stats| !stats.is_empty())
        .unwrap_or_else(|| DEFAULT_TREND_STATS.iter().map(|&stat| stat.to_owned()).collect());
    summary_trend_stats.iter().try_for_each(|stat| check_trend_stat(stat))?;
    if let Some(unit) = &said.summary_time_unit
        && !matches!(unit.as_str(), "" | "s" | "ms" | "us")
    {
        return Err(OptionsError::Summary(format!(
            "invalid summary time unit '{unit}', use 's', 'ms' or 'us'"
        )));
    }
    Ok(Options {
        scenarios,
        segment,
        paused: said.paused.unwrap_or(false),
        no_setup: said.no_setup.unwrap_or(false),
        setup_timeout: duration(said.setup_timeout, 60),
        no_teardown: said.no_teardown.unwrap_or(false),
        teardown_timeout: duration(said.teardown_timeout, 60),
        handle_summary_timeout: duration(said.handle_summary_timeout, 120),
        thresholds: said.thresholds.unwrap_or_default(),
        no_thresholds: said.no_thresholds.unwrap_or(false),
        tags: said.tags.unwrap_or_default(),
        system_tags: system_tags(said.system_tags, notices),
        summary_trend_stats,
        summary_time_unit: said.summary_time_unit.filter(|unit| !unit.is_empty()),
        hosts: said.hosts.unwrap_or_default(),
        insecure_skip_tls_verify: said.insecure_skip_tls_verify.unwrap_or(false),
        user_agent: said.user_agent.unwrap_or_else(|| DEFAULT_USER_AGENT.to_owned()),
        no_connection_reuse: said.no_connection_reuse.unwrap_or(false),
        no_vu_connection_reuse: said.no_vu_connection_reuse.unwrap_or(false),
        no_cookies_reset: said.no_cookies_reset.unwrap_or(false),
        discard_response_bodies: said.discard_response_bodies.unwrap_or(false),
        throw: said.throw.unwrap_or(false),
        min_iteration_duration: duration(said.min_iteration_duration, 0),
        max_redirects: count(said.max_redirects, 10),
        batch: count(said.batch, 20),
        batch_per_host: count(said.batch_per_host, 6),
        rps: Some(count(said.rps, 0)).filter(|&rps| rps > 0),
        http_debug: said.http_debug.filter(|mode| !mode.is_empty()),
        blacklist_ips: said.blacklist_ips.unwrap_or_default(),
        block_hostnames: said.block_hostnames.unwrap_or_default(),
        local_ips: said.local_ips,
        dns: said.dns.unwrap_or_default(),
        tls_cipher_suites: said.tls_cipher_suites,
        tls_version: said.tls_version,
        tls_auth: said.tls_auth,
    })
}

/// k6: a name that is no system tag is left out.
fn system_tags(given: Option<Vec<String>>, notices: &mut Vec<Notice>) -> SystemTags {
    let Some(names) = given else { return SystemTags::default() };
    let known = |name: &&String| SystemTags::from_names([name.as_str()]).is_ok();
    let (known, unknown): (Vec<&String>, Vec<&String>) = names.iter().partition(known);
    notices.extend(unknown.into_iter().cloned().map(Notice::UnknownSystemTag));
    SystemTags::from_names(known.into_iter().map(String::as_str)).unwrap_or_default()
}

/// k6: `avg`, `min`, `med`, `max`, `count` and `p(N)` with N from 0 to 100.
fn check_trend_stat(stat: &str) -> Result<(), OptionsError> {
    if matches!(stat, "avg" | "min" | "med" | "max" | "count") {
        return Ok(());
    }
    let percentile = stat.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
    let problem = match percentile.map(str::parse::<f64>) {
        Some(Ok(number)) if (0.0..=100.0).contains(&number) => return Ok(()),
        Some(_) => format!(
            "invalid percentile trend stat value '{stat}', provide a number between 0 and 100"
        ),
        None => format!("invalid trend stat '{stat}', unknown format"),
    };
    Err(OptionsError::Summary(problem))
}

const DEFAULT_TREND_STATS: &[&str] = &["avg", "min", "med", "max", "p(90)", "p(95)"];
const DEFAULT_USER_AGENT: &str = concat!("sockeye/", env!("CARGO_PKG_VERSION"));
