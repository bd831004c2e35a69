//! `--summary-export`, what `handleSummary` is given, and the machine-readable form of both.

use serde_json::json;
use sockeye_metrics::TrendStat;
use sockeye_outputs::{
    RunDescription, machine_readable_summary, summary_data, write_summary_export,
};

use crate::run::{Run, check_golden};

fn stats() -> Vec<(String, TrendStat)> {
    ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99.90)", "count"]
        .map(|word| (word.to_owned(), word.parse().unwrap()))
        .into()
}

#[test]
fn the_shape_is_k6s() {
    let data = summary_data(&Run::new().summary(), &stats());
    let mut text = Vec::new();
    write_summary_export(&data, &mut text).unwrap();
    check_golden("summary.json", &String::from_utf8(text).unwrap());
}

#[test]
fn what_a_script_made_of_its_data_is_written() {
    let write = |data: &serde_json::Value| {
        let mut text = Vec::new();
        let data = data.as_object().unwrap();
        write_summary_export(data, &mut text).map_err(|error| error.to_string())?;
        Ok(serde_json::from_slice::<serde_json::Value>(&text).unwrap())
    };
    let data = json!({
        "root_group": {"name": "x", "groups": [{"name": "g", "checks": [{"name": "c"}, 1]}]},
        "metrics": {
            "own": {"type": "rate", "values": {"rate": 1}, "thresholds": {"a": {"ok": true}, "b": 2}},
            "odd": 7,
        },
    });
    let expect = json!({
        "metrics": {"own": {"value": 1, "thresholds": {"a": false, "b": true}}, "odd": {}},
        "root_group": {"name": "x", "groups": {"g": {"name": "g", "checks": {"c": {"name": "c"}}}}},
    });
    assert_eq!(write(&data), Ok(expect));
    for lost in [json!({}), json!({"metrics": {}}), json!({"metrics": [], "root_group": {}})] {
        let told = "handleSummary() left no `metrics` or no `root_group` in its data";
        assert_eq!(write(&lost), Err(told.to_owned()));
    }
}

#[test]
fn scripts_are_given_what_they_were_written_for() {
    let data = summary_data(&Run::new().summary(), &stats());
    check_golden("handle_summary.json", &serde_json::to_string_pretty(&data).unwrap());
}

#[test]
fn the_machine_readable_form_is_that_of_its_schema() {
    let run = RunDescription {
        script: "test.js".to_owned(),
        generated_at: "2026-11-22T23:22:40.781Z".to_owned(),
        version: "0.1.0".to_owned(),
        passed: false,
    };
    let document = machine_readable_summary(&Run::new().summary(), &stats(), &run);
    check_golden("machine_readable.json", &serde_json::to_string_pretty(&document).unwrap());
}
