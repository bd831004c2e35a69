//! One log record as one line (or, on a terminal, as many as its message has).

use std::{fmt::Write as _, time::Duration};

use sockeye_engine::log::{LogLevel, LogRecord};

use crate::ui::style::{Role, Style};

/// The forms of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Coloured and short on a terminal that shows colours, `key=value` elsewhere.
    Text,
    /// One JSON object a line.
    Json,
    /// The message alone.
    Raw,
}

impl LogFormat {
    // k6: any other word is the default form.
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            "raw" => Self::Raw,
            _ => Self::Text,
        }
    }
}

/// When a record was made: on the wall, and since the program started.
#[derive(Clone, Debug)]
pub(crate) struct When {
    pub(crate) wall: jiff::Zoned,
    pub(crate) since_start: Duration,
}

/// The record with its line break.
pub(crate) fn format(format: LogFormat, style: Style, record: &LogRecord, when: &When) -> String {
    match (format, style) {
        (LogFormat::Json, _) => json(record, when),
        (LogFormat::Raw, _) => format!("{}\n", record.message),
        (LogFormat::Text, Style::Plain) => key_value(record, when),
        (LogFormat::Text, Style::Colored) => short(record, when, style),
    }
}

/// `time="2026-11-22T23:09:26Z" level=info msg="…" source=console`
fn key_value(record: &LogRecord, when: &When) -> String {
    let mut line = format!("time=\"{}\" level={}", wall(when), record.level.as_str());
    // k6: an empty message is left out.
    if !record.message.is_empty() {
        let _ = write!(line, " msg={}", quoted_if_needed(&record.message));
    }
    for (key, value) in sorted_fields(record) {
        let _ = write!(line, " {key}={}", quoted_if_needed(value));
    }
    line.push('\n');
    line
}

/// `INFO[0003] message                                      source=console`
fn short(record: &LogRecord, when: &When, style: Style) -> String {
    let (word, role) = match record.level {
        LogLevel::Debug => ("DEBU", Role::Term),
        LogLevel::Info => ("INFO", Role::Value),
        LogLevel::Warning => ("WARN", Role::Odd),
        LogLevel::Error => ("ERRO", Role::Bad),
    };
    let message = record.message.strip_suffix('\n').unwrap_or(&record.message);
    let seconds = when.since_start.as_secs();
    let mut line = format!("{}[{seconds:04}] {message:<44} ", style.paint(role, word));
    for (key, value) in sorted_fields(record) {
        let _ = write!(line, " {}={}", style.paint(role, key), quoted_if_needed(value));
    }
    line.push('\n');
    line
}

fn json(record: &LogRecord, when: &When) -> String {
    let mut entries: Vec<(&str, String)> = vec![
        ("level", record.level.as_str().to_owned()),
        ("msg", record.message.clone()),
        ("time", wall(when)),
    ];
    entries.extend(record.fields.iter().map(|(key, value)| (*key, value.clone())));
    entries.sort_by_key(|(key, _)| *key);
    let object: serde_json::Map<String, serde_json::Value> =
        entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    format!("{}\n", serde_json::Value::Object(object))
}

fn sorted_fields(record: &LogRecord) -> Vec<(&'static str, &str)> {
    let mut fields: Vec<_> =
        record.fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    fields.sort_by_key(|(key, _)| *key);
    fields
}

/// Whole seconds in the zone of the machine, as logs have them.
fn wall(when: &When) -> String {
    // k6: no offset is told by its letter.
    let offset = if when.wall.offset().is_zero() { "Z" } else { "%:z" };
    when.wall.strftime(&format!("%Y-%m-%dT%H:%M:%S{offset}")).to_string()
}

/// k6: a value of letters, digits and `-._/@^+` stands as it is; others are quoted as Go does it.
fn quoted_if_needed(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/@^+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: LogFormat, style: Style, record: &LogRecord, expect: &str) {
        let when = When {
            wall: "2026-11-22T23:09:26.7[UTC]".parse().unwrap(),
            since_start: Duration::from_millis(3900),
        };
        assert_eq!(format(name, style, record, &when), expect);
    }

    fn console(message: &str) -> LogRecord {
        LogRecord::new(LogLevel::Info, message).field("source", "console")
    }

    #[test]
    fn key_value_lines_are_k6s() {
        let check = |message, expect: &str| {
            let expect =
                format!("time=\"2026-11-22T23:09:26Z\" level=info{expect} source=console\n");
            check(LogFormat::Text, Style::Plain, &console(message), &expect);
        };
        check("nospace", " msg=nospace");
        check("", "");
        check("a=b", " msg=\"a=b\"");
        check(
            "dot.dash-under_score/slash@at^caret+plus",
            " msg=dot.dash-under_score/slash@at^caret+plus",
        );
        check("with:colon", " msg=\"with:colon\"");
        check(
            "two\nlines \"q\" \t tab é € \u{1}",
            " msg=\"two\\nlines \\\"q\\\" \\t tab é € \\x01\"",
        );
    }

    #[test]
    fn fields_are_sorted() {
        let record = LogRecord::new(LogLevel::Error, "Error: boom\n\tat f (file:///a.js:1:2(3))\n")
            .field("source", "stacktrace")
            .field("scenario", "default")
            .field("executor", "per-vu-iterations");
        check(
            LogFormat::Text,
            Style::Plain,
            &record,
            "time=\"2026-11-22T23:09:26Z\" level=error msg=\"Error: boom\\n\\tat f \
             (file:///a.js:1:2(3))\\n\" executor=per-vu-iterations scenario=default \
             source=stacktrace\n",
        );
        check(
            LogFormat::Json,
            Style::Plain,
            &record,
            "{\"executor\":\"per-vu-iterations\",\"level\":\"error\",\"msg\":\"Error: boom\\n\\tat \
             f (file:///a.js:1:2(3))\\n\",\"scenario\":\"default\",\"source\":\"stacktrace\",\
             \"time\":\"2026-11-22T23:09:26Z\"}\n",
        );
    }

    #[test]
    fn terminals_get_the_short_form() {
        check(
            LogFormat::Text,
            Style::Colored,
            &console("plain"),
            "\x1b[36mINFO\x1b[0m[0003] plain                                         \
             \x1b[36msource\x1b[0m=console\n",
        );
        let error = LogRecord::new(LogLevel::Error, "boom\n");
        check(
            LogFormat::Text,
            Style::Colored,
            &error,
            "\x1b[31mERRO\x1b[0m[0003] boom                                         \n",
        );
    }

    #[test]
    fn raw_is_the_message() {
        check(LogFormat::Raw, Style::Colored, &console("two\nlines"), "two\nlines\n");
    }
}
