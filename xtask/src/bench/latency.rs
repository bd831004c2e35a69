//! Round trips as a tool reports them, beside what the server knows of them: how honest a tool is
//! when it has little time left.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::measure::Cost;
use super::process::median;
use super::report::{Runs, spread};
use super::shape::{Shape, Truth};
use crate::server::Server;

/// What one run said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Latency {
    /// By the tool, in milliseconds: median, 99th and 99.9th percentile.
    pub(super) told: [f64; 3],
    /// The same of what the server knows.
    pub(super) known: [f64; 3],
    /// Of `sockeye_loop_lag`, the 99th percentile in milliseconds.
    pub(super) loop_lag: Option<f64>,
    /// Whether the tool said that the machine is saturated.
    pub(super) has_warned: bool,
}

/// Arguments by which the summary has what is compared.
pub(super) const ARGUMENTS: [&str; 2] = ["--summary-trend-stats", "med,p(99),p(99.9),max"];

impl Latency {
    /// Reads it off what the run left behind.
    ///
    /// # Errors
    /// What is missing.
    pub(super) fn read(
        truth: &Truth,
        summary: &Path,
        log: &Path,
        server: &Server,
    ) -> Result<Self, String> {
        let text = fs::read_to_string(summary).map_err(|error| error.to_string())?;
        let summary: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let log = fs::read_to_string(log).unwrap_or_default();
        Self::compare(truth, &summary, &server.stats()?, &log)
    }

    fn compare(truth: &Truth, summary: &Value, stats: &Value, log: &str) -> Result<Self, String> {
        let numbers = |of: &Value, names: [&str; 3], whose: &str| {
            let mut numbers = [0.0; 3];
            for (number, name) in numbers.iter_mut().zip(names) {
                let found = of[name].as_f64();
                *number = found.ok_or_else(|| format!("no {name} of {whose}"))?;
            }
            Ok::<_, String>(numbers)
        };
        let Truth { trend, known } = truth;
        let metrics = &summary["metrics"];
        Ok(Self {
            told: numbers(&metrics[trend], ["med", "p(99)", "p(99.9)"], trend)?,
            known: numbers(&stats[known], ["p50", "p99", "p99.9"], known)?,
            loop_lag: metrics["sockeye_loop_lag"]["p(99)"].as_f64(),
            has_warned: log.contains("this machine is saturated"),
        })
    }

    pub(super) fn raw(&self) -> Value {
        json!({
            "told_ms": self.told,
            "known_ms": self.known,
            "loop_lag_ms": self.loop_lag,
            "has_warned": self.has_warned,
        })
    }
}

/// A line for each size, tool and percentile; medians of the rounds, with least and most.
pub(super) fn text(shape: &Shape, all: &[Runs]) -> String {
    let known = shape.latency.as_ref().map_or("", |truth| truth.known.as_str());
    let mut text = format!(
        "  {:<10} {:<8} {:>7} {:>6} {:>7} {:<6} {:>25} {:>25} {:>25}\n",
        "",
        "",
        "N",
        "CPU %",
        "server",
        "",
        "told by the tool, ms",
        format!("{known} of the server"),
        "more",
    );
    for runs in all {
        lines(&mut text, &runs.label, "sockeye", runs.size.sockeye, &runs.sockeye);
        lines(&mut text, &runs.label, "k6", runs.size.k6, &runs.k6);
    }
    text
}

fn lines(text: &mut String, label: &str, tool: &str, size: u64, costs: &[Cost]) {
    let of = |figure: &dyn Fn(&Cost) -> f64| costs.iter().map(figure).collect::<Vec<f64>>();
    let runs: Vec<Latency> = costs.iter().filter_map(|cost| cost.latency).collect();
    for (at, name) in ["p50", "p99", "p99.9"].into_iter().enumerate() {
        let of_runs =
            |figure: &dyn Fn(&Latency) -> f64| spread(&runs.iter().map(figure).collect::<Vec<_>>());
        let head = if at == 0 {
            let (cpu, server) =
                (of(&|cost| cost.used_percent[0]), of(&|cost| cost.used_percent[1]));
            let (cpu, server) = (median(&cpu), median(&server));
            format!("{label:<10} {tool:<8} {size:>7} {cpu:>6.0} {server:>7.0}")
        } else {
            format!("{:42}", "")
        };
        let _ = writeln!(
            text,
            "  {head} {name:<6} {:>25} {:>25} {:>25}",
            of_runs(&|run| run.told[at]),
            of_runs(&|run| run.known[at]),
            of_runs(&|run| run.told[at] - run.known[at]),
        );
    }
    let lags: Vec<f64> = runs.iter().filter_map(|run| run.loop_lag).collect();
    if !lags.is_empty() {
        let warned = runs.iter().filter(|run| run.has_warned).count();
        let _ = writeln!(
            text,
            "  {:42} p(99) of sockeye_loop_lag {} ms; warned in {warned} of {} rounds",
            "",
            spread(&lags),
            runs.len()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_laid_beside_what_the_server_knows() {
        let truth = Truth { trend: "rtt".to_owned(), known: "held_ms".to_owned() };
        let mut summary = json!({ "metrics": {
            "rtt": { "med": 1.0, "p(99)": 2.0, "p(99.9)": 3.0, "max": 9.0 },
            "sockeye_loop_lag": { "p(99)": 0.5 },
        } });
        let stats = json!({ "held_ms": { "p50": 0.5, "p99": 1.5, "p99.9": 2.5, "max": 3.0 } });
        let log = "level=warning msg=\"this machine is saturated: …\"";
        let latency = Latency::compare(&truth, &summary, &stats, log);
        let expect = Latency {
            told: [1.0, 2.0, 3.0],
            known: [0.5, 1.5, 2.5],
            loop_lag: Some(0.5),
            has_warned: true,
        };
        assert_eq!(latency, Ok(expect));
        summary["metrics"]["rtt"]["p(99)"] = Value::Null;
        let latency = Latency::compare(&truth, &summary, &stats, "");
        assert_eq!(latency, Err("no p(99) of rtt".to_owned()));
    }

    #[test]
    fn lines_tell_medians_and_the_difference() {
        let cost = |p99, has_warned| Cost {
            cpu_seconds: 5.0,
            wall_seconds: 10.0,
            peak_bytes: 0.0,
            steady_bytes: 0.0,
            units: 50_000.0,
            used_percent: [51.2, 20.0],
            latency: Some(Latency {
                told: [21.0, p99, 30.0],
                known: [20.5, 21.0, 22.0],
                loop_lag: Some(1.25),
                has_warned,
            }),
        };
        let mut text = String::new();
        let costs = [cost(22.0, false), cost(25.0, true), cost(23.0, false)];
        lines(&mut text, "50 %", "sockeye", 5000, &costs);
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let expect = [
            "50 % sockeye 5000 51 20 p50 21.00 [21.00..21.00] 20.50 [20.50..20.50] 0.50 [0.50..0.50]",
            "p99 23.00 [22.00..25.00] 21.00 [21.00..21.00] 2.00 [1.00..4.00]",
            "p99.9 30.00 [30.00..30.00] 22.00 [22.00..22.00] 8.00 [8.00..8.00]",
            "p(99) of sockeye_loop_lag 1.25 [1.25..1.25] ms; warned in 1 of 3 rounds",
        ];
        assert_eq!(text.lines().map(words).collect::<Vec<_>>(), expect);
    }
}
