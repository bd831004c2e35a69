//! `name{tag:value,tag2:value2}`: which samples a threshold is about.

use crate::TagSet;

/// A metric's name, with the tags that samples must have if it names a sub-metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The name of the metric.
    pub metric: String,
    /// The tags asked for; `None` for the whole metric.
    pub submetric: Option<Submetric>,
}

/// The part of a metric that has some tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submetric {
    /// What stood between the braces, without space around it.
    pub suffix: String,
    /// What it means.
    pub tags: TagSet,
}

impl Selector {
    /// Parses the key of a threshold.
    ///
    /// k6: keys and values are trimmed of space and then of quotes of either sort, paired or not;
    /// there is no escape for a comma; an empty value must be quoted.
    ///
    /// # Errors
    /// [`SelectorError`], for braces that do not pair and tags that are not `key:value`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let (open, close) = (text.find('{'), text.rfind('}'));
        let (open, close) = match (open, close) {
            (None, None) => return Ok(Self { metric: text.to_owned(), submetric: None }),
            (Some(open), Some(close)) if open < close => (open, close),
            _ => return Err(SelectorError::Unmatched(text.to_owned())),
        };
        if close + 1 != text.len() {
            return Err(SelectorError::TextAfterBrace(text.to_owned()));
        }
        let inner = &text[open + 1..close];
        let mut tags = TagSet::empty();
        for tag in inner.split(',') {
            let (key, value) = parse_tag(tag).ok_or_else(|| SelectorError::Tag(tag.to_owned()))?;
            tags = tags.with(key, value);
        }
        let submetric = Submetric { suffix: inner.trim().to_owned(), tags };
        Ok(Self { metric: text[..open].to_owned(), submetric: Some(submetric) })
    }

    /// The name that outputs and summaries show.
    pub fn name(&self) -> String {
        match &self.submetric {
            None => self.metric.clone(),
            Some(part) => format!("{}{{{}}}", self.metric, part.suffix),
        }
    }
}

fn parse_tag(tag: &str) -> Option<(&str, &str)> {
    let (key, value) = tag.split_once(':')?;
    let (key, value) = (key.trim(), value.trim());
    let quotes = ['"', '\''];
    let key = key.trim_matches(quotes);
    (!key.is_empty() && !value.is_empty()).then(|| (key, value.trim_matches(quotes)))
}

/// The key of a threshold that does not parse.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum SelectorError {
    /// One of the braces is missing.
    #[error("metric {0:?} has unmatched opening/close curly brace")]
    Unmatched(String),
    /// Something follows the closing brace.
    #[error("metric {0:?} lacks a closing curly brace in its last position")]
    TextAfterBrace(String),
    /// Not `key:value`.
    #[error("metric {0:?} tag expression is malformed")]
    Tag(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, metric: &str, suffix: &str, tags: &[(&str, &str)]) {
        let selector = Selector::parse(text).unwrap();
        assert_eq!(selector.metric, metric, "{text}");
        let part = selector.submetric.clone().unwrap();
        assert_eq!(part.suffix, suffix);
        assert_eq!(part.tags.iter().collect::<Vec<_>>(), tags, "{text}");
        assert_eq!(selector.name(), format!("{metric}{{{suffix}}}"));
    }

    #[test]
    fn what_k6_takes() {
        check("tr{a:b}", "tr", "a:b", &[("a", "b")]);
        check("tr{ a : b }", "tr", "a : b", &[("a", "b")]);
        check("tr{c:d, a:b}", "tr", "c:d, a:b", &[("a", "b"), ("c", "d")]);
        check("tr{a:\"b\"}", "tr", "a:\"b\"", &[("a", "b")]);
        check("tr{'a':'b'}", "tr", "'a':'b'", &[("a", "b")]);
        check("tr{a:\"'b'\"}", "tr", "a:\"'b'\"", &[("a", "b")]);
        check("tr{a:\"b}", "tr", "a:\"b", &[("a", "b")]);
        check("tr{a:\" b \"}", "tr", "a:\" b \"", &[("a", " b ")]);
        check("tr{a:\"\"}", "tr", "a:\"\"", &[("a", "")]);
        check("tr{a:b:c}", "tr", "a:b:c", &[("a", "b:c")]);
        check("tr{url:http://x/y}", "tr", "url:http://x/y", &[("url", "http://x/y")]);
        check("tr{group:::g}", "tr", "group:::g", &[("group", "::g")]);
        check("tr{a:b,a:c}", "tr", "a:b,a:c", &[("a", "c")]);
        check("tr{a:{b}}", "tr", "a:{b}", &[("a", "{b}")]);
        check("tr{a:b}{c:d}", "tr", "a:b}{c:d", &[("a", "b}{c:d")]);
        check("tr {a:b}", "tr ", "a:b", &[("a", "b")]);
        check("{a:b}", "", "a:b", &[("a", "b")]);
        let plain = Selector::parse(" tr").unwrap();
        assert_eq!((plain.name().as_str(), plain.submetric), (" tr", None));
    }

    #[test]
    fn what_k6_refuses() {
        for text in ["tr{a:b", "tr}", "tr{", "}tr{"] {
            assert_eq!(Selector::parse(text), Err(SelectorError::Unmatched(text.to_owned())));
        }
        for text in ["tr{a:b} ", "tr{a:b}x"] {
            assert_eq!(Selector::parse(text), Err(SelectorError::TextAfterBrace(text.to_owned())));
        }
        for (text, tag) in [
            ("tr{a}", "a"),
            ("tr{}", ""),
            ("tr{ }", " "),
            ("tr{a:}", "a:"),
            ("tr{group:}", "group:"),
            ("tr{:b}", ":b"),
            ("tr{a:b,}", ""),
            ("tr{a:b,,c:d}", ""),
            ("tr{a:\"b,c\"}", "c\""),
        ] {
            assert_eq!(Selector::parse(text), Err(SelectorError::Tag(tag.to_owned())), "{text}");
        }
    }
}
