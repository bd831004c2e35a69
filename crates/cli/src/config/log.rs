//! How logs are written, and whether in colour.

use sockeye_engine::log::LogLevel;

use crate::{
    args::{Args, Command, CommonArgs},
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
    let CommonArgs { log_format, log_output, verbose, .. } = &args.common;
    let format = log_format.as_deref().or_else(|| process.variable("K6_LOG_FORMAT"));
    let output = log_output.as_deref().or_else(|| process.variable("K6_LOG_OUTPUT"));
    let target = match output {
        None => LogTarget::Stderr,
        Some(output) => LogTarget::parse(output).ok_or_else(|| {
            let message = format!("unsupported log output `{output}`");
            Diagnostic::new(ExitCode::Usage, message)
                .hint("use `stderr`, `stdout`, `none` or `file=PATH`")
        })?,
    };
    let console = match &args.command {
        Command::Run(run) => {
            run.console_output.as_deref().or_else(|| process.variable("K6_CONSOLE_OUTPUT"))
        }
        _ => None,
    };
    Ok(LoggerConfig {
        format: LogFormat::from_name(format.unwrap_or_default()),
        target,
        least: if *verbose { LogLevel::Debug } else { LogLevel::Info },
        console: console.map(Into::into),
    })
}

/// Whether terminals get colours. See <https://no-color.org>.
pub(crate) fn style(no_color: bool, process: &Process) -> Style {
    let turned_off = no_color
        || process.variable("NO_COLOR").is_some()
        || process.variable("K6_NO_COLOR").is_some()
        || process.variable("TERM") == Some("dumb");
    if turned_off { Style::Plain } else { Style::Colored }
}
