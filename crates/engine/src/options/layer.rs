//! One source's options: who may say them, and how each source is read by the rows of the table.

use serde_json::Value;

use super::{
    Group, Notice, OptionsError, OptionsLayer, ReadError, TABLE, nearest,
    read::Reader,
    text::{TextForm, TextProblem},
};

/// Who says options, by rising precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The JSON configuration file.
    ConfigFile,
    /// The script's exported `options`.
    Script,
    /// The `K6_*` variables.
    Environment,
    /// The command line.
    Flags,
}

impl Source {
    /// What it is called in a sentence.
    pub fn place(self) -> &'static str {
        match self {
            Self::ConfigFile => "configuration file",
            Self::Script => "script",
            Self::Environment => "environment",
            Self::Flags => "command line",
        }
    }

    /// k6: what its warnings call it.
    pub fn level(self) -> &'static str {
        match self {
            Self::ConfigFile => "file",
            Self::Script => "script",
            Self::Environment => "env",
            Self::Flags => "cli",
        }
    }
}

/// A source that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What it said.
    pub layer: OptionsLayer,
    /// What is odd in it.
    pub notices: Vec<Notice>,
}

/// Reads a JSON object: what a script exports, or a configuration file. `null` says nothing.
///
/// # Errors
/// [`OptionsError::Read`] names the first value that is not what its option takes.
pub fn from_json(source: Source, value: &Value) -> Result<Reading, OptionsError> {
    let mut reader = Reader::new(source);
    let mut layer = OptionsLayer::default();
    if !value.is_null() {
        for (key, value) in reader.object(value)? {
            // k6: keys are known whatever their case.
            let known = |name: &str| name == key || name.eq_ignore_ascii_case(key);
            match TABLE.iter().find(|row| row.key_in(source).is_some_and(known)) {
                Some(row) => {
                    reader.at_key(key, |reader| row.set_json(&mut layer, value, reader))?;
                }
                None => {
                    reader.unknown_key(key, TABLE.iter().filter_map(|row| row.key_in(source)))?;
                }
            }
        }
    }
    Ok(Reading { layer, notices: reader.into_notices() })
}

/// Reads the variables that are options of these groups. k6: one that is empty says nothing.
///
/// # Errors
/// [`OptionsError::Read`] names the first variable whose value is not what its option takes.
pub fn from_env(
    groups: &[Group],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Reading, OptionsError> {
    let mut layer = OptionsLayer::default();
    for row in TABLE.iter().filter(|row| groups.contains(&row.group)) {
        let Some(name) = row.env else { continue };
        let Some(text) = variable(name).filter(|text| !text.is_empty()) else { continue };
        row.set_text(&mut layer, &[text], TextForm::Variable).map_err(|TextProblem(problem)| {
            ReadError { source: Source::Environment, path: name.to_owned(), problem }
        })?;
    }
    Ok(Reading { layer, notices: Vec::new() })
}

/// Reads the flags that were given: the name without dashes, and its values in their order (for a
/// switch without a value, none).
///
/// # Errors
/// [`OptionsError::Read`] names the first flag whose value is not what its option takes, or that
/// is not an option.
pub fn from_flags<'a>(
    given: impl IntoIterator<Item = (&'a str, Vec<String>)>,
) -> Result<Reading, OptionsError> {
    let mut layer = OptionsLayer::default();
    for (name, texts) in given {
        let fail = |TextProblem(problem)| ReadError {
            source: Source::Flags,
            path: format!("--{name}"),
            problem,
        };
        let names = || TABLE.iter().filter_map(|row| row.flag.as_ref()).map(|flag| flag.name);
        let row = TABLE.iter().find(|row| row.flag.as_ref().is_some_and(|flag| flag.name == name));
        let Some(row) = row else {
            let hint = nearest(name, names())
                .map_or_else(String::new, |known| format!(", did you mean `--{known}`?"));
            return Err(fail(TextProblem(format!("no such flag{hint}"))).into());
        };
        row.set_text(&mut layer, &texts, TextForm::Flag).map_err(fail)?;
    }
    Ok(Reading { layer, notices: Vec::new() })
}

/// What several sources together say, lowest precedence first, each option for itself.
pub fn layered(layers: impl IntoIterator<Item = OptionsLayer>) -> OptionsLayer {
    let mut merged = OptionsLayer::default();
    for mut layer in layers {
        for row in TABLE {
            row.overlay(&mut merged, &mut layer);
        }
    }
    merged
}
