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
    redacted::Redacted,
};
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
    File {
        /// Where it is.
        path: PathBuf,
        /// The least level that it gets.
        least: LogLevel,
    },
}

impl LogTarget {
    /// Reads what follows `--log-output`.
    ///
    /// # Errors
    /// What is wrong with it, in k6's words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "stderr" => Ok(Self::Stderr),
            "stdout" => Ok(Self::Stdout),
            "none" => Ok(Self::None),
            _ if text == "file" || text.starts_with("file=") => Self::parse_file(text),
            _ => Err(format!("unsupported log output '{text}'")),
        }
    }

    /// `file=PATH,level=LEVEL`
    fn parse_file(text: &str) -> Result<Self, String> {
        let mut parts = text.split(',');
        let path = parts.next().and_then(|first| first.strip_prefix("file=")).unwrap_or_default();
        if path.is_empty() {
            return Err(format!(
                "error while parsing logfile configuration key `{text}` with no value"
            ));
        }
        let mut least = LogLevel::Debug;
        for part in parts {
            let Some(("level", name)) = part.split_once('=') else {
                let key = part.split('=').next().unwrap_or_default();
                return Err(format!("unknown logfile config key {key}"));
            };
            least = level(name)?;
        }
        Ok(Self::File { path: path.into(), least })
    }
}

/// k6: its names of levels. Nothing here is worse than an error.
fn level(name: &str) -> Result<LogLevel, String> {
    match name {
        "trace" | "debug" => Ok(LogLevel::Debug),
        "info" => Ok(LogLevel::Info),
        "warn" | "warning" => Ok(LogLevel::Warning),
        "error" | "fatal" | "panic" => Ok(LogLevel::Error),
        _ => Err(format!("unknown log level {name}")),
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
    /// Beyond that, of what goes to the output.
    least_of_output: LogLevel,
    started: Instant,
    /// In which times are told.
    zone: TimeZone,
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
            LogTarget::File { path, .. } => Output::File(open(path)?),
        };
        let console = config.console.as_deref().map(open).transpose()?;
        let (format, zone) = (config.format, TimeZone::system());
        let least = config.least;
        let least_of_output = match &config.target {
            LogTarget::File { least, .. } => *least,
            LogTarget::Stderr | LogTarget::Stdout | LogTarget::None => least,
        };
        Ok(Self {
            format,
            least,
            least_of_output,
            started: Instant::now(),
            zone,
            screen,
            output,
            console,
            redacted: Redacted::default(),
        })
    }

    /// Keeps `secret` out of every line from now on.
    pub(crate) fn redact(&self, secret: &str) {
        self.redacted.add(secret);
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
            let mut details = diagnostic.details();
            self.redacted.clean(&mut details);
            self.write(&details);
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
        let wall = jiff::Timestamp::now().to_zoned(self.zone.clone());
        When { wall, since_start: self.started.elapsed() }
    }
}

impl LogSink for Logger {
    fn log(&self, mut record: LogRecord) {
        if record.level < self.least {
            return;
        }
        self.redacted.clean(&mut record.message);
        for (_, value) in &mut record.fields {
            self.redacted.clean(value);
        }
        let is_console = |(key, value): &(&str, String)| *key == "source" && value == "console";
        if let (Some(file), Some(at)) = (&self.console, record.fields.iter().position(is_console)) {
            // k6: in a file of its own, a console line needs no source.
            record.fields.remove(at);
            return append(file, &format(self.format, Style::Plain, &record, &self.now()));
        }
        if record.level < self.least_of_output {
            return;
        }
        self.write(&format(self.format, self.style(), &record, &self.now()));
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
        let file = |least| Ok(LogTarget::File { path: "./a.log".into(), least });
        let check = |text: &str, expect: Result<LogTarget, &str>| {
            assert_eq!(LogTarget::parse(text), expect.map_err(str::to_owned), "{text}");
        };
        check("stderr", Ok(LogTarget::Stderr));
        check("none", Ok(LogTarget::None));
        check("file=./a.log", file(LogLevel::Debug));
        check("file=./a.log,level=warning", file(LogLevel::Warning));
        check("file=./a.log,level=loud", Err("unknown log level loud"));
        check("file=./a.log,size=1", Err("unknown logfile config key size"));
        let no_value = "error while parsing logfile configuration key `file=` with no value";
        check("file=", Err(no_value));
        check("loki", Err("unsupported log output 'loki'"));
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
        let logger =
            Logger::new(&config, directory.path(), Arc::new(Screen::to_nowhere())).unwrap();
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
        let screen = Arc::new(Screen::to_nowhere());
        let error = Logger::new(&config, directory.path(), screen).unwrap_err();
        assert!(error.to_string().ends_with("no/such/folder`"), "{error}");
    }
}
