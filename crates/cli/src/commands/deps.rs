//! `sockeye deps`: what a script imports, and whether all of it is here.
//! <https://grafana.com/docs/k6/latest/using-k6/k6-deps-command/>

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::json;
use sockeye_engine::options::OptionsLayer;
use sockeye_js::Dependencies;

use super::{load, run::Surroundings};
use crate::{
    args::{DepsArgs, DepsForm},
    config::{self, SystemEnv},
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    json,
};

/// Shows what the script depends on. Nothing of it is run.
///
/// # Errors
/// A [`Diagnostic`] for what can't be read, and for a manifest that is none.
pub(crate) fn deps(
    args: &DepsArgs,
    flags: &OptionsLayer,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    let found = load::block_on(async {
        let outside = config::outside(flags, around.process)?;
        let settings =
            config::run_settings(&args.script, &outside, around.process, SystemEnv::Hidden)?;
        let roots = config::system_roots(around.process, &**around.logger);
        let mut found = load::dependencies(&settings, &roots, around).await?;
        if let Some(manifest) = around.process.variable(MANIFEST) {
            found.default_to(&versions(manifest)?);
        }
        Ok(found)
    })?;
    around.screen.print(&match args.form {
        DepsForm::Text => text(&found),
        DepsForm::Json => json(&found),
    });
    Ok(ExitCode::Ok)
}

fn versions(manifest: &str) -> Result<BTreeMap<String, String>, Diagnostic> {
    serde_json::from_str(manifest).map_err(|error| {
        Diagnostic::new(ExitCode::InvalidConfig, format!("variable `{MANIFEST}`: {error}"))
            .hint("it is an object of names and versions: `{\"k6/x/faker\": \">=v0.4.4\"}`")
    })
}

const MANIFEST: &str = "K6_DEPENDENCY_MANIFEST";

fn text(found: &Dependencies) -> String {
    let mut text = "Build Dependencies:\n".to_owned();
    for (name, constraint) in &found.wanted {
        let _ = writeln!(text, "  {name}: {constraint}");
    }
    if found.wanted.is_empty() {
        text.push_str("  (none)\n");
    }
    text.push_str("\nImports:\n");
    for import in &found.imports {
        let _ = writeln!(text, "  {import}");
    }
    let _ =
        writeln!(text, "\nCustom Build Required: {}", if found.are_met() { "no" } else { "yes" });
    text
}

fn json(found: &Dependencies) -> String {
    let found = json!({
        "buildDependencies": found.wanted,
        "imports": found.imports,
        "customBuildRequired": !found.are_met(),
    });
    json::pretty(&found) + "\n"
}
