//! Reading a script: what every command does that takes one.

use std::{sync::Arc, time::Duration};

use sockeye_engine::options::Options;
use sockeye_js::{Bundle, Dependencies, Fetching, Keep, Limits, LoadRequest, ScriptSource};
use sockeye_metrics::Registry;
use sockeye_net::{DialerConfig, SystemRoots};

use super::run::Surroundings;
use crate::{
    config::{self, RunSettings, TestSource},
    diagnostic::Diagnostic,
    ending,
    exit_code::ExitCode,
    logging::Logger,
};

/// Does something with a script that needs no threads of its own.
///
/// # Errors
/// What `work` returns, or a [`Diagnostic`] if there can be no event loop.
pub(crate) fn block_on<T>(
    work: impl Future<Output = Result<T, Diagnostic>>,
) -> Result<T, Diagnostic> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
    let result = runtime.block_on(work);
    // A worker that does not end must not keep the program from doing so.
    runtime.shutdown_background();
    result
}

/// Reads and compiles the script and runs its init code.
///
/// # Errors
/// A [`Diagnostic`] that says what is wrong with the script. k6: one that exports no function is.
pub(crate) async fn bundle(
    settings: &RunSettings,
    registry: &Arc<Registry>,
    roots: &SystemRoots,
    keep: Keep,
    around: &Surroundings<'_>,
) -> Result<Bundle, Diagnostic> {
    let dialer = config::loader_dialer(around.process, roots)?;
    let sources = &settings.secret_sources;
    let request = LoadRequest {
        script: script(settings, around),
        env: settings.env.clone(),
        secrets: config::secrets(sources, around.process, &dialer, around.logger)?,
        fetching: fetching(settings, dialer),
        registry: Arc::clone(registry),
        log: Arc::<Logger>::clone(around.logger),
        limits: Limits::default(),
        keep,
    };
    let bundle = Bundle::load(request).await.map_err(|error| ending::load_failed(&error))?;
    if bundle.exports().is_empty() {
        let message = format!("no exported functions in the script `{}`", settings.script);
        return Err(Diagnostic::new(ExitCode::Usage, message)
            .hint("export what a VU is to run: `export default function () { … }`"));
    }
    Ok(bundle)
}

/// What the script and its imports depend on.
///
/// # Errors
/// A [`Diagnostic`] for what can't be read or parsed.
pub(crate) async fn dependencies(
    settings: &RunSettings,
    roots: &SystemRoots,
    around: &Surroundings<'_>,
) -> Result<Dependencies, Diagnostic> {
    let dialer = config::loader_dialer(around.process, roots)?;
    sockeye_js::dependencies(script(settings, around), &fetching(settings, dialer))
        .await
        .map_err(|error| ending::load_failed(&error.into()))
}

fn script(settings: &RunSettings, around: &Surroundings<'_>) -> ScriptSource {
    let folder = around.process.directory.clone();
    match &settings.source {
        TestSource::Text(text) => ScriptSource::Text { text: text.clone(), folder },
        TestSource::File(path) => ScriptSource::File(path.clone()),
        TestSource::Archive(archive) => ScriptSource::Archive {
            entry: archive.entry.clone(),
            text: archive.script.clone(),
            files: archive.files.clone(),
        },
    }
}

fn fetching(settings: &RunSettings, dialer: Arc<DialerConfig>) -> Fetching {
    Fetching { dialer, timeout: FETCH_TIMEOUT, builtin_jslib: settings.builtin_jslib }
}

/// How long fetching a module may take.
const FETCH_TIMEOUT: Duration = Duration::from_mins(1);

/// Every scenario needs its function.
///
/// # Errors
/// A [`Diagnostic`] that names those that are missing.
pub(crate) fn check_functions(options: &Options, bundle: &Bundle) -> Result<(), Diagnostic> {
    options
        .check_exports(|name| bundle.exports().iter().any(|exported| exported == name))
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))
}
