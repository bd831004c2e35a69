//! `sockeye archive`: a script, all that it needs, its options and variables in one file.

use std::{
    fs::File,
    io::{self, BufWriter},
    time::{SystemTime, UNIX_EPOCH},
};

use sockeye_engine::options::OptionsLayer;
use sockeye_js::Keep;
use sockeye_metrics::Registry;

use super::{load, run::Surroundings};
use crate::{
    archive::{self, Contents},
    args::ArchiveArgs,
    config::{self, Mistakes, ScriptOptions, SystemEnv},
    diagnostic::Diagnostic,
    exit_code::ExitCode,
};

/// Makes an archive.
///
/// # Errors
/// A [`Diagnostic`] for whatever keeps the script from being read, for options that mean nothing, and
/// for a file that can't be written.
pub(crate) fn archive(
    args: &ArchiveArgs,
    flags: &OptionsLayer,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    let contents = load::block_on(contents(args, flags, around))?;
    let written = if args.out == "-" {
        archive::write(&contents, BufWriter::new(io::stdout().lock()))
    } else {
        let path = around.process.directory.join(&args.out);
        File::create(path).and_then(|file| archive::write(&contents, BufWriter::new(file)))
    };
    written.map_err(|error| failed(&args.out, &error))?;
    Ok(ExitCode::Ok)
}

fn failed(out: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(ExitCode::Usage, format!("failed to write the archive `{out}`: {error}"))
}

async fn contents(
    args: &ArchiveArgs,
    flags: &OptionsLayer,
    around: &Surroundings<'_>,
) -> Result<Contents, Diagnostic> {
    let log = &**around.logger;
    let outside = config::outside(flags, around.process)?;
    let settings = config::run_settings(&args.script, &outside, around.process, SystemEnv::Hidden)?;
    let roots = config::system_roots(around.process, log);
    let registry = Registry::new();
    let bundle = load::bundle(&settings, &registry, &roots, Keep::Sources, around).await?;
    let text = settings.read_script();
    let script = ScriptOptions {
        exported: settings.exported(&bundle),
        name: bundle.url().as_str(),
        text: &text,
    };
    let resolved = config::options(&script, &outside, log)?;
    load::check_functions(&resolved.options, &bundle)?;
    let mistakes = Mistakes { origins: &resolved.origins, script: &script, outside: &outside };
    config::thresholds(&resolved.options, &registry)?;
    config::dialer(&resolved.options, around.process, roots, None, &mistakes, log)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Contents {
        entry: bundle.url().to_string(),
        options: resolved.archived(),
        env: (!args.exclude_env_vars).then(|| settings.env.clone()),
        compatibility_mode: "extended".to_owned(),
        files: bundle.files(),
        unix_seconds: since.as_secs(),
    })
}
