//! Looks for the `N` at which a tool uses a given part of its core.

/// The `N` whose use of the core, in percent by `probe`, is nearest to `target`, from `first` on.
///
/// # Errors
/// Those of `probe`.
pub(super) fn find(
    target: f64,
    first: u64,
    mut probe: impl FnMut(u64) -> Result<f64, String>,
) -> Result<u64, String> {
    let mut seen: Vec<(f64, f64)> = Vec::new();
    let mut size = first;
    for _ in 0..MOST_PROBES {
        let used = probe(size)?;
        seen.push((size as f64, used));
        if is_near(target, used) {
            return Ok(size);
        }
        size = next(target, &seen).round().max(1.0) as u64;
    }
    let off = |point: &(f64, f64)| (point.1 - target).abs();
    let nearest = seen.iter().min_by(|a, b| off(a).total_cmp(&off(b)));
    Ok(nearest.map_or(first, |point| point.0 as u64))
}

/// Between those below and above if there are such; else in proportion, for the first messages cost
/// most, but never so far that one bad look leads astray.
fn next(target: f64, seen: &[(f64, f64)]) -> f64 {
    let below = seen.iter().filter(|point| point.1 < target).max_by(|a, b| a.0.total_cmp(&b.0));
    let above = seen.iter().filter(|point| point.1 >= target).min_by(|a, b| a.0.total_cmp(&b.0));
    match (below, above) {
        (Some(low), Some(high)) if low.0 < high.0 => {
            let share = (target - low.1) / (high.1 - low.1);
            // Not so near to either that nothing is learnt.
            low.0 + (high.0 - low.0) * share.clamp(0.2, 0.8)
        }
        (Some(point), _) => point.0 * (target / point.1.max(1.0)).clamp(1.08, 6.0),
        (None, Some(point)) => point.0 * (target / point.1).clamp(0.2, 0.92),
        (None, None) => 1.0,
    }
}

fn is_near(target: f64, used: f64) -> bool {
    // A core that is full can't be fuller, whatever is asked of it.
    if target >= 99.0 { used >= FULL } else { (used - target).abs() <= TOLERANCE }
}

const MOST_PROBES: usize = 8;
const TOLERANCE: f64 = 4.0;
const FULL: f64 = 97.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// How busy a tool is of which the first message costs more than the last.
    fn used(size: u64) -> f64 {
        let load = size as f64 / 20_000.0;
        (100.0 * load.powf(0.7)).min(100.0)
    }

    #[test]
    fn finds_what_is_asked_from_either_side() {
        for target in [50.0, 80.0, 100.0] {
            for first in [500, 4000, 60_000] {
                let mut probes = 0;
                let found = find(target, first, |size| {
                    probes += 1;
                    Ok(used(size))
                });
                let found = found.unwrap();
                // A full core is found from below only.
                if target < 99.0 || first < 20_000 {
                    assert!((used(found) - target).abs() <= 4.0, "{target} {first} {found}");
                    assert!(found < 23_000, "{found}");
                }
                assert!(probes <= MOST_PROBES);
            }
        }
    }

    #[test]
    fn the_nearest_is_taken_where_none_is_near() {
        let found = find(100.0, 1000, |size| Ok(if size < 3000 { 40.0 } else { 90.0 }));
        assert!(found.unwrap() >= 3000);
        assert_eq!(find(50.0, 10, |_| Err("no".to_owned())), Err("no".to_owned()));
    }
}
