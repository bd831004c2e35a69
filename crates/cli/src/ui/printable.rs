//! Names that others gave, as a terminal may see them.

use std::{borrow::Cow, fmt::Write as _};

/// The text with its control characters as escapes, so that no name moves the cursor, changes colours
/// or breaks a line.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(shown, "\\x{:02x}", u32::from(c))),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_escapes() {
        assert_eq!(printable("a\u{1b}[31mb\n\u{9b}é"), "a\\x1b[31mb\\n\\x9bé");
        assert!(matches!(printable("plain é"), Cow::Borrowed(_)));
    }
}
