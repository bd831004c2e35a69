//! What `run` is told that is no option of the test: the script, its variables, where results go.

use std::{collections::BTreeMap, io::Read, path::PathBuf};

use sockeye_engine::options::Options;
use sockeye_js::WsDebug;
use sockeye_metrics::TrendStat;

use crate::{
    args::RunArgs,
    diagnostic::{Diagnostic, nearest},
    exit_code::ExitCode,
    process::Process,
    ui::{number::TimeUnit, style::Style, summary::Look, summary::SummaryMode},
};

/// What a run is told beside its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunSettings {
    /// The script as it was named.
    pub(crate) script: String,
    /// Its text, if it came from standard input.
    pub(crate) script_text: Option<String>,
    /// `__ENV`.
    pub(crate) env: BTreeMap<String, String>,
    /// The values of `--out`.
    pub(crate) outputs: Vec<String>,
    pub(crate) summary_mode: SummaryMode,
    pub(crate) summary_export: Option<PathBuf>,
    /// `--summary-export` and `handleSummary` have the machine-readable form.
    pub(crate) machine_readable_summary: bool,
    /// Where relative paths begin.
    pub(crate) directory: PathBuf,
    pub(crate) with_server: bool,
    pub(crate) builtin_jslib: bool,
    pub(crate) ws_debug: Option<WsDebug>,
}

/// Reads flags and variables.
///
/// # Errors
/// A [`Diagnostic`] for a value that means nothing, or standard input that can't be read.
pub(crate) fn run_settings(args: &RunArgs, process: &Process) -> Result<RunSettings, Diagnostic> {
    let mode = args.summary_mode.as_deref().or_else(|| process.variable("K6_SUMMARY_MODE"));
    let no_summary = args.no_summary || process.variable("K6_NO_SUMMARY") == Some("true");
    let summary_mode = match mode {
        Some(mode) => parse_mode(mode)?,
        None if no_summary => SummaryMode::Disabled,
        None => SummaryMode::Compact,
    };
    let export = args.summary_export.as_deref().or_else(|| process.variable("K6_SUMMARY_EXPORT"));
    let outputs = match (args.outputs.is_empty(), process.variable("K6_OUT")) {
        (true, Some(outputs)) => outputs.split(',').map(|one| one.trim().to_owned()).collect(),
        _ => args.outputs.clone(),
    };
    let ws_debug = args.ws_debug.as_deref().or_else(|| process.variable("SOCKEYE_WS_DEBUG"));
    Ok(RunSettings {
        script: args.script.clone(),
        script_text: if args.script == "-" { Some(read_stdin()?) } else { None },
        env: script_env(args, process),
        outputs,
        summary_mode,
        summary_export: export.map(|path| process.directory.join(path)),
        machine_readable_summary: args
            .machine_readable_summary
            .unwrap_or_else(|| process.variable("K6_NEW_MACHINE_READABLE_SUMMARY") == Some("true")),
        directory: process.directory.clone(),
        with_server: args.with_server,
        builtin_jslib: !args.no_builtin_jslib,
        ws_debug: ws_debug.map(parse_ws_debug).transpose()?,
    })
}

fn parse_mode(mode: &str) -> Result<SummaryMode, Diagnostic> {
    match mode {
        "compact" => Ok(SummaryMode::Compact),
        "full" => Ok(SummaryMode::Full),
        "disabled" => Ok(SummaryMode::Disabled),
        _ => {
            let error = Diagnostic::new(ExitCode::Usage, format!("invalid summary mode `{mode}`"));
            Err(match nearest(mode, ["compact", "full", "disabled"]) {
                Some(name) => error.hint(format!("did you mean `{name}`?")),
                None => error.hint("use `compact`, `full` or `disabled`"),
            })
        }
    }
}

fn parse_ws_debug(mode: &str) -> Result<WsDebug, Diagnostic> {
    match mode {
        // `true` as in a variable that only turns it on.
        "headers" | "true" | "1" => Ok(WsDebug::Headers),
        "full" => Ok(WsDebug::Full),
        _ => {
            let error =
                Diagnostic::new(ExitCode::Usage, format!("invalid mode `{mode}` of `--ws-debug`"));
            Err(error.hint("use `headers` or `full`"))
        }
    }
}

/// The system's variables unless turned off, and above them those of `-e`.
fn script_env(args: &RunArgs, process: &Process) -> BTreeMap<String, String> {
    let mut env = match args.include_system_env_vars {
        Some(false) => BTreeMap::new(),
        // k6: `run` shows scripts the system's variables.
        Some(true) | None => process.env.clone(),
    };
    for given in &args.env {
        // k6: a name without a value is the empty text.
        let (name, value) = given.split_once('=').unwrap_or((given, ""));
        env.insert(name.to_owned(), value.to_owned());
    }
    env
}

fn read_stdin() -> Result<String, Diagnostic> {
    let mut text = String::new();
    match std::io::stdin().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let message = format!("failed to read the script from standard input: {error}");
            Err(Diagnostic::new(ExitCode::Usage, message))
        }
    }
}

/// How the summary is shown. What the options say of it was checked when they were resolved.
pub(crate) fn look(options: &Options, mode: SummaryMode, style: Style) -> Look {
    let stat = |word: &String| Some((word.clone(), word.parse::<TrendStat>().ok()?));
    let time_unit = match options.summary_time_unit.as_deref() {
        Some("s") => Some(TimeUnit::Seconds),
        Some("ms") => Some(TimeUnit::Millis),
        Some("us") => Some(TimeUnit::Micros),
        _ => None,
    };
    let trend_stats = options.summary_trend_stats.iter().filter_map(stat).collect();
    Look { mode, trend_stats, time_unit, style }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(args: RunArgs, env: &[(&str, &str)]) -> Result<RunSettings, Diagnostic> {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let process = Process {
            env: env.iter().map(owned).collect(),
            directory: "/results".into(),
            ..Process::default()
        };
        run_settings(&RunArgs { script: "x.js".to_owned(), ..args }, &process)
    }

    #[test]
    fn flags_come_before_variables() {
        let env =
            [("K6_OUT", "json=a,json=b"), ("K6_SUMMARY_MODE", "full"), ("K6_SUMMARY_EXPORT", "s")];
        let from_env = settings(RunArgs::default(), &env).unwrap();
        assert_eq!(from_env.outputs, ["json=a", "json=b"]);
        assert_eq!(from_env.summary_mode, SummaryMode::Full);
        assert_eq!(from_env.summary_export, Some("/results/s".into()));
        let args = RunArgs {
            outputs: vec!["json=c,d".to_owned()],
            summary_mode: Some("disabled".to_owned()),
            summary_export: Some("/t".to_owned()),
            ..RunArgs::default()
        };
        let from_flags = settings(args, &env).unwrap();
        assert_eq!(from_flags.outputs, ["json=c,d"]);
        assert_eq!(from_flags.summary_mode, SummaryMode::Disabled);
        assert_eq!(from_flags.summary_export, Some("/t".into()));
    }

    #[test]
    fn a_mode_that_does_not_exist_is_named() {
        let args = RunArgs { summary_mode: Some("compct".to_owned()), ..RunArgs::default() };
        let error = settings(args, &[]).unwrap_err();
        assert_eq!(error.message, "invalid summary mode `compct`");
        assert_eq!(error.hint.as_deref(), Some("did you mean `compact`?"));
    }

    #[test]
    fn scripts_see_the_system_and_what_is_given() {
        let env = [("HOME", "/h"), ("A", "system")];
        let given = vec!["A=given".to_owned(), "B=1=2".to_owned(), "C".to_owned()];
        let args = RunArgs { env: given, ..RunArgs::default() };
        let seen = |args| settings(args, &env).unwrap().env.into_iter().collect::<Vec<_>>();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let (a, b, c) = (pair("A", "given"), pair("B", "1=2"), pair("C", ""));
        assert_eq!(seen(args.clone()), [a.clone(), b.clone(), c.clone(), pair("HOME", "/h")]);
        let args = RunArgs { include_system_env_vars: Some(false), ..args };
        assert_eq!(seen(args), [a, b, c]);
    }
}
