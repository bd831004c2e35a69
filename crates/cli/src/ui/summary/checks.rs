//! The lines of checks: how many held in all, and each that did not always.

use sockeye_metrics::Check;
use unicode_width::UnicodeWidthStr;

use super::Look;
use crate::ui::{number, printable::printable, style::Role};

/// The block of totals and the block of names; none without checks.
pub(super) fn blocks(checks: &[Check], seconds: f64, indent: usize, look: &Look) -> Vec<String> {
    if checks.is_empty() {
        return Vec::new();
    }
    vec![totals(checks, seconds, indent, look), names(checks, indent, look)]
}

fn totals(checks: &[Check], seconds: f64, indent: usize, look: &Look) -> String {
    let passes: u64 = checks.iter().map(|check| check.passes).sum();
    let fails: u64 = checks.iter().map(|check| check.fails).sum();
    let total = passes + fails;
    let share = |part: u64| part as f64 / total.max(1) as f64;
    let rate = if seconds > 0.0 { total as f64 / seconds } else { 0.0 };
    let rows = [
        ("checks_total", total.to_string(), format!("{}/s", number::plain(rate))),
        ("checks_succeeded", number::percent(share(passes)), format!("{passes} out of {total}")),
        ("checks_failed", number::percent(share(fails)), format!("{fails} out of {total}")),
    ];
    let width = rows.iter().map(|(_, value, _)| value.width()).max().unwrap_or_default();
    let line = |(name, value, detail): &(&str, String, String)| {
        let dots = look.style.paint(Role::Leader, format!("{:.<1$}:", "", LEADER - name.len()));
        let pad = " ".repeat(width - value.width());
        let value = look.style.paint(Role::Value, value);
        let detail = look.style.paint(Role::Detail, detail);
        format!("{:indent$}{name}{dots} {value}{pad} {detail}\n", "")
    };
    rows.iter().map(line).collect()
}

/// How far the dots of the totals reach.
const LEADER: usize = 35;

fn names(checks: &[Check], indent: usize, look: &Look) -> String {
    checks.iter().map(|check| name(check, indent, look)).collect()
}

fn name(check: &Check, indent: usize, look: &Look) -> String {
    let Check { name, passes, fails, .. } = check;
    let name = printable(name);
    if *fails == 0 {
        let line = look.style.paint(Role::Good, format!("✓ {name}"));
        return format!("{:indent$}{line}\n", "");
    }
    let line = look.style.paint(Role::Bad, format!("✗ {name}"));
    let share = 100 * passes / (passes + fails);
    let share = format!("↳  {share}% — ✓ {passes} / ✗ {fails}");
    let share = look.style.paint(Role::Bad, share);
    // k6: inside groups the second line is indented twice.
    format!("{:indent$}{line}\n{:deeper$}{share}\n", "", "", deeper = 2 * indent - 2)
}
