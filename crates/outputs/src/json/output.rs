//! The output itself: a metric is described before its first point, and what the lines of a series
//! share is made once.

use std::{io, path::PathBuf};

use jiff::tz::TimeZone;
use sockeye_metrics::{
    Output, OutputError, Registry, RunInfo, Sample, SampleBatch, Summary, ThresholdSet,
};

use super::line::{PointLine, push_metric_line};
use crate::{
    OpenContext,
    target::{Target, Writer},
    time_text::TimeText,
};

/// The `json` output.
#[derive(Debug)]
pub struct JsonOutput {
    description: String,
    target: Target,
    /// Made by `start`.
    writer: Option<Writer>,
    time: TimeText,
    thresholds: ThresholdSet,
    /// By position of the series in the registry.
    series: Vec<Option<PointLine>>,
    /// By position of the metric in the registry: whether it was described.
    described: Vec<bool>,
    /// The lines of one batch; empty between batches.
    lines: Vec<u8>,
}

/// `json`, `json=` and `json=-` write to standard output, `json=FILE` to a file.
#[expect(clippy::unnecessary_wraps, reason = "other outputs have settings that may be wrong")]
pub(crate) fn open(
    argument: Option<&str>,
    context: &OpenContext,
) -> Result<Box<dyn Output>, String> {
    let zone = context.time_zone.clone();
    Ok(Box::new(match argument {
        None | Some("" | "-") => {
            // k6: without the space that files have.
            let stream = Target::Stream(Some((context.stdout)()));
            JsonOutput::new("json(stdout)".to_owned(), stream, zone)
        }
        Some(path) => JsonOutput::to_file(path, zone),
    }))
}

impl JsonOutput {
    /// Writes to a file, compressed if its name ends in `.gz`, with times in `zone`.
    pub fn to_file(path: &str, zone: TimeZone) -> Self {
        Self::new(format!("json ({path})"), Target::File(PathBuf::from(path)), zone)
    }

    /// Writes to a stream, with times in `zone`.
    pub fn to_stream(stream: Box<dyn io::Write + Send>, zone: TimeZone) -> Self {
        Self::new("json (stream)".to_owned(), Target::Stream(Some(stream)), zone)
    }

    fn new(description: String, target: Target, zone: TimeZone) -> Self {
        Self {
            description,
            target,
            writer: None,
            time: TimeText::new(zone),
            thresholds: ThresholdSet::default(),
            series: Vec::new(),
            described: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Works out the text of a series, and describes its metric if that is new.
    fn prepare(&mut self, sample: &Sample, registry: &Registry) {
        let series = registry.series_of(sample.series);
        let at = series.metric.id.index();
        if self.described.len() <= at {
            self.described.resize(at + 1, false);
        }
        if !self.described[at] {
            self.described[at] = true;
            push_metric_line(&mut self.lines, &series.metric, &self.thresholds);
        }
        let at = sample.series.index();
        if self.series.len() <= at {
            self.series.resize_with(at + 1, || None);
        }
        self.series[at] = Some(PointLine::new(&series));
    }

    fn failure(&self, what: &str, error: io::Error) -> OutputError {
        OutputError::new(format!("{what} {}", self.description), error)
    }
}

impl Output for JsonOutput {
    fn description(&self) -> String {
        self.description.clone()
    }

    fn start(&mut self, run: &RunInfo) -> Result<(), OutputError> {
        self.thresholds = run.thresholds.clone();
        let writer = self.target.open().map_err(|error| self.failure("open", error))?;
        self.writer = Some(writer);
        Ok(())
    }

    fn samples(&mut self, samples: &SampleBatch, registry: &Registry) -> Result<(), OutputError> {
        for (sample, metadata) in samples.with_metadata() {
            let at = sample.series.index();
            if !matches!(self.series.get(at), Some(Some(_))) {
                self.prepare(sample, registry);
            }
            if let Some(Some(line)) = self.series.get(at) {
                line.push(&mut self.lines, &mut self.time, sample, metadata);
            }
        }
        let written = match &mut self.writer {
            Some(writer) => writer.write_batch(&self.lines),
            None => Ok(()),
        };
        self.lines.clear();
        written.map_err(|error| self.failure("write", error))
    }

    fn finish(&mut self, _summary: &Summary) -> Result<(), OutputError> {
        let finished = self.writer.take().map_or(Ok(()), Writer::finish);
        finished.map_err(|error| self.failure("write", error))
    }
}
