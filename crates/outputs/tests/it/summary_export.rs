//! `--summary-export`.

use sockeye_metrics::TrendStat;
use sockeye_outputs::write_summary_export;

use crate::run::{Run, check_golden};

#[test]
fn the_shape_is_k6s() {
    let stats: Vec<(String, TrendStat)> =
        ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99.90)", "count"]
            .map(|word| (word.to_owned(), word.parse().unwrap()))
            .into();
    let mut text = Vec::new();
    write_summary_export(&Run::new().summary(), &stats, &mut text).unwrap();
    check_golden("summary.json", &String::from_utf8(text).unwrap());
}
