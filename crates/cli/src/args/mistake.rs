//! What is wrong on the command line, in our words.

use clap::error::{ContextKind, ErrorKind};

use crate::{diagnostic::Diagnostic, exit_code::ExitCode};

/// clap's errors in our words.
pub(super) fn diagnose(error: &clap::Error) -> Diagnostic {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    // Without the placeholder for the value.
    let flag = argument.split([' ', '=', '[']).next().unwrap_or_default();
    let usage = |message: String| Diagnostic::new(ExitCode::Usage, message);
    let suggest = |diagnostic: Diagnostic, kind, otherwise: &str| match error.get(kind) {
        Some(suggested) => {
            let suggested = suggested.to_string();
            let first = suggested.split([',', ' ']).next().unwrap_or_default();
            diagnostic.hint(format!("did you mean `{first}`?"))
        }
        None => diagnostic.hint(otherwise),
    };
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => suggest(
            usage(format!("unknown option `{flag}`")),
            ContextKind::SuggestedArg,
            "`sockeye run --help` lists the options",
        ),
        ErrorKind::UnknownArgument => usage(format!("unexpected argument `{argument}`"))
            .hint("a run takes one script; options begin with `--`"),
        ErrorKind::InvalidSubcommand => suggest(
            usage(format!("unknown command `{}`", context(ContextKind::InvalidSubcommand))),
            ContextKind::SuggestedSubcommand,
            "`sockeye --help` lists the commands",
        ),
        ErrorKind::MissingRequiredArgument
            if context(ContextKind::InvalidArg).contains("SHELL") =>
        {
            usage("a shell is missing".to_owned()).hint("use `bash`, `zsh`, `fish` or `powershell`")
        }
        ErrorKind::MissingRequiredArgument => usage("a script is missing".to_owned())
            .hint("give its path, or `-` to read it from standard input"),
        ErrorKind::InvalidValue if value.is_empty() => {
            usage(format!("option `{flag}` needs a value"))
        }
        ErrorKind::InvalidValue => {
            let known = context(ContextKind::ValidValue).replace(", ", "` or `");
            usage(format!("`{value}` is no value of `{flag}`")).hint(format!("use `{known}`"))
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let reason = reason.unwrap_or_else(|| "it does not parse".to_owned());
            usage(format!("`{value}` is no value of `{flag}`: {reason}"))
        }
        ErrorKind::NoEquals => usage(format!("option `{flag}` needs a value after `=`")),
        ErrorKind::ArgumentConflict => usage(format!("option `{flag}` is given twice")),
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            usage(first.trim_start_matches("error: ").to_owned())
        }
    }
}
