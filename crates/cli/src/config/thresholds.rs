//! The `thresholds` option to conditions on metrics that exist.

use sockeye_engine::options::{Options, ThresholdSpec};
use sockeye_metrics::{ParseThresholdError, Registry, Threshold, ThresholdSet};

use crate::{
    diagnostic::{Diagnostic, Snippet},
    exit_code::ExitCode,
};

/// Parses the conditions and fits them to the metrics. To be called when init code has run.
///
/// # Errors
/// A [`Diagnostic`] that shows what is wrong and where.
pub(crate) fn thresholds(
    options: &Options,
    registry: &Registry,
) -> Result<ThresholdSet, Diagnostic> {
    if options.no_thresholds {
        return submetrics(options, registry);
    }
    let mut parsed = Vec::new();
    for (name, specs) in &options.thresholds {
        let one = |(at, spec): (usize, &ThresholdSpec)| {
            let mut threshold =
                Threshold::parse(&spec.expression).map_err(|error| diagnose(&error, name, at))?;
            threshold.abort_on_fail = spec.abort_on_fail;
            threshold.delay_abort_eval = spec.delay_abort_eval;
            Ok(threshold)
        };
        let of_metric: Result<Vec<Threshold>, Diagnostic> =
            specs.iter().enumerate().map(one).collect();
        parsed.push((name.as_str(), of_metric?));
    }
    ThresholdSet::resolve(registry, parsed)
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))
}

/// Nothing but the sub-metrics that thresholds name. k6: they are shown without their conditions too,
/// and what would make no sense is not looked at.
fn submetrics(options: &Options, registry: &Registry) -> Result<ThresholdSet, Diagnostic> {
    let unconditional = |name: &str| ThresholdSet::resolve(registry, [(name, Vec::new())]);
    let names = options.thresholds.keys().map(String::as_str);
    let known = names.filter(|name| unconditional(name).is_ok());
    ThresholdSet::resolve(registry, known.map(|name| (name, Vec::new())))
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))
}

fn diagnose(error: &ParseThresholdError, metric: &str, at: usize) -> Diagnostic {
    Diagnostic::from_error(ExitCode::InvalidConfig, error).snippet(Snippet {
        origin: format!("options.thresholds[\"{metric}\"][{at}]"),
        number: None,
        line: error.source_text.clone(),
        span: error.span.clone(),
        // The message says what is wrong.
        label: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    fn read(thresholds: &serde_json::Value, extra: &str) -> Result<ThresholdSet, Diagnostic> {
        let mut json = serde_json::json!({ "thresholds": thresholds });
        if !extra.is_empty() {
            json[extra] = true.into();
        }
        let layer = from_json(Source::Script, &json).unwrap().layer;
        let mut options = resolve(vec![(Source::Script, layer)]).unwrap().options;
        options.no_thresholds = extra == "noThresholds";
        super::thresholds(&options, &Registry::new())
    }

    #[test]
    fn conditions_keep_what_is_said_of_them() {
        let json = serde_json::json!({
            "checks": [
                "rate>0.5",
                { "threshold": "rate>0.1", "abortOnFail": true, "delayAbortEval": "2s" }
            ],
            "iterations{a:b}": ["count>1"],
        });
        let set = read(&json, "").unwrap();
        let watched: Vec<_> = set.iter().collect();
        assert_eq!(watched.len(), 2);
        assert!(!watched[0].thresholds[0].abort_on_fail);
        assert!(watched[0].thresholds[1].abort_on_fail);
        let delay = watched[0].thresholds[1].delay_abort_eval;
        assert_eq!(delay, Some(std::time::Duration::from_secs(2)));
        assert_eq!(watched[1].selector.name(), "iterations{a:b}");
    }

    #[test]
    fn a_bad_expression_is_shown_with_a_caret() {
        let json = serde_json::json!({ "checks": ["rate>1", "rate>>0.5"] });
        let error = read(&json, "").unwrap_err();
        assert_eq!(error.code, ExitCode::InvalidConfig);
        insta::assert_snapshot!(format!("{}\n{}", error.message, error.details()));
    }

    #[test]
    fn a_metric_that_does_not_exist_is_named() {
        let error = read(&serde_json::json!({ "nometric": ["rate>1"] }), "").unwrap_err();
        assert_eq!(error.code, ExitCode::InvalidConfig);
        assert!(error.message.contains("\"nometric\""), "{}", error.message);
    }

    #[test]
    fn thresholds_can_be_turned_off() {
        let json = serde_json::json!({ "nometric": ["!"], "checks{a:b}": ["!"], "checks{": [] });
        let set = read(&json, "noThresholds").unwrap();
        let names: Vec<String> = set.iter().map(|watched| watched.selector.name()).collect();
        assert_eq!(names, ["checks{a:b}"]);
    }
}
