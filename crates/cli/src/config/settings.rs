//! What `run` is told that is no option of the test: the script, its variables, where results go.

use std::{collections::BTreeMap, path::PathBuf};

use sockeye_engine::options::{Options, OptionsLayer};
use sockeye_js::{Bundle, WsDebug};
use sockeye_metrics::TrendStat;

use super::{
    Outside,
    source::{self, TestSource},
};
use crate::{
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
    /// Where its text is.
    pub(crate) source: TestSource,
    /// `__ENV`.
    pub(crate) env: BTreeMap<String, String>,
    /// The values of `--secret-source`.
    pub(crate) secret_sources: Vec<String>,
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
    pub(crate) api: Option<ApiSettings>,
    pub(crate) at_end: AtEnd,
}

/// The REST API of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiSettings {
    /// Where it listens.
    pub(crate) address: String,
}

/// What the program does when the test is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEnd {
    /// It ends.
    Leave,
    /// It stays until a signal comes.
    Linger,
}

impl RunSettings {
    /// The script's text, to show a line of it. Empty if it can't be had any more.
    pub(crate) fn read_script(&self) -> String {
        match &self.source {
            TestSource::Text(text) => text.clone(),
            TestSource::File(path) => std::fs::read_to_string(path).unwrap_or_default(),
            // Its options are those of the archive, and not what its text says.
            TestSource::Archive(_) => String::new(),
        }
    }

    /// The options that stand for the script's: those of an archive are what all sources said when it
    /// was made.
    pub(crate) fn exported<'a>(&'a self, bundle: &'a Bundle) -> Option<&'a str> {
        match &self.source {
            TestSource::Archive(archive) => Some(&archive.options),
            TestSource::Text(_) | TestSource::File(_) => bundle.options(),
        }
    }
}

/// Reads flags and variables.
///
/// # Errors
/// A [`Diagnostic`] for a value that means nothing, or standard input that can't be read.
pub(crate) fn run_settings(
    script: &str,
    outside: &Outside,
    process: &Process,
    system: SystemEnv,
) -> Result<RunSettings, Diagnostic> {
    let said = outside.said();
    check_words(&said)?;
    let no_summary = said.no_summary == Some(true);
    // k6: an empty word says nothing, here and below.
    let summary_mode = match said.summary_mode.as_deref() {
        Some(mode) if !mode.is_empty() => parse_mode(mode)?,
        _ if no_summary => SummaryMode::Disabled,
        _ => SummaryMode::Compact,
    };
    let source = source::read(script, said.test_type.as_deref(), process)?;
    Ok(RunSettings {
        script: script.to_owned(),
        env: script_env(&said, &source, process, system),
        source,
        secret_sources: said.secret_source.unwrap_or_default().0,
        outputs: said.out.unwrap_or_default().0,
        summary_mode,
        summary_export: said.summary_export.map(|path| process.directory.join(path)),
        machine_readable_summary: said.new_machine_readable_summary == Some(true),
        directory: process.directory.clone(),
        with_server: said.with_server == Some(true),
        builtin_jslib: said.no_builtin_jslib != Some(true),
        at_end: if said.linger == Some(true) { AtEnd::Linger } else { AtEnd::Leave },
        ws_debug: said.ws_debug.as_deref().map(parse_ws_debug).transpose()?,
        // k6: without an address there is no API, since 2.0.
        api: said
            .address
            .filter(|address| !address.is_empty())
            .map(|address| ApiSettings { address }),
    })
}

/// Checks what is taken and changes nothing here.
fn check_words(said: &OptionsLayer) -> Result<(), Diagnostic> {
    let invalid = |message: String| Err(Diagnostic::new(ExitCode::Usage, message));
    // k6: the words of these messages.
    if let Some(mode) = &said.compatibility_mode
        && !["", "extended", "base", "experimental_enhanced"].contains(&mode.as_str())
    {
        return invalid(format!(
            "invalid compatibility mode \"{mode}\". Use: \"extended\", \"base\", \
             \"experimental_enhanced\""
        ));
    }
    if let Some(output) = &said.traces_output
        && !["none", "otel"].contains(&output.split('=').next().unwrap_or_default())
    {
        return invalid(format!("invalid traces output \"{output}\""));
    }
    Ok(())
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

/// What a command does with the variables of the system where nobody says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemEnv {
    /// k6: `run` shows them to scripts.
    Shown,
    /// k6: other commands do not, because their results are handed on.
    Hidden,
}

/// The system's variables, if they are wanted, above them those of an archive, and those of `-e`.
fn script_env(
    said: &OptionsLayer,
    source: &TestSource,
    process: &Process,
    system: SystemEnv,
) -> BTreeMap<String, String> {
    let shown = said.include_system_env_vars.unwrap_or(system == SystemEnv::Shown);
    let mut env = if shown { process.env.clone() } else { BTreeMap::new() };
    if let TestSource::Archive(archive) = source {
        env.extend(archive.env.clone());
    }
    env.extend(said.env.iter().flat_map(|given| given.0.iter().cloned()));
    env
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
    use sockeye_engine::options::{Entries, Variables};

    use super::*;
    use crate::config::outside;

    fn settings(flags: &OptionsLayer, env: &[(&str, &str)]) -> Result<RunSettings, Diagnostic> {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let process = Process {
            env: env.iter().map(owned).collect(),
            directory: "/results".into(),
            ..Process::default()
        };
        run_settings("x.js", &outside(flags, &process)?, &process, SystemEnv::Shown)
    }

    #[test]
    fn flags_come_before_variables() {
        let env =
            [("K6_OUT", "json=a,json=b"), ("K6_SUMMARY_MODE", "full"), ("K6_SUMMARY_EXPORT", "s")];
        let from_env = settings(&OptionsLayer::default(), &env).unwrap();
        assert_eq!(from_env.outputs, ["json=a", "json=b"]);
        assert_eq!(from_env.summary_mode, SummaryMode::Full);
        assert_eq!(from_env.summary_export, Some("/results/s".into()));
        let flags = OptionsLayer {
            out: Some(Entries(vec!["json=c,d".to_owned()])),
            summary_mode: Some("disabled".to_owned()),
            summary_export: Some("/t".to_owned()),
            ..OptionsLayer::default()
        };
        let from_flags = settings(&flags, &env).unwrap();
        assert_eq!(from_flags.outputs, ["json=c,d"]);
        assert_eq!(from_flags.summary_mode, SummaryMode::Disabled);
        assert_eq!(from_flags.summary_export, Some("/t".into()));
    }

    #[test]
    fn a_mode_that_does_not_exist_is_named() {
        let flags =
            OptionsLayer { summary_mode: Some("compct".to_owned()), ..OptionsLayer::default() };
        let error = settings(&flags, &[]).unwrap_err();
        assert_eq!(error.message, "invalid summary mode `compct`");
        assert_eq!(error.hint.as_deref(), Some("did you mean `compact`?"));
    }

    #[test]
    fn scripts_see_the_system_and_what_is_given() {
        let env = [("HOME", "/h"), ("A", "system")];
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let (a, b, c) = (pair("A", "given"), pair("B", "1=2"), pair("C", ""));
        let given = Some(Variables(vec![a.clone(), b.clone(), c.clone()]));
        let flags = OptionsLayer { env: given, ..OptionsLayer::default() };
        let seen = |flags: &OptionsLayer| {
            settings(flags, &env).unwrap().env.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(seen(&flags), [a.clone(), b.clone(), c.clone(), pair("HOME", "/h")]);
        let flags = OptionsLayer { include_system_env_vars: Some(false), ..flags };
        assert_eq!(seen(&flags), [a, b, c]);
    }
}
