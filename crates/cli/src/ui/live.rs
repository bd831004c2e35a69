//! When progress is shown: as lines that are replaced on a terminal, as a block now and then
//! elsewhere.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use sockeye_engine::{options::Options, progress::Progress};
use tokio::time::{Interval, MissedTickBehavior, interval_at};
use unicode_width::UnicodeWidthChar as _;

use super::{
    progress::{Drawing, render},
    screen::Screen,
    style::Role,
};
use crate::process;

/// The progress of one run on one screen.
pub(crate) struct Live<'a> {
    screen: &'a Arc<Screen>,
    progress: &'a Progress,
    options: &'a Options,
    quiet: bool,
}

impl<'a> Live<'a> {
    /// Shows nothing yet; if `quiet`, nothing ever.
    pub(crate) fn new(
        screen: &'a Arc<Screen>,
        progress: &'a Progress,
        options: &'a Options,
        quiet: bool,
    ) -> Self {
        Self { screen, progress, options, quiet }
    }

    /// The moments at which to [`show`](Self::show).
    pub(crate) fn ticks(&self) -> Interval {
        // k6: ten times a second for people, once for files.
        let millis = if self.screen.is_live() { 100 } else { 1000 };
        let period = Duration::from_millis(millis);
        let mut ticks = interval_at(tokio::time::Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        ticks
    }

    /// Shows how it goes.
    pub(crate) fn show(&self) {
        if self.quiet {
            return;
        }
        let lines = self.lines();
        if self.screen.is_live() {
            let (width, rows) = process::terminal_size().unwrap_or(DEFAULT_SIZE);
            let lines: String = lines.split_inclusive('\n').map(|line| cut(line, width)).collect();
            self.screen.set_live(&within(&lines, rows));
        } else {
            self.screen.print(&lines);
        }
    }

    /// Says, to who looks at a terminal, what the signal that came does.
    pub(crate) fn stopping(&self) {
        if self.screen.is_live() && !self.quiet {
            let text = "Stopping: teardown() still runs. Ctrl-C again ends at once.";
            let text = self.screen.stdout_style().paint(Role::Faint, text);
            self.screen.print(&format!("{text}\n"));
        }
    }

    /// Makes room for the summary.
    pub(crate) fn clear(&self) {
        self.screen.set_live("");
    }

    /// Shows how it went, below the summary.
    pub(crate) fn leave(&self) {
        if !self.quiet {
            self.screen.print(&self.lines());
        }
    }

    fn lines(&self) -> String {
        let drawing = if self.screen.is_live() {
            let width = process::terminal_size().map_or(DEFAULT_SIZE.0, |(width, _)| width);
            Drawing::Bars { width, style: self.screen.stdout_style() }
        } else {
            Drawing::Percentages
        };
        render(&self.progress.snapshot(), self.options, drawing)
    }
}

/// As many of the lines as can be replaced on a terminal with so many rows: what has scrolled away
/// stays. The cursor has a row for itself.
fn within(lines: &str, rows: usize) -> String {
    let count = lines.lines().count();
    if count < rows {
        return lines.to_owned();
    }
    let shown = rows.saturating_sub(2);
    let mut text: String = lines.split_inclusive('\n').take(shown).collect();
    if rows > 1 {
        let _ = writeln!(text, "… {} more lines", count - shown);
    }
    text
}

/// As much of a line as so many columns show. Colours are kept to the end, so that they end too.
fn cut(line: &str, width: usize) -> String {
    let mut text = String::with_capacity(line.len());
    let mut left = width;
    let mut in_escape = false;
    for c in line.chars() {
        if c == '\x1b' || in_escape {
            // What is drawn here is coloured by sequences that end with an `m`.
            in_escape = c != 'm';
            text.push(c);
        } else if c == '\n' {
            text.push(c);
        } else {
            let columns = c.width().unwrap_or(0);
            if columns <= left {
                text.push(c);
                left -= columns;
            } else {
                left = 0;
            }
        }
    }
    text
}

/// For a terminal that does not say how wide and how high it is.
const DEFAULT_SIZE: (usize, usize) = (80, 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_the_terminal() {
        assert_eq!(cut("abc\n", 3), "abc\n");
        assert_eq!(cut("abcd\n", 3), "abc\n");
        assert_eq!(cut("a漢b\n", 2), "a\n");
        assert_eq!(cut("a漢b\n", 3), "a漢\n");
        assert_eq!(cut("a\x1b[2;37mbcd\x1b[0m\n", 2), "a\x1b[2;37mb\x1b[0m\n");
        assert_eq!(cut("a\n", 0), "\n");
    }

    #[test]
    fn lines_are_fewer_than_rows() {
        let check = |rows: usize, expect: &str| assert_eq!(within("a\nb\nc\nd\n", rows), expect);
        check(5, "a\nb\nc\nd\n");
        check(4, "a\nb\n… 2 more lines\n");
        check(2, "… 4 more lines\n");
        check(1, "");
        check(0, "");
    }
}
