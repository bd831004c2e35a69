//! Medians, spreads and ratios, as a table and as raw numbers.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::latency::{self, Latency};
use super::measure::{Cost, median};
use super::shape::Shape;

/// All runs of one shape at one size.
pub(super) struct Runs {
    pub(super) size: u64,
    pub(super) sockeye: Vec<Cost>,
    pub(super) k6: Vec<Cost>,
    /// The client that only makes the system calls; empty where it can't do the shape.
    pub(super) raw: Vec<Cost>,
}

type Figure = fn(&Cost) -> f64;

/// What is told of each size: name, unit, and how it is read off a run.
const FIGURES: &[(&str, Figure)] = &[
    ("CPU s per million", |cost| cost.cpu_seconds / cost.units * 1e6),
    ("wall s", |cost| cost.wall_seconds),
    ("peak RSS MiB", |cost| cost.peak_bytes / MIB),
    ("steady RSS MiB", |cost| cost.steady_bytes / MIB),
];

const MIB: f64 = 1_048_576.0;
const KIB: f64 = 1024.0;

/// One shape's part of the report.
pub(super) fn text(shape: &Shape, all: &[Runs]) -> String {
    let mut text = format!("\n{}: {} (unit: {})\n", shape.name, shape.title, shape.per);
    let _ = writeln!(text, "  {:<28} {:>22} {:>22} {:>14}", "", "sockeye", "k6", "sockeye / k6");
    for runs in all {
        for (name, figure) in FIGURES {
            let label = format!("N={} {name}", runs.size);
            line(&mut text, &label, &values(&runs.sockeye, *figure), &values(&runs.k6, *figure));
        }
        if !runs.raw.is_empty() {
            let (sockeye, raw) =
                (values(&runs.sockeye, FIGURES[0].1), values(&runs.raw, FIGURES[0].1));
            let ratio = median(&sockeye) / median(&raw);
            let label = format!("N={} raw client, {}", runs.size, FIGURES[0].0);
            let _ = writeln!(text, "  {label:<40} {:>22}   sockeye / raw {ratio:.3}", spread(&raw));
        }
    }
    if shape.latency.is_some() {
        text.push_str(&latency::text(all));
    } else if let [small, .., large] = all {
        let units = (large.size - small.size) as f64;
        let per_unit = |costs: fn(&Runs) -> &[Cost]| -> Vec<f64> {
            let pairs = costs(small).iter().zip(costs(large));
            pairs.map(|(s, l)| (l.steady_bytes - s.steady_bytes) / units / KIB).collect()
        };
        line(
            &mut text,
            "steady KiB per N",
            &per_unit(|runs| &runs.sockeye),
            &per_unit(|runs| &runs.k6),
        );
    }
    text
}

fn line(text: &mut String, label: &str, sockeye: &[f64], k6: &[f64]) {
    let ratio = match median(k6) {
        0.0 => "-".to_owned(),
        k6 => format!("{:.3}", median(sockeye) / k6),
    };
    let _ = writeln!(text, "  {label:<28} {:>22} {:>22} {ratio:>14}", spread(sockeye), spread(k6));
}

fn spread(values: &[f64]) -> String {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match values.len() {
        0 => "-".to_owned(),
        _ => format!("{:.2} [{least:.2}..{most:.2}]", median(values)),
    }
}

fn values(costs: &[Cost], figure: Figure) -> Vec<f64> {
    costs.iter().map(figure).collect()
}

/// The same as JSON, for `bench/runs`.
pub(super) fn raw(shape: &Shape, all: &[Runs]) -> Value {
    let costs = |costs: &[Cost]| -> Vec<Value> {
        let one = |cost: &Cost| {
            json!({
                "cpu_seconds": cost.cpu_seconds,
                "wall_seconds": cost.wall_seconds,
                "peak_bytes": cost.peak_bytes,
                "steady_bytes": cost.steady_bytes,
                "units": cost.units,
                "latency": cost.latency.as_ref().map(Latency::raw),
            })
        };
        costs.iter().map(one).collect()
    };
    let runs: Vec<Value> = all
        .iter()
        .map(|runs| {
            json!({
                "size": runs.size,
                "sockeye": costs(&runs.sockeye),
                "k6": costs(&runs.k6),
                "raw": costs(&runs.raw),
            })
        })
        .collect();
    json!({ "shape": shape.name, "title": shape.title, "per": shape.per, "runs": runs })
}
