//! `cargo xtask bench`: its arguments, and the story of a measurement.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::arrival;
use super::measure::{self, SERVER_CORE};
use super::report::{self, Runs};
use super::shape::{self, Shape};
use crate::repository;
use crate::server::Server;
use crate::tool::Tool;

/// What the chore accepts.
pub const USAGE: &str = "\
  bench --k6 PATH [SHAPE…]       run bench/scripts on sockeye and k6 in turn, and tell the ratios
  bench --k6 PATH arrival        how each executor keeps its schedule: achieved beside planned
      --sockeye PATH             the other program (default: target/release/sockeye)
      --rounds N                 how often each (default: 3)
      --save FOLDER              keep what was printed, and the raw numbers
";

/// Measures, and prints as it goes.
///
/// # Errors
/// A message for the terminal: bad arguments, a program that can't be run or that fails.
pub fn run(arguments: &[&str]) -> Result<ExitCode, String> {
    let request = Request::read(arguments)?;
    let sockeye = Tool::find(&request.sockeye)?;
    let k6 = Tool::find(&request.k6)?;
    let mut text =
        format!("sockeye: {}\nk6: {}\nrounds: {}\n", sockeye.version, k6.version, request.rounds);
    print(&text)?;
    if request.shapes == ["arrival"] {
        let part = arrival::text(&sockeye, &k6, request.rounds)?;
        print(&part)?;
        text.push_str(&part);
        if let Some(folder) = &request.save {
            save(folder, "arrival.txt", &text)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let shapes = shape::all(&request.shapes)?;
    if shapes.is_empty() {
        return Err("no script in bench/scripts matches".to_owned());
    }
    let client = measure::build_raw(&std::env::temp_dir())?;
    let mut raw = Vec::new();
    for shape in &shapes {
        let all = measure_shape(shape, &sockeye, &k6, &client, request.rounds)?;
        let part = report::text(shape, &all);
        print(&part)?;
        text.push_str(&part);
        raw.push(report::raw(shape, &all));
    }
    if let Some(folder) = &request.save {
        save(folder, "report.txt", &text)?;
        let raw = json!({ "sockeye": sockeye.version, "k6": k6.version, "shapes": raw });
        save(folder, "raw.json", &format!("{raw:#}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// In turn, so that what changes on the machine meanwhile changes for both.
fn measure_shape(
    shape: &Shape,
    sockeye: &Tool,
    k6: &Tool,
    client: &Path,
    rounds: usize,
) -> Result<Vec<Runs>, String> {
    let mut all: Vec<Runs> = shape
        .sizes
        .iter()
        .map(|&size| Runs { size, sockeye: Vec::new(), k6: Vec::new(), raw: Vec::new() })
        .collect();
    for _ in 0..rounds {
        for runs in &mut all {
            // A fresh server each time: neither tool meets what the other left behind.
            let server = Server::start_on_core(&sockeye.path, SERVER_CORE)?;
            runs.sockeye.push(measure::run(sockeye, shape, runs.size, &server)?);
            drop(server);
            let server = Server::start_on_core(&sockeye.path, SERVER_CORE)?;
            runs.k6.push(measure::run(k6, shape, runs.size, &server)?);
            drop(server);
            if let Some(raw) = shape.raw {
                let server = Server::start_on_core(&sockeye.path, SERVER_CORE)?;
                runs.raw.push(measure::run_raw(client, raw, runs.size, &server)?);
            }
        }
    }
    Ok(all)
}

/// Keeps a file of a measurement.
pub(super) fn save(folder: &Path, name: &str, content: &str) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::write(folder.join(name), content).map_err(|error| format!("{name}: {error}"))
}

pub(super) fn print(text: &str) -> Result<(), String> {
    io::stdout().write_all(text.as_bytes()).map_err(|error| format!("failed to print: {error}"))
}

struct Request {
    k6: PathBuf,
    sockeye: PathBuf,
    rounds: usize,
    save: Option<PathBuf>,
    shapes: Vec<String>,
}

impl Request {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut k6 = None;
        let mut request = Self {
            k6: PathBuf::new(),
            sockeye: repository::root().join("target/release/sockeye"),
            rounds: 3,
            save: None,
            shapes: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or(format!("`{argument}` needs a value"));
            match *argument {
                "--k6" => k6 = Some(PathBuf::from(value()?)),
                "--sockeye" => request.sockeye = PathBuf::from(value()?),
                "--save" => request.save = Some(PathBuf::from(value()?)),
                "--rounds" => {
                    let rounds = value()?;
                    request.rounds =
                        rounds.parse().map_err(|error| format!("`--rounds {rounds}`: {error}"))?;
                }
                flag if flag.starts_with('-') => return Err(format!("unknown flag `{flag}`")),
                shape => request.shapes.push(shape.to_owned()),
            }
        }
        request.k6 = k6.ok_or("`bench` needs `--k6 PATH`: what is measured is a ratio")?;
        Ok(request)
    }
}
