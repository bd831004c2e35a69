//! The output itself: what the lines of a series share is made once.

use std::{io, io::Write as _, path::PathBuf};

use jiff::tz::TimeZone;
use sockeye_metrics::{
    Output, OutputError, Registry, RunInfo, Sample, SampleBatch, Series, Summary, SystemTag,
    SystemTags, TagSet, UnixNanos,
};

use super::settings::{Settings, TimeFormat};
use crate::{
    OpenContext,
    target::{Target, Writer},
    time_text::TimeText,
};

/// k6: these differ with every sample, and so are not tags of a series but metadata of a sample.
const METADATA: [SystemTag; 2] = [SystemTag::Iter, SystemTag::Vu];

/// The `csv` output.
#[derive(Debug)]
pub struct CsvOutput {
    settings: Settings,
    target: Target,
    /// Made by `start`.
    writer: Option<Writer>,
    time: TimeText,
    /// The tags with a column of their own, by name.
    columns: Vec<&'static str>,
    /// By position of the series in the registry.
    series: Vec<Option<Row>>,
    /// Lines that are not written yet.
    lines: Vec<u8>,
    /// The time of the first sample after lines were written.
    waiting_since: Option<UnixNanos>,
}

/// What all lines of a series share.
#[derive(Debug)]
struct Row {
    /// The metric's name and a comma.
    head: Vec<u8>,
    /// From the comma behind the value to the one before the metadata.
    tail: Vec<u8>,
}

/// `csv` and `csv=FILE` write to a file, `csv=-` to standard output.
pub(crate) fn open(
    argument: Option<&str>,
    context: &OpenContext,
) -> Result<Box<dyn Output>, String> {
    let settings = Settings::read(argument, context)?;
    let target = match settings.file.as_str() {
        "-" => Target::Stream(Some((context.stdout)())),
        path => Target::File(PathBuf::from(path)),
    };
    Ok(Box::new(CsvOutput::new(settings, target, context.system_tags, context.time_zone.clone())))
}

impl CsvOutput {
    fn new(settings: Settings, target: Target, tags: SystemTags, zone: TimeZone) -> Self {
        let mut columns: Vec<&'static str> = SystemTag::ALL
            .iter()
            .filter(|tag| tags.has(**tag) && !METADATA.contains(tag))
            .map(|tag| tag.as_str())
            .collect();
        columns.sort_unstable();
        Self {
            settings,
            target,
            writer: None,
            time: TimeText::new(zone),
            columns,
            series: Vec::new(),
            lines: Vec::new(),
            waiting_since: None,
        }
    }

    fn push_header(&mut self) {
        self.lines.extend_from_slice(b"metric_name,timestamp,metric_value");
        for column in &self.columns {
            self.lines.push(b',');
            push_field(&mut self.lines, column);
        }
        self.lines.extend_from_slice(b",extra_tags,metadata\n");
    }

    fn push(&mut self, sample: &Sample, metadata: Option<&TagSet>, registry: &Registry) {
        let at = sample.series.index();
        if !matches!(self.series.get(at), Some(Some(_))) {
            if self.series.len() <= at {
                self.series.resize_with(at + 1, || None);
            }
            self.series[at] = Some(Row::new(&registry.series_of(sample.series), &self.columns));
        }
        let Some(Some(row)) = self.series.get(at) else { return };
        self.lines.extend_from_slice(&row.head);
        push_time(&mut self.lines, self.settings.time_format, &mut self.time, sample.time);
        let _ = write!(self.lines, ",{:.6}", sample.value);
        self.lines.extend_from_slice(&row.tail);
        if let Some(metadata) = metadata {
            push_field(&mut self.lines, &joined(metadata.iter()));
        }
        self.lines.push(b'\n');
    }

    fn write(&mut self) -> Result<(), OutputError> {
        let written = match &mut self.writer {
            Some(writer) => writer.write_batch(&self.lines),
            None => Ok(()),
        };
        self.lines.clear();
        self.waiting_since = None;
        written.map_err(|error| self.failure("write", error))
    }

    fn failure(&self, what: &str, error: io::Error) -> OutputError {
        OutputError::new(format!("{what} {}", self.description()), error)
    }
}

impl Output for CsvOutput {
    fn description(&self) -> String {
        format!("csv ({})", self.settings.file)
    }

    fn start(&mut self, _run: &RunInfo) -> Result<(), OutputError> {
        let writer = self.target.open().map_err(|error| self.failure("open", error))?;
        self.writer = Some(writer);
        self.push_header();
        Ok(())
    }

    fn samples(&mut self, samples: &SampleBatch, registry: &Registry) -> Result<(), OutputError> {
        for (sample, metadata) in samples.with_metadata() {
            self.push(sample, metadata, registry);
        }
        let Some(last) = samples.last() else { return Ok(()) };
        // Samples are as good a clock as any: there are some every second.
        let since = self.waiting_since.get_or_insert(samples[0].time);
        let waited = u128::try_from(last.time.0.saturating_sub(since.0)).unwrap_or_default();
        if waited >= self.settings.save_interval.as_nanos() || self.lines.len() >= MOST_WAITING {
            return self.write();
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary) -> Result<(), OutputError> {
        self.write()?;
        let finished = self.writer.take().map_or(Ok(()), Writer::finish);
        finished.map_err(|error| self.failure("write", error))
    }
}

/// So many bytes are written whatever the interval says.
const MOST_WAITING: usize = 1 << 20;

impl Row {
    fn new(series: &Series, columns: &[&str]) -> Self {
        let mut head = Vec::new();
        push_field(&mut head, &series.metric.name);
        head.push(b',');
        let mut tail = Vec::new();
        for column in columns {
            tail.push(b',');
            push_field(&mut tail, series.tags.get(column).unwrap_or_default());
        }
        tail.push(b',');
        let extra = series.tags.iter().filter(|(key, _)| !columns.contains(key));
        push_field(&mut tail, &joined(extra));
        tail.push(b',');
        Self { head, tail }
    }
}

/// Pairs in one field.
fn joined<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    pairs.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

/// A field, quoted where Go's writer quotes it.
fn push_field(out: &mut Vec<u8>, text: &str) {
    let is_special = |c: char| matches!(c, ',' | '"' | '\r' | '\n');
    let quoted =
        text == "\\." || text.contains(is_special) || text.starts_with(char::is_whitespace);
    if !quoted {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

fn push_time(out: &mut Vec<u8>, format: TimeFormat, text: &mut TimeText, at: UnixNanos) {
    let unit = match format {
        TimeFormat::Seconds => 1_000_000_000,
        TimeFormat::Millis => 1_000_000,
        TimeFormat::Micros => 1_000,
        TimeFormat::Nanos => 1,
        TimeFormat::Rfc3339 => {
            return text.push(out, UnixNanos(at.0 - at.0.rem_euclid(1_000_000_000)));
        }
        TimeFormat::Rfc3339Nanos => return text.push(out, at),
    };
    let _ = write!(out, "{}", at.0.div_euclid(unit));
}
