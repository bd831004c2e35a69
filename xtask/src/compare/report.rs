//! Where the two sides agree and where not: a table, then the lines that differ.

use std::fmt::{self, Write as _};

use super::facts::{self, Facts};
use super::script::{Aspect, Script};

#[derive(Default)]
pub(super) struct Report {
    rows: Vec<(String, Vec<String>)>,
    details: String,
    compared: usize,
}

impl Report {
    pub(super) fn add(&mut self, script: &Script, k6: &Facts, sockeye: &Facts) {
        let mut different = Vec::new();
        for aspect in &script.aspects {
            let name = facts::name(aspect);
            let empty = Vec::new();
            let expected = k6.get(&name).unwrap_or(&empty);
            let found = sockeye.get(&name).unwrap_or(&empty);
            self.compared += 1;
            if !agree(aspect, expected, found) {
                // Writing to a String cannot fail.
                let _ = writeln!(self.details, "\n{}: {name}", script.name);
                self.details.push_str(&difference(expected, found));
                different.push(name);
            }
        }
        self.rows.push((script.name.clone(), different));
    }

    pub(super) fn is_clean(&self) -> bool {
        self.rows.iter().all(|(_, different)| different.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, different) in &self.rows {
            let verdict =
                if different.is_empty() { "same".to_owned() } else { different.join(", ") };
            writeln!(f, "{name:width$}  {verdict}")?;
        }
        f.write_str(&self.details)?;
        let same = self.rows.iter().filter(|(_, different)| different.is_empty()).count();
        let all = self.rows.len();
        writeln!(f, "\n{same} of {all} scripts agree in all of {} aspects", self.compared)
    }
}

fn agree(aspect: &Aspect, expected: &[String], found: &[String]) -> bool {
    match aspect {
        Aspect::Count { tolerance, .. } if *tolerance > 0 => {
            let number = |lines: &[String]| lines.first().and_then(|line| line.parse::<u64>().ok());
            match (number(expected), number(found)) {
                (Some(expected), Some(found)) => expected.abs_diff(found) <= *tolerance,
                _ => false,
            }
        }
        _ => expected == found,
    }
}

/// Lines that only one side has, after the ones that both begin with.
fn difference(expected: &[String], found: &[String]) -> String {
    let common = expected.iter().zip(found).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    if common > 0 {
        let _ = writeln!(text, "    ({common} equal lines)");
    }
    for (mark, lines) in [("k6     ", expected), ("sockeye", found)] {
        for line in lines[common..].iter().take(SHOWN) {
            let _ = writeln!(text, "  {mark} {line}");
        }
        if lines.len() == common {
            let _ = writeln!(text, "  {mark} (nothing)");
        }
    }
    text
}

/// Enough to see what is going on.
const SHOWN: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn agreed(tolerance: u64, expected: &str, found: &str) -> bool {
        let aspect = Aspect::Count { metric: "m".to_owned(), tolerance };
        agree(&aspect, &[expected.to_owned()], &[found.to_owned()])
    }

    #[test]
    fn counts_may_differ_by_their_tolerance() {
        assert!(agreed(0, "5", "5"));
        assert!(!agreed(0, "5", "6"));
        assert!(agreed(2, "5", "7"));
        assert!(!agreed(2, "5", "8"));
        assert!(!agreed(2, "5", ""));
    }
}
