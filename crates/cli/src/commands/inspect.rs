//! `sockeye inspect`: the options of a script as JSON, in k6's shape.

use serde_json::{Map, Value};
use sockeye_engine::{
    Plan,
    log::{LogLevel, LogRecord, LogSink},
    options::{self, GoDuration, OptionsLayer, Source},
};
use sockeye_js::Keep;
use sockeye_metrics::Registry;
use sockeye_net::SystemRoots;

use super::{load, run::Surroundings};
use crate::{
    args::InspectArgs,
    config::{self, Mistakes, Outside, ScriptOptions, SystemEnv},
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    json,
};

/// Shows what the script says, or with `--execution-requirements` all that holds and what it takes.
///
/// # Errors
/// A [`Diagnostic`] for whatever keeps the script from being read, and for options that mean nothing.
pub(crate) fn inspect(
    args: &InspectArgs,
    flags: &OptionsLayer,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    let object = load::block_on(async {
        let outside = config::outside(flags, around.process)?;
        let settings =
            config::run_settings(&args.script, &outside, around.process, SystemEnv::Hidden)?;
        let roots = config::system_roots(around.process, &**around.logger);
        let bundle = load::bundle(&settings, &Registry::new(), &roots, Keep::Code, around).await?;
        let text = settings.read_script();
        let script = ScriptOptions {
            exported: settings.exported(&bundle),
            name: bundle.url().as_str(),
            text: &text,
        };
        if args.execution_requirements {
            let is_function = |name: &str| bundle.exports().iter().any(|known| known == name);
            requirements(&script, &outside, roots, is_function, around)
        } else {
            written(&script, &outside, roots, around)
        }
    })?;
    around.screen.print(&(json::pretty_escaped(&Value::Object(object)) + "\n"));
    Ok(ExitCode::Ok)
}

/// k6: what the script says, whatever variables and files say.
fn written(
    script: &ScriptOptions<'_>,
    outside: &Outside,
    roots: SystemRoots,
    around: &Surroundings<'_>,
) -> Result<Map<String, Value>, Diagnostic> {
    let reading = config::script_options(script, outside)?;
    for notice in &reading.notices {
        around.logger.log(LogRecord::new(LogLevel::Warning, notice.to_string()));
    }
    let object = reading.layer.to_json();
    // k6: whether its scenarios make a test is not asked here, what its values mean is.
    if let Ok(resolved) = options::resolve(vec![(Source::Script, reading.layer)]) {
        let mistakes = Mistakes { origins: &resolved.origins, script, outside };
        let log = &**around.logger;
        config::dialer(&resolved.options, around.process, roots, None, &mistakes, log)?;
    }
    Ok(object)
}

fn requirements(
    script: &ScriptOptions<'_>,
    outside: &Outside,
    roots: SystemRoots,
    is_function: impl Fn(&str) -> bool,
    around: &Surroundings<'_>,
) -> Result<Map<String, Value>, Diagnostic> {
    let log = &**around.logger;
    let resolved = config::options(script, outside, log)?;
    resolved
        .options
        .check_exports(is_function)
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))?;
    let mistakes = Mistakes { origins: &resolved.origins, script, outside };
    config::dialer(&resolved.options, around.process, roots, None, &mistakes, log)?;
    let plan = Plan::new(&resolved.options);
    let mut object = resolved.to_json();
    let total = GoDuration(plan.max_duration()).to_string();
    object.insert("totalDuration".to_owned(), total.into());
    object.insert("maxVUs".to_owned(), plan.max_vus().into());
    Ok(object)
}
