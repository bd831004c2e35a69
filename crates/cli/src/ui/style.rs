//! Colours, and when there are none.

use std::fmt::Display;

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Terminal escapes.
    Colored,
    /// Text alone.
    Plain,
}

/// What text is coloured for; the meaning chooses the colour, never a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Something held.
    Good,
    /// Something failed.
    Bad,
    /// Something is odd.
    Odd,
    /// A value that the eye looks for.
    Value,
    /// A value of second rank.
    Detail,
    /// What stands between a name and its value.
    Leader,
    /// What was asked for, beside what was measured.
    Term,
    /// A heading.
    Heading,
    /// Text that should recede.
    Faint,
}

impl Style {
    /// `text`, coloured for its role.
    pub(crate) fn paint(self, role: Role, text: impl Display) -> String {
        if self == Self::Plain {
            return text.to_string();
        }
        let (on, off) = match role {
            Role::Good => ("32", "0"),
            Role::Bad => ("31", "0"),
            Role::Odd => ("33", "0"),
            Role::Value => ("36", "0"),
            Role::Detail => ("2;36", "0"),
            Role::Leader => ("2;37", "0"),
            Role::Term => ("37", "0"),
            Role::Heading => ("1", "0"),
            Role::Faint => ("2", "22"),
        };
        format!("\x1b[{on}m{text}\x1b[{off}m")
    }
}
