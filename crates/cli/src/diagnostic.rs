//! An error as a person reads it: the message, where it is in what they wrote, what to do.

use std::{error::Error, fmt::Write as _, ops::Range};

use crate::exit_code::ExitCode;

/// Something that ends the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// What the program ends with.
    pub(crate) code: ExitCode,
    /// One sentence without a full stop.
    pub(crate) message: String,
    /// Further fields of the log line.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// Where it is.
    pub(crate) snippet: Option<Box<Snippet>>,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

/// A line that someone wrote, and the part of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// The file, or the path of the option.
    pub(crate) origin: String,
    /// Line in the file, from 1; none for an option.
    pub(crate) number: Option<usize>,
    /// The line.
    pub(crate) line: String,
    /// The bytes of the line that are meant; may be empty.
    pub(crate) span: Range<usize>,
    /// What is wrong there.
    pub(crate) label: String,
}

impl Diagnostic {
    /// A message alone.
    pub(crate) fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Vec::new(), snippet: None, hint: None }
    }

    /// An error with all its causes.
    pub(crate) fn from_error(code: ExitCode, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let _ = write!(message, ": {error}");
            cause = error.source();
        }
        Self::new(code, message)
    }

    /// The same with a field for the log line.
    #[must_use]
    pub(crate) fn field(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((key, value.into()));
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with where it is.
    #[must_use]
    pub(crate) fn snippet(mut self, snippet: Snippet) -> Self {
        self.snippet = Some(Box::new(snippet));
        self
    }

    /// The same with where it is, if that was found.
    #[must_use]
    pub(crate) fn snippets(mut self, snippet: Option<Snippet>) -> Self {
        self.snippet = snippet.map(Box::new).or(self.snippet);
        self
    }

    /// What follows the message: the snippet and the hint, on lines of their own.
    pub(crate) fn details(&self) -> String {
        let mut text = String::new();
        if let Some(snippet) = &self.snippet {
            text.push_str(&snippet.render());
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  hint: {hint}");
        }
        text
    }
}

impl Snippet {
    fn render(&self) -> String {
        let number = self.number.map(|number| number.to_string()).unwrap_or_default();
        let gutter = " ".repeat(number.len());
        let start = floor_char_boundary(&self.line, self.span.start);
        let end = floor_char_boundary(&self.line, self.span.end).max(start);
        let before = last_chars(&self.line[..start], CONTEXT);
        let marked = first_chars(&self.line[start..end], CONTEXT);
        let after = first_chars(&self.line[end..], CONTEXT);
        let width = unicode_width::UnicodeWidthStr::width;
        let mark = " ".repeat(width(before.as_str())) + &"^".repeat(width(marked.as_str()).max(1));
        let label = if self.label.is_empty() { String::new() } else { format!(" {}", self.label) };
        format!(
            "  {gutter}--> {origin}\n  {gutter} |\n  {number} | {before}{marked}{after}\n  \
             {gutter} | {mark}{label}\n",
            origin = self.origin
        )
    }
}

/// A script may be one line of a million characters: so many are shown before its place, at it and
/// after it.
const CONTEXT: usize = 100;

fn first_chars(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        Some((cut, _)) => shown(&text[..cut]) + "…",
        None => shown(text),
    }
}

fn last_chars(text: &str, count: usize) -> String {
    match text.char_indices().nth_back(count) {
        Some((cut, first)) => "…".to_owned() + &shown(&text[cut + first.len_utf8()..]),
        None => shown(text),
    }
}

/// Tabs would move the caret, and other control characters the terminal.
fn shown(text: &str) -> String {
    let text = text.replace('\t', "    ");
    text.replace(char::is_control, "\u{fffd}")
}

/// The nearest border of a character at or before `at`.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Of `known`, the name that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_error_shows_its_line() {
        let diagnostic = Diagnostic::new(ExitCode::ScriptException, "unexpected token `;`")
            .snippet(Snippet {
                origin: "file:///tests/a.js:12:11".to_owned(),
                number: Some(12),
                line: "\tlet é = ;".to_owned(),
                span: 10..11,
                label: "expected an expression".to_owned(),
            })
            .hint("give the variable a value");
        insta::assert_snapshot!(diagnostic.details(), @"
          --> file:///tests/a.js:12:11
           |
        12 |     let é = ;
           |             ^ expected an expression
        hint: give the variable a value
        ");
    }

    #[test]
    fn an_option_shows_its_text() {
        let diagnostic =
            Diagnostic::new(ExitCode::InvalidConfig, "bad threshold").snippet(Snippet {
                origin: "options.thresholds.checks[0]".to_owned(),
                number: None,
                line: "rate>>0.5".to_owned(),
                span: 5..6,
                label: "expected a number".to_owned(),
            });
        insta::assert_snapshot!(diagnostic.details(), @"
        --> options.thresholds.checks[0]
         |
         | rate>>0.5
         |      ^ expected a number
        ");
    }

    #[test]
    fn a_span_beyond_the_line_is_its_end() {
        let snippet = Snippet {
            origin: "x".to_owned(),
            number: None,
            line: "é".to_owned(),
            span: 1..9,
            label: String::new(),
        };
        assert!(snippet.render().ends_with("| é\n   | ^\n"), "{}", snippet.render());
    }

    #[test]
    fn of_a_long_line_its_place_is_shown() {
        let snippet = Snippet {
            origin: "x".to_owned(),
            number: None,
            line: format!("{}\u{1b}!{}", "a".repeat(1000), "b".repeat(1000)),
            span: 1001..1002,
            label: String::new(),
        };
        let expected = format!(
            "  --> x\n   |\n   | …{}\u{fffd}!{}…\n   | {}^\n",
            "a".repeat(99),
            "b".repeat(100),
            " ".repeat(101)
        );
        assert_eq!(snippet.render(), expected);
    }

    #[test]
    fn a_likely_name_is_found_and_an_unlikely_one_is_not() {
        let known = ["vus", "duration", "iterations"];
        assert_eq!(nearest("vuss", known), Some("vus"));
        assert_eq!(nearest("duratoin", known), Some("duration"));
        assert_eq!(nearest("colour", known), None);
    }
}
