//! `"use k6 …"` at the beginning of a source: which k6 it wants, and which extensions.

use super::constraint::Constraint;

/// What one directive wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `k6`, or an extension as `k6/x/faker`.
    pub(crate) name: String,
    /// In which version, as it was written; empty for any.
    pub(crate) constraint: String,
    /// From 1.
    pub(crate) line: usize,
}

/// The directives of a source. k6: what stands behind anything but comments and other directives is
/// none.
pub(crate) fn directives(source: &str) -> Vec<Wanted> {
    let mut found = Vec::new();
    let mut rest = source.strip_prefix('\u{feff}').unwrap_or(source);
    if rest.starts_with("#!") {
        rest = rest.find('\n').map_or("", |end| &rest[end..]);
    }
    loop {
        rest = after_blanks(rest);
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return found;
        };
        let inside = &rest[1..];
        let Some(end) = inside.find([quote, '\n', '\\']) else { return found };
        if !inside[end..].starts_with(quote) {
            return found;
        }
        let line = source[..source.len() - rest.len()].matches('\n').count() + 1;
        found.extend(wanted(&inside[..end], line));
        rest = after_blanks(&inside[end + 1..]);
        rest = rest.strip_prefix(';').unwrap_or(rest);
    }
}

/// Without white space and comments.
fn after_blanks(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let end = if text.starts_with("//") {
            text.find('\n')
        } else if text.starts_with("/*") {
            text.find("*/").map(|end| end + 2)
        } else {
            return text;
        };
        text = end.map_or("", |end| &text[end..]);
    }
}

/// `use k6 >= 1.0`, `use k6 with k6/x/faker > 0.4`
fn wanted(directive: &str, line: usize) -> Option<Wanted> {
    let rest = directive.trim().strip_prefix("use")?.strip_prefix(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix("k6")?;
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_whitespace() || "<>=!~^*".contains(c)) {
        return None;
    }
    let rest = rest.trim();
    let Some(with) =
        rest.strip_prefix("with").and_then(|with| with.strip_prefix(char::is_whitespace))
    else {
        return Some(Wanted { name: "k6".to_owned(), constraint: rest.to_owned(), line });
    };
    let with = with.trim_start();
    let end = with.find(|c: char| c.is_whitespace() || "<>=!~^*".contains(c)).unwrap_or(with.len());
    let (name, constraint) = with.split_at(end);
    Some(Wanted { name: name.to_owned(), constraint: constraint.trim().to_owned(), line })
}

/// Whether a script may run here that says so.
///
/// # Errors
/// Which directive can't be met, with its place.
pub(crate) fn check(url: &str, source: &str) -> Result<(), String> {
    for Wanted { name, constraint, line } in directives(source) {
        let at = format!("\n\tat {url}:{line}:1");
        if name != "k6" {
            return Err(format!(
                "the script wants the extension `{name}`: extensions of k6 are written in Go and \
                 can't be loaded{at}"
            ));
        }
        let parsed = Constraint::parse(&constraint).ok_or_else(|| {
            format!("the script wants k6 `{constraint}`, which is no version{at}")
        })?;
        if !parsed.is_met_by(K6_VERSION) {
            let [major, minor, patch] = K6_VERSION;
            return Err(format!(
                "the script wants k6 `{constraint}`, and sockeye does what k6 {major}.{minor}.{patch} \
                 does{at}"
            ));
        }
    }
    Ok(())
}

/// The k6 whose documentation holds here.
pub(crate) const K6_VERSION: [u64; 3] = [2, 2, 0];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> String {
        let found = directives(source).into_iter();
        let lines: Vec<String> = found
            .map(|Wanted { name, constraint, line }| format!("{line} {name} [{constraint}]"))
            .collect();
        lines.join("; ")
    }

    #[test]
    fn directives_stand_at_the_beginning() {
        assert_eq!(found("\"use k6 >= 1.0\";\nimport 'a';\n'use k6 > 9'"), "1 k6 [>= 1.0]");
        assert_eq!(
            found(
                "#!/usr/bin/env k6\n// a\n/* b\n */ 'use strict'\n\n'use k6 with k6/x/faker > 0.4'; \"use k6>1\""
            ),
            "6 k6/x/faker [> 0.4]; 6 k6 [>1]"
        );
        assert_eq!(found("\u{feff}'use k6 with k6/x/sql'"), "1 k6/x/sql []");
        assert_eq!(found("'use k6'"), "1 k6 []");
        assert_eq!(found("'  use   k6   with   k6/x/a^1 '"), "1 k6/x/a [^1]");
        for none in
            ["", "'use k60'", "'used k6'", "x\n'use k6 > 1'", "'use k6", "'use k6\n'", "/*", "//"]
        {
            assert_eq!(found(none), "", "{none}");
        }
    }

    #[test]
    fn what_can_not_be_met_says_where() {
        let error = |source: &str| check("file:///a.js", source).unwrap_err();
        assert_eq!(check("file:///a.js", "'use k6 >= 1.2';\n'use k6'"), Ok(()));
        assert_eq!(
            error("\n'use k6 >= 9'"),
            "the script wants k6 `>= 9`, and sockeye does what k6 2.2.0 does\n\tat file:///a.js:2:1"
        );
        assert!(error("'use k6 with k6/x/faker'").contains("wants the extension `k6/x/faker`"));
        assert!(error("'use k6 soon'").contains("`soon`, which is no version"));
    }
}
