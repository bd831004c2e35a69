//! A batch as Loki's push API takes it: <https://grafana.com/docs/loki/latest/reference/loki-http-api/>.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use super::{queue::Entry, settings::LokiSettings};

/// The records as JSON: one stream for each set of labels, in the order of their first records.
pub(super) fn body(entries: &[Entry], settings: &LokiSettings) -> String {
    let mut streams: Vec<(Labels<'_>, Vec<[String; 2]>)> = Vec::new();
    let mut known: BTreeMap<Labels<'_>, usize> = BTreeMap::new();
    for entry in entries {
        let (labels, message) = parted(entry, settings);
        let at = *known.entry(labels.clone()).or_insert_with(|| {
            streams.push((labels, Vec::new()));
            streams.len() - 1
        });
        if let Some((_, values)) = streams.get_mut(at) {
            values.push([entry.at.to_string(), message]);
        }
    }
    let streams: Vec<Value> = streams
        .into_iter()
        .map(|(stream, values)| json!({ "stream": stream, "values": values }))
        .collect();
    json!({ "streams": streams }).to_string()
}

type Labels<'a> = BTreeMap<&'a str, &'a str>;

/// The labels of a record, and its message with what may not be one behind it.
fn parted<'a>(entry: &'a Entry, settings: &'a LokiSettings) -> (Labels<'a>, String) {
    let fields = entry.record.fields.iter().map(|(key, value)| (*key, value.as_str()));
    let added = settings.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let level = [("level", entry.record.level.as_str())];
    // k6: what is added replaces what the record says of itself, but for its level.
    let mut labels: Labels<'_> = fields.chain(added).chain(level).collect();
    let mut message = entry.record.message.clone();
    if let Some(allowed) = &settings.allowed {
        labels.retain(|key, value| {
            let is_allowed = allowed.contains(*key);
            if !is_allowed {
                let _ = write!(message, " {key}={value}");
            }
            is_allowed
        });
    }
    (labels, shortened(message, settings.max_characters))
}

/// k6: what is too long lacks its middle, and says so.
fn shortened(message: String, most: usize) -> String {
    // No text has more characters than bytes.
    if message.len() <= most {
        return message;
    }
    let count = message.chars().count();
    if count <= most {
        return message;
    }
    let head = most / 2;
    let tail = most - head;
    let first: String = message.chars().take(head).collect();
    let last: String = message.chars().skip(count - tail).collect();
    format!("{first}... omitting {} characters ...{last}", count - most)
}

#[cfg(test)]
mod tests {
    use sockeye_engine::log::{LogLevel, LogRecord};

    use super::*;

    fn check(settings: &str, entries: &[Entry], expect: &Value) {
        let settings = LokiSettings::parse(&format!("loki=http://a{settings}")).unwrap();
        let body: Value = serde_json::from_str(&body(entries, &settings)).unwrap();
        assert_eq!(body["streams"], *expect, "{settings:?}");
    }

    fn entries() -> [Entry; 3] {
        let console = |level, text: &str| LogRecord::new(level, text).field("source", "console");
        [
            Entry { at: 10, record: console(LogLevel::Info, "a") },
            Entry { at: 20, record: console(LogLevel::Warning, "b \"é\"") },
            Entry { at: 30, record: console(LogLevel::Info, "c") },
        ]
    }

    #[test]
    fn records_with_the_same_labels_are_a_stream() {
        let expect = json!([
            {"stream": {"level": "info", "source": "console"}, "values": [["10", "a"], ["30", "c"]]},
            {"stream": {"level": "warning", "source": "console"}, "values": [["20", "b \"é\""]]},
        ]);
        check("", &entries(), &expect);
    }

    #[test]
    fn labels_are_added_and_do_not_hide_the_level() {
        let expect = json!([
            {"stream": {"level": "info", "source": "y", "z": "1"}, "values": [["10", "a"]]},
        ]);
        check(",label.z=1,label.level=x,label.source=y", &entries()[..1], &expect);
    }

    #[test]
    fn labels_that_are_not_allowed_go_behind_the_message() {
        let expect = json!([
            {"stream": {"foo": "bar"}, "values": [
                ["10", "a level=info q=r source=console"],
                ["20", "b \"é\" level=warning q=r source=console"],
                ["30", "c level=info q=r source=console"],
            ]},
        ]);
        check(",allowedLabels=[foo],label.q=r,label.foo=bar", &entries(), &expect);
        let expect = json!([{"stream": {}, "values": [["10", "a level=info source=console"]]}]);
        check(",allowedLabels=[]", &entries()[..1], &expect);
    }

    #[test]
    fn long_messages_lack_their_middle() {
        let check = |message: &str, most, expect: &str| {
            assert_eq!(shortened(message.to_owned(), most), expect);
        };
        check("äöüß", 4, "äöüß");
        check("0123456789ABCDEF", 10, "01234... omitting 6 characters ...BCDEF");
        check("0123456789ABCDEF", 11, "01234... omitting 5 characters ...ABCDEF");
        check("éé", 1, "... omitting 1 characters ...é");
    }
}
