//! `cargo xtask bench`: its arguments, and the story of a measurement.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::measure::{self, SERVER_CORE};
use super::raw::Programs;
use super::report::{self, Runs};
use super::shape::{self, Load, Shape, Size};
use super::{arrival, profile, search};
use crate::repository;
use crate::server::Server;
use crate::tool::Tool;

/// What the chore accepts.
pub const USAGE: &str = "\
  bench --k6 PATH [SHAPE…]       run bench/scripts on sockeye and k6 in turn, and tell the ratios
  bench --k6 PATH arrival        how each executor keeps its schedule: achieved beside planned
  bench profile SHAPE…           where the time of sockeye goes, by `perf`
      --sockeye PATH             the other program (default: target/release/sockeye)
      --rounds N                 how often each (default: 3)
      --small                    a tenth of each `N`, once: only to see that all of it works
      --save FOLDER              keep what was printed, and the raw numbers
";

/// Measures, and prints as it goes.
///
/// # Errors
/// A message for the terminal: bad arguments, a program that can't be run or that fails.
pub fn run(arguments: &[&str]) -> Result<ExitCode, String> {
    let request = Request::read(arguments)?;
    let sockeye = Tool::find(&request.sockeye)?;
    match request.chore {
        Chore::Profile => profile_all(&request, &sockeye)?,
        Chore::Arrival | Chore::Shapes => {
            let k6 = request.k6.as_ref();
            let k6 = k6.ok_or("`bench` needs `--k6 PATH`: what is measured is a ratio")?;
            measure_all(&request, &sockeye, &Tool::find(k6)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn profile_all(request: &Request, sockeye: &Tool) -> Result<(), String> {
    if request.shapes.is_empty() {
        return Err("`bench profile` needs shapes, as in `bench profile a b f`".to_owned());
    }
    for shape in shape::all(&request.shapes)? {
        let text = profile::text(sockeye, &shape)?;
        print(&text)?;
        if let Some(folder) = &request.save {
            save(folder, &format!("profile_{}.txt", shape.name), &text)?;
        }
    }
    Ok(())
}

fn measure_all(request: &Request, sockeye: &Tool, k6: &Tool) -> Result<(), String> {
    let rounds = request.rounds;
    let mut text = format!("sockeye: {}\nk6: {}\nrounds: {rounds}\n", sockeye.version, k6.version);
    print(&text)?;
    if request.chore == Chore::Arrival {
        let part = arrival::text(sockeye, k6, rounds)?;
        print(&part)?;
        text.push_str(&part);
        return request.save.iter().try_for_each(|folder| save(folder, "arrival.txt", &text));
    }
    let mut raw = Vec::new();
    let programs = Programs::new()?;
    for shape in &shape::all(&request.shapes)? {
        let all = measure_shape(shape, sockeye, k6, &programs, request)?;
        let part = report::text(shape, &all);
        print(&part)?;
        text.push_str(&part);
        raw.push(report::raw(shape, &all));
        // What is measured is kept even if a later shape fails.
        if let Some(folder) = &request.save {
            save(folder, "report.txt", &text)?;
            let raw = json!({ "sockeye": sockeye.version, "k6": k6.version, "shapes": raw });
            save(folder, "raw.json", &format!("{raw:#}\n"))?;
        }
    }
    Ok(())
}

/// In turn, so that what changes on the machine meanwhile changes for both.
fn measure_shape(
    shape: &Shape,
    sockeye: &Tool,
    k6: &Tool,
    programs: &Programs,
    request: &Request,
) -> Result<Vec<Runs>, String> {
    // A fresh server each time: neither tool meets what the other left behind.
    let server = || Server::start_on_core(&sockeye.path, SERVER_CORE);
    let mut all = match &shape.load {
        Load::Sizes(sizes) => {
            let sizes = sizes.iter().map(|&size| request.scale.of(size));
            sizes.map(|size| runs(shape, size, size_label(size))).collect()
        }
        Load::Busy(targets) => busy_runs(shape, targets, sockeye, k6)?,
    };
    let seconds = matches!(shape.load, Load::Busy(_)).then_some(SECONDS);
    for _ in 0..request.rounds {
        for runs in &mut all {
            let size = runs.size;
            runs.sockeye.push(measure::run(sockeye, shape, size.sockeye, seconds, &server()?)?);
            runs.k6.push(measure::run(k6, shape, size.k6, seconds, &server()?)?);
            for (raw, costs) in shape.raw.iter().zip(&mut runs.raw) {
                costs.extend(programs.run(shape, raw, size.sockeye, &server()?)?);
            }
        }
    }
    Ok(all)
}

/// The sizes at which the tools are as busy as the shape wants, each for itself.
fn busy_runs(
    shape: &Shape,
    targets: &[f64],
    sockeye: &Tool,
    k6: &Tool,
) -> Result<Vec<Runs>, String> {
    let mut first = Size { sockeye: FIRST_SIZE, k6: FIRST_SIZE };
    let mut all = Vec::new();
    for &target in targets {
        let find = |tool: &Tool, first: u64| {
            search::find(target, first, |size| {
                let server = Server::start_on_core(&sockeye.path, SERVER_CORE)?;
                let cost = measure::run(tool, shape, size, Some(PROBE_SECONDS), &server)?;
                // Who ends late is full, whatever else uses the core.
                let ends_late = cost.wall_seconds > PROBE_SECONDS as f64 + MOST_SECONDS_MORE;
                Ok(if ends_late { 100.0 } else { cost.used_percent[0] })
            })
        };
        let size = Size { sockeye: find(sockeye, first.sockeye)?, k6: find(k6, first.k6)? };
        all.push(runs(shape, size, format!("{target} % busy")));
        first = size;
    }
    Ok(all)
}

fn runs(shape: &Shape, size: Size, label: String) -> Runs {
    let raw = vec![Vec::new(); shape.raw.len()];
    Runs { size, label, sockeye: Vec::new(), k6: Vec::new(), raw }
}

fn size_label(size: Size) -> String {
    if size.sockeye == size.k6 {
        format!("N={}", size.sockeye)
    } else {
        format!("N={} (k6: {})", size.sockeye, size.k6)
    }
}

/// How long a run takes of which the script leaves that open, and how long a first look at one.
const SECONDS: u64 = 10;
const PROBE_SECONDS: u64 = 3;
/// How much longer a run takes that has time for what is asked: to start, and a second for answers.
const MOST_SECONDS_MORE: f64 = 2.0;
/// Where the search for a busy tool begins.
const FIRST_SIZE: u64 = 4000;

/// Keeps a file of a measurement.
pub(super) fn save(folder: &Path, name: &str, content: &str) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::write(folder.join(name), content).map_err(|error| format!("{name}: {error}"))
}

pub(super) fn print(text: &str) -> Result<(), String> {
    io::stdout().write_all(text.as_bytes()).map_err(|error| format!("failed to print: {error}"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chore {
    Shapes,
    Arrival,
    Profile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Full,
    Small,
}

impl Scale {
    fn of(self, size: Size) -> Size {
        match self {
            Self::Full => size,
            Self::Small => Size { sockeye: size.sockeye.div_ceil(10), k6: size.k6.div_ceil(10) },
        }
    }
}

#[derive(Debug)]
struct Request {
    chore: Chore,
    scale: Scale,
    k6: Option<PathBuf>,
    sockeye: PathBuf,
    rounds: usize,
    save: Option<PathBuf>,
    shapes: Vec<String>,
}

impl Request {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut request = Self {
            chore: Chore::Shapes,
            scale: Scale::Full,
            k6: None,
            sockeye: repository::root().join("target/release/sockeye"),
            rounds: 3,
            save: None,
            shapes: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or(format!("`{argument}` needs a value"));
            match *argument {
                "--k6" => request.k6 = Some(PathBuf::from(value()?)),
                "--sockeye" => request.sockeye = PathBuf::from(value()?),
                "--save" => request.save = Some(PathBuf::from(value()?)),
                "--rounds" => {
                    let rounds = value()?;
                    request.rounds =
                        rounds.parse().map_err(|error| format!("`--rounds {rounds}`: {error}"))?;
                }
                "--small" => {
                    request.scale = Scale::Small;
                    request.rounds = 1;
                }
                flag if flag.starts_with('-') => return Err(format!("unknown flag `{flag}`")),
                "profile" => request.chore = Chore::Profile,
                "arrival" => request.chore = Chore::Arrival,
                shape => request.shapes.push(shape.to_owned()),
            }
        }
        if request.rounds == 0 {
            return Err("`--rounds` is 1 or more".to_owned());
        }
        if request.chore == Chore::Arrival && !request.shapes.is_empty() {
            return Err("`arrival` is run by itself, without shapes".to_owned());
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_say_what_is_done() {
        let read = |line: &str| Request::read(&line.split(' ').collect::<Vec<_>>());
        let request = read("--k6 k6 --rounds 2 a b --save there").unwrap();
        assert_eq!((request.chore, request.rounds), (Chore::Shapes, 2));
        assert_eq!((request.k6, request.save), (Some("k6".into()), Some("there".into())));
        assert_eq!(request.shapes, ["a", "b"]);
        assert_eq!(read("profile a").unwrap().chore, Chore::Profile);
        assert_eq!(read("--k6 k6 arrival").unwrap().chore, Chore::Arrival);
        for wrong in ["--rounds 0", "--rounds x", "--rounds", "--what", "arrival a"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_size_says_whose_it_is() {
        assert_eq!(size_label(Size { sockeye: 5, k6: 5 }), "N=5");
        assert_eq!(size_label(Size { sockeye: 5, k6: 3 }), "N=5 (k6: 3)");
        let small = Scale::Small.of(Size { sockeye: 100, k6: 5 });
        assert_eq!(small, Size { sockeye: 10, k6: 1 });
    }
}
