//! A scenario: what runs, when, and with what around it. As written, and as checked.

use std::{collections::BTreeMap, fmt, time::Duration};

use crate::{
    executor::{ExecutorConfig, ExecutorKind},
    options::SignedDuration,
    schedule::Stage,
    segment::Stripe,
};

/// k6: how long iterations may run on when their time is up.
pub(crate) const DEFAULT_GRACEFUL_STOP: Duration = Duration::from_secs(30);
/// k6: after which executors that count iterations start no more.
pub(crate) const DEFAULT_MAX_DURATION: Duration = Duration::from_mins(10);
/// k6: a test that takes less is refused as a mistake.
const MIN_DURATION: Duration = Duration::from_secs(1);
/// A number of VUs that no machine holds; more is a mistake, and would only make planning slow.
const MAX_VUS: u64 = 100_000_000;
/// The function that is called where a script says nothing.
pub(crate) const DEFAULT_EXEC: &str = "default";

/// A scenario, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its key under `scenarios`; `default` for a test without.
    pub name: String,
    /// How iterations are spread over VUs and time: this process's part.
    pub executor: ExecutorConfig,
    /// The exported function to call.
    pub exec: String,
    /// When it begins, from the start of the first.
    pub start_time: Duration,
    /// How long iterations may run on when their time is up.
    pub graceful_stop: Duration,
    /// Added to `__ENV` of its VUs.
    pub env: BTreeMap<String, String>,
    /// Set on all samples of its VUs.
    pub tags: BTreeMap<String, String>,
    /// Which of the whole test's iterations are this process's.
    pub(crate) stripe: Stripe,
}

/// A scenario as one source wrote it: every field of every executor, each at most once. Reading
/// refuses fields that the executor does not have.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each is the field of its name")]
pub struct ScenarioLayer {
    pub name: String,
    pub kind: ExecutorKind,
    pub start_time: Option<SignedDuration>,
    pub graceful_stop: Option<SignedDuration>,
    pub env: Option<BTreeMap<String, String>>,
    pub exec: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    /// Of the browser module; carried as it is.
    pub options: Option<serde_json::Value>,
    pub vus: Option<i64>,
    pub iterations: Option<i64>,
    pub duration: Option<SignedDuration>,
    pub max_duration: Option<SignedDuration>,
    pub start_vus: Option<i64>,
    pub stages: Option<Vec<StageLayer>>,
    pub graceful_ramp_down: Option<SignedDuration>,
    pub rate: Option<i64>,
    pub start_rate: Option<i64>,
    pub time_unit: Option<SignedDuration>,
    pub pre_allocated_vus: Option<i64>,
    pub max_vus: Option<i64>,
}

/// A stage as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageLayer {
    /// How long it takes.
    pub duration: Option<SignedDuration>,
    /// The number at its end.
    pub target: Option<i64>,
}

impl ScenarioLayer {
    /// A scenario of which nothing but its executor is said.
    pub fn new(name: impl Into<String>, kind: ExecutorKind) -> Self {
        Self {
            name: name.into(),
            kind,
            start_time: None,
            graceful_stop: None,
            env: None,
            exec: None,
            tags: None,
            options: None,
            vus: None,
            iterations: None,
            duration: None,
            max_duration: None,
            start_vus: None,
            stages: None,
            graceful_ramp_down: None,
            rate: None,
            start_rate: None,
            time_unit: None,
            pre_allocated_vus: None,
            max_vus: None,
        }
    }
}

impl Scenario {
    /// Checks a scenario, applies the defaults and takes out the part of a segment.
    ///
    /// # Errors
    /// Everything that is wrong with it, in k6's words.
    pub(crate) fn from_layer(layer: &ScenarioLayer, segment: &Stripe) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let name_is_plain =
            |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        problems.check(!layer.name.is_empty(), "scenario name can't be empty");
        problems.check(
            !layer.name.is_empty() && name_is_plain(&layer.name),
            "the scenario name should contain only numbers, latin letters, underscores, and dashes",
        );
        problems.check(
            layer.exec.as_deref().is_none_or(|exec| !exec.is_empty()),
            "exec value cannot be empty",
        );
        problems.check(
            layer.start_time.is_none_or(|time| !time.is_negative()),
            "the startTime can't be negative",
        );
        problems.check(
            layer.graceful_stop.is_none_or(|time| !time.is_negative()),
            "the gracefulStop timeout can't be negative",
        );
        let executor = ExecutorConfig::from_layer(layer, &mut problems);
        problems.check(
            executor.as_ref().is_none_or(|executor| executor.max_vus() <= MAX_VUS),
            format_args!("the number of VUs can't be more than {MAX_VUS}"),
        );
        let Some(whole) = executor.filter(|_| problems.0.is_empty()) else { return Err(problems) };
        let (executor, stripe) = whole.part(segment);
        Ok(Self {
            name: layer.name.clone(),
            executor,
            stripe,
            exec: layer.exec.clone().unwrap_or_else(|| DEFAULT_EXEC.to_owned()),
            start_time: layer.start_time.map_or(Duration::ZERO, SignedDuration::clamped),
            graceful_stop: layer
                .graceful_stop
                .map_or(DEFAULT_GRACEFUL_STOP, SignedDuration::clamped),
            env: layer.env.clone().unwrap_or_default(),
            tags: layer.tags.clone().unwrap_or_default(),
        })
    }

    /// Whether it runs in this process at all. k6: a segment too small for a VU of it leaves it out.
    pub fn has_work(&self) -> bool {
        self.executor.max_vus() > 0
    }
}

/// What is wrong with a scenario, in the order of the checks.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl Problems {
    pub(crate) fn add(&mut self, problem: impl fmt::Display) {
        self.0.push(problem.to_string());
    }

    /// Adds `problem` unless what is said holds.
    pub(crate) fn check(&mut self, holds: bool, problem: impl fmt::Display) {
        if !holds {
            self.add(problem);
        }
    }

    pub(crate) fn at_least_a_second(
        &mut self,
        key: &str,
        given: Option<SignedDuration>,
        default: Duration,
    ) -> Duration {
        let Some(given) = given else { return default };
        self.check(
            given >= MIN_DURATION.into(),
            format_args!("the {key} must be at least 1s, but is {given}"),
        );
        given.clamped()
    }

    /// The duration of an executor that needs one.
    pub(crate) fn required_duration(&mut self, given: Option<SignedDuration>) -> Option<Duration> {
        self.check(given.is_some(), "the duration is unspecified");
        given.map(|given| self.at_least_a_second("duration", Some(given), Duration::ZERO))
    }

    /// Stages with both of their fields, or `None` if one has not or there is none.
    pub(crate) fn stages(&mut self, given: &[StageLayer]) -> Option<Vec<Stage>> {
        self.check(!given.is_empty(), "at least one stage has to be specified");
        let mut stages = Vec::new();
        for (stage, number) in given.iter().zip(1..) {
            let before = self.0.len();
            match stage.duration {
                None => self.add(format_args!("stage {number} doesn't have a duration")),
                Some(duration) => self.check(
                    !duration.is_negative(),
                    format_args!("the duration for stage {number} can't be negative"),
                ),
            }
            match stage.target {
                None => self.add(format_args!("stage {number} doesn't have a target")),
                Some(target) => self.check(
                    target >= 0,
                    format_args!("the target for stage {number} can't be negative"),
                ),
            }
            if let (true, Some(duration), Some(target)) =
                (self.0.len() == before, stage.duration, stage.target)
            {
                let target = u64::try_from(target).unwrap_or(0);
                stages.push(Stage { duration: duration.clamped(), target });
            }
        }
        (stages.len() == given.len() && !given.is_empty()).then_some(stages)
    }
}
