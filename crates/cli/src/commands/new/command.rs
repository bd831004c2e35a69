//! Which template, which file, and not over one that is there.

use std::{fs, io, path::Path};

use super::{
    TEMPLATES,
    template::{self, Fields},
};
use crate::{
    args::NewArgs,
    commands::run::Surroundings,
    diagnostic::{Diagnostic, nearest},
    exit_code::ExitCode,
};

/// Writes a script.
///
/// # Errors
/// A [`Diagnostic`] for a file that is there already or can't be written, and for a template that
/// does not exist or has a mistake.
pub(in crate::commands) fn new(
    args: &NewArgs,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    let usage = |message: String| Diagnostic::new(ExitCode::Usage, message);
    let directory = &around.process.directory;
    let text = template_text(&args.template, directory)?;
    let fields = Fields { script_name: &args.file, project_id: &args.project_id };
    let script = template::render(&text, &fields)
        .map_err(|problem| usage(format!("template `{}`: {problem}", args.template)))?;
    let path = directory.join(&args.file);
    let opened = if args.force { fs::File::create(&path) } else { fs::File::create_new(&path) };
    let file = &args.file;
    opened.and_then(|mut opened| io::Write::write_all(&mut opened, script.as_bytes())).map_err(
        |error| match error.kind() {
            // k6: its words.
            io::ErrorKind::AlreadyExists => {
                usage(format!("{file} already exists. Use the `--force` flag to overwrite it"))
            }
            _ => usage(format!("failed to write `{file}`: {error}")),
        },
    )?;
    // k6: its words.
    let told = format!("New script created: {file} ({} template).\n", args.template);
    around.screen.print(&told);
    Ok(ExitCode::Ok)
}

/// A built-in template by its name, or else a file.
fn template_text(name: &str, directory: &Path) -> Result<String, Diagnostic> {
    if let Some((_, text)) = TEMPLATES.iter().find(|(known, _)| *known == name) {
        return Ok((*text).to_owned());
    }
    let known = || TEMPLATES.iter().map(|(known, _)| *known);
    // k6: what looks like a path is one.
    if name.contains(['/', '\\', '.']) {
        return fs::read_to_string(directory.join(name)).map_err(|error| {
            let message = format!("failed to read the template `{name}`: {error}");
            Diagnostic::new(ExitCode::Usage, message)
        });
    }
    if name == "browser" {
        let message = "there is no template `browser`: sockeye drives no browsers";
        return Err(Diagnostic::new(ExitCode::Usage, message));
    }
    let error = Diagnostic::new(ExitCode::Usage, format!("there is no template `{name}`"));
    if let Some(likely) = nearest(name, known()) {
        return Err(error.hint(format!("did you mean `{likely}`?")));
    }
    let names: Vec<&str> = known().collect();
    Err(error.hint(format!("use `{}`, or the path of a file", names.join("`, `"))))
}
