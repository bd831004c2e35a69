//! A process watched until its end: CPU time and memory as the kernel counts them in `/proc`.

use std::fs;
use std::iter;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// No run takes longer; one that does hangs.
const PATIENCE: Duration = Duration::from_mins(4);

/// The kernel's clock ticks per second in `/proc`: 100 on every Linux that is met in practice.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process did.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// User and system time, in seconds.
    pub(super) cpu_seconds: f64,
    /// From start to end.
    pub(super) wall_seconds: f64,
    /// The most resident memory, in bytes.
    pub(super) peak_bytes: f64,
    /// Resident memory in bytes, by seconds since the start.
    resident: Vec<(f64, f64)>,
    /// CPU seconds by seconds since the start, of the process and of the server.
    cpu: Vec<(f64, f64)>,
    server_cpu: Vec<(f64, f64)>,
    /// 0 if it ended well.
    pub(super) code: i32,
}

impl Watched {
    /// Runs it to its end, with a look at another process, if there is one.
    ///
    /// # Errors
    /// Why it could not run, or that it had to be ended.
    pub(super) fn run(command: &mut Command, server: Option<u32>) -> Result<Self, String> {
        let failed = |error: std::io::Error| error.to_string();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let mut child = command.spawn().map_err(failed)?;
        let mut watched = Self::default();
        let ended = watched.watch(child.id(), server, started);
        watched.wall_seconds = started.elapsed().as_secs_f64();
        if !ended {
            child.kill().map_err(failed)?;
        }
        // Until it is waited for, what the kernel counted for it can still be read.
        watched.cpu_seconds = cpu_seconds(child.id()).unwrap_or(0.0);
        let status = child.wait().map_err(failed)?;
        if !ended {
            return Err(format!("still ran after {} s", PATIENCE.as_secs()));
        }
        watched.code = status.code().ok_or_else(|| format!("ended with {status}"))?;
        Ok(watched)
    }

    /// Looks at the process until it has ended, without taking its exit status. Whether it has.
    fn watch(&mut self, process: u32, server: Option<u32>, started: Instant) -> bool {
        loop {
            let status = fs::read_to_string(format!("/proc/{process}/status"));
            let status = status.unwrap_or_default();
            if status_field(&status, "State:").is_none_or(|state| state == "Z") {
                return true;
            }
            let now = started.elapsed().as_secs_f64();
            self.resident.extend(status_bytes(&status, "VmRSS:").map(|bytes| (now, bytes)));
            self.peak_bytes = status_bytes(&status, "VmHWM:").unwrap_or(0.0).max(self.peak_bytes);
            self.cpu.extend(cpu_seconds(process).map(|seconds| (now, seconds)));
            self.server_cpu.extend(server.and_then(cpu_seconds).map(|seconds| (now, seconds)));
            if started.elapsed() > PATIENCE {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The median of resident memory over the last `hold` of the run, or over its second half.
    pub(super) fn steady_bytes(&self, hold: Option<Duration>) -> f64 {
        let from =
            hold.map_or(self.wall_seconds / 2.0, |hold| self.wall_seconds - hold.as_secs_f64());
        let late = self.resident.iter().filter(|(time, _)| *time >= from);
        median(&late.map(|(_, bytes)| *bytes).collect::<Vec<_>>())
    }

    /// How much of their cores the process and the server used in the middle half of the run, in
    /// percent.
    pub(super) fn used_percent(&self) -> [f64; 2] {
        [&self.cpu, &self.server_cpu].map(|seen| used_percent(seen))
    }
}

/// A program on one core only.
pub(super) fn on_core(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program);
    command
}

/// How much of a core was used in the middle half of a run; `seen` is CPU seconds by seconds since
/// the start.
fn used_percent(seen: &[(f64, f64)]) -> f64 {
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return 0.0 };
    let at = |share: f64| first.0 + (last.0 - first.0) * share;
    let mut middle = seen.iter().filter(|(time, _)| (at(0.25)..=at(0.75)).contains(time));
    let Some(begin) = middle.next() else { return 0.0 };
    let end = middle.chain(iter::once(begin)).fold(begin, |a, b| if a.0 < b.0 { b } else { a });
    if end.0 > begin.0 { (end.1 - begin.1) / (end.0 - begin.0) * 100.0 } else { 0.0 }
}

/// proc(5): the first word of a field of `status`.
fn status_field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()
}

/// The same of one in KiB.
fn status_bytes(status: &str, name: &str) -> Option<f64> {
    Some(status_field(status, name)?.parse::<f64>().ok()? * 1024.0)
}

/// The resident memory of a process, in bytes.
pub(super) fn resident_bytes(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status_bytes(&status, "VmRSS:")
}

fn cpu_seconds(process: u32) -> Option<f64> {
    stat_seconds(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// proc(5): fields 14 and 15 of `stat`, after the name, which may have spaces.
fn stat_seconds(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

/// The middle value; 0 of none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        length if length % 2 == 1 => sorted[length / 2],
        length => f64::midpoint(sorted[length / 2 - 1], sorted[length / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(value: f64, expect: f64) {
        assert!((value - expect).abs() < 1e-9, "{value}, not {expect}");
    }

    #[test]
    fn the_middle_of_a_run_tells_how_busy_it_was() {
        let seen = [(0.0, 0.0), (1.0, 1.0), (3.0, 1.5), (5.0, 2.5), (7.0, 3.0), (10.0, 3.0)];
        same(used_percent(&seen), 37.5);
        same(used_percent(&[]), 0.0);
        same(used_percent(&seen[..1]), 0.0);
    }

    #[test]
    fn memory_is_steady_late_in_a_run() {
        let resident = vec![(0.0, 1.0), (4.0, 3.0), (5.0, 10.0), (7.0, 20.0), (9.0, 30.0)];
        let watched = Watched { wall_seconds: 10.0, resident, ..Watched::default() };
        same(watched.steady_bytes(None), 20.0);
        same(watched.steady_bytes(Some(Duration::from_secs(4))), 25.0);
        same(Watched::default().steady_bytes(None), 0.0);
    }

    #[test]
    fn what_the_kernel_says_is_read() {
        let status = "Name:\ta b\nState:\tZ (zombie)\nVmHWM:\t    2048 kB\nVmRSS:\t     1024 kB\n";
        assert_eq!(status_field(status, "State:"), Some("Z"));
        assert_eq!(status_bytes(status, "VmHWM:"), Some(2_097_152.0));
        assert_eq!(status_bytes(status, "VmSwap:"), None);
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 900 0 0 0 150 25 0 0 20 0 1 0 5";
        assert_eq!(stat_seconds(stat), Some(1.75));
        assert_eq!(stat_seconds("7 (a) S 1"), None);
    }

    #[test]
    fn medians() {
        same(median(&[3.0, 1.0, 2.0]), 2.0);
        same(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        same(median(&[]), 0.0);
    }
}
