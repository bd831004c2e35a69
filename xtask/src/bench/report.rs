//! Medians, spreads and ratios, as a table and as raw numbers.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::latency::{self, Latency};
use super::measure::Cost;
use super::process::median;
use super::shape::{Raw, Shape, Size};

/// All runs of one shape at one size, by rounds.
pub(super) struct Runs {
    pub(super) size: Size,
    /// What the size is, for people.
    pub(super) label: String,
    pub(super) sockeye: Vec<Cost>,
    pub(super) k6: Vec<Cost>,
    /// Of each program that only makes the system calls; empty where the kernel can't.
    pub(super) raw: Vec<Vec<Cost>>,
}

type Figure = fn(&Cost) -> f64;

/// What is told of each size: its name and how it is read off a run.
const OF_RUNS: &[(&str, Figure)] = &[
    ("wall s", |cost| cost.wall_seconds),
    ("peak RSS MiB", |cost| cost.peak_bytes / MIB),
    ("steady RSS MiB", |cost| cost.steady_bytes / MIB),
];
/// And what can be compared even where the sizes differ.
const OF_UNITS: &[(&str, Figure)] =
    &[CPU_OF_UNITS, ("units per second", |cost| cost.units / cost.wall_seconds)];
const CPU_OF_UNITS: (&str, Figure) =
    ("CPU s per million", |cost| cost.cpu_seconds / cost.units * 1e6);

/// What one of `N` costs, by the difference of two sizes: name, factor, and what grows.
const OF_ONE: &[(&str, f64, Figure)] = &[
    ("CPU ms", 1e3, |cost| cost.cpu_seconds),
    ("wall ms", 1e3, |cost| cost.wall_seconds),
    ("steady KiB", 1.0, |cost| cost.steady_bytes / KIB),
    ("peak KiB", 1.0, |cost| cost.peak_bytes / KIB),
];

const MIB: f64 = 1_048_576.0;
const KIB: f64 = 1024.0;

/// One shape's part of the report.
pub(super) fn text(shape: &Shape, all: &[Runs]) -> String {
    let mut text = format!("\n{}: {} (unit: {})\n", shape.name, shape.title, shape.per);
    let _ = writeln!(text, "  {:<44} {:>27} {:>27} {:>22}", "", "sockeye", "k6", "sockeye / k6");
    for runs in all {
        // How fast something is that waits says nothing.
        let told = if shape.hold.is_some() { &OF_UNITS[..1] } else { OF_UNITS };
        for (name, figure) in told {
            line(&mut text, &format!("{} {name}", runs.label), runs, *figure);
        }
        for (name, figure) in OF_RUNS {
            let label = format!("{} {name}", runs.label);
            let [sockeye, k6] = [&runs.sockeye, &runs.k6].map(|costs| values(costs, *figure));
            if runs.size.sockeye == runs.size.k6 {
                compared(&mut text, &label, &sockeye, &k6);
            } else {
                apart(&mut text, &label, &sockeye, &k6);
            }
        }
        let (name, figure) = CPU_OF_UNITS;
        for (raw, costs) in shape.raw.iter().zip(&runs.raw) {
            let label = format!("{} {}.c, {name}", runs.label, raw.program);
            beside_raw(&mut text, &label, &values(&runs.sockeye, figure), &values(costs, figure));
        }
    }
    if shape.latency.is_some() {
        text.push_str(&latency::text(shape, all));
    } else if let [small, .., large] = all {
        by_difference(&mut text, shape, small, large);
    }
    text
}

/// What one more costs: without what a process costs anyway.
fn by_difference(text: &mut String, shape: &Shape, small: &Runs, large: &Runs) {
    let name = "CPU s per million, by difference";
    let of_units = |small: &[Cost], large: &[Cost]| -> Vec<f64> {
        let pairs = small.iter().zip(large);
        pairs.map(|(s, l)| (l.cpu_seconds - s.cpu_seconds) / (l.units - s.units) * 1e6).collect()
    };
    let sockeye = of_units(&small.sockeye, &large.sockeye);
    compared(text, name, &sockeye, &of_units(&small.k6, &large.k6));
    for (at, raw) in shape.raw.iter().enumerate() {
        let label = format!("{}.c, {name}", raw.program);
        beside_raw(text, &label, &sockeye, &of_units(&small.raw[at], &large.raw[at]));
    }
    let Some(one) = &shape.one else { return };
    for (name, factor, figure) in OF_ONE {
        let of_one = |small: &[Cost], large: &[Cost], more: u64| -> Vec<f64> {
            let pairs = small.iter().zip(large);
            pairs.map(|(s, l)| (figure(l) - figure(s)) / more as f64 * factor).collect()
        };
        let (s, l) = (small.size, large.size);
        let sockeye = of_one(&small.sockeye, &large.sockeye, l.sockeye - s.sockeye);
        let k6 = of_one(&small.k6, &large.k6, l.k6 - s.k6);
        compared(text, &format!("{name} per {one}, by difference"), &sockeye, &k6);
    }
}

fn line(text: &mut String, label: &str, runs: &Runs, figure: Figure) {
    compared(text, label, &values(&runs.sockeye, figure), &values(&runs.k6, figure));
}

/// With the ratio of medians, and the least and the greatest of a round.
fn compared(text: &mut String, label: &str, sockeye: &[f64], k6: &[f64]) {
    let rounds: Vec<f64> = sockeye.iter().zip(k6).map(|(ours, theirs)| ours / theirs).collect();
    let ratio = match (median(k6), bounds(&rounds)) {
        (k6, Some((least, most))) if k6.abs() > 0.0 && least.is_finite() && most.is_finite() => {
            format!("{:.3} [{least:.3}..{most:.3}]", median(sockeye) / k6)
        }
        _ => "-".to_owned(),
    };
    let (sockeye, k6) = (spread(sockeye), spread(k6));
    let _ = writeln!(text, "  {label:<44} {sockeye:>27} {k6:>27} {ratio:>22}");
}

/// Of different sizes, so without a ratio.
fn apart(text: &mut String, label: &str, sockeye: &[f64], k6: &[f64]) {
    let _ = writeln!(text, "  {label:<44} {:>27} {:>27} {:>22}", spread(sockeye), spread(k6), "-");
}

fn beside_raw(text: &mut String, label: &str, sockeye: &[f64], raw: &[f64]) {
    if raw.is_empty() {
        let _ = writeln!(text, "  {label:<44} this kernel can't");
        return;
    }
    let ratio = median(sockeye) / median(raw);
    let _ = writeln!(text, "  {label:<44} {:>27}   sockeye / raw {ratio:.3}", spread(raw));
}

/// The median, and in brackets least and most.
pub(super) fn spread(values: &[f64]) -> String {
    let Some((least, most)) = bounds(values) else { return "-".to_owned() };
    let median = median(values);
    if median.abs() >= 10_000.0 {
        format!("{median:.0} [{least:.0}..{most:.0}]")
    } else {
        format!("{median:.2} [{least:.2}..{most:.2}]")
    }
}

fn bounds(values: &[f64]) -> Option<(f64, f64)> {
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    Some((least, values.iter().copied().max_by(f64::total_cmp)?))
}

fn values(costs: &[Cost], figure: Figure) -> Vec<f64> {
    costs.iter().map(figure).collect()
}

/// The same as JSON, for `bench/runs`.
pub(super) fn raw(shape: &Shape, all: &[Runs]) -> Value {
    let runs = |runs: &Runs| {
        let of_raw: Map<String, Value> = shape.raw.iter().zip(&runs.raw).map(of_program).collect();
        json!({
            "label": runs.label,
            "size": runs.size.sockeye,
            "size_k6": runs.size.k6,
            "sockeye": costs_json(&runs.sockeye),
            "k6": costs_json(&runs.k6),
            "raw": of_raw,
        })
    };
    let runs: Vec<Value> = all.iter().map(runs).collect();
    json!({ "shape": shape.name, "title": shape.title, "per": shape.per, "runs": runs })
}

fn of_program((raw, costs): (&Raw, &Vec<Cost>)) -> (String, Value) {
    (raw.program.clone(), costs_json(costs))
}

fn costs_json(costs: &[Cost]) -> Value {
    let one = |cost: &Cost| {
        json!({
            "cpu_seconds": cost.cpu_seconds,
            "wall_seconds": cost.wall_seconds,
            "peak_bytes": cost.peak_bytes,
            "steady_bytes": cost.steady_bytes,
            "units": cost.units,
            "used_percent": cost.used_percent,
            "latency": cost.latency.as_ref().map(Latency::raw),
        })
    };
    costs.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::shape;
    use super::*;

    fn cost(cpu_seconds: f64, units: f64, steady_kib: f64) -> Cost {
        Cost {
            cpu_seconds,
            wall_seconds: cpu_seconds * 2.0,
            peak_bytes: steady_kib * KIB * 2.0,
            steady_bytes: steady_kib * KIB,
            units,
            used_percent: [50.0, 10.0],
            latency: None,
        }
    }

    #[test]
    fn one_more_is_the_difference_of_two_sizes() {
        let shape =
            shape::parsed("// shape: s\n// per: p\n// sizes: 10 110\n// one: VU\n// raw: echo 1\n");
        let runs = |size, k6, raw: Vec<Cost>, ours: [Cost; 2], theirs: [Cost; 2]| Runs {
            size: Size { sockeye: size, k6 },
            label: format!("N={size}"),
            sockeye: ours.to_vec(),
            k6: theirs.to_vec(),
            raw: vec![raw],
        };
        let small = [cost(1.0, 10.0, 1000.0), cost(1.0, 10.0, 1000.0)];
        let large = [cost(2.0, 110.0, 2000.0), cost(3.0, 110.0, 3000.0)];
        let k6 = [cost(5.0, 60.0, 9000.0), cost(5.0, 60.0, 9000.0)];
        let all = [
            runs(10, 10, vec![cost(0.5, 10.0, 1.0)], small, small),
            runs(110, 60, vec![cost(0.6, 110.0, 1.0)], large, k6),
        ];
        let text = text(&shape, &all);
        let check = |start: &str, expect: &str| {
            let line = text.lines().find(|line| line.trim_start().starts_with(start));
            let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
            assert_eq!(words.join(" "), format!("{start} {expect}"), "{text}");
        };
        check(
            "N=10 CPU s per million",
            "100000 [100000..100000] 100000 [100000..100000] 1.000 [1.000..1.000]",
        );
        check("N=110 wall s", "5.00 [4.00..6.00] 10.00 [10.00..10.00] -");
        check("N=10 echo.c, CPU s per million", "50000 [50000..50000] sockeye / raw 2.000");
        check(
            "CPU ms per VU, by difference",
            "15.00 [10.00..20.00] 80.00 [80.00..80.00] 0.188 [0.125..0.250]",
        );
        check(
            "steady KiB per VU, by difference",
            "15.00 [10.00..20.00] 160.00 [160.00..160.00] 0.094 [0.062..0.125]",
        );
        check(
            "echo.c, CPU s per million, by difference",
            "1000.00 [1000.00..1000.00] sockeye / raw 15.000",
        );
    }

    #[test]
    fn a_spread_has_as_many_digits_as_help() {
        assert_eq!(spread(&[]), "-");
        assert_eq!(spread(&[2.0, 1.0, 4.0]), "2.00 [1.00..4.00]");
        assert_eq!(spread(&[20_000.4]), "20000 [20000..20000]");
    }
}
