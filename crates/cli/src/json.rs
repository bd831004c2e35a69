//! JSON as people and other programs are shown it.

use std::fmt::Write as _;

use serde_json::Value;

/// Indented by two spaces.
pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

/// The same with the characters of HTML as escapes.
// k6: as Go writes JSON where nobody tells it not to.
pub(crate) fn pretty_escaped(value: &Value) -> String {
    let mut text = String::new();
    for c in pretty(value).chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_knows_is_escaped() {
        let value = serde_json::json!({ "a": ["<&>"] });
        let expect = "{\n  \"a\": [\n    \"\\u003c\\u0026\\u003e\"\n  ]\n}";
        assert_eq!(pretty_escaped(&value), expect);
    }
}
