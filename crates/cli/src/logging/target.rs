//! Where log lines go, as `--log-output` says it.

use std::path::PathBuf;

use sockeye_engine::log::LogLevel;

use super::loki::LokiSettings;

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
    /// To a server that keeps logs.
    Loki(Box<LokiSettings>),
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
            _ if text.starts_with("loki") => {
                LokiSettings::parse(text).map(|loki| Self::Loki(Box::new(loki)))
            }
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
pub(super) fn level(name: &str) -> Result<LogLevel, String> {
    match name {
        "trace" | "debug" => Ok(LogLevel::Debug),
        "info" => Ok(LogLevel::Info),
        "warn" | "warning" => Ok(LogLevel::Warning),
        "error" | "fatal" | "panic" => Ok(LogLevel::Error),
        _ => Err(format!("unknown log level {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check("elsewhere", Err("unsupported log output 'elsewhere'"));
    }
}
