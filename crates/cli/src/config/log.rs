//! How logs are written, and whether in colour.

use sockeye_engine::{
    log::LogLevel,
    options::{self, Group, OptionsLayer, layered},
};

use crate::{
    args::{Args, Command},
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    logging::{LogFormat, LogTarget, LoggerConfig},
    process::Process,
    ui::style::Style,
};

/// How logs are written.
///
/// # Errors
/// A [`Diagnostic`] for a place that logs can't go to.
pub(crate) fn logger(args: &Args, process: &Process) -> Result<LoggerConfig, Diagnostic> {
    let said = said_of_program(&args.flags, process)?;
    let target = match said.log_output.as_deref() {
        None => LogTarget::Stderr,
        Some(output) => LogTarget::parse(output)
            .map_err(|problem| Diagnostic::new(ExitCode::Usage, problem).hint(HINT))?,
    };
    let console = match &args.command {
        Command::Run(_) => {
            let flag = args.flags.console_output.as_deref().filter(|path| !path.is_empty());
            flag.or_else(|| process.variable("K6_CONSOLE_OUTPUT"))
        }
        _ => None,
    };
    let verbose = said.verbose == Some(true);
    Ok(LoggerConfig {
        format: LogFormat::from_name(said.log_format.as_deref().unwrap_or_default()),
        target,
        least: if verbose { LogLevel::Debug } else { LogLevel::Info },
        console: console.map(Into::into),
    })
}

const HINT: &str = "use `stderr`, `stdout`, `none`, `file=PATH[,level=LEVEL]` or \
                    `loki[=URL,KEY=VALUE,…]` with the keys allowedLabels, header.NAME, label.NAME, \
                    level, limit, msgMaxSize, profile and pushPeriod";

/// What flags and variables say of the program, whatever its command.
fn said_of_program(flags: &OptionsLayer, process: &Process) -> Result<OptionsLayer, Diagnostic> {
    let variable = |name: &str| process.variable(name).map(str::to_owned);
    let env = options::from_env(&[Group::Program], variable)
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))?;
    Ok(layered([env.layer, flags.clone()]))
}

/// Whether terminals get colours. See <https://no-color.org>.
pub(crate) fn style(no_color: bool, process: &Process) -> Style {
    let turned_off = no_color
        || process.variable("NO_COLOR").is_some()
        || process.variable("K6_NO_COLOR").is_some()
        || process.variable("TERM") == Some("dumb");
    if turned_off { Style::Plain } else { Style::Colored }
}
