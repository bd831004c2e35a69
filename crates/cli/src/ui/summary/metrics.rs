//! The lines of metrics: name, dots, values in columns that line up over all headings of a part.

use sockeye_metrics::{MetricSummary, Sink, TrendStat, ValueKind};
use unicode_width::UnicodeWidthStr;

use super::{
    Look,
    section::Heading,
    value::{per_second, value},
};
use crate::ui::{number, printable::printable, style::Role};

/// One line before it is aligned.
struct Row {
    /// Name and indentation beyond that of the heading.
    name: String,
    indent: usize,
    cells: Cells,
}

enum Cells {
    /// `avg=1ms`: label and value for each statistic.
    Trend(Vec<(String, String)>),
    /// The value itself and what is of second rank.
    Plain(String, Vec<String>),
}

/// The blocks of a part's metrics, one for each heading that has any.
pub(super) fn blocks(
    metrics: &[MetricSummary],
    seconds: f64,
    indent: usize,
    look: &Look,
) -> Vec<String> {
    let shown: Vec<(Heading, &MetricSummary)> = metrics
        .iter()
        .filter_map(|metric| Some((Heading::of(metric, look.mode)?, metric)))
        .collect();
    let leader = shown.iter().map(|(_, metric)| leader_width(metric)).max().unwrap_or_default();
    let mut parts: Vec<(Heading, Vec<Row>)> = Vec::new();
    for heading in Heading::ALL {
        let of_heading = shown.iter().filter(|(of, _)| *of == heading);
        let rows: Vec<Row> =
            of_heading.flat_map(|(_, metric)| rows(metric, seconds, look)).collect();
        if !rows.is_empty() {
            parts.push((heading, rows));
        }
    }
    let widths = Widths::of(parts.iter().flat_map(|(_, rows)| rows));
    let line = |row: &Row| line(row, leader, &widths, indent, look);
    parts
        .iter()
        .map(|(heading, rows)| {
            let heading = look.style.paint(Role::Heading, heading.as_str());
            let lines: String = rows.iter().map(line).collect();
            format!("{:indent$}{heading}\n{lines}", "")
        })
        .collect()
}

/// k6: how far the dots reach. A name has as many again and three, a sub-metric's tags count
/// twice.
fn leader_width(metric: &MetricSummary) -> usize {
    let name = metric.metric.name.width();
    let parts = metric.submetrics.iter().map(|part| name + 2 * (part.suffix.width() + 2) + 7);
    parts.chain([2 * name + 3]).max().unwrap_or_default()
}

/// A metric's own line and those of its sub-metrics.
fn rows(metric: &MetricSummary, seconds: f64, look: &Look) -> Vec<Row> {
    let kind = metric.metric.value;
    let own = Row {
        name: printable(&metric.metric.name).into_owned(),
        indent: 0,
        cells: cells(&metric.sink, kind, seconds, look),
    };
    let parts = metric.submetrics.iter().map(|part| Row {
        name: format!("{{ {} }}", part.suffix),
        indent: 2,
        cells: cells(&part.sink, kind, seconds, look),
    });
    [own].into_iter().chain(parts).collect()
}

fn cells(sink: &Sink, kind: ValueKind, seconds: f64, look: &Look) -> Cells {
    match sink {
        Sink::Counter(counter) => {
            let rate = if seconds > 0.0 { counter.sum() / seconds } else { 0.0 };
            Cells::Plain(value(kind, counter.sum(), look), vec![per_second(kind, rate, look)])
        }
        Sink::Gauge(gauge) => Cells::Plain(
            value(kind, gauge.value(), look),
            vec![
                format!("min={}", value(kind, gauge.min(), look)),
                format!("max={}", value(kind, gauge.max(), look)),
            ],
        ),
        Sink::Rate(rate) => Cells::Plain(
            number::percent(rate.rate()),
            vec![format!("{} out of {}", rate.passes(), rate.total())],
        ),
        Sink::Trend(trend) => {
            let cell = |(word, stat): &(String, TrendStat)| {
                let kind = if *stat == TrendStat::Count { ValueKind::Default } else { kind };
                (word.clone(), value(kind, trend.stat(*stat), look))
            };
            Cells::Trend(look.trend_stats.iter().map(cell).collect())
        }
    }
}

/// The columns' widths, those of Trends apart from those of the rest.
#[derive(Default)]
struct Widths {
    trend: Vec<usize>,
    value: usize,
    details: [usize; 2],
}

impl Widths {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut widths = Self::default();
        for row in rows {
            match &row.cells {
                Cells::Trend(cells) => {
                    widths.trend.resize(cells.len(), 0);
                    for (width, (_, value)) in widths.trend.iter_mut().zip(cells) {
                        *width = (*width).max(value.width());
                    }
                }
                Cells::Plain(value, details) => {
                    widths.value = widths.value.max(value.width());
                    for (width, detail) in widths.details.iter_mut().zip(details) {
                        *width = (*width).max(detail.width());
                    }
                }
            }
        }
        widths
    }
}

fn line(row: &Row, leader: usize, widths: &Widths, indent: usize, look: &Look) -> String {
    let style = look.style;
    let dots = leader.saturating_sub(row.name.width() + row.indent);
    let dots = style.paint(Role::Leader, format!("{}:", ".".repeat(dots)));
    let start = format!("{:1$}{2}{dots}", "", indent + row.indent, row.name);
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.width()));
    let cells: Vec<String> = match &row.cells {
        Cells::Trend(cells) => cells
            .iter()
            .zip(&widths.trend)
            .map(|((label, value), width)| {
                format!("{label}={}{}", style.paint(Role::Value, value), pad(value, *width))
            })
            .collect(),
        Cells::Plain(value, details) => {
            let first = style.paint(Role::Value, value) + &pad(value, widths.value);
            // k6: a single detail has nothing after it to line up with.
            let padded = details.len() > 1;
            let details = details.iter().zip(&widths.details).map(|(detail, width)| {
                let pad = if padded { pad(detail, *width) } else { String::new() };
                style.paint(Role::Detail, detail) + &pad
            });
            [first].into_iter().chain(details).collect()
        }
    };
    format!("{start} {}\n", cells.join(" "))
}
