//! What is printed before a run: what will run, how much of it, where results go.

use sockeye_engine::{
    Plan, Scenario,
    executor::{ArrivalVus, Description},
    options::{GoDuration, Options},
};

use super::{
    printable::printable,
    style::{Role, Style},
};

/// What a header tells besides the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    /// The script as it was named.
    pub(crate) script: &'a str,
    /// The description of each output.
    pub(crate) outputs: &'a [String],
    /// Where the built-in server is, if all traffic goes there.
    pub(crate) server: Option<&'a str>,
}

/// The header as it is printed.
// k6: but for the first line and `server:`, the layout is k6's to the byte.
pub(crate) fn render(header: &Header<'_>, options: &Options, style: Style) -> String {
    let outputs =
        if header.outputs.is_empty() { "-".to_owned() } else { header.outputs.join(", ") };
    let title = format!("sockeye {}", env!("CARGO_PKG_VERSION"));
    let mut lines = vec![
        String::new(),
        format!("  {}", style.paint(Role::Heading, title)),
        String::new(),
        field("execution", "local", style),
        field("script", &printable(header.script), style),
        field("output", &outputs, style),
    ];
    if let Some(server) = header.server {
        lines.push(field("server", &format!("{server}, for every host name"), style));
    }
    lines.extend([String::new(), field("scenarios", &totals(options), style)]);
    lines.extend(options.scenarios.iter().map(|one| format!("              * {}", scenario(one))));
    lines.push(String::new());
    lines.join("\n") + "\n"
}

fn field(name: &str, value: &str, style: Style) -> String {
    format!("{name:>14}: {}", style.paint(Role::Value, value))
}

/// `(100.00%) 1 scenario, 2 max VUs, 10m30s max duration (incl. graceful stop):`
fn totals(options: &Options) -> String {
    let plan = Plan::new(options);
    let count = options.scenarios.len();
    let noun = if count == 1 { "scenario" } else { "scenarios" };
    format!(
        "({:.2}%) {count} {noun}, {} max VUs, {} max duration (incl. graceful stop):",
        options.segment_fraction() * 100.0,
        plan.max_vus(),
        GoDuration(plan.max_duration())
    )
}

/// `default: 6 iterations shared among 2 VUs (maxDuration: 10m0s, gracefulStop: 30s)`
fn scenario(scenario: &Scenario) -> String {
    let mut details = Vec::new();
    let what = match scenario.executor.describe() {
        Description::SharedIterations { iterations, vus, max_duration } => {
            details.push(format!("maxDuration: {}", GoDuration(max_duration)));
            format!("{iterations} iterations shared among {vus} VUs")
        }
        Description::PerVuIterations { iterations, vus, max_duration } => {
            details.push(format!("maxDuration: {}", GoDuration(max_duration)));
            format!("{iterations} iterations for each of {vus} VUs")
        }
        Description::ConstantVus { vus, duration } => {
            format!("{vus} looping VUs for {}", GoDuration(duration))
        }
        Description::RampingVus { max_vus, duration, stages, graceful_ramp_down } => {
            details.push(format!("gracefulRampDown: {}", GoDuration(graceful_ramp_down)));
            let duration = GoDuration(duration);
            format!("Up to {max_vus} looping VUs for {duration} over {stages} stages")
        }
        Description::ConstantArrivalRate { rate, duration, vus } => {
            details.push(max_vus(vus));
            format!("{rate:.2} iterations/s for {}", GoDuration(duration))
        }
        Description::RampingArrivalRate { peak_rate, duration, stages, vus } => {
            details.push(max_vus(vus));
            let duration = GoDuration(duration);
            format!("Up to {peak_rate:.2} iterations/s for {duration} over {stages} stages")
        }
    };
    if scenario.exec != "default" {
        details.push(format!("exec: {}", scenario.exec));
    }
    if !scenario.start_time.is_zero() {
        details.push(format!("startTime: {}", GoDuration(scenario.start_time)));
    }
    if !scenario.graceful_stop.is_zero() {
        details.push(format!("gracefulStop: {}", GoDuration(scenario.graceful_stop)));
    }
    let details =
        if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    format!("{}: {what}{details}", printable(&scenario.name))
}

/// `maxVUs: 1-3`
fn max_vus(vus: ArrivalVus) -> String {
    let ArrivalVus { pre_allocated, max } = vus;
    if pre_allocated == max {
        format!("maxVUs: {max}")
    } else {
        format!("maxVUs: {pre_allocated}-{max}")
    }
}

#[cfg(test)]
mod tests {
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    fn options(json: &serde_json::Value) -> Options {
        let layer = from_json(Source::Script, json).unwrap().layer;
        resolve(vec![(Source::Script, layer)]).unwrap().options
    }

    #[test]
    fn a_script_without_scenarios() {
        let header = Header { script: "basic.js", outputs: &[], server: None };
        let options = options(&serde_json::json!({ "vus": 2, "iterations": 6 }));
        insta::assert_snapshot!(render(&header, &options, Style::Plain));
        let colored = render(&header, &options, Style::Colored);
        assert!(colored.contains("        script: \x1b[36mbasic.js\x1b[0m\n"), "{colored}");
    }

    #[test]
    fn every_executor() {
        let outputs = ["json (d.json)".to_owned(), "json (e.json)".to_owned()];
        let server = "127.0.0.1:40123 and 127.0.0.1:40124 (TLS)";
        let header = Header { script: "exs.js", outputs: &outputs, server: Some(server) };
        let options = options(&serde_json::json!({ "scenarios": {
            "a": { "executor": "per-vu-iterations", "vus": 3, "iterations": 2, "maxDuration": "5s",
                   "gracefulStop": "0s", "exec": "f" },
            "b": { "executor": "shared-iterations", "vus": 3, "iterations": 4, "startTime": "2s" },
            "c": { "executor": "ramping-vus", "stages": [{ "duration": "1s", "target": 5 }],
                   "gracefulRampDown": "0s", "startVUs": 2 },
            "d": { "executor": "constant-arrival-rate", "rate": 60, "timeUnit": "1m", "duration": "2s",
                   "preAllocatedVUs": 2, "startTime": "1s", "gracefulStop": "0s" },
            "e": { "executor": "ramping-arrival-rate", "startRate": 5, "timeUnit": "2s",
                   "preAllocatedVUs": 3, "maxVUs": 12,
                   "stages": [{ "duration": "2s", "target": 7 }, { "duration": "1s", "target": 3 }] },
            "h": { "executor": "constant-vus", "vus": 1, "duration": "1s", "gracefulStop": "0s" },
            "i": { "executor": "constant-vus", "vus": 1, "duration": "1h0m1s", "gracefulStop": "1m30s" },
        }}));
        insta::assert_snapshot!(render(&header, &options, Style::Plain));
    }
}
