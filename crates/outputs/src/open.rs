//! `--out NAME=ARGUMENT` to an output.

use std::{fmt, io};

use jiff::tz::TimeZone;
use sockeye_metrics::Output;

use crate::TABLE;

/// Makes an output from what follows `=`, if anything does. Opens nothing yet.
pub(crate) type Constructor = fn(Option<&str>, &OpenContext) -> Box<dyn Output>;

/// Opens the program's standard output once more.
pub type OpenStdout = Box<dyn Fn() -> Box<dyn io::Write + Send>>;

/// What outputs need of the program around them.
pub struct OpenContext {
    /// For outputs that may write to standard output.
    pub stdout: OpenStdout,
    /// The zone in which times are written.
    pub time_zone: TimeZone,
}

impl OpenContext {
    /// With the time zone of the system.
    pub fn new(stdout: OpenStdout) -> Self {
        Self { stdout, time_zone: TimeZone::system() }
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
/// [`OpenError`] if there is no output of that name.
pub fn open(spec: &str, context: &OpenContext) -> Result<Box<dyn Output>, OpenError> {
    let (name, argument) = match spec.split_once('=') {
        Some((name, argument)) => (name, Some(argument)),
        None => (spec, None),
    };
    match TABLE.iter().find(|(known, _)| *known == name) {
        Some((_, constructor)) => Ok(constructor(argument, context)),
        None => Err(OpenError {
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

/// No output has that name.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("invalid output type '{name}', available types are: {}", available.join(", "))]
pub struct OpenError {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub available: Vec<&'static str>,
    /// What may have been meant.
    pub nearest: Option<&'static str>,
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
            let error = open(spec, &context).err().unwrap();
            assert_eq!((error.name.as_str(), error.nearest), (name, nearest));
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
        ] {
            assert_eq!(open(spec, &context).unwrap().description(), description);
        }
    }
}
