//! The options of a run as scripts see them: `exec.test.options`.

use serde_json::{Map, Value, json};
use sockeye_engine::{
    Scenario,
    executor::ExecutorConfig,
    options::{GoDuration, Options, ThresholdSpec},
};
use sockeye_metrics::SystemTag;

/// The options as JSON text, under the names that scripts give them.
pub(crate) fn options_json(options: &Options) -> String {
    let scenarios: Map<String, Value> =
        options.scenarios.iter().map(|one| (one.name.clone(), scenario(one))).collect();
    let thresholds: Map<String, Value> = options
        .thresholds
        .iter()
        .map(|(name, specs)| (name.clone(), specs.iter().map(threshold).collect()))
        .collect();
    let mut system_tags: Vec<&str> = SystemTag::ALL
        .iter()
        .filter(|tag| options.system_tags.has(**tag))
        .map(|tag| tag.as_str())
        .collect();
    system_tags.sort_unstable();
    json!({
        "scenarios": scenarios,
        "thresholds": thresholds,
        "tags": options.tags,
        "systemTags": system_tags,
        "hosts": options.hosts,
        "noSetup": options.no_setup,
        "setupTimeout": duration(options.setup_timeout),
        "noTeardown": options.no_teardown,
        "teardownTimeout": duration(options.teardown_timeout),
        "insecureSkipTLSVerify": options.insecure_skip_tls_verify,
        "userAgent": options.user_agent,
        "throw": options.throw,
        "noConnectionReuse": options.no_connection_reuse,
        "noVUConnectionReuse": options.no_vu_connection_reuse,
        "noCookiesReset": options.no_cookies_reset,
        "discardResponseBodies": options.discard_response_bodies,
        "minIterationDuration": duration(options.min_iteration_duration),
        "maxRedirects": options.max_redirects,
        "batch": options.batch,
        "batchPerHost": options.batch_per_host,
        "rps": options.rps,
        "summaryTrendStats": options.summary_trend_stats,
        "summaryTimeUnit": options.summary_time_unit,
    })
    .to_string()
}

fn scenario(scenario: &Scenario) -> Value {
    let mut fields = json!({
        "executor": scenario.executor.kind().as_str(),
        "startTime": duration(scenario.start_time),
        "gracefulStop": duration(scenario.graceful_stop),
        "exec": scenario.exec,
        "env": scenario.env,
        "tags": scenario.tags,
    });
    match &scenario.executor {
        ExecutorConfig::SharedIterations(config) => {
            fields["vus"] = config.vus.into();
            fields["iterations"] = config.iterations.into();
            fields["maxDuration"] = duration(config.max_duration);
        }
        ExecutorConfig::PerVuIterations(config) => {
            fields["vus"] = config.vus.into();
            fields["iterations"] = config.iterations.into();
            fields["maxDuration"] = duration(config.max_duration);
        }
        ExecutorConfig::ConstantVus(config) => {
            fields["vus"] = config.vus.into();
            fields["duration"] = duration(config.duration);
        }
        ExecutorConfig::RampingVus(config) => {
            let stages = config.stages.iter();
            fields["startVUs"] = config.start_vus.into();
            fields["stages"] = stages
                .map(
                    |stage| json!({ "duration": duration(stage.duration), "target": stage.target }),
                )
                .collect();
            fields["gracefulRampDown"] = duration(config.graceful_ramp_down);
        }
    }
    fields
}

fn threshold(spec: &ThresholdSpec) -> Value {
    json!({
        "threshold": spec.expression,
        "abortOnFail": spec.abort_on_fail,
        "delayAbortEval": spec.delay_abort_eval.map(duration),
    })
}

fn duration(duration: std::time::Duration) -> Value {
    GoDuration(duration).to_string().into()
}

#[cfg(test)]
mod tests {
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    #[test]
    fn scripts_find_what_they_wrote() {
        let written = json!({
            "scenarios": {
                "ramp": { "executor": "ramping-vus", "stages": [{ "duration": "90s", "target": 5 }] },
                "each": { "executor": "per-vu-iterations", "vus": 2, "iterations": 3, "exec": "f" },
            },
            "thresholds": { "checks": ["rate>0.9"] },
            "tags": { "a": "b" },
        });
        let layer = from_json(Source::Script, &written).unwrap().layer;
        let options = resolve(vec![(Source::Script, layer)]).unwrap().options;
        let seen: Value = serde_json::from_str(&options_json(&options)).unwrap();
        assert_eq!(seen["scenarios"]["ramp"]["stages"][0]["duration"], "1m30s");
        assert_eq!(seen["scenarios"]["each"]["exec"], "f");
        assert_eq!(seen["scenarios"]["each"]["iterations"], 3);
        assert_eq!(seen["thresholds"]["checks"][0]["threshold"], "rate>0.9");
        assert_eq!(seen["tags"]["a"], "b");
    }
}
