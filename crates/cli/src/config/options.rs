//! Script, variables and flags to the options of a test.

use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink},
    options::{self, Options, OptionsError, OptionsLayer, Source},
};

use crate::{args::RunArgs, diagnostic::Diagnostic, exit_code::ExitCode, process::Process};

/// Reads and resolves the options: flags before variables before the script. What is odd is logged.
///
/// # Errors
/// A [`Diagnostic`] that names the option.
pub(crate) fn options(
    script: Option<&str>,
    args: &RunArgs,
    process: &Process,
    log: &dyn LogSink,
) -> Result<Options, Diagnostic> {
    let exported: serde_json::Value = match script {
        None => serde_json::Value::Null,
        Some(text) => serde_json::from_str(text).map_err(|error| {
            let message = format!("the script's options are no JSON: {error}");
            Diagnostic::new(ExitCode::InvalidConfig, message)
        })?,
    };
    let script = options::from_json(Source::Script, &exported).map_err(|error| diagnose(&error))?;
    let variable = |name: &str| process.variable(name).map(str::to_owned);
    let env = options::from_env(variable).map_err(|error| diagnose(&error))?;
    let given = args.options.iter().map(|(name, values)| (*name, values.clone()));
    let flags = options::from_flags(given).map_err(|error| diagnose(&error))?;
    let layers = vec![
        (Source::Script, script.layer),
        (Source::Environment, env.layer),
        (Source::Flags, flags.layer),
    ];
    let resolved = options::resolve(layers).map_err(|error| diagnose(&error))?;
    let readings = [script.notices, env.notices, flags.notices, resolved.notices];
    for notice in readings.iter().flatten() {
        log.log(LogRecord::new(LogLevel::Warning, notice.to_string()));
    }
    for warning in warnings(&resolved.merged) {
        log.log(LogRecord::new(LogLevel::Warning, warning));
    }
    if resolved.options.paused {
        let message = "a test can't be started `paused`: there is no REST API to resume it with";
        return Err(Diagnostic::new(ExitCode::InvalidConfig, message));
    }
    Ok(resolved.options)
}

/// Options that were given and that change nothing yet. Silence would make a test lie.
fn warnings(given: &OptionsLayer) -> Vec<String> {
    let unused = [
        ("executionSegment", given.execution_segment.is_some()),
        ("executionSegmentSequence", given.execution_segment_sequence.is_some()),
    ];
    let given = unused.into_iter().filter(|(_, given)| *given);
    given.map(|(name, _)| format!("option `{name}` has no effect in this version")).collect()
}

fn diagnose(error: &OptionsError) -> Diagnostic {
    let code = if error.is_usage() { ExitCode::Usage } else { ExitCode::InvalidConfig };
    Diagnostic::from_error(code, error)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Log(Mutex<Vec<String>>);

    impl LogSink for Log {
        fn log(&self, record: LogRecord) {
            self.0.lock().unwrap().push(record.message);
        }
    }

    fn resolve(
        script: &str,
        env: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> (Result<Options, Diagnostic>, Vec<String>) {
        let args = RunArgs {
            options: flags.iter().map(|&(name, value)| (name, vec![value.to_owned()])).collect(),
            ..RunArgs::default()
        };
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let process = Process { env: env.iter().map(owned).collect(), ..Process::default() };
        let log = Log::default();
        let options = options(Some(script), &args, &process, &log);
        (options, log.0.into_inner().unwrap())
    }

    #[test]
    fn flags_come_before_variables_and_those_before_the_script() {
        let vus = |script, env: &[_], flags: &[_]| {
            resolve(script, env, flags).0.unwrap().scenarios[0].executor.max_vus()
        };
        let script = r#"{"vus": 2, "duration": "10s"}"#;
        assert_eq!(vus(script, &[], &[]), 2);
        assert_eq!(vus(script, &[("K6_VUS", "3")], &[]), 3);
        assert_eq!(vus(script, &[("K6_VUS", "3")], &[("vus", "4")]), 4);
        assert_eq!(vus("null", &[("K6_VUS", "")], &[("vus", "4"), ("iterations", "5")]), 4);
    }

    #[test]
    fn mistakes_end_with_k6s_codes() {
        let code = |script, env: &[_], flags: &[_]| {
            let error = resolve(script, env, flags).0.unwrap_err();
            (error.code, error.message)
        };
        let invalid = ExitCode::InvalidConfig;
        assert_eq!(code(r#"{"vus": "abc"}"#, &[], &[]).0, invalid);
        assert_eq!(code("null", &[("K6_VUS", "x")], &[]).0, invalid);
        assert_eq!(code("null", &[], &[("vus", "x")]).0, ExitCode::Usage);
        assert_eq!(code("null", &[], &[("paused", "true")]).0, invalid);
        let (code, message) = code(r#"{"duration": "10zz"}"#, &[], &[]);
        assert_eq!(code, invalid);
        assert!(message.contains("`duration`"), "{message}");
    }

    #[test]
    fn what_is_odd_is_logged() {
        let (options, log) = resolve(r#"{"vuss": 3, "executionSegment": "0:1"}"#, &[], &[]);
        assert!(options.is_ok());
        assert_eq!(
            log,
            [
                "unknown option `vuss` in the script, did you mean `vus`?",
                "option `executionSegment` has no effect in this version",
            ]
        );
    }
}
