//! How a run ended, or did not begin, in words and exit codes.

use sockeye_engine::{
    AbortReason, Outcome, RunEnd, RunError,
    vu::{VuError, VuIds},
};
use sockeye_js::{BundleError, LoadError};

use crate::{
    diagnostic::{Diagnostic, Snippet},
    exit_code::ExitCode,
    process::StopSignal,
};

/// How a run that had begun came to its end.
#[derive(Debug)]
pub(crate) enum Ending {
    /// By itself, or because it was told to.
    Run {
        outcome: Outcome,
        /// The first signal, if there was one.
        stopped_by: Option<StopSignal>,
    },
    /// The second signal came before it was over.
    CutOff(StopSignal),
}

/// What the run's results say of it.
pub(crate) struct Verdict<'a> {
    /// The metrics whose thresholds were crossed.
    pub(crate) crossed: &'a [&'a str],
    /// Whether the script called `exec.test.fail()`.
    pub(crate) marked_as_failed: bool,
}

impl Verdict<'_> {
    fn marked(&self) -> Option<Diagnostic> {
        // k6: its words.
        self.marked_as_failed
            .then(|| Diagnostic::new(ExitCode::MarkedAsFailed, "test run was marked as failed"))
    }
}

/// What is to be said, the reason for the end first; it has the exit code. Nothing if all is well.
pub(crate) fn diagnostics(ending: &Ending, verdict: &Verdict<'_>) -> Vec<Diagnostic> {
    let (outcome, stopped_by) = match ending {
        Ending::Run { outcome, stopped_by } => (outcome, *stopped_by),
        Ending::CutOff(signal) => {
            let diagnostic =
                Diagnostic::new(ExitCode::Signal, "Aborting sockeye in response to signal");
            return vec![diagnostic.field("sig", signal.as_str())];
        }
    };
    let end = match &outcome.end {
        // k6: crossed thresholds are told, and count, only where nothing else is wrong.
        RunEnd::Finished => verdict.marked().or_else(|| thresholds_crossed(verdict.crossed)),
        RunEnd::Stopped => Some(stopped(stopped_by)),
        RunEnd::Aborted(reason) => Some(aborted(reason)),
        RunEnd::Failed(error) => Some(failed(error)),
    };
    // Where the run was told to end, that `teardown` was as well is no news.
    let of_teardown = outcome.teardown_error.as_ref().filter(|error| !is_interruption(error));
    end.into_iter().chain(of_teardown.map(failed)).collect()
}

fn is_interruption(error: &RunError) -> bool {
    matches!(error, RunError::Teardown(VuError::Interrupted | VuError::Aborted(_)))
}

fn thresholds_crossed(crossed: &[&str]) -> Option<Diagnostic> {
    let names = crossed.join(", ");
    let message = format!("thresholds on metrics '{names}' have been crossed");
    (!crossed.is_empty()).then(|| Diagnostic::new(ExitCode::ThresholdsCrossed, message))
}

fn stopped(by: Option<StopSignal>) -> Diagnostic {
    let signal = by.map_or("stop", StopSignal::as_str);
    let message = format!("test run was aborted because sockeye received a '{signal}' signal");
    Diagnostic::new(ExitCode::Signal, message)
}

fn aborted(reason: &AbortReason) -> Diagnostic {
    let code = match reason {
        AbortReason::Script(_) => ExitCode::ScriptAborted,
        AbortReason::Thresholds(_) => ExitCode::ThresholdsCrossed,
        // k6: what stops it through the API has no code of its own.
        AbortReason::Api | AbortReason::Fault(_) => ExitCode::EngineError,
    };
    let message = match reason {
        // The script's words are whole: k6 puts them into the exception that it throws.
        AbortReason::Script(text) => text.clone(),
        reason => reason.to_string(),
    };
    Diagnostic::new(code, message)
}

fn failed(error: &RunError) -> Diagnostic {
    let message = error.to_string();
    // k6: these hints are fields of the log line.
    let timed_out = |code, option: &str| {
        let hint = format!("You can increase the time limit via the {option} option");
        Diagnostic::new(code, message.clone()).field("hint", hint)
    };
    match error {
        RunError::Init { vu, error } => init_failed(*vu, error, message),
        RunError::Setup(error) | RunError::Teardown(error) => vu_failed(error, message),
        RunError::SetupTimeout(_) => timed_out(ExitCode::SetupTimeout, "setupTimeout"),
        RunError::TeardownTimeout(_) => timed_out(ExitCode::TeardownTimeout, "teardownTimeout"),
    }
}

/// k6: its hint names the VU.
fn init_failed(vu: VuIds, error: &VuError, message: String) -> Diagnostic {
    let hint = format!("error while initializing VU #{}", vu.in_instance);
    match error {
        VuError::Script(_) => Diagnostic::new(ExitCode::ScriptException, message)
            .field("hint", format!("{hint} (script exception)")),
        error => vu_failed(error, message).field("hint", hint),
    }
}

fn vu_failed(error: &VuError, message: String) -> Diagnostic {
    match error {
        VuError::Script(_) => script_exception(message),
        // k6: not the code of a script's exception.
        VuError::SetupData(_) => Diagnostic::new(ExitCode::Usage, message),
        VuError::Aborted(_) => Diagnostic::new(ExitCode::ScriptAborted, message),
        VuError::Interrupted => Diagnostic::new(ExitCode::Signal, message),
        VuError::Fault(_) => Diagnostic::new(ExitCode::EngineError, message),
    }
}

fn script_exception(message: String) -> Diagnostic {
    Diagnostic::new(ExitCode::ScriptException, message).field("hint", "script exception")
}

/// Why there is nothing to run.
pub(crate) fn load_failed(error: &BundleError) -> Diagnostic {
    match error {
        BundleError::Load(LoadError::Syntax { message, file, line, column, excerpt }) => {
            let origin = format!("{file}:{line}:{column}");
            let diagnostic = script_exception(format!("SyntaxError: {message}\n\tat {origin}\n"));
            // The excerpt begins with the number of its line.
            let text = excerpt.lines().next().unwrap_or_default();
            let gutter = format!("{line} | ");
            let text = text.trim_start().strip_prefix(&gutter).unwrap_or(text).to_owned();
            let start = byte_of_column(&text, *column);
            diagnostic.snippet(Snippet {
                origin,
                number: Some(*line),
                span: start..start,
                line: text,
                label: String::new(),
            })
        }
        BundleError::Load(LoadError::Script { .. }) => {
            Diagnostic::from_error(ExitCode::Usage, error)
        }
        // k6: an import that can't be had is an exception of the script.
        BundleError::Load(LoadError::Import { .. }) => script_exception(error.to_string()),
        BundleError::Script(text) => script_exception(text.clone()),
        // k6: its exit code.
        BundleError::Options(text) => Diagnostic::new(ExitCode::Usage, text.clone()),
        BundleError::Aborted(reason) => Diagnostic::new(ExitCode::ScriptAborted, reason.clone()),
        BundleError::Fault(text) => Diagnostic::new(ExitCode::EngineError, text.clone()),
    }
}

/// Where the character of a column, from 1, begins.
fn byte_of_column(line: &str, column: usize) -> usize {
    line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn end(end: RunEnd) -> Ending {
        let outcome = Outcome { end, teardown_error: None, duration: Duration::ZERO };
        Ending::Run { outcome, stopped_by: Some(StopSignal::Interrupt) }
    }

    const FINE: Verdict<'_> = Verdict { crossed: &[], marked_as_failed: false };

    fn told(ending: &Ending, crossed: &[&str]) -> (u8, String) {
        let verdict = Verdict { crossed, marked_as_failed: false };
        let diagnostics = diagnostics(ending, &verdict);
        let first = diagnostics.first().expect("something is told");
        (first.code.number(), first.message.clone())
    }

    #[test]
    fn all_well_is_silent() {
        assert!(diagnostics(&end(RunEnd::Finished), &FINE).is_empty());
        let marked = Verdict { crossed: &[], marked_as_failed: true };
        let told = diagnostics(&end(RunEnd::Finished), &marked);
        assert_eq!(told.first().map(|first| first.code), Some(ExitCode::MarkedAsFailed));
        let both = Verdict { crossed: &["checks"], marked_as_failed: true };
        let told = diagnostics(&end(RunEnd::Finished), &both);
        assert_eq!(told.first().map(|first| first.code), Some(ExitCode::MarkedAsFailed));
    }

    #[test]
    fn each_end_has_k6s_code() {
        let ids = VuIds { in_instance: 1, in_test: 1 };
        let script = || VuError::Script("Error: boom\n".to_owned());
        let second = Duration::from_secs(1);
        let cases = [
            (RunEnd::Stopped, 105),
            (RunEnd::Aborted(AbortReason::Script("test aborted: enough".to_owned())), 108),
            (RunEnd::Aborted(AbortReason::Thresholds(vec!["checks".to_owned()])), 99),
            (RunEnd::Aborted(AbortReason::Api), 103),
            (RunEnd::Aborted(AbortReason::Fault("no memory".to_owned())), 103),
            (RunEnd::Failed(RunError::Init { vu: ids, error: script() }), 107),
            (RunEnd::Failed(RunError::Setup(script())), 107),
            (RunEnd::Failed(RunError::SetupTimeout(second)), 100),
            (RunEnd::Failed(RunError::TeardownTimeout(second)), 101),
        ];
        for (run_end, code) in cases {
            // Thresholds that are crossed as well change nothing.
            assert_eq!(told(&end(run_end.clone()), &["checks"]).0, code, "{run_end:?}");
        }
    }

    #[test]
    fn crossed_thresholds_are_named() {
        assert_eq!(
            told(&end(RunEnd::Finished), &["checks", "my_trend{a:b}"]),
            (99, "thresholds on metrics 'checks, my_trend{a:b}' have been crossed".to_owned())
        );
    }

    #[test]
    fn signals_are_named() {
        assert_eq!(
            told(&end(RunEnd::Stopped), &[]).1,
            "test run was aborted because sockeye received a 'interrupt' signal"
        );
        let cut_off = Ending::CutOff(StopSignal::Terminate);
        assert_eq!(told(&cut_off, &["checks"]).0, 105);
    }

    #[test]
    fn a_failed_teardown_is_told_as_well() {
        let outcome = Outcome {
            end: RunEnd::Stopped,
            teardown_error: Some(RunError::TeardownTimeout(Duration::from_mins(1))),
            duration: Duration::ZERO,
        };
        let ending = Ending::Run { outcome, stopped_by: None };
        let codes: Vec<u8> =
            diagnostics(&ending, &FINE).iter().map(|one| one.code.number()).collect();
        assert_eq!(codes, [105, 101]);
    }

    #[test]
    fn a_syntax_error_shows_its_line() {
        let error = BundleError::Load(LoadError::Syntax {
            message: "Unexpected token".to_owned(),
            file: "file:///tests/a.js".to_owned(),
            line: 3,
            column: 9,
            excerpt: "3 | let é = ;\n            ^".to_owned(),
        });
        let diagnostic = load_failed(&error);
        assert_eq!(diagnostic.code, ExitCode::ScriptException);
        insta::assert_snapshot!(diagnostic.details());
    }
}
