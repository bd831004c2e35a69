//! What every command begins with: arguments, the screen, the log.

use std::sync::Arc;

use sockeye_engine::log::LogLevel;

use super::{
    archive, completion, deps, inspect, new,
    run::{self, Surroundings},
    serve, version,
};
use crate::{
    args::{self, Args, Command},
    config,
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    limits,
    logging::{LogFormat, LogTarget, Logger, LoggerConfig},
    process::{self, Process},
    ui::{screen::Screen, style::Style},
};

/// The program. Every error ends here as a line for the user and an exit code.
pub(crate) fn main() -> ExitCode {
    limits::raise_open_files();
    let process = match Process::system() {
        Ok(process) => process,
        Err(error) => {
            let diagnostic = Diagnostic::from_error(ExitCode::Usage, &error);
            return complain(&diagnostic, &Process::default());
        }
    };
    let args = match args::parse(&process.args) {
        Ok(args) => args,
        Err(diagnostic) => return complain(&diagnostic, &process),
    };
    let logger = match config::logger(&args, &process) {
        Ok(config) => config,
        Err(diagnostic) => return complain(&diagnostic, &process),
    };
    let screen = screen(config::style(args.flags.no_color == Some(true), &process));
    let dial = config::loki_dialer(&process);
    let logger = match Logger::new(&logger, &process.directory, Arc::clone(&screen), dial) {
        Ok(logger) => Arc::new(logger),
        Err(error) => {
            return complain(&Diagnostic::from_error(ExitCode::Usage, &error), &process);
        }
    };
    let code = dispatch(args, &process, &screen, &logger).unwrap_or_else(|diagnostic| {
        logger.report(&diagnostic);
        diagnostic.code
    });
    logger.finish();
    code
}

fn dispatch(
    args: Args,
    process: &Process,
    screen: &Arc<Screen>,
    logger: &Arc<Logger>,
) -> Result<ExitCode, Diagnostic> {
    let quiet = args.flags.quiet == Some(true);
    let around = Surroundings { process, screen, logger, quiet };
    match args.command {
        Command::Run(script) => run::run(&script, &args.flags, &around),
        Command::Archive(of) => archive::archive(&of, &args.flags, &around),
        Command::Inspect(of) => inspect::inspect(&of, &args.flags, &around),
        Command::Deps(of) => deps::deps(&of, &args.flags, &around),
        Command::New(args) => new::new(&args, &around),
        Command::Completion(shell) => Ok(completion::completion(shell, screen)),
        Command::Serve(args) => serve::serve(&args, screen),
        Command::Version { json } => Ok(version::version(json, screen)),
        Command::Help(text) => {
            screen.print(&text);
            Ok(ExitCode::Ok)
        }
    }
}

fn screen(style: Style) -> Arc<Screen> {
    Arc::new(Screen::new(process::stdout(), process::stderr(), style))
}

/// Reports what went wrong before there was a log to report it in.
fn complain(diagnostic: &Diagnostic, process: &Process) -> ExitCode {
    let config = LoggerConfig {
        format: LogFormat::from_name(process.variable("K6_LOG_FORMAT").unwrap_or_default()),
        target: LogTarget::Stderr,
        least: LogLevel::Info,
        console: None,
    };
    let no_color = process.args.iter().any(|arg| arg == "--no-color");
    let screen = screen(config::style(no_color, process));
    let dial = config::loki_dialer(process);
    if let Ok(logger) = Logger::new(&config, &process.directory, screen, dial) {
        logger.report(diagnostic);
    }
    diagnostic.code
}
