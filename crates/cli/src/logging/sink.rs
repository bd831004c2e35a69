//! The program's log: takes records from every thread, writes those that are wanted.

use std::{
    fmt,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use sockeye_engine::log::{LogLevel, LogRecord, LogSink};

use super::format::{LogFormat, When, format};
use crate::{
    diagnostic::Diagnostic,
    ui::{screen::Screen, style::Style},
};

/// Where log lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogTarget {
    /// Beside what the program prints.
    Stderr,
    /// Amid what the program prints.
    Stdout,
    /// Nowhere.
    None,
    /// To the end of a file.
    File(PathBuf),
}

impl LogTarget {
    /// Reads what follows `--log-output`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "stderr" => Some(Self::Stderr),
            "stdout" => Some(Self::Stdout),
            "none" => Some(Self::None),
            _ => {
                let path = text.strip_prefix("file=")?;
                (!path.is_empty()).then(|| Self::File(path.into()))
            }
        }
    }
}

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
    format: LogFormat,
    least: LogLevel,
    started: Instant,
    screen: Arc<Screen>,
    output: Output,
    console: Option<Mutex<File>>,
}

enum Output {
    Stderr,
    Stdout,
    None,
    File(Mutex<File>),
}

impl Logger {
    /// Opens what is to be written to; relative paths begin at `directory`.
    ///
    /// # Errors
    /// [`OpenLogError`] for a file that can't be written.
    pub(crate) fn new(
        config: &LoggerConfig,
        directory: &Path,
        screen: Arc<Screen>,
    ) -> Result<Self, OpenLogError> {
        let open = |path: &Path| {
            let path = directory.join(path);
            let file = File::options().create(true).append(true).open(&path);
            file.map(Mutex::new).map_err(|source| OpenLogError { path, source })
        };
        let output = match &config.target {
            LogTarget::Stderr => Output::Stderr,
            LogTarget::Stdout => Output::Stdout,
            LogTarget::None => Output::None,
            LogTarget::File(path) => Output::File(open(path)?),
        };
        let console = config.console.as_deref().map(open).transpose()?;
        let (format, least) = (config.format, config.least);
        Ok(Self { format, least, started: Instant::now(), screen, output, console })
    }

    /// Logs an error, with its source line and hint below it where a person reads.
    pub(crate) fn report(&self, diagnostic: &Diagnostic) {
        let mut record = LogRecord::new(LogLevel::Error, diagnostic.message.clone());
        record.fields.clone_from(&diagnostic.fields);
        let for_people = matches!(self.output, Output::Stderr | Output::Stdout)
            && self.format != LogFormat::Json;
        match &diagnostic.hint {
            Some(hint) if !for_people => self.log(record.field("hint", hint.clone())),
            _ => self.log(record),
        }
        if for_people {
            self.write(&diagnostic.details());
        }
    }

    fn write(&self, text: &str) {
        match &self.output {
            Output::Stderr => self.screen.print_error(text),
            Output::Stdout => self.screen.print(text),
            Output::None => {}
            Output::File(file) => append(file, text),
        }
    }

    fn style(&self) -> Style {
        match &self.output {
            Output::Stderr => self.screen.stderr_style(),
            Output::Stdout => self.screen.stdout_style(),
            Output::None | Output::File(_) => Style::Plain,
        }
    }

    fn now(&self) -> When {
        When { wall: jiff::Timestamp::now(), since_start: self.started.elapsed() }
    }
}

impl LogSink for Logger {
    fn log(&self, mut record: LogRecord) {
        if record.level < self.least {
            return;
        }
        let is_console = |(key, value): &(&str, String)| *key == "source" && value == "console";
        if let (Some(file), Some(at)) = (&self.console, record.fields.iter().position(is_console)) {
            // k6: in a file of its own, a console line needs no source.
            record.fields.remove(at);
            return append(file, &format(self.format, Style::Plain, &record, self.now()));
        }
        self.write(&format(self.format, self.style(), &record, self.now()));
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logger").field("format", &self.format).finish_non_exhaustive()
    }
}

/// A full disk must not end the run, and there is nowhere else to say so.
fn append(file: &Mutex<File>, text: &str) {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = file.write_all(text.as_bytes());
}

/// A file that can't be logged to.
#[derive(Debug, thiserror::Error)]
#[error("failed to open the log file `{}`", path.display())]
pub(crate) struct OpenLogError {
    path: PathBuf,
    source: io::Error,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::ExitCode;

    #[test]
    fn outputs_have_k6s_names() {
        assert_eq!(LogTarget::parse("stderr"), Some(LogTarget::Stderr));
        assert_eq!(LogTarget::parse("none"), Some(LogTarget::None));
        assert_eq!(LogTarget::parse("file=./a.log"), Some(LogTarget::File("./a.log".into())));
        assert_eq!(LogTarget::parse("file="), None);
        assert_eq!(LogTarget::parse("loki"), None);
    }

    #[test]
    fn a_file_gets_lines_at_or_above_the_least_level_and_console_lines_their_own() {
        let directory = tempfile::tempdir().unwrap();
        let config = LoggerConfig {
            format: LogFormat::Raw,
            target: LogTarget::File("log".into()),
            least: LogLevel::Info,
            console: Some("console".into()),
        };
        let logger =
            Logger::new(&config, directory.path(), Arc::new(Screen::to_nowhere())).unwrap();
        logger.log(LogRecord::new(LogLevel::Debug, "no"));
        logger.log(LogRecord::new(LogLevel::Info, "said").field("source", "console"));
        logger.report(&Diagnostic::new(ExitCode::Usage, "wrong").hint("do it right"));
        let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!((read("log"), read("console")), ("wrong\n".to_owned(), "said\n".to_owned()));
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let config = LoggerConfig {
            format: LogFormat::Text,
            target: LogTarget::File("no/such/folder".into()),
            least: LogLevel::Info,
            console: None,
        };
        let screen = Arc::new(Screen::to_nowhere());
        let error = Logger::new(&config, directory.path(), screen).unwrap_err();
        assert!(error.to_string().ends_with("no/such/folder`"), "{error}");
    }
}
