//! One value of a metric as text, by what the metric contains.

use sockeye_metrics::ValueKind;

use super::Look;
use crate::ui::number;

/// A value in the unit of its metric.
pub(super) fn value(kind: ValueKind, value: f64, look: &Look) -> String {
    match (kind, look.time_unit) {
        (ValueKind::Default, _) => number::plain(value),
        (ValueKind::Data, _) => number::bytes(value),
        (ValueKind::Time, None) => number::time(value),
        (ValueKind::Time, Some(unit)) => number::time_in(unit, value),
    }
}

/// A value per second.
pub(super) fn per_second(kind: ValueKind, rate: f64, look: &Look) -> String {
    format!("{}/s", value(kind, rate, look))
}
