//! A run in a few lines: how far it is and what each scenario does. Text only; who shows it, and
//! when, is decided elsewhere.
// k6: the layout is k6's to the byte.

use std::time::Duration;

use sockeye_engine::{
    executor::ExecutorKind,
    options::{GoDuration, Options},
    progress::{Phase, ScenarioSnapshot, ScenarioState, Snapshot},
};
use unicode_width::UnicodeWidthStr;

use super::{
    number::clock,
    printable::printable,
    style::{Role, Style},
};

/// How lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// Bars that fit a terminal of so many columns.
    Bars { width: usize, style: Style },
    /// Percentages, for files and pipes.
    Percentages,
}

/// The lines, an empty one first.
pub(crate) fn render(snapshot: &Snapshot, options: &Options, drawing: Drawing) -> String {
    let rows: Vec<Row> =
        heading_row(snapshot).into_iter().chain(scenario_rows(snapshot, options)).collect();
    let name_width = rows.iter().map(|row| row.name.width()).max().unwrap_or(0).max(LEAST_NAME);
    let right = align(&rows);
    let right_width = right.iter().map(|text| text.trim_end().width()).max().unwrap_or(0);
    let bar_width = match drawing {
        // The name, a mark, the brackets, and a column that stays free.
        Drawing::Bars { width, .. } => {
            width.saturating_sub(name_width + right_width + 7).min(WIDEST_BAR)
        }
        Drawing::Percentages => 0,
    };
    let totals = if has_totals(snapshot) { totals(snapshot) } else { String::new() };
    let line = |(row, right): (&Row, &String)| {
        let (mark, bar) = match drawing {
            Drawing::Bars { style, .. } if bar_width >= NARROWEST_BAR => {
                (row.mark.paint(style), bar(row.fraction, bar_width, style))
            }
            Drawing::Bars { style, .. } => (row.mark.paint(style), percentage(row.fraction)),
            Drawing::Percentages => (row.mark.paint(Style::Plain), percentage(row.fraction)),
        };
        let separator = if right.is_empty() { "" } else { " " };
        format!("{:<name_width$} {mark} {bar}{separator}{right}\n", row.name)
    };
    let lines: String = rows.iter().zip(&right).map(line).collect();
    format!("\n{totals}{lines}")
}

const LEAST_NAME: usize = 4;
const LONGEST_NAME: usize = 30;
const WIDEST_BAR: usize = 38;
const NARROWEST_BAR: usize = 3;

/// One line, not yet aligned.
struct Row {
    name: String,
    mark: Mark,
    fraction: f64,
    /// What stands right of the bar, in columns.
    right: Vec<String>,
}

#[derive(Clone, Copy)]
enum Mark {
    None,
    Waiting,
    Stopping,
    Done,
    Interrupted,
}

impl Mark {
    fn paint(self, style: Style) -> String {
        match self {
            Self::None => " ".to_owned(),
            Self::Waiting => style.paint(Role::Faint, "•"),
            Self::Stopping => "↓".to_owned(),
            Self::Done => style.paint(Role::Good, "✓"),
            Self::Interrupted => style.paint(Role::Bad, "✗"),
        }
    }
}

/// Before scenarios run, what is done instead.
fn heading_row(snapshot: &Snapshot) -> Option<Row> {
    let row = |name: &str, fraction, right: String| {
        Some(Row { name: name.to_owned(), mark: Mark::None, fraction, right: vec![right] })
    };
    match snapshot.phase {
        Phase::Init => {
            let (made, planned) = (snapshot.vus_initialised, snapshot.vus_planned);
            let width = planned.to_string().len();
            let fraction = made as f64 / planned.max(1) as f64;
            row("Init", fraction, format!("{made:0width$}/{planned} VUs initialized"))
        }
        Phase::Paused => row("Run", 1.0, "paused".to_owned()),
        Phase::Setup => row("Run", 1.0, "setup()".to_owned()),
        Phase::Scenarios | Phase::Teardown | Phase::Finished => None,
    }
}

/// Whether scenarios run or have run. A run may be over before that.
fn has_totals(snapshot: &Snapshot) -> bool {
    let waits =
        |scenario: &ScenarioSnapshot| scenario.state == ScenarioState::Waiting { starts_in: None };
    match snapshot.phase {
        Phase::Init | Phase::Paused | Phase::Setup => false,
        Phase::Scenarios | Phase::Teardown => true,
        Phase::Finished => !snapshot.scenarios.iter().all(waits),
    }
}

/// `running (00m01.0s), 2/2 VUs, 2 complete and 0 interrupted iterations`
fn totals(snapshot: &Snapshot) -> String {
    let width = snapshot.vus_max.to_string().len();
    format!(
        "running ({}), {:0width$}/{:0width$} VUs, {} complete and {} interrupted iterations\n",
        clock(snapshot.elapsed, snapshot.max_duration),
        snapshot.vus_active,
        snapshot.vus_initialised,
        snapshot.iterations_complete,
        snapshot.iterations_interrupted
    )
}

fn scenario_rows(snapshot: &Snapshot, options: &Options) -> Vec<Row> {
    let in_run = has_totals(snapshot);
    let starts = options.scenarios.iter().map(|scenario| scenario.start_time);
    let row = |(scenario, start_time): (&ScenarioSnapshot, Duration)| Row {
        name: shortened(&printable(&scenario.name)),
        mark: if in_run { mark(scenario) } else { Mark::None },
        fraction: scenario.fraction,
        right: if in_run { columns(scenario, start_time) } else { Vec::new() },
    };
    let has_work = |(scenario, _): &(&ScenarioSnapshot, _)| scenario.vus_max > 0;
    snapshot.scenarios.iter().zip(starts).filter(has_work).map(row).collect()
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 3).chain("...".chars()).collect()
}

fn mark(scenario: &ScenarioSnapshot) -> Mark {
    match scenario.state {
        ScenarioState::Waiting { .. } => Mark::Waiting,
        ScenarioState::Running if scenario.elapsed >= scenario.duration => Mark::Stopping,
        ScenarioState::Running => Mark::None,
        ScenarioState::Finished => Mark::Done,
        ScenarioState::Interrupted => Mark::Interrupted,
    }
}

fn columns(scenario: &ScenarioSnapshot, start_time: Duration) -> Vec<String> {
    if let ScenarioState::Waiting { starts_in } = scenario.state {
        let left = clock(starts_in.unwrap_or(start_time), start_time);
        return vec!["waiting".to_owned(), left];
    }
    let (duration, elapsed) = (scenario.duration, scenario.elapsed);
    let whole = GoDuration(duration).to_string();
    let over = elapsed >= duration;
    let now = clock(elapsed, duration);
    let vus = format!("{} VUs", scenario.vus_max);
    let planned = scenario.iterations_planned.unwrap_or_default();
    let iterations = {
        let width = planned.to_string().len();
        format!("{:0width$}/{planned}", scenario.iterations_complete)
    };
    match scenario.executor {
        ExecutorKind::SharedIterations => {
            vec![vus, format!("{now}/{whole}"), format!("{iterations} shared iters")]
        }
        ExecutorKind::PerVuIterations => {
            let each = planned / scenario.vus_max.max(1);
            vec![vus, format!("{now}/{whole}"), format!("{iterations} iters, {each} per VU")]
        }
        ExecutorKind::RampingVus => {
            let width = scenario.vus_max.to_string().len();
            let vus = format!("{:0width$}/{} VUs", scenario.vus_active, scenario.vus_max);
            let time = if over { whole } else { format!("{now}/{}", clock(duration, duration)) };
            vec![vus, time]
        }
        ExecutorKind::ConstantArrivalRate | ExecutorKind::RampingArrivalRate => {
            let width = scenario.vus_max.to_string().len();
            let vus = format!("{:0width$}/{:0width$} VUs", scenario.vus_active, scenario.vus_held);
            let rate = format!("{:.2} iters/s", scenario.rate.unwrap_or_default());
            vec![vus, if over { whole } else { format!("{now}/{whole}") }, rate]
        }
        ExecutorKind::ConstantVus => vec![vus, if over { whole } else { format!("{now}/{whole}") }],
    }
}

/// The texts right of the bars. A column is as wide as its widest cell that another one follows,
/// and one more; the last cell of a line that is longer sticks out.
fn align(rows: &[Row]) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (at, cell) in row.right.iter().enumerate().take(row.right.len().saturating_sub(1)) {
            widths.resize(widths.len().max(at + 1), 0);
            widths[at] = widths[at].max(cell.width());
        }
    }
    let line = |row: &Row| {
        let cells = row.right.iter().enumerate().map(|(at, cell)| match widths.get(at) {
            Some(width) => cell.clone() + &" ".repeat((width + 1).saturating_sub(cell.width())),
            None => cell.clone(),
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(line).collect()
}

/// `[  33% ]`
fn percentage(fraction: f64) -> String {
    format!("[{:>4.0}% ]", fraction * 100.0)
}

/// `[==========>---------------------------]`
fn bar(fraction: f64, width: usize, style: Style) -> String {
    let filled = (fraction.clamp(0.0, 1.0) * width as f64) as usize;
    let done = match filled {
        0 => String::new(),
        filled if filled == width => "=".repeat(width),
        filled => "=".repeat(filled - 1) + ">",
    };
    let rest = "-".repeat(width - filled);
    let rest = if rest.is_empty() { rest } else { style.paint(Role::Faint, rest) };
    format!("[{done}{rest}]")
}

#[cfg(test)]
mod tests {
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    fn options() -> Options {
        let json = serde_json::json!({ "scenarios": {
            "a": { "executor": "per-vu-iterations", "vus": 12, "iterations": 10 },
            "bb": { "executor": "shared-iterations", "vus": 3, "iterations": 120, "startTime": "0.5s" },
            "c": { "executor": "ramping-vus",
                   "stages": [{ "duration": "1s", "target": 15 }, { "duration": "1s", "target": 1 }] },
            "dd": { "executor": "constant-vus", "vus": 100, "duration": "2s", "gracefulStop": "1s" },
        }});
        let layer = from_json(Source::Script, &json).unwrap().layer;
        resolve(vec![(Source::Script, layer)]).unwrap().options
    }

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// The run of the options above, `elapsed` into it.
    fn snapshot(options: &Options, elapsed: Duration) -> Snapshot {
        let scenario = |scenario: &sockeye_engine::Scenario| {
            let duration = scenario.executor.duration();
            let since = elapsed.saturating_sub(scenario.start_time);
            ScenarioSnapshot {
                name: scenario.name.clone(),
                executor: scenario.executor.kind(),
                state: match elapsed.checked_sub(scenario.start_time) {
                    None => ScenarioState::Waiting {
                        starts_in: Some(scenario.start_time.saturating_sub(elapsed)),
                    },
                    Some(since) if since >= duration + Duration::from_secs(1) => {
                        ScenarioState::Finished
                    }
                    Some(_) => ScenarioState::Running,
                },
                fraction: (since.as_secs_f64() / duration.as_secs_f64()).min(1.0),
                vus_active: 4,
                vus_max: scenario.executor.max_vus(),
                vus_held: scenario.executor.arrival_vus().map_or(0, |vus| vus.pre_allocated),
                rate: scenario.executor.rate_at(since),
                elapsed: since.min(duration),
                duration,
                iterations_complete: 12,
                iterations_planned: scenario.executor.planned_iterations(),
            }
        };
        Snapshot {
            phase: Phase::Scenarios,
            vus_initialised: 130,
            vus_planned: 130,
            vus_max: 130,
            vus_active: 15,
            iterations_complete: 149,
            iterations_interrupted: 100,
            elapsed,
            max_duration: millis(630_500),
            scenarios: options.scenarios.iter().map(scenario).collect(),
        }
    }

    fn percentages(elapsed: u64) -> String {
        let options = options();
        // Trailing spaces are part of the layout; show where lines end.
        render(&snapshot(&options, millis(elapsed)), &options, Drawing::Percentages)
            .replace('\n', "$\n")
    }

    #[test]
    fn while_one_waits() {
        insta::assert_snapshot!(percentages(300), @"
        $
        running (00m00.3s), 015/130 VUs, 149 complete and 100 interrupted iterations$
        a      [   0% ] 12 VUs     00m00.3s/10m0s  012/120 iters, 10 per VU$
        c      [  15% ] 04/15 VUs  0.3s/2.0s      $
        dd     [  15% ] 100 VUs    0.3s/2s        $
        bb   • [   0% ] waiting    0.2s           $
        ");
    }

    #[test]
    fn while_some_stop() {
        insta::assert_snapshot!(percentages(2800), @"
        $
        running (00m02.8s), 015/130 VUs, 149 complete and 100 interrupted iterations$
        a      [   0% ] 12 VUs     00m02.8s/10m0s  012/120 iters, 10 per VU$
        c    ↓ [ 100% ] 04/15 VUs  2s             $
        dd   ↓ [ 100% ] 100 VUs    2s             $
        bb     [   0% ] 3 VUs      00m02.3s/10m0s  012/120 shared iters$
        ");
    }

    #[test]
    fn before_the_scenarios() {
        let options = options();
        let mut snapshot = snapshot(&options, Duration::ZERO);
        snapshot.phase = Phase::Setup;
        for scenario in &mut snapshot.scenarios {
            scenario.state = ScenarioState::Waiting { starts_in: None };
        }
        let setup = render(&snapshot, &options, Drawing::Percentages);
        snapshot.phase = Phase::Finished;
        let failed = render(&snapshot, &options, Drawing::Percentages);
        assert_eq!(failed.lines().nth(1), Some("a      [   0% ]"));
        snapshot.phase = Phase::Init;
        snapshot.vus_initialised = 65;
        let init = render(&snapshot, &options, Drawing::Percentages);
        insta::assert_snapshot!(setup + &init, @"

        Run    [ 100% ] setup()
        a      [   0% ]
        c      [   0% ]
        dd     [   0% ]
        bb     [   0% ]

        Init   [  50% ] 065/130 VUs initialized
        a      [   0% ]
        c      [   0% ]
        dd     [   0% ]
        bb     [   0% ]
        ");
    }

    #[test]
    fn bars_fill_and_fit() {
        let options = options();
        let render = |elapsed, width| {
            let drawing = Drawing::Bars { width, style: Style::Plain };
            render(&snapshot(&options, millis(elapsed)), &options, drawing)
        };
        insta::assert_snapshot!(render(300, 120) + &render(3500, 70) + &render(300, 50));
        for line in render(300, 70).lines().skip(2) {
            assert!(line.trim_end().width() < 70, "{line}");
        }
    }

    #[test]
    fn bars_round_down_and_have_a_tip() {
        let bar = |fraction| bar(fraction, 38, Style::Plain);
        assert_eq!(bar(0.0), "[--------------------------------------]");
        assert_eq!(bar(0.05), "[>-------------------------------------]");
        assert_eq!(bar(0.15), "[====>---------------------------------]");
        assert_eq!(bar(0.3), "[==========>---------------------------]");
        assert_eq!(bar(1.0), "[======================================]");
        assert_eq!(super::bar(0.5, 4, Style::Colored), "[=>\x1b[2m--\x1b[22m]");
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(
            shortened("a_very_long_scenario_name_that_goes_on_and_on"),
            "a_very_long_scenario_name_t..."
        );
    }
}
