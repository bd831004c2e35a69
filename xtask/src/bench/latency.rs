//! Round trips as a tool reports them, beside what the server knows of them: how honest a tool is
//! when it has little time left.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, iter};

use serde_json::{Value, json};

use super::measure::{Cost, median};
use super::report::Runs;
use crate::server::Server;

/// What one run said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Latency {
    /// How much of its core the tool used in the middle of the run, in percent.
    pub(super) cpu_percent: f64,
    /// The same of the server: what it knows is the truth only as long as it has time.
    pub(super) server_cpu_percent: f64,
    /// By the tool, in milliseconds: median, 99th and 99.9th percentile.
    pub(super) told: [f64; 3],
    /// By the server, from the read of a message to the write of its answer.
    pub(super) held: [f64; 3],
    /// Of `sockeye_loop_lag`, the 99th percentile in milliseconds.
    pub(super) loop_lag: Option<f64>,
    /// Whether the tool said that the machine is saturated.
    pub(super) has_warned: bool,
}

/// Arguments by which the summary has what is compared.
pub(super) const ARGUMENTS: [&str; 2] = ["--summary-trend-stats", "med,p(99),p(99.9),max"];

impl Latency {
    /// Reads it off what the run left behind; `used` is of the tool's core and the server's.
    ///
    /// # Errors
    /// What is missing.
    pub(super) fn read(
        trend: &str,
        summary: &Path,
        log: &Path,
        server: &Server,
        used: [f64; 2],
    ) -> Result<Self, String> {
        let text = fs::read_to_string(summary).map_err(|error| error.to_string())?;
        let summary: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let stats = server.stats()?;
        let number = |value: &Value, what: &str| {
            value.as_f64().ok_or_else(|| format!("no {what} in the summary or at the server"))
        };
        let metric = &summary["metrics"][trend];
        let held = &stats["held_ms"];
        let log = fs::read_to_string(log).unwrap_or_default();
        Ok(Self {
            cpu_percent: used[0],
            server_cpu_percent: used[1],
            told: [
                number(&metric["med"], trend)?,
                number(&metric["p(99)"], trend)?,
                number(&metric["p(99.9)"], trend)?,
            ],
            held: [
                number(&held["p50"], "held_ms")?,
                number(&held["p99"], "held_ms")?,
                number(&held["p99.9"], "held_ms")?,
            ],
            loop_lag: summary["metrics"]["sockeye_loop_lag"]["p(99)"].as_f64(),
            has_warned: log.contains("this machine is saturated"),
        })
    }

    pub(super) fn raw(&self) -> Value {
        json!({
            "cpu_percent": self.cpu_percent,
            "server_cpu_percent": self.server_cpu_percent,
            "told_ms": self.told,
            "held_ms": self.held,
            "loop_lag_ms": self.loop_lag,
            "has_warned": self.has_warned,
        })
    }
}

/// A table with a line for each size and tool; medians of the rounds.
pub(super) fn text(all: &[Runs]) -> String {
    let mut text = format!(
        "  {:>8} {:<8} {:>6} {:>7} {:>9} | {:>8} {:>8} {:>8} | {:>8} {:>8} {:>8} | {:>8} {:>8} {:>8} | {:>8} warned\n",
        "N",
        "",
        "CPU %",
        "server",
        "messages",
        "told p50",
        "p99",
        "p99.9",
        "true p50",
        "p99",
        "p99.9",
        "more p50",
        "p99",
        "p99.9",
        "loop lag",
    );
    for runs in all {
        for (name, costs) in [("sockeye", &runs.sockeye), ("k6", &runs.k6)] {
            line(&mut text, &format!("{:>8} {name:<8}", runs.size), costs);
        }
    }
    text
}

fn line(text: &mut String, label: &str, costs: &[Cost]) {
    let runs: Vec<Latency> = costs.iter().filter_map(|cost| cost.latency).collect();
    let of =
        |figure: &dyn Fn(&Latency) -> f64| median(&runs.iter().map(figure).collect::<Vec<f64>>());
    let messages = median(&costs.iter().map(|cost| cost.units).collect::<Vec<_>>());
    let _ = write!(
        text,
        "  {label} {:>6.0} {:>7.0} {messages:>9}",
        of(&|run| run.cpu_percent),
        of(&|run| run.server_cpu_percent),
    );
    let told = [0, 1, 2].map(|at| of(&|run| run.told[at]));
    let held = [0, 1, 2].map(|at| of(&|run| run.held[at]));
    let more = [0, 1, 2].map(|at| of(&|run| run.told[at] - run.held[at]));
    for [p50, p99, p999] in [told, held, more] {
        let _ = write!(text, " | {p50:>8.2} {p99:>8.2} {p999:>8.2}");
    }
    let lags: Vec<f64> = runs.iter().filter_map(|run| run.loop_lag).collect();
    let lag = if lags.is_empty() { "-".to_owned() } else { format!("{:.1}", median(&lags)) };
    let warned = runs.iter().filter(|run| run.has_warned).count();
    let _ = writeln!(text, " | {lag:>8} {warned} of {}", runs.len());
}

/// How much of a core was used in the middle half of a run, in percent; `seen` is CPU seconds by
/// seconds since the start.
pub(super) fn used_percent(seen: &[(f64, f64)]) -> f64 {
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return 0.0 };
    let at = |share: f64| first.0 + (last.0 - first.0) * share;
    let mut middle = seen.iter().filter(|(time, _)| (at(0.25)..=at(0.75)).contains(time));
    let Some(begin) = middle.next() else { return 0.0 };
    let end = middle.chain(iter::once(begin)).fold(begin, |a, b| if a.0 < b.0 { b } else { a });
    if end.0 > begin.0 { (end.1 - begin.1) / (end.0 - begin.0) * 100.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_run_tells_how_busy_it_was() {
        let seen: Vec<(f64, f64)> =
            [(0.0, 0.0), (1.0, 1.0), (3.0, 1.5), (5.0, 2.5), (7.0, 3.0), (10.0, 3.0)].to_vec();
        assert!((used_percent(&seen) - 37.5).abs() < 1e-9);
        assert!(used_percent(&[]).abs() < 1e-9);
        assert!(used_percent(&seen[..1]).abs() < 1e-9);
    }

    #[test]
    fn a_line_tells_medians_and_the_difference() {
        let cost = |p99, warned| Cost {
            cpu_seconds: 5.0,
            wall_seconds: 10.0,
            peak_bytes: 0.0,
            steady_bytes: 0.0,
            units: 50_000.0,
            latency: Some(Latency {
                cpu_percent: 51.2,
                server_cpu_percent: 20.0,
                told: [21.0, p99, 30.0],
                held: [20.5, 21.0, 22.0],
                loop_lag: Some(1.25),
                has_warned: warned,
            }),
        };
        let mut text = String::new();
        line(&mut text, "N", &[cost(22.0, false), cost(25.0, true), cost(23.0, false)]);
        let fields: Vec<&str> = text.split_whitespace().collect();
        let expect =
            "N 51 20 50000 | 21.00 23.00 30.00 | 20.50 21.00 22.00 | 0.50 2.00 8.00 | 1.2 1 of 3";
        assert_eq!(fields.join(" "), expect);
    }
}
