//! `cargo xtask bench arrival`: how well each executor keeps its schedule, beside k6's.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::process::{Watched, median};
use super::report::spread;
use super::shape;
use crate::tool::Tool;

/// Runs each script of `bench/schedules`, the tools in turn, and tells medians of `rounds`.
///
/// # Errors
/// A message when a script can't be read or a tool fails.
pub(super) fn text(sockeye: &Tool, k6: &Tool, rounds: usize) -> Result<String, String> {
    let mut text = String::new();
    for schedule in schedules()? {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(run(sockeye, &schedule.script)?);
            theirs.push(run(k6, &schedule.script)?);
        }
        let _ = writeln!(text, "\n{}", schedule.title);
        for (name, kept) in [("sockeye", ours), ("k6", theirs)] {
            text.push_str(&line(name, &kept, schedule.planned));
        }
    }
    Ok(text)
}

/// A script, and what its header says.
struct Schedule {
    script: PathBuf,
    title: String,
    /// How many iterations it means to start.
    planned: f64,
}

/// What came of one run.
struct Kept {
    iterations: f64,
    dropped: f64,
    /// Of the start error, in milliseconds: median, 99th percentile, the most.
    error: [f64; 3],
}

fn schedules() -> Result<Vec<Schedule>, String> {
    let read = |script: PathBuf| {
        let text = fs::read_to_string(&script)
            .map_err(|error| format!("{}: {error}", script.display()))?;
        let header = |key: &str| shape::required(&text, key, &script);
        let (title, planned) = (header("schedule")?, header("planned")?);
        let planned =
            planned.parse().map_err(|error| format!("{}: planned: {error}", script.display()))?;
        Ok(Schedule { script, title, planned })
    };
    shape::scripts_in("bench/schedules")?.into_iter().map(read).collect()
}

/// On all cores: nothing but the tool runs.
fn run(tool: &Tool, script: &Path) -> Result<Kept, String> {
    let failed = |why: String| format!("{}: {}: {why}", script.display(), tool.version);
    let summary = std::env::temp_dir().join(format!("sockeye-arrival-{}.json", std::process::id()));
    let mut command = Command::new(&tool.path);
    command.args(["run", "--quiet", "--no-color", "--summary-export"]).arg(&summary);
    command.args(tool.quiet_arguments()).arg(script).stderr(Stdio::null());
    let watched = Watched::run(&mut command, None).map_err(failed)?;
    if watched.code != 0 {
        return Err(failed(format!("ended with code {}", watched.code)));
    }
    let text = fs::read_to_string(&summary).map_err(|error| failed(error.to_string()))?;
    let _ = fs::remove_file(&summary);
    let summary: Value = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    let number = |metric: &str, field: &str| summary["metrics"][metric][field].as_f64();
    Ok(Kept {
        iterations: number("iterations", "count").ok_or_else(|| failed("no count".to_owned()))?,
        dropped: number("dropped_iterations", "count").unwrap_or(0.0),
        error: ["med", "p(99)", "max"].map(|stat| number("start_error", stat).unwrap_or(f64::NAN)),
    })
}

fn line(name: &str, kept: &[Kept], planned: f64) -> String {
    let all = |value: &dyn Fn(&Kept) -> f64| kept.iter().map(value).collect::<Vec<f64>>();
    let [med, p99, max] = [0, 1, 2].map(|at| spread(&all(&|one| one.error[at])));
    format!(
        "  {name:<8} {} % of {planned} planned, {} dropped, start error in ms: med {med}, \
         p(99) {p99}, max {max}\n",
        spread(&all(&|one| one.iterations / planned * 100.0)),
        median(&all(&|one| one.dropped)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_executor_has_a_schedule() {
        let schedules = schedules().unwrap();
        assert!(schedules.iter().all(|schedule| schedule.planned > 0.0));
        for executor in [
            "shared-iterations",
            "per-vu-iterations",
            "constant-vus",
            "ramping-vus",
            "constant-arrival-rate",
            "ramping-arrival-rate",
        ] {
            assert!(schedules.iter().any(|one| one.title.starts_with(executor)), "{executor}");
        }
    }

    #[test]
    fn a_line_tells_medians_and_spreads() {
        let kept = |iterations, p99| Kept { iterations, dropped: 0.0, error: [1.0, p99, 9.0] };
        assert_eq!(
            line("k6", &[kept(90.0, 3.0), kept(99.0, 2.0), kept(101.0, 4.0)], 100.0),
            "  k6       99.00 [90.00..101.00] % of 100 planned, 0 dropped, start error in ms: \
             med 1.00 [1.00..1.00], p(99) 3.00 [2.00..4.00], max 9.00 [9.00..9.00]\n"
        );
    }
}
