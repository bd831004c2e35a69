//! Script, variables and flags to the options of a test.

use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink},
    options::{
        self, Options, OptionsError, OptionsLayer, Origins, ReadError, Reading, Resolved, Source,
    },
};

use super::{ApiSettings, Outside, place};
use crate::{
    diagnostic::{Diagnostic, Snippet},
    exit_code::ExitCode,
};

/// Reads and resolves the options: flags before variables before the script before the configuration
/// file. What is odd is logged.
///
/// # Errors
/// A [`Diagnostic`] that names the option, who said it, and the line if it is found.
pub(crate) fn options(
    script: &ScriptOptions<'_>,
    outside: &Outside,
    log: &dyn LogSink,
) -> Result<Resolved, Diagnostic> {
    let reading = script_options(script, outside)?;
    let layers = vec![
        (Source::ConfigFile, outside.file.layer.clone()),
        (Source::Script, reading.layer),
        (Source::Environment, outside.env.clone()),
        (Source::Flags, outside.flags.clone()),
    ];
    let resolved = options::resolve(layers).map_err(|error| diagnose(&error, script, outside))?;
    for notice in [&outside.notices, &reading.notices, &resolved.notices].into_iter().flatten() {
        log.log(LogRecord::new(LogLevel::Warning, notice.to_string()));
    }
    for warning in warnings(&resolved.merged) {
        log.log(LogRecord::new(LogLevel::Warning, warning));
    }
    Ok(resolved)
}

/// Reads what the script says.
///
/// # Errors
/// A [`Diagnostic`] that names the option, and the line if it is found.
pub(crate) fn script_options(
    script: &ScriptOptions<'_>,
    outside: &Outside,
) -> Result<Reading, Diagnostic> {
    let exported: serde_json::Value = match script.exported {
        None => serde_json::Value::Null,
        Some(text) => serde_json::from_str(text).map_err(|error| {
            let message = format!("the script's options are no JSON: {error}");
            Diagnostic::new(ExitCode::InvalidConfig, message)
        })?,
    };
    options::from_json(Source::Script, &exported).map_err(|error| diagnose(&error, script, outside))
}

/// What a script says of its options, and where it says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScriptOptions<'a> {
    /// What it exports, as JSON.
    pub(crate) exported: Option<&'a str>,
    /// What it is called.
    pub(crate) name: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
}

/// The checks that only a run needs.
///
/// # Errors
/// A [`Diagnostic`] for a test that would never begin.
pub(crate) fn check_start(options: &Options, api: Option<&ApiSettings>) -> Result<(), Diagnostic> {
    if options.paused && api.is_none() {
        let message = "a test that starts `paused` needs the REST API, which resumes it";
        return Err(Diagnostic::new(ExitCode::InvalidConfig, message)
            .hint("say where it listens: `--address localhost:6565`"));
    }
    Ok(())
}

/// Options that were given and that change nothing yet. Silence would make a test lie.
fn warnings(given: &OptionsLayer) -> Vec<String> {
    let traces = given.traces_output.as_deref().is_some_and(|output| output != "none");
    let unused = [
        ("--traces-output", traces),
        ("--features", given.features.as_ref().is_some_and(|features| !features.is_empty())),
    ];
    let given = unused.into_iter().filter(|(_, given)| *given);
    given.map(|(name, _)| format!("option `{name}` has no effect in this version")).collect()
}

fn diagnose(error: &OptionsError, script: &ScriptOptions<'_>, outside: &Outside) -> Diagnostic {
    let code = if error.is_usage() { ExitCode::Usage } else { ExitCode::InvalidConfig };
    let diagnostic = Diagnostic::from_error(code, error);
    match error {
        OptionsError::Read(error) => diagnostic.snippets(shown(error, script, outside)),
        _ => diagnostic,
    }
}

/// The line that a value stands on.
fn shown(error: &ReadError, script: &ScriptOptions<'_>, outside: &Outside) -> Option<Snippet> {
    match error.source {
        Source::Script => place::in_script(script.name, script.text, &error.path),
        Source::ConfigFile => {
            let (name, text) = outside.file.text.as_ref()?;
            place::in_config_file(name, text, &error.path)
        }
        Source::Environment | Source::Flags => None,
    }
}

/// The diagnostic for a value that was read and turned out to mean nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mistakes<'a> {
    pub(crate) origins: &'a Origins,
    pub(crate) script: &'a ScriptOptions<'a>,
    pub(crate) outside: &'a Outside,
}

impl Mistakes<'_> {
    /// For the option of this field, at `below` within it.
    pub(crate) fn of(&self, field: &str, below: &str, problem: impl Into<String>) -> Diagnostic {
        let error = OptionsError::Read(self.origins.error(field, below, problem));
        diagnose(&error, self.script, self.outside)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{config::outside, process::Process};

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
        let log = Log::default();
        let script = ScriptOptions { exported: Some(script), name: "s.js", text: "" };
        let options = outside_of(env, flags).and_then(|outside| {
            let resolved = options(&script, &outside, &log)?;
            check_start(&resolved.options, None)?;
            Ok(resolved.options)
        });
        (options, log.0.into_inner().unwrap())
    }

    fn outside_of(
        env: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> Result<Outside, Diagnostic> {
        let given = flags.iter().map(|&(name, value)| (name, vec![value.to_owned()]));
        let flags = options::from_flags(given)
            .map_err(|error| Diagnostic::from_error(ExitCode::Usage, &error))?;
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let process = Process { env: env.iter().map(owned).collect(), ..Process::default() };
        outside(&flags.layer, &process)
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
        let (options, log) = resolve(r#"{"vuss": 3}"#, &[], &[]);
        assert!(options.is_ok());
        assert_eq!(log, ["unknown option `vuss` in the script, did you mean `vus`?"]);
    }
}
