//! `--out NAME=ARGUMENT` to an output.

use std::{fmt, io, time::Duration};

use jiff::tz::TimeZone;
use sockeye_metrics::{Output, SystemTags};

use crate::TABLE;

/// Makes an output from what follows `=`, if anything does. Opens nothing yet. The error says which
/// setting of it makes no sense.
pub(crate) type Constructor = fn(Option<&str>, &OpenContext) -> Result<Box<dyn Output>, String>;

/// Opens the program's standard output once more.
pub type OpenStdout = Box<dyn Fn() -> Box<dyn io::Write + Send>>;

/// Looks up a variable of the environment.
pub type Variables = Box<dyn Fn(&str) -> Option<String>>;

/// What outputs need of the program around them.
pub struct OpenContext {
    /// For outputs that may write to standard output.
    pub stdout: OpenStdout,
    /// The zone in which times are written.
    pub time_zone: TimeZone,
    /// The system tags that samples may have.
    pub system_tags: SystemTags,
    /// The environment variables that configure outputs.
    pub variable: Variables,
    /// Reads a duration as options have it: `1m45s`, or milliseconds.
    pub parse_duration: fn(&str) -> Option<Duration>,
}

impl OpenContext {
    /// With the time zone of the system, the tags that are on by default, no variables, and whole
    /// milliseconds for durations.
    pub fn new(stdout: OpenStdout) -> Self {
        Self {
            stdout,
            time_zone: TimeZone::system(),
            system_tags: SystemTags::default(),
            variable: Box::new(|_| None),
            parse_duration: |text| text.parse().ok().map(Duration::from_millis),
        }
    }
}

impl fmt::Debug for OpenContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenContext").field("time_zone", &self.time_zone).finish_non_exhaustive()
    }
}

/// The output that `spec`, the value of `--out`, asks for. Files are opened when it is started.
///
/// # Errors
/// [`OpenError`] if there is no output of that name, or its settings make no sense.
pub fn open(spec: &str, context: &OpenContext) -> Result<Box<dyn Output>, OpenError> {
    let (name, argument) = match spec.split_once('=') {
        Some((name, argument)) => (name, Some(argument)),
        None => (spec, None),
    };
    match TABLE.iter().find(|(known, _)| *known == name) {
        Some((_, constructor)) => constructor(argument, context)
            .map_err(|reason| OpenError::Settings { name: name.to_owned(), reason }),
        None => Err(OpenError::Unknown {
            name: name.to_owned(),
            available: TABLE.iter().map(|(name, _)| *name).collect(),
            nearest: nearest(name),
        }),
    }
}

/// How alike two names must be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.6;

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(known, name);
    TABLE
        .iter()
        .map(|&(known, _)| (known, likeness(known)))
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(known, _)| known)
}

/// Why there is no such output.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum OpenError {
    /// No output has that name.
    #[error("invalid output type '{name}', available types are: {}", available.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        available: Vec<&'static str>,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// Its argument or its variables make no sense.
    #[error("could not create the '{name}' output: {reason}")]
    Settings {
        /// The output.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_get_a_suggestion() {
        let context = OpenContext::new(Box::new(|| Box::new(io::sink())));
        for (spec, name, nearest) in [
            ("jsn=x", "jsn", Some("json")),
            ("JSON", "JSON", None),
            ("=x", "", None),
            ("influxdb=http://x", "influxdb", None),
        ] {
            let Some(OpenError::Unknown { name: found, nearest: offered, .. }) =
                open(spec, &context).err()
            else {
                panic!("{spec} is known");
            };
            assert_eq!((found.as_str(), offered), (name, nearest));
        }
    }

    #[test]
    fn outputs_say_where_they_write() {
        let context = OpenContext::new(Box::new(|| Box::new(io::sink())));
        for (spec, description) in [
            ("json", "json(stdout)"),
            ("json=", "json(stdout)"),
            ("json=-", "json(stdout)"),
            ("json=stdout", "json (stdout)"),
            ("json=a=b.json", "json (a=b.json)"),
            ("csv", "csv (file.csv)"),
            ("csv=x.csv", "csv (x.csv)"),
            ("csv=fileName=y.gz,saveInterval=200", "csv (y.gz)"),
        ] {
            assert_eq!(open(spec, &context).unwrap().description(), description);
        }
    }
}
