//! What versions a script takes: `>=1.2.0`, `^1, !=1.4.0`, `1.x || ~2.1`.

/// A set of versions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// One of these must hold, that is all of its comparisons.
    alternatives: Vec<Vec<Comparison>>,
}

/// Versions from one (included) to another (excluded), or all but those.
#[derive(Debug, PartialEq, Eq)]
struct Comparison {
    from: Version,
    to: Version,
    is_inverted: bool,
}

type Version = [u64; 3];

const FIRST: Version = [0, 0, 0];
const BEYOND: Version = [u64::MAX; 3];

impl Constraint {
    /// Reads it; nothing means any version.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let alternatives = text.split("||").map(comparisons).collect::<Option<_>>()?;
        Some(Self { alternatives })
    }

    /// Whether the version is one of them.
    pub(crate) fn is_met_by(&self, version: Version) -> bool {
        let holds = |comparison: &Comparison| {
            (comparison.from <= version && version < comparison.to) != comparison.is_inverted
        };
        self.alternatives.iter().any(|all| all.iter().all(holds))
    }
}

/// Those between `||`, which commas or spaces part.
fn comparisons(text: &str) -> Option<Vec<Comparison>> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (Partial::parse(from.trim())?, Partial::parse(to.trim())?);
        return Some(vec![Comparison { from: from.first(), to: to.end(), is_inverted: false }]);
    }
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(BLANKS);
    while !rest.is_empty() {
        let operator_end = rest.find(|c| !OPERATORS.contains(c)).unwrap_or(rest.len());
        let (operator, behind) = rest.split_at(operator_end);
        let behind = behind.trim_start();
        let end = behind.find(|c| BLANKS.contains(&c) || OPERATORS.contains(c));
        let (version, behind) = behind.split_at(end.unwrap_or(behind.len()));
        found.push(comparison(operator, &Partial::parse(version)?)?);
        rest = behind.trim_start_matches(BLANKS);
    }
    Some(found)
}

const BLANKS: [char; 2] = [' ', ','];
const OPERATORS: &str = "<>=!~^";

fn comparison(operator: &str, version: &Partial) -> Option<Comparison> {
    let (first, end) = (version.first(), version.end());
    let (from, to, is_inverted) = match operator {
        "" | "=" | "==" => (first, end, false),
        "!=" => (first, end, true),
        ">" => (end, BEYOND, false),
        ">=" | "=>" => (first, BEYOND, false),
        "<" => (FIRST, first, false),
        "<=" | "=<" => (FIRST, end, false),
        // As far as the last number that is said may grow, but for the first of them.
        "~" | "~>" => (first, version.next_at(version.numbers.len().min(2)), false),
        // As far as the first number that is not zero may not grow.
        "^" => {
            let significant = version.numbers.iter().position(|&number| number != 0);
            let kept = significant.map_or(version.numbers.len(), |at| at + 1);
            (first, version.next_at(kept), false)
        }
        _ => return None,
    };
    Some(Comparison { from, to, is_inverted })
}

/// A version of which the last numbers may be missing.
struct Partial {
    numbers: Vec<u64>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        // What is behind the numbers has no part in this.
        let text = text.split(['-', '+']).next().unwrap_or_default();
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut numbers = Vec::new();
        let mut is_open = false;
        for part in text.split('.') {
            match part {
                "*" | "x" | "X" => is_open = true,
                _ if is_open => return None,
                _ => numbers.push(part.parse().ok()?),
            }
        }
        (numbers.len() <= 3).then_some(Self { numbers })
    }

    /// The least version that it stands for.
    fn first(&self) -> Version {
        let mut version = FIRST;
        for (slot, number) in version.iter_mut().zip(&self.numbers) {
            *slot = *number;
        }
        version
    }

    /// The least version that is above all that it stands for.
    fn end(&self) -> Version {
        self.next_at(self.numbers.len())
    }

    /// The least version in which the first `count` numbers are more.
    fn next_at(&self, count: usize) -> Version {
        let Some(last) = count.checked_sub(1) else { return BEYOND };
        let mut version = FIRST;
        for (at, number) in self.numbers.iter().take(count).enumerate() {
            if let Some(slot) = version.get_mut(at) {
                *slot = number.saturating_add(u64::from(at == last));
            }
        }
        version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared() {
        let check = |text: &str, inside: &[Version], outside: &[Version]| {
            let constraint = Constraint::parse(text).unwrap();
            for &version in inside {
                assert!(constraint.is_met_by(version), "{text} {version:?}");
            }
            for &version in outside {
                assert!(!constraint.is_met_by(version), "{text} {version:?}");
            }
        };
        check("", &[[0, 0, 0], [9, 9, 9]], &[]);
        check("*", &[[0, 0, 0], [9, 9, 9]], &[]);
        check(">= 1.2", &[[1, 2, 0], [2, 0, 0]], &[[1, 1, 9]]);
        check(">1.2.0", &[[1, 2, 1]], &[[1, 2, 0]]);
        check("> 1.2", &[[1, 3, 0]], &[[1, 2, 5]]);
        check("<v2", &[[1, 9, 9]], &[[2, 0, 0]]);
        check("<=2.1", &[[2, 1, 7]], &[[2, 2, 0]]);
        check("v1.6.0", &[[1, 6, 0]], &[[1, 6, 1]]);
        check("=1.x", &[[1, 6, 0]], &[[2, 0, 0]]);
        check("!=1.4.0", &[[1, 4, 1]], &[[1, 4, 0]]);
        check("^1.2", &[[1, 2, 0], [1, 9, 0]], &[[1, 1, 0], [2, 0, 0]]);
        check("^0.2.3", &[[0, 2, 9]], &[[0, 3, 0], [0, 2, 2]]);
        check("^0.0.3", &[[0, 0, 3]], &[[0, 0, 4]]);
        check("^0", &[[0, 9, 0]], &[[1, 0, 0]]);
        check("~1.2.3", &[[1, 2, 9]], &[[1, 3, 0]]);
        check("~1", &[[1, 9, 0]], &[[2, 0, 0]]);
        check(">=1.0, <2 !=1.5.0", &[[1, 4, 0]], &[[1, 5, 0], [2, 0, 0]]);
        check("1.2 - 1.4", &[[1, 2, 0], [1, 4, 9]], &[[1, 5, 0]]);
        check("<1 || ~2.1", &[[0, 9, 0], [2, 1, 3]], &[[1, 0, 0], [2, 2, 0]]);
        check(">=1.2.0-rc1", &[[1, 2, 0]], &[[1, 1, 0]]);
    }

    #[test]
    fn what_is_no_version_is_nothing() {
        for text in ["soon", ">=", "1.2.3.4", "*.1", "=>> 1", "1..2", "-1"] {
            assert_eq!(Constraint::parse(text), None, "{text}");
        }
    }
}
