//! The program's log: takes records from every thread, writes those that are wanted.

use std::{
    fmt,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use jiff::tz::TimeZone;
use sockeye_engine::log::{LogLevel, LogRecord, LogSink};

use super::{
    format::{LogFormat, When, format},
    loki::{DialLoki, Loki},
    redacted::Redacted,
    target::LogTarget,
};
use crate::{
    diagnostic::Diagnostic,
    ui::{screen::Screen, style::Style},
};

/// What a [`Logger`] is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoggerConfig {
    pub(crate) format: LogFormat,
    pub(crate) target: LogTarget,
    /// The least level that is written.
    pub(crate) least: LogLevel,
    /// A file for what scripts log with `console`, if that goes elsewhere.
    pub(crate) console: Option<PathBuf>,
}

/// The program's log.
pub(crate) struct Logger {
    lines: Lines,
    least: LogLevel,
    /// Beyond that, of what goes to the output.
    least_of_output: LogLevel,
    screen: Arc<Screen>,
    output: Output,
    console: Option<Mutex<File>>,
    redacted: Redacted,
}

enum Output {
    Stderr,
    Stdout,
    None,
    File(Mutex<File>),
    Loki(Loki),
}

/// How records become lines.
#[derive(Clone)]
struct Lines {
    format: LogFormat,
    started: Instant,
    /// In which times are told.
    zone: TimeZone,
}

impl Lines {
    fn line(&self, style: Style, record: &LogRecord) -> String {
        let wall = jiff::Timestamp::now().to_zoned(self.zone.clone());
        format(self.format, style, record, &When { wall, since_start: self.started.elapsed() })
    }
}

impl Logger {
    /// Opens what is to be written to; relative paths begin at `directory`, and a Loki is reached by
    /// what `dial` says.
    ///
    /// # Errors
    /// [`OpenLogError`] for a file that can't be written.
    pub(crate) fn new(
        config: &LoggerConfig,
        directory: &Path,
        screen: Arc<Screen>,
        dial: DialLoki,
    ) -> Result<Self, OpenLogError> {
        let zone = TimeZone::system();
        let lines = Lines { format: config.format, started: Instant::now(), zone };
        let open = |path: &Path| {
            let path = directory.join(path);
            let file = File::options().create(true).append(true).open(&path);
            file.map(Mutex::new).map_err(|source| OpenLogError::File { path, source })
        };
        let output = match &config.target {
            LogTarget::Stderr => Output::Stderr,
            LogTarget::Stdout => Output::Stdout,
            LogTarget::None => Output::None,
            LogTarget::File { path, .. } => Output::File(open(path)?),
            LogTarget::Loki(settings) => {
                let (lines, screen) = (lines.clone(), Arc::clone(&screen));
                let complain = move |record: LogRecord| {
                    screen.print_error(&lines.line(screen.stderr_style(), &record));
                };
                let loki = Loki::start(settings.as_ref().clone(), dial, Box::new(complain));
                Output::Loki(loki.map_err(OpenLogError::Thread)?)
            }
        };
        let console = config.console.as_deref().map(open).transpose()?;
        let least = config.least;
        let least_of_output = match &config.target {
            LogTarget::File { least, .. } => *least,
            LogTarget::Loki(settings) => settings.least,
            LogTarget::Stderr | LogTarget::Stdout | LogTarget::None => least,
        };
        let redacted = Redacted::default();
        Ok(Self { lines, least, least_of_output, screen, output, console, redacted })
    }

    /// Hands over what is still on its way, or says how much was not. Nothing may be logged after.
    pub(crate) fn finish(&self) {
        if let Output::Loki(loki) = &self.output {
            loki.finish();
        }
    }

    /// Keeps `secret` out of every line from now on.
    pub(crate) fn redact(&self, secret: &str) {
        self.redacted.add(secret);
    }

    /// Logs an error, with its source line and hint below it where a person reads.
    pub(crate) fn report(&self, diagnostic: &Diagnostic) {
        let mut record = LogRecord::new(LogLevel::Error, diagnostic.message.clone());
        record.fields.clone_from(&diagnostic.fields);
        if let Output::Loki(_) = &self.output {
            // k6: what ends the program is said here as well.
            let mut record = record.clone();
            self.clean(&mut record);
            self.screen.print_error(&self.lines.line(self.screen.stderr_style(), &record));
        }
        let for_people = matches!(self.output, Output::Stderr | Output::Stdout | Output::Loki(_))
            && self.lines.format != LogFormat::Json;
        match &diagnostic.hint {
            Some(hint) if !for_people => self.log(record.field("hint", hint.clone())),
            _ => self.log(record),
        }
        if for_people {
            let mut details = diagnostic.details();
            self.redacted.clean(&mut details);
            self.write(&details);
        }
    }

    fn write(&self, text: &str) {
        match &self.output {
            // What is more than a record is for who sits here, wherever records go.
            Output::Stderr | Output::Loki(_) => self.screen.print_error(text),
            Output::Stdout => self.screen.print(text),
            Output::None => {}
            Output::File(file) => append(file, text),
        }
    }

    fn style(&self) -> Style {
        match &self.output {
            Output::Stderr => self.screen.stderr_style(),
            Output::Stdout => self.screen.stdout_style(),
            Output::None | Output::File(_) | Output::Loki(_) => Style::Plain,
        }
    }

    fn clean(&self, record: &mut LogRecord) {
        self.redacted.clean(&mut record.message);
        for (_, value) in &mut record.fields {
            self.redacted.clean(value);
        }
    }
}

impl LogSink for Logger {
    fn log(&self, mut record: LogRecord) {
        if record.level < self.least {
            return;
        }
        self.clean(&mut record);
        let is_console = |(key, value): &(&str, String)| *key == "source" && value == "console";
        if let (Some(file), Some(at)) = (&self.console, record.fields.iter().position(is_console)) {
            // k6: in a file of its own, a console line needs no source.
            record.fields.remove(at);
            return append(file, &self.lines.line(Style::Plain, &record));
        }
        if record.level < self.least_of_output {
            return;
        }
        match &self.output {
            Output::Loki(loki) => loki.push(record),
            _ => self.write(&self.lines.line(self.style(), &record)),
        }
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logger").field("format", &self.lines.format).finish_non_exhaustive()
    }
}

/// A full disk must not end the run, and there is nowhere else to say so.
fn append(file: &Mutex<File>, text: &str) {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = file.write_all(text.as_bytes());
}

/// A log that can't be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenLogError {
    /// A file can't be.
    #[error("failed to open the log file `{}`", path.display())]
    File { path: PathBuf, source: io::Error },
    /// There is no thread for what sends it.
    #[error("failed to start a thread for the log")]
    Thread(#[source] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::ExitCode;

    fn open(config: &LoggerConfig, directory: &Path) -> Result<Logger, OpenLogError> {
        let no_loki: DialLoki = Box::new(|_| Err("there is none".to_owned()));
        Logger::new(config, directory, Arc::new(Screen::to_nowhere()), no_loki)
    }

    #[test]
    fn a_file_gets_lines_at_or_above_the_least_level_and_console_lines_their_own() {
        let directory = tempfile::tempdir().unwrap();
        let config = LoggerConfig {
            format: LogFormat::Raw,
            target: LogTarget::File { path: "log".into(), least: LogLevel::Warning },
            least: LogLevel::Info,
            console: Some("console".into()),
        };
        let logger = open(&config, directory.path()).unwrap();
        logger.log(LogRecord::new(LogLevel::Debug, "no"));
        logger.log(LogRecord::new(LogLevel::Info, "said").field("source", "console"));
        logger.log(LogRecord::new(LogLevel::Info, "below the level of the file"));
        logger.report(&Diagnostic::new(ExitCode::Usage, "wrong").hint("do it right"));
        let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!((read("log"), read("console")), ("wrong\n".to_owned(), "said\n".to_owned()));
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let config = LoggerConfig {
            format: LogFormat::Text,
            target: LogTarget::File { path: "no/such/folder".into(), least: LogLevel::Debug },
            least: LogLevel::Info,
            console: None,
        };
        let error = open(&config, directory.path()).unwrap_err();
        assert!(error.to_string().ends_with("no/such/folder`"), "{error}");
    }
}
