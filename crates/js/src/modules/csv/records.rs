//! The records of a file, from one line to another.

use std::{io::Cursor, sync::Arc};

use csv::{ReaderBuilder, StringRecord};

/// Which records, and in which form. k6: lines are counted from 0, records for lines.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) delimiter: u8,
    pub(super) as_objects: bool,
    /// The first one that is read.
    pub(super) from_line: usize,
    /// The last one, 0 for all.
    pub(super) to_line: usize,
}

/// Reads one record after the other.
pub(super) struct Records {
    reader: csv::Reader<Cursor<Arc<[u8]>>>,
    choice: Choice,
    header: Option<StringRecord>,
    next: usize,
}

impl Records {
    /// Begins at byte `at`.
    ///
    /// # Errors
    /// k6's words for a file that ends before the records begin; the parser's own otherwise.
    pub(super) fn begin(bytes: Arc<[u8]>, at: usize, choice: Choice) -> Result<Self, String> {
        let mut cursor = Cursor::new(bytes);
        cursor.set_position(at as u64);
        let reader =
            ReaderBuilder::new().has_headers(false).delimiter(choice.delimiter).from_reader(cursor);
        let mut records = Self { reader, choice, header: None, next: 0 };
        if records.choice.as_objects {
            let first = records.record()?;
            records.header =
                Some(first.ok_or("failed to read the first line; reason: EOF".to_owned())?);
        }
        let from = records.choice.from_line;
        while records.next < from {
            if records.record()?.is_none() {
                return Err(match from {
                    1 => "failed to skip the first line; reason: EOF".to_owned(),
                    _ => format!("failed to skip lines until line {from}; reason: EOF"),
                });
            }
        }
        Ok(records)
    }

    /// The next record as JSON: an array of its fields, or an object by the fields of the first line.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(super) fn next_json(&mut self) -> Result<Option<String>, String> {
        if self.choice.to_line > 0 && self.next > self.choice.to_line {
            return Ok(None);
        }
        let Some(record) = self.record()? else { return Ok(None) };
        let json = match &self.header {
            None => serde_json::Value::from(record.iter().collect::<Vec<_>>()),
            Some(header) => {
                let pairs = header.iter().zip(&record);
                pairs.collect()
            }
        };
        Ok(Some(json.to_string()))
    }

    fn record(&mut self) -> Result<Option<StringRecord>, String> {
        let mut record = csv::ByteRecord::new();
        let read = self.reader.read_byte_record(&mut record);
        let is_read = read.map_err(|error| format!("failed to read record; reason: {error}"))?;
        self.next += 1;
        Ok(is_read.then(|| StringRecord::from_byte_record_lossy(record)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, from_line: usize, to_line: usize, as_objects: bool, expect: &str) {
        let choice = Choice { delimiter: b',', as_objects, from_line, to_line };
        let all = Records::begin(text.as_bytes().into(), 0, choice).and_then(|mut records| {
            let mut all = Vec::new();
            while let Some(json) = records.next_json()? {
                all.push(json);
            }
            Ok(all.join(" "))
        });
        assert_eq!(all.unwrap_or_else(|error| error), expect, "{text:?}");
    }

    #[test]
    fn records_are_chosen_by_line() {
        let text = "a,b\n1,2\r\n\n\"3 \"\"x\"\", \ny\",4";
        let last = r#"["3 \"x\", \ny","4"]"#;
        check(text, 0, 0, false, &format!(r#"["a","b"] ["1","2"] {last}"#));
        check(text, 1, 0, false, &format!(r#"["1","2"] {last}"#));
        check(text, 0, 1, false, r#"["a","b"] ["1","2"]"#);
        check(text, 1, 1, false, r#"["1","2"]"#);
        check(text, 0, 1, true, r#"{"a":"1","b":"2"}"#);
        check(text, 9, 0, false, "failed to skip lines until line 9; reason: EOF");
        check("", 0, 0, false, "");
        check("", 0, 0, true, "failed to read the first line; reason: EOF");
        check(
            "a\n1,2",
            0,
            0,
            false,
            "failed to read record; reason: CSV error: record 1 (line: 2, byte: 2): found record with 2 fields, but the previous record has 1 fields",
        );
    }
}
