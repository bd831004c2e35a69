//! When progress is shown: as lines that are replaced on a terminal, as a block now and then
//! elsewhere.

use std::{sync::Arc, time::Duration};

use sockeye_engine::{options::Options, progress::Progress};
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use super::{
    progress::{Drawing, render},
    screen::Screen,
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
        if self.screen.is_live() { self.screen.set_live(&lines) } else { self.screen.print(&lines) }
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
            let width = process::terminal_width().unwrap_or(DEFAULT_WIDTH);
            Drawing::Bars { width, style: self.screen.stdout_style() }
        } else {
            Drawing::Percentages
        };
        render(&self.progress.snapshot(), self.options, drawing)
    }
}

/// For a terminal that does not say how wide it is.
const DEFAULT_WIDTH: usize = 80;
