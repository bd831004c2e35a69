//! Log records as values. Whoever runs the engine decides where they go; nothing here prints.

/// One log line before anyone formats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// How serious it is.
    pub level: LogLevel,
    /// The text.
    pub message: String,
    /// Further fields in the order in which they are shown, `source` among them.
    pub fields: Vec<(&'static str, String)>,
}

impl LogRecord {
    /// A record without fields.
    pub fn new(level: LogLevel, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), fields: Vec::new() }
    }

    /// The record with one more field.
    #[must_use]
    pub fn field(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((key, value.into()));
        self
    }
}

/// Log levels, by rising weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// For finding faults.
    Debug,
    /// For the user to know.
    Info,
    /// Something is odd; the run goes on.
    Warning,
    /// Something failed.
    Error,
}

impl LogLevel {
    /// k6: the word in its log lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where log records go. Called from every thread; must not block for long.
pub trait LogSink: Send + Sync {
    /// Takes one record.
    fn log(&self, record: LogRecord);
}
