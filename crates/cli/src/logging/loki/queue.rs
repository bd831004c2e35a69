//! Records that wait for the next push: no more of a period than its limit.

use std::{mem, time::Duration};

use sockeye_engine::{
    log::{LogLevel, LogRecord},
    options::GoDuration,
};

/// A record, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Nanoseconds since 1970.
    pub(super) at: i128,
    pub(super) record: LogRecord,
}

/// The records of the period under way.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: Vec<Entry>,
    dropped: u64,
    /// Of all periods before.
    dropped_before: u64,
}

impl Queue {
    /// Takes a record, or counts it if the period has had its share.
    pub(super) fn push(&mut self, entry: Entry, limit: usize) {
        if self.entries.len() < limit {
            self.entries.push(entry);
        } else {
            self.dropped += 1;
        }
    }

    /// Ends the period: its records in the order of their times, the last one saying what is
    /// missing.
    pub(super) fn take(&mut self, limit: usize, period: Duration) -> Vec<Entry> {
        let mut entries = mem::take(&mut self.entries);
        entries.sort_by_key(|entry| entry.at);
        let dropped = mem::take(&mut self.dropped);
        self.dropped_before += dropped;
        if dropped > 0 {
            // k6: its words, at the time of the last record that is there.
            let message = format!(
                "sockeye dropped {dropped} log messages because they were above the limit of \
                 {limit} messages / {}",
                GoDuration(period)
            );
            let at = entries.last().map_or(0, |last| last.at);
            entries.push(Entry { at, record: LogRecord::new(LogLevel::Warning, message) });
        }
        entries
    }

    /// How many records there was no room for.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped_before + self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: i128, message: &str) -> Entry {
        Entry { at, record: LogRecord::new(LogLevel::Info, message) }
    }

    #[test]
    fn what_is_above_the_limit_is_counted_and_told() {
        let mut queue = Queue::default();
        for (at, message) in [(2, "b"), (1, "a"), (3, "c"), (4, "d")] {
            queue.push(entry(at, message), 2);
        }
        let second = Duration::from_secs(1);
        let told =
            "sockeye dropped 2 log messages because they were above the limit of 2 messages / 1s";
        let warning = Entry { at: 2, record: LogRecord::new(LogLevel::Warning, told) };
        assert_eq!(queue.take(2, second), [entry(1, "a"), entry(2, "b"), warning]);
        assert_eq!(queue.take(2, second), []);
        queue.push(entry(5, "e"), 2);
        assert_eq!(queue.take(2, second), [entry(5, "e")]);
        assert_eq!(queue.dropped(), 2);
    }
}
