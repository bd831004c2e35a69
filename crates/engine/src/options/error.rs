//! What can be wrong with options, by what the caller can do about it.

use super::Source;

/// Why options can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// A value could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Two options that exclude each other come from one source.
    #[error("using `{first}` and `{second}` options simultaneously is not allowed")]
    Conflict {
        /// The one.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A duration that is no duration for a test.
    #[error("`duration` option should be more than 0")]
    EmptyDuration,
    /// A value of an option for the summary that has no meaning. k6: a usage error, exit code 255.
    #[error("{0}")]
    Summary(String),
    /// Values that were read but make no test, in k6's words.
    #[error(
        "There were problems with the specified script configuration:\n\t- {}",
        .0.join("\n\t- ")
    )]
    Invalid(Vec<String>),
}

impl OptionsError {
    /// Whether it is how the program was called that is wrong, rather than the test. k6: exit code
    /// 255 and not 104.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Read(error) => error.source == Source::Flags,
            Self::Summary(_) => true,
            Self::Conflict { .. } | Self::EmptyDuration | Self::Invalid(_) => false,
        }
    }
}

/// A value of the wrong type or form, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Who said it.
    pub source: Source,
    /// The path to it, as `scenarios.a.stages[0].target`; the variable; the flag with its dashes.
    /// Empty for the options as a whole.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

impl std::error::Error for ReadError {}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { source, path, problem } = self;
        match source {
            Source::Environment => write!(f, "environment variable `{path}`: {problem}"),
            Source::Flags => write!(f, "flag `{path}`: {problem}"),
            Source::Script | Source::ConfigFile if path.is_empty() => {
                write!(f, "options in the {}: {problem}", source.place())
            }
            Source::Script | Source::ConfigFile => {
                write!(f, "option `{path}` in the {}: {problem}", source.place())
            }
        }
    }
}
