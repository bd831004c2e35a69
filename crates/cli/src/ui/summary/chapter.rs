//! The chapters of a summary: thresholds, the whole run, each scenario, each group.

use sockeye_metrics::{Check, MetricSummary, Section, Summary};

use super::{Look, SummaryMode, checks, metrics, thresholds};
use crate::ui::{printable::printable, style::Role};

/// Every chapter of the summary, each ending with a line break.
pub(super) fn chapters(summary: &Summary, look: &Look) -> Vec<String> {
    let seconds = summary.run_duration.as_secs_f64();
    let mut chapters = Vec::new();
    let thresholds = thresholds::blocks(summary, look);
    if !thresholds.is_empty() {
        chapters.push(chapter("THRESHOLDS", thresholds, look));
    }
    let total = results(&summary.checks, &summary.metrics, seconds, INDENT, look);
    chapters.push(chapter("TOTAL RESULTS", total, look));
    if look.mode == SummaryMode::Full {
        // k6: of `setup` and `teardown`, only the groups are told.
        for group in summary.groups.iter().filter(|group| !group.groups.is_empty()) {
            let Section { name, groups, .. } = group.clone();
            let groups = Section { name, groups, ..Section::default() };
            chapters.push(part("GROUP", &groups, seconds, look));
        }
        for scenario in &summary.scenarios {
            // k6: of the scenario of a script without scenarios, only the groups are told.
            if scenario.name == "default" {
                let groups = scenario.groups.iter();
                chapters.extend(groups.map(|group| part("GROUP", group, seconds, look)));
            } else {
                chapters.push(part("SCENARIO", scenario, seconds, look));
            }
        }
    }
    chapters
}

/// The indentation of what a chapter tells.
const INDENT: usize = 4;

fn chapter(title: &str, blocks: Vec<String>, look: &Look) -> String {
    let title = format!("  █ {} \n", look.style.paint(Role::Heading, title));
    [title].into_iter().chain(blocks).collect::<Vec<_>>().join("\n")
}

fn part(what: &str, section: &Section, seconds: f64, look: &Look) -> String {
    let blocks = section_blocks(section, seconds, INDENT, look);
    chapter(&format!("{what}: {}", printable(&section.name)), blocks, look)
}

fn section_blocks(section: &Section, seconds: f64, indent: usize, look: &Look) -> Vec<String> {
    let mut blocks = results(&section.checks, &section.metrics, seconds, indent, look);
    for group in &section.groups {
        let title = look.style.paint(Role::Heading, format!("GROUP: {}", printable(&group.name)));
        blocks.push(format!("{:indent$}↳ {title} \n", ""));
        blocks.extend(section_blocks(group, seconds, indent + 2, look));
    }
    blocks
}

fn results(
    checks: &[Check],
    metrics: &[MetricSummary],
    seconds: f64,
    indent: usize,
    look: &Look,
) -> Vec<String> {
    let mut blocks = checks::blocks(checks, seconds, indent, look);
    blocks.extend(metrics::blocks(metrics, seconds, indent, look));
    blocks
}
