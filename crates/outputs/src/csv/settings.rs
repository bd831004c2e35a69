//! What the `csv` output is told: by its argument, before that by variables.

use std::time::Duration;

use crate::OpenContext;

/// How the `csv` output writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// A file, or `-` for standard output.
    pub(super) file: String,
    /// How often lines are written.
    pub(super) save_interval: Duration,
    pub(super) time_format: TimeFormat,
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    Seconds,
    Millis,
    Micros,
    Nanos,
    Rfc3339,
    Rfc3339Nanos,
}

impl Settings {
    /// Reads variables, then what follows `csv=`: a file's name, or `key=value` with commas.
    pub(super) fn read(argument: Option<&str>, context: &OpenContext) -> Result<Self, String> {
        let mut settings = Self {
            file: "file.csv".to_owned(),
            save_interval: Duration::from_secs(1),
            time_format: TimeFormat::Seconds,
        };
        for (variable, key) in [
            ("K6_CSV_FILENAME", "fileName"),
            ("K6_CSV_SAVE_INTERVAL", "saveInterval"),
            ("K6_CSV_TIME_FORMAT", "timeFormat"),
        ] {
            if let Some(value) = (context.variable)(variable) {
                settings.set(key, &value, context)?;
            }
        }
        match argument {
            None | Some("") => {}
            Some(argument) if !argument.contains('=') => argument.clone_into(&mut settings.file),
            Some(argument) => {
                for pair in argument.split(',') {
                    let (key, value) = pair.split_once('=').ok_or_else(|| {
                        format!("couldn't parse {pair:?} as argument for csv output")
                    })?;
                    settings.set(key, value, context)?;
                }
            }
        }
        Ok(settings)
    }

    fn set(&mut self, key: &str, value: &str, context: &OpenContext) -> Result<(), String> {
        match key {
            "fileName" => value.clone_into(&mut self.file),
            "saveInterval" => {
                self.save_interval = (context.parse_duration)(value)
                    .ok_or_else(|| format!("invalid duration {value:?} for saveInterval"))?;
            }
            "timeFormat" => self.time_format = TimeFormat::from_name(value)?,
            _ => return Err(format!("unknown key {key:?} as argument for csv output")),
        }
        Ok(())
    }
}

impl TimeFormat {
    fn from_name(name: &str) -> Result<Self, String> {
        Ok(match name {
            "unix" => Self::Seconds,
            "unix_milli" => Self::Millis,
            "unix_micro" => Self::Micros,
            "unix_nano" => Self::Nanos,
            "rfc3339" => Self::Rfc3339,
            "rfc3339_nano" => Self::Rfc3339Nanos,
            // k6: its words.
            _ => return Err(format!("{name} does not belong to TimeFormat values")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(argument: Option<&str>, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let variables: Vec<(String, String)> = variables.iter().map(owned).collect();
        let context = OpenContext {
            variable: Box::new(move |name| {
                variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            }),
            ..OpenContext::new(Box::new(|| Box::new(std::io::sink())))
        };
        Settings::read(argument, &context)
    }

    #[test]
    fn the_argument_comes_before_variables() {
        let variables = [("K6_CSV_FILENAME", "v.csv"), ("K6_CSV_TIME_FORMAT", "rfc3339")];
        let from_variables = read(None, &variables).unwrap();
        assert_eq!(from_variables.file, "v.csv");
        assert_eq!(from_variables.time_format, TimeFormat::Rfc3339);
        assert_eq!(read(Some("a.csv"), &variables).unwrap().file, "a.csv");
        let argument = "fileName=b.csv,timeFormat=unix_nano,saveInterval=200";
        let settings = read(Some(argument), &variables).unwrap();
        assert_eq!(
            settings,
            Settings {
                file: "b.csv".to_owned(),
                save_interval: Duration::from_millis(200),
                time_format: TimeFormat::Nanos,
            }
        );
    }

    #[test]
    fn mistakes_are_named() {
        let error = |argument| read(Some(argument), &[]).unwrap_err();
        assert_eq!(error("timeFormat=x"), "x does not belong to TimeFormat values");
        assert_eq!(error("bogus=1"), "unknown key \"bogus\" as argument for csv output");
        assert_eq!(error("fileName=a,b"), "couldn't parse \"b\" as argument for csv output");
        assert_eq!(error("saveInterval=x"), "invalid duration \"x\" for saveInterval");
    }
}
