//! `--out json`.

use std::{
    io::{self, Read, Write},
    sync::{Arc, Mutex},
};

use jiff::tz::TimeZone;
use sockeye_metrics::Output;
use sockeye_outputs::{JsonOutput, OpenContext, open};

use crate::run::{Run, check_golden};

/// A stream that the test can read.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn put_out(output: &mut dyn Output) {
    let run = Run::new();
    output.start(&run.info()).unwrap();
    for at in (0..run.samples.len()).step_by(7) {
        let batch = run.batch(at..run.samples.len().min(at + 7));
        output.samples(&batch, &run.registry).unwrap();
    }
    output.finish(&run.summary()).unwrap();
}

#[test]
fn lines_are_those_of_k6() {
    let stream = Shared::default();
    put_out(&mut JsonOutput::to_stream(Box::new(stream.clone()), TimeZone::UTC));
    check_golden("points.jsonl", &stream.text());
    for line in stream.text().lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn whole_lines_are_there_while_the_run_is_on() {
    let (run, stream) = (Run::new(), Shared::default());
    let mut output = JsonOutput::to_stream(Box::new(stream.clone()), TimeZone::UTC);
    output.start(&run.info()).unwrap();
    output.samples(&run.batch(0..2), &run.registry).unwrap();
    assert_eq!(stream.text().lines().count(), 4, "two metrics, two points");
    assert!(stream.text().ends_with('\n'));
}

#[test]
fn a_name_ending_in_gz_is_compressed() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let path = directory.path().join(name).to_str().unwrap().to_owned();
        put_out(&mut JsonOutput::to_file(&path, TimeZone::UTC));
        std::fs::read(path).unwrap()
    };
    let mut inflated = Vec::new();
    flate2::read::GzDecoder::new(&write("o.json.gz")[..]).read_to_end(&mut inflated).unwrap();
    assert_eq!(inflated, write("o.json"));
}

#[test]
fn standard_output_is_the_programs() {
    let stream = Shared::default();
    let given = stream.clone();
    let mut context = OpenContext::new(Box::new(move || Box::new(given.clone())));
    context.time_zone = TimeZone::fixed(jiff::tz::offset(2));
    put_out(&mut *open("json", &context).unwrap());
    let first_point = stream.text().lines().nth(1).unwrap().to_owned();
    assert!(first_point.contains(r#""time":"2026-11-23T01:22:40.781946316+02:00""#));
}

#[test]
fn a_file_that_cannot_be_made_is_an_error_at_the_start() {
    let run = Run::new();
    let error = JsonOutput::to_file("/nonexistent/x", TimeZone::UTC).start(&run.info());
    let text = error.unwrap_err().with_causes();
    assert!(text.starts_with("open json (/nonexistent/x): No such file"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_of_the_batch() {
    let run = Run::new();
    let mut output = JsonOutput::to_file("/dev/full", TimeZone::UTC);
    output.start(&run.info()).unwrap();
    let text =
        output.samples(&run.batch(0..run.samples.len()), &run.registry).unwrap_err().with_causes();
    assert!(text.starts_with("write json (/dev/full): "), "{text}");
}
