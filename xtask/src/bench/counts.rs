//! `cargo xtask reach --counts`: that nothing grows faster than the sockets do. System calls, CPU time
//! and memory for each socket, at N, 2N and 4N of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::Watched;
use super::reach::Test;
use crate::server::Server;

/// What is told, and whether nothing grew.
pub(super) struct Outcome {
    pub(super) text: String,
    pub(super) is_flat: bool,
}

/// Runs the test at three sizes, with and without `strace`, which makes a run slower by itself.
///
/// # Errors
/// A message when `strace` can't be run, or a run fails.
pub(super) fn measure(sockeye: &Path, least: u64, folder: &Path) -> Result<Outcome, String> {
    let (mut calls, mut costs) = (Vec::new(), Vec::new());
    for sockets in [least, 2 * least, 4 * least] {
        let test = Test { sockets, ramp: RAMP, hold: HOLD, every: EVERY };
        calls.push(Counted { sockets, of_calls: traced(sockeye, &test, folder)? });
        costs.push(watched(sockeye, &test, folder)?);
    }
    Ok(outcome(&calls, &costs))
}

/// System calls of a run, by name.
struct Counted {
    sockets: u64,
    of_calls: BTreeMap<String, u64>,
}

impl Counted {
    fn per_socket(&self, call: &str) -> f64 {
        self.of_calls.get(call).map_or(0.0, |&count| count as f64 / self.sockets as f64)
    }
}

/// What a socket cost in a run without `strace`.
struct PerSocket {
    cpu_micros: f64,
    steady_kib: f64,
}

fn traced(sockeye: &Path, test: &Test, folder: &Path) -> Result<BTreeMap<String, u64>, String> {
    let counts = folder.join("strace.txt");
    let server = Server::start(sockeye)?;
    let status = Command::new("strace")
        .args(["-f", "-c", "-o"])
        .arg(&counts)
        .arg(sockeye)
        .args(arguments(test, &server, folder))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("failed to run strace: {error}"))?;
    if !status.success() {
        return Err(format!("{} sockets under strace: {status}", test.sockets));
    }
    let table = fs::read_to_string(&counts).map_err(|error| error.to_string())?;
    let counts = parse(&table);
    if counts.is_empty() { Err("strace counted nothing".to_owned()) } else { Ok(counts) }
}

fn watched(sockeye: &Path, test: &Test, folder: &Path) -> Result<PerSocket, String> {
    let server = Server::start(sockeye)?;
    let mut command = Command::new(sockeye);
    command.args(arguments(test, &server, folder));
    let watched = Watched::run(&mut command, None)?;
    if watched.code != 0 {
        return Err(format!("{} sockets: ended with code {}", test.sockets, watched.code));
    }
    Ok(PerSocket {
        cpu_micros: watched.cpu_seconds * 1e6 / test.sockets as f64,
        steady_kib: watched.steady_bytes(Some(Duration::from_secs(HOLD)))
            / 1024.0
            / test.sockets as f64,
    })
}

fn arguments(test: &Test, server: &Server, folder: &Path) -> Vec<OsString> {
    test.arguments(server, &folder.join("summary.json"))
}

/// strace(1), `-c`: percent, seconds, microseconds a call, calls, perhaps errors, name.
fn parse(text: &str) -> BTreeMap<String, u64> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (Some(name), Some(calls)) = (fields.last(), fields.get(3)) else { return None };
        // The head, the rules and the sum are no calls.
        if fields[0].parse::<f64>().is_err() || *name == "total" {
            return None;
        }
        Some(((*name).to_owned(), calls.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

fn outcome(calls: &[Counted], costs: &[PerSocket]) -> Outcome {
    let mut text = format!(
        "for each socket, in a test that opens them over {RAMP} s, holds them for {HOLD} s, and has a \
         heartbeat every {EVERY} s\n\n{:<24}",
        "sockets"
    );
    for counted in calls {
        let _ = write!(text, " {:>10}", counted.sockets);
    }
    text.push('\n');
    let mut names: Vec<&String> = calls.iter().flat_map(|one| one.of_calls.keys()).collect();
    names.sort();
    names.dedup();
    let mut is_flat = true;
    let mut row = |name: &str, values: &[f64], most: f64| {
        let grew = grows(values, most);
        is_flat &= !grew;
        let _ = write!(text, "{name:<24}");
        for value in values {
            let _ = write!(text, " {value:>10.3}");
        }
        text.push_str(if grew { "  grows\n" } else { "\n" });
    };
    for name in names {
        let values: Vec<f64> = calls.iter().map(|one| one.per_socket(name)).collect();
        // What is rare is the process's, not a socket's.
        if values.iter().any(|&value| value >= RARE) {
            let is_memory = OF_MEMORY.contains(&name.as_str());
            row(name, &values, if is_memory { f64::INFINITY } else { MORE_CALLS });
        }
    }
    let all: Vec<f64> = calls
        .iter()
        .map(|one| one.of_calls.values().sum::<u64>() as f64 / one.sockets as f64)
        .collect();
    row("all calls", &all, MORE_CALLS);
    let of = |figure: fn(&PerSocket) -> f64| costs.iter().map(figure).collect::<Vec<_>>();
    row("CPU, µs", &of(|cost| cost.cpu_micros), MORE_CPU);
    row("resident memory, KiB", &of(|cost| cost.steady_kib), MORE_MEMORY);
    text.push_str(if is_flat { "\nnothing grows\n" } else { "\nsomething grows\n" });
    Outcome { text, is_flat }
}

/// Whether the last is more than `most` times the first.
fn grows(values: &[f64], most: f64) -> bool {
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return false };
    *last > first * most && *last >= RARE
}

const RAMP: u64 = 10;
const HOLD: u64 = 15;
const EVERY: u64 = 5;

/// How the allocator takes memory and gives it back: at most a call for each page that is in use, of which the
/// line of resident memory tells, and none for what was left over from the start.
const OF_MEMORY: [&str; 5] = ["brk", "madvise", "mmap", "mprotect", "munmap"];

/// Calls for a socket that are too few to be its own.
const RARE: f64 = 0.02;
/// Four times as many sockets: a heap that had room for the first, chance, and caches that no longer
/// hold all sockets make no more than this of them. What grew with their number would be at 4.
const MORE_CALLS: f64 = 1.3;
const MORE_MEMORY: f64 = 1.1;
const MORE_CPU: f64 = 1.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_strace_is_read() {
        let text = "% time     seconds  usecs/call     calls    errors syscall\n\
            ------ ----------- ----------- --------- --------- ------------------\n \
            93.25    0.001270           3      4200           sendto\n  \
            0.00    0.000000           0         2         2 connect\n\
            ------ ----------- ----------- --------- --------- ------------------\n\
            100.00    0.000382           1      4202         2 total\n";
        let expect = [("connect", 2), ("sendto", 4200)].map(|(name, n)| (name.to_owned(), n));
        assert_eq!(parse(text), BTreeMap::from(expect));
        assert!(parse("strace: no").is_empty());
    }

    #[test]
    fn growth_is_seen() {
        let counted = |sockets, list: &[(&str, u64)]| Counted {
            sockets,
            of_calls: list.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        };
        let costs =
            || [50.0, 48.0, 55.0].map(|cpu_micros| PerSocket { cpu_micros, steady_kib: 6.0 });
        let flat = [
            counted(100, &[("sendto", 300), ("brk", 1)]),
            counted(200, &[("sendto", 610), ("brk", 2)]),
            counted(400, &[("sendto", 1230), ("brk", 3), ("mprotect", 200)]),
        ];
        let told = outcome(&flat, &costs());
        assert!(told.is_flat, "{}", told.text);
        assert!(!told.text.contains("brk"), "{}", told.text);
        let words: Vec<&str> = told.text.lines().nth(4).unwrap().split_whitespace().collect();
        assert_eq!(words, ["sendto", "3.000", "3.050", "3.075"]);

        let growing = [flat[0].per_socket("sendto") as u64, 6, 12].map(|each| {
            let sockets = 100 * each / 3;
            counted(sockets, &[("epoll_ctl", sockets * each)])
        });
        let told = outcome(&growing, &costs());
        assert!(!told.is_flat);
        assert!(told.text.contains("12.000  grows\n"), "{}", told.text);
    }
}
