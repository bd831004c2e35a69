//! Where in a text an option stands, so that an error can show the line.

use std::ops::Range;

use crate::diagnostic::Snippet;

/// The line of a configuration file that has this option.
pub(crate) fn in_config_file(name: &str, text: &str, path: &str) -> Option<Snippet> {
    show(name, text, find(text, 0, path)?)
}

/// The line of a script that has this option, if it is written there as an object's key.
pub(crate) fn in_script(name: &str, text: &str, path: &str) -> Option<Snippet> {
    let start = text.find("options")?;
    show(name, text, find(text, start, path)?)
}

/// The bytes of the last key of `scenarios.a.stages[0].target`: each key is looked for behind the one
/// before. Where one is there twice, nobody knows which is meant.
fn find(text: &str, start: usize, path: &str) -> Option<Range<usize>> {
    let mut found = start..start;
    for step in path.split('.') {
        let key = step.split('[').next().unwrap_or_default();
        if key.is_empty() {
            return None;
        }
        let mut places = keys(text, found.end, key);
        found = places.next()?;
        if places.next().is_some() {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Where `key:`, `"key":` or `'key':` stands.
fn keys<'a>(text: &'a str, from: usize, key: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text[from..].match_indices(key).filter_map(move |(at, _)| {
        let range = from + at..from + at + key.len();
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].trim_start_matches(['"', '\'', '`']);
        let whole = !before.is_some_and(word) && !after.starts_with(word);
        (whole && after.trim_start().starts_with(':')).then_some(range)
    })
}

fn show(name: &str, text: &str, found: Range<usize>) -> Option<Snippet> {
    let start = text[..found.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next()?.to_owned();
    let number = text[..start].matches('\n').count() + 1;
    Some(Snippet {
        origin: format!("{name}:{number}"),
        number: Some(number),
        span: found.start - start..found.end - start,
        line,
        label: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_one_behind_the_other() {
        let script = "// vus: no\nconst target = 1;\nexport const options = {\n  scenarios: {\n    \
                      'a': { stages: [{ target: 'x' }], vus : 1 },\n  },\n  thresholds,\n};\n";
        let check = |path: &str, expect: Option<(usize, &str)>| {
            let found = in_script("s.js", script, path);
            let found = found.map(|s| (s.number.unwrap(), s.line[s.span.clone()].to_owned()));
            assert_eq!(found, expect.map(|(line, text)| (line, text.to_owned())), "{path}");
        };
        check("scenarios.a.stages[0].target", Some((5, "target")));
        check("scenarios.a", Some((5, "a")));
        check("scenarios.a.vus", Some((5, "vus")));
        check("scenarios", Some((4, "scenarios")));
        check("thresholds", None);
        check("", None);
        check("nothing", None);
    }

    #[test]
    fn a_key_that_is_there_twice_is_not_shown() {
        assert!(in_script("s.js", "options = { a: { vus: 1 }, b: { vus: 2 } }", "vus").is_none());
    }
}
