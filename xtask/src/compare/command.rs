//! `cargo xtask compare`: its arguments, and the story of a comparison.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use super::facts::{self, Facts};
use super::program::Program;
use super::recording;
use super::report::Report;
use super::script::{self, Script};
use crate::repository;
use crate::server::Server;

/// What the chore accepts.
pub const USAGE: &str = "\
  compare [--k6 PATH] [FILTER]   run compare/scripts on sockeye and compare with k6:
                                 with this k6, or with what one printed when it was recorded
      --record                   only run k6, and keep what it printed in compare/recorded
      --sockeye PATH             the other program (default: target/debug/sockeye)
      --server ADDRESS           a server that runs already (default: `sockeye serve`)
";

/// Runs the comparison and prints it. Fails when anything differs.
///
/// # Errors
/// A message for the terminal: bad arguments, a program that cannot be run, an unreadable script.
pub fn run(arguments: &[&str]) -> Result<ExitCode, String> {
    let request = Request::read(arguments)?;
    let scripts: Vec<Script> =
        script::all()?.into_iter().filter(|script| script.name.contains(&request.filter)).collect();
    if scripts.is_empty() {
        return Err(format!("no script in compare/scripts matches `{}`", request.filter));
    }
    let k6 = request.k6.as_ref().map(Program::find).transpose()?;
    let server = match &request.server {
        Some(address) => Server::already_at(address.clone()),
        None => Server::start(&request.sockeye)?,
    };
    match k6 {
        Some(k6) if request.record => record(&k6, &server, &scripts),
        k6 => compare(k6.as_ref(), &Program::find(&request.sockeye)?, &server, &scripts),
    }
}

fn compare(
    k6: Option<&Program>,
    sockeye: &Program,
    server: &Server,
    scripts: &[Script],
) -> Result<ExitCode, String> {
    let mut report = Report::default();
    for script in scripts {
        let expected = match k6 {
            Some(k6) => observe(k6, server, script)?,
            None => recording::read(script)?,
        };
        let found = observe(sockeye, server, script)?;
        report.add(script, &expected, &found);
    }
    let same = report.is_clean();
    print(&report.to_string())?;
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn record(k6: &Program, server: &Server, scripts: &[Script]) -> Result<ExitCode, String> {
    for script in scripts {
        let facts = observe(k6, server, script)?;
        recording::write(script, &facts)?;
        print(&format!("recorded {}\n", script.name))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn observe(program: &Program, server: &Server, script: &Script) -> Result<Facts, String> {
    let observation = program.run(script, server)?;
    Ok(facts::of(script, &observation))
}

fn print(text: &str) -> Result<(), String> {
    io::stdout().write_all(text.as_bytes()).map_err(|error| format!("failed to print: {error}"))
}

struct Request {
    k6: Option<PathBuf>,
    sockeye: PathBuf,
    server: Option<String>,
    record: bool,
    filter: String,
}

impl Request {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut request = Self {
            k6: None,
            sockeye: repository::root().join("target/debug/sockeye"),
            server: None,
            record: false,
            filter: String::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or(format!("`{argument}` needs a value"));
            match *argument {
                "--k6" => request.k6 = Some(program_path(value()?)?),
                "--sockeye" => request.sockeye = program_path(value()?)?,
                "--server" => request.server = Some((*value()?).to_owned()),
                "--record" => request.record = true,
                flag if flag.starts_with('-') => return Err(format!("unknown flag `{flag}`")),
                filter => filter.clone_into(&mut request.filter),
            }
        }
        if request.record && request.k6.is_none() {
            return Err("`--record` needs `--k6 PATH`".to_owned());
        }
        Ok(request)
    }
}

/// Programs run in folders of their own, so a relative path must not stay one. A bare name is looked
/// up in `PATH`.
fn program_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.components().count() < 2 {
        return Ok(path);
    }
    std::path::absolute(&path).map_err(|error| format!("no path to `{text}`: {error}"))
}
