//! `--out csv`.

use std::io::Read;

use jiff::tz::TimeZone;
use sockeye_metrics::{Output, SystemTag, SystemTags};
use sockeye_outputs::{OpenContext, open};

use crate::{
    json::Shared,
    run::{Run, check_golden},
};

fn context(stdout: &Shared) -> OpenContext {
    let stdout = stdout.clone();
    OpenContext {
        time_zone: TimeZone::UTC,
        ..OpenContext::new(Box::new(move || Box::new(stdout.clone())))
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
    put_out(&mut *open("csv=-", &context(&stream)).unwrap());
    check_golden("points.csv", &stream.text());
}

#[test]
fn columns_are_the_system_tags_that_are_on() {
    let (stream, run) = (Shared::default(), Run::new());
    let tags = SystemTags::NONE.with(SystemTag::Vu).with(SystemTag::Url).with(SystemTag::Group);
    let context = OpenContext { system_tags: tags, ..context(&stream) };
    let mut output = open("csv=fileName=-,timeFormat=rfc3339_nano", &context).unwrap();
    output.start(&run.info()).unwrap();
    output.samples(&run.batch(0..12), &run.registry).unwrap();
    output.finish(&run.summary()).unwrap();
    let text = stream.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "metric_name,timestamp,metric_value,group,url,extra_tags,metadata");
    assert_eq!(lines[1], "my_c,2026-11-22T23:22:40.781946316Z,2.000000,,,scenario=default,");
    let with_metadata = lines.iter().find(|line| line.starts_with("data_sent")).unwrap();
    assert!(with_metadata.ends_with(",scenario=default,iter=0&vu=1"), "{with_metadata}");
}

#[test]
fn lines_are_written_once_an_interval() {
    let (stream, run) = (Shared::default(), Run::new());
    let context = context(&stream);
    let mut output = open("csv=fileName=-,saveInterval=2500", &context).unwrap();
    output.start(&run.info()).unwrap();
    // Samples are a second apart.
    output.samples(&run.batch(0..2), &run.registry).unwrap();
    assert_eq!(stream.text(), "");
    output.samples(&run.batch(2..4), &run.registry).unwrap();
    assert_eq!(stream.text().lines().count(), 5);
    output.samples(&run.batch(5..6), &run.registry).unwrap();
    assert_eq!(stream.text().lines().count(), 5);
    output.finish(&run.summary()).unwrap();
    assert_eq!(stream.text().lines().count(), 6);
}

#[test]
fn names_that_end_in_gz_are_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv.gz");
    let spec = format!("csv={}", path.display());
    put_out(&mut *open(&spec, &context(&Shared::default())).unwrap());
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    check_golden("points.csv", &text);
}
