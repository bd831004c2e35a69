//! `cargo xtask reach`: how many sockets one machine holds, from one process or from several that
//! share a test as execution segments.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::process::{median, resident_bytes};
use super::{command, counts};
use crate::repository;
use crate::server::Server;

/// What the chore accepts.
pub const REACH_USAGE: &str = "\
  reach                          hold many sockets with heartbeats, each process with a server
      --sockeye PATH             the program (default: target/release/sockeye)
      --processes N              how many share the test (default: 1)
      --sockets N                sockets of each process, a multiple of 20 (default: 19000)
      --ramp SECONDS             how long opening them takes (default: 30)
      --hold SECONDS             how long they are held then (default: 60)
      --counts                   instead: system calls, CPU and memory for each of N, 2N and 4N sockets
                                 of one process (N is --sockets, default: 2000), to see what grows
      --save FOLDER              keep what was printed, and the raw numbers
";

/// Runs the processes, waits for them, and tells what they held.
///
/// # Errors
/// A message for the terminal: bad arguments, or a process that failed.
pub fn reach(arguments: &[&str]) -> Result<ExitCode, String> {
    let request = Request::read(arguments)?;
    let folder = scratch_folder()?;
    if request.chore == Chore::Counts {
        let outcome = counts::measure(&request.sockeye, request.test.sockets, &folder)?;
        command::print(&outcome.text)?;
        if let Some(save) = &request.save {
            command::save(save, "reach-counts.txt", &outcome.text)?;
        }
        let _ = fs::remove_dir_all(&folder);
        return Ok(if outcome.is_flat { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let mut servers = Vec::new();
    for number in 0..request.processes {
        // Loopback addresses of their own: the ports of one pair of addresses are soon taken.
        let address = format!("127.0.0.{}:0", number + 1);
        servers.push(Server::start_at(&request.sockeye, &address)?);
    }
    let mut runs = Vec::new();
    for (number, server) in servers.iter().enumerate() {
        let summary = folder.join(format!("summary-{number}.json"));
        let child = request.command(number, server, &summary).spawn();
        let child = child.map_err(|error| format!("{}: {error}", request.sockeye.display()))?;
        runs.push(Run { child, summary, resident: Vec::new(), server_resident: Vec::new() });
    }
    while runs.iter_mut().any(Run::is_alive) {
        for (run, server) in runs.iter_mut().zip(&servers) {
            run.resident.extend(resident_bytes(run.child.id()));
            run.server_resident.extend(server.process().and_then(resident_bytes));
        }
        thread::sleep(Duration::from_secs(1));
    }
    let held = runs.into_iter().map(Run::end).collect::<Result<Vec<_>, _>>()?;
    let text = report(&request, &held);
    command::print(&text)?;
    if let Some(save) = &request.save {
        let name = format!("reach-{}x{}", request.processes, request.test.sockets);
        command::save(save, &format!("{name}.txt"), &text)?;
        let raw: Vec<Value> = held.iter().map(Held::raw).collect();
        command::save(save, &format!("{name}.json"), &format!("{:#}\n", json!(raw)))?;
    }
    let _ = fs::remove_dir_all(&folder);
    let whole =
        held.iter().all(|held| held.failed.is_none() && held.sessions == request.test.sockets);
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One process of the test, running.
struct Run {
    child: Child,
    summary: PathBuf,
    resident: Vec<f64>,
    server_resident: Vec<f64>,
}

impl Run {
    fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn end(mut self) -> Result<Held, String> {
        let status = self.child.wait().map_err(|error| error.to_string())?;
        let summary = fs::read_to_string(&self.summary).unwrap_or_default();
        let summary: Value = serde_json::from_str(&summary).unwrap_or_default();
        let count = |metric: &str| summary["metrics"][metric]["count"].as_u64().unwrap_or(0);
        Ok(Held {
            failed: (!status.success()).then(|| status.to_string()),
            sessions: count("ws_sessions"),
            errors: count("ws_errors"),
            sent: count("ws_msgs_sent"),
            received: count("ws_msgs_received"),
            steady_bytes: median(&self.resident[self.resident.len() / 2..]),
            server_bytes: median(&self.server_resident[self.server_resident.len() / 2..]),
        })
    }
}

/// What one process held.
struct Held {
    failed: Option<String>,
    sessions: u64,
    errors: u64,
    sent: u64,
    received: u64,
    steady_bytes: f64,
    server_bytes: f64,
}

impl Held {
    fn raw(&self) -> Value {
        json!({
            "failed": self.failed,
            "sessions": self.sessions,
            "errors": self.errors,
            "sent": self.sent,
            "received": self.received,
            "steady_bytes": self.steady_bytes,
            "server_bytes": self.server_bytes,
        })
    }
}

const MIB: f64 = 1_048_576.0;
const KIB: f64 = 1024.0;

fn report(request: &Request, all: &[Held]) -> String {
    let mut text = format!(
        "{} process(es) of {} sockets, opened over {} s and held for {} s\n\n",
        request.processes, request.test.sockets, request.test.ramp, request.test.hold
    );
    let _ = writeln!(
        text,
        "{:>8} {:>9} {:>7} {:>9} {:>9} {:>9} {:>11} {:>11}  ended",
        "process", "sessions", "errors", "sent", "received", "RSS MiB", "KiB/socket", "server MiB"
    );
    for (number, held) in all.iter().enumerate() {
        let _ = writeln!(
            text,
            "{number:>8} {:>9} {:>7} {:>9} {:>9} {:>9.1} {:>11.2} {:>11.1}  {}",
            held.sessions,
            held.errors,
            held.sent,
            held.received,
            held.steady_bytes / MIB,
            held.steady_bytes / KIB / held.sessions.max(1) as f64,
            held.server_bytes / MIB,
            held.failed.as_deref().unwrap_or("well"),
        );
    }
    let sum = |figure: fn(&Held) -> f64| all.iter().map(figure).sum::<f64>();
    let _ = writeln!(
        text,
        "\nin all: {} sockets, {} errors, {:.0} MiB, servers {:.0} MiB",
        sum(|held| held.sessions as f64),
        sum(|held| held.errors as f64),
        sum(|held| held.steady_bytes) / MIB,
        sum(|held| held.server_bytes) / MIB,
    );
    text
}

fn scratch_folder() -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("sockeye-reach-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// What `bench/reach/heartbeats.js` is told.
pub(super) struct Test {
    /// Of all processes.
    pub(super) sockets: u64,
    /// In seconds, as the others.
    pub(super) ramp: u64,
    pub(super) hold: u64,
    pub(super) every: u64,
}

impl Test {
    /// For a process that runs it.
    pub(super) fn arguments(&self, server: &Server, summary: &Path) -> Vec<OsString> {
        let flags = ["run", "--quiet", "--no-color", "--address", "", "--summary-export"];
        let mut arguments: Vec<OsString> = flags.map(OsString::from).to_vec();
        arguments.push(summary.into());
        for (key, value) in [
            ("SOCKETS", self.sockets.to_string()),
            ("RAMP", self.ramp.to_string()),
            ("HOLD", self.hold.to_string()),
            ("EVERY", self.every.to_string()),
            ("WS_URL", server.ws_url()),
        ] {
            arguments.extend(["-e".into(), format!("{key}={value}").into()]);
        }
        arguments.push(repository::root().join("bench/reach/heartbeats.js").into());
        arguments
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chore {
    Hold,
    Counts,
}

struct Request {
    chore: Chore,
    sockeye: PathBuf,
    processes: u64,
    /// Of each process.
    test: Test,
    save: Option<PathBuf>,
}

impl Request {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut request = Self {
            chore: Chore::Hold,
            sockeye: repository::root().join("target/release/sockeye"),
            processes: 1,
            test: Test { sockets: 0, ramp: 30, hold: 60, every: 30 },
            save: None,
        };
        let mut sockets = None;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if *argument == "--counts" {
                request.chore = Chore::Counts;
                continue;
            }
            let value = rest.next().ok_or(format!("`{argument}` needs a value"))?;
            let number = || value.parse().map_err(|error| format!("`{argument} {value}`: {error}"));
            match *argument {
                "--sockeye" => request.sockeye = PathBuf::from(value),
                "--save" => request.save = Some(PathBuf::from(value)),
                "--processes" => request.processes = number()?,
                "--sockets" => sockets = Some(number()?),
                "--ramp" => request.test.ramp = number()?,
                "--hold" => request.test.hold = number()?,
                other => return Err(format!("unknown argument `{other}`")),
            }
        }
        request.test.sockets = sockets.unwrap_or(match request.chore {
            Chore::Hold => 19_000,
            Chore::Counts => 2000,
        });
        if !request.test.sockets.is_multiple_of(20) || request.test.sockets == 0 {
            return Err("`--sockets` is a multiple of 20: a VU has 20".to_owned());
        }
        if !(1..=250).contains(&request.processes) {
            return Err("`--processes` is from 1 to 250".to_owned());
        }
        Ok(request)
    }

    fn command(&self, number: usize, server: &Server, summary: &Path) -> Command {
        let parts = self.processes;
        let whole = Test { sockets: self.test.sockets * parts, ..self.test };
        let mut command = Command::new(&self.sockeye);
        command.args(whole.arguments(server, summary));
        if parts > 1 {
            let cuts: Vec<String> = (0..=parts).map(|cut| format!("{cut}/{parts}")).collect();
            command.arg("--execution-segment").arg(cuts[number..=number + 1].join(":"));
            command.arg("--execution-segment-sequence").arg(cuts.join(","));
        }
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_say_what_is_held() {
        let read = |line: &str| Request::read(&line.split(' ').collect::<Vec<_>>());
        let request = read("--processes 10 --ramp 40").unwrap();
        assert_eq!((request.chore, request.processes), (Chore::Hold, 10));
        assert_eq!((request.test.sockets, request.test.ramp), (19_000, 40));
        let request = read("--counts").unwrap();
        assert_eq!((request.chore, request.test.sockets), (Chore::Counts, 2000));
        assert_eq!(read("--counts --sockets 400").unwrap().test.sockets, 400);
        for wrong in ["--sockets 30", "--sockets 0", "--processes 0", "--hold", "--what x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn processes_share_a_test_as_segments() {
        let request = Request::read(&["--processes", "3", "--sockets", "200"]).unwrap();
        let server = Server::already_at("127.0.0.1:1".to_owned());
        let command = request.command(1, &server, Path::new("summary"));
        let arguments: Vec<_> = command.get_args().map(|one| one.to_string_lossy()).collect();
        for expect in ["SOCKETS=600", "1/3:2/3", "0/3,1/3,2/3,3/3", "WS_URL=ws://127.0.0.1:1"] {
            assert!(arguments.iter().any(|one| one == expect), "{expect}: {arguments:?}");
        }
    }
}
