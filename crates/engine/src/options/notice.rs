//! What is odd in the options but does not keep a test from running.

use std::fmt;

use super::Source;

/// Something a user wants to know about the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key that is no option. k6 warns of those at the top, and ignores others in silence.
    UnknownKey {
        /// Who said it.
        source: Source,
        /// The path to it.
        path: String,
        /// The known key that is most like it.
        nearest: Option<&'static str>,
    },
    /// A system tag that does not exist. k6 ignores it in silence.
    UnknownSystemTag(String),
    /// A source's shortcut options replaced the scenarios of one before it.
    ScenariosOverridden {
        /// Whose shortcuts.
        by: Source,
    },
    /// `vus` alone does nothing.
    VusIgnored {
        /// Its value.
        vus: i64,
    },
    /// `stages` or `scenarios` was given, and empty.
    EmptyShortcut {
        /// Which of them.
        key: &'static str,
    },
}

/// k6: the words of its warnings, where it has one.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { source, path, nearest } => {
                write!(f, "unknown option `{path}` in the {}", source.place())?;
                nearest.map_or(Ok(()), |name| write!(f, ", did you mean `{name}`?"))
            }
            Self::UnknownSystemTag(name) => write!(f, "unknown system tag `{name}` is ignored"),
            Self::ScenariosOverridden { by } => write!(
                f,
                "\"{}\" level configuration overrode scenarios configuration entirely",
                by.level()
            ),
            Self::VusIgnored { vus } => write!(
                f,
                "`vus={vus}` option will be ignored, it only works in conjunction with `iterations`, `duration`, or `stages`"
            ),
            Self::EmptyShortcut { key } => write!(
                f,
                "`{key}` was explicitly set to an empty value, running the script with 1 iteration in 1 VU"
            ),
        }
    }
}
