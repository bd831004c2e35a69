//! One run of a tool on one core, with its CPU time and memory as the kernel counts them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::latency::{self, Latency};
use super::shape::Shape;
use crate::repository;
use crate::server::Server;
use crate::tool::Tool;

/// No run takes longer; one that does hangs.
const PATIENCE: Duration = Duration::from_mins(3);

/// The kernel's clock ticks per second in `/proc`: 100 on every Linux that is met in practice.
const TICKS_PER_SECOND: f64 = 100.0;

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// User and system time, in seconds.
    pub(super) cpu_seconds: f64,
    /// From start to end.
    pub(super) wall_seconds: f64,
    /// The most resident memory, in bytes.
    pub(super) peak_bytes: f64,
    /// The median of resident memory over the second half of the run, in bytes.
    pub(super) steady_bytes: f64,
    /// How many units of work were counted.
    pub(super) units: f64,
    /// Where the shape measures it.
    pub(super) latency: Option<Latency>,
}

/// Where tools and server run, so that neither takes from the other.
pub(super) const TOOL_CORE: usize = 0;
pub(super) const SERVER_CORE: usize = 1;

/// Runs `shape` with `N` = `size`.
pub(super) fn run(tool: &Tool, shape: &Shape, size: u64, server: &Server) -> Result<Cost, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", shape.name);
    let folder = std::env::temp_dir().join(format!("sockeye-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let script = folder.join("script.js");
    let text = fs::read_to_string(&shape.path).map_err(failed)?;
    fs::write(&script, tool.adjust(&text)).map_err(failed)?;
    let summary = folder.join("summary.json");
    for entry in fs::read_dir(shape.modules()).into_iter().flatten() {
        let entry = entry.map_err(failed)?;
        let modules = folder.join(shape.modules().file_name().unwrap_or_default());
        fs::create_dir_all(&modules).map_err(failed)?;
        fs::copy(entry.path(), modules.join(entry.file_name())).map_err(failed)?;
    }
    let mut command = on_core(TOOL_CORE, &tool.path);
    command.args(["run", "--quiet", "--no-color", "--summary-export"]).arg(&summary);
    command.args(tool.quiet_arguments());
    if shape.latency.is_some() {
        command.args(latency::ARGUMENTS);
    }
    let name = if tool.is_k6 { "k6" } else { "sockeye" };
    let (ws, wss) = (server.ws_url(), server.wss_url());
    let n = size.to_string();
    for (key, value) in [("N", &*n), ("WS_URL", &*ws), ("WSS_URL", &*wss), ("TOOL", name)] {
        command.args(["-e", &format!("{key}={value}")]);
    }
    command.arg(&script);
    let log = folder.join("log.txt");
    command.stderr(File::create(&log).map_err(failed)?);
    let failed = |why: String| format!("{}: {}: {why}", shape.name, tool.version);
    let (mut cost, used) = cost_of(&mut command, server.process()).map_err(failed)?;
    if let Some(trend) = &shape.latency {
        cost.latency = Some(Latency::read(trend, &summary, &log, server, used).map_err(failed)?);
    }
    let units = count(&summary, &shape.per);
    let _ = fs::remove_dir_all(&folder);
    cost.units = units.ok_or_else(|| failed(format!("no count of `{}`", shape.per)))?;
    Ok(cost)
}

/// The same work by the client that does nothing else, which must have been built.
pub(super) fn run_raw(
    client: &Path,
    (bytes, in_flight): (u32, u32),
    size: u64,
    server: &Server,
) -> Result<Cost, String> {
    const SOCKETS: u64 = 100;
    let (host, port) = server.address().rsplit_once(':').ok_or("the server has no port")?;
    let mut command = on_core(TOOL_CORE, client);
    command.args([host, port]);
    command.args([SOCKETS, size, bytes.into(), in_flight.into()].map(|number| number.to_string()));
    command.stderr(Stdio::null());
    let (cost, _) = cost_of(&mut command, None).map_err(|why| format!("the raw client: {why}"))?;
    Ok(Cost { units: (SOCKETS * size) as f64, ..cost })
}

/// Builds the raw client into `folder`.
pub(super) fn build_raw(folder: &Path) -> Result<PathBuf, String> {
    let client = folder.join("sockeye-bench-echo");
    let source = repository::root().join("bench/raw/echo.c");
    let built = Command::new("cc").args(["-O2", "-o"]).arg(&client).arg(&source).status();
    match built {
        Ok(status) if status.success() => Ok(client),
        Ok(status) => Err(format!("cc {}: {status}", source.display())),
        Err(error) => Err(format!("failed to run cc: {error}")),
    }
}

fn on_core(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program);
    command
}

/// Runs it to its end. The units are not known yet. Beside, how much of their cores it and the
/// server used in the middle of the run, in percent.
fn cost_of(command: &mut Command, server: Option<u32>) -> Result<(Cost, [f64; 2]), String> {
    let failed = |error: std::io::Error| error.to_string();
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().map_err(failed)?;
    let watched = watch(child.id(), server, started);
    let wall_seconds = started.elapsed().as_secs_f64();
    if watched.hangs {
        child.kill().map_err(failed)?;
    }
    // Until it is waited for, what the kernel counted for it can still be read.
    let cpu_seconds = cpu_seconds(child.id()).unwrap_or(0.0);
    let status = child.wait().map_err(failed)?;
    if watched.hangs {
        return Err(format!("still ran after {} s", PATIENCE.as_secs()));
    }
    if !status.success() {
        return Err(format!("ended with {status}"));
    }
    let half = &watched.resident[watched.resident.len() / 2..];
    let cost = Cost {
        cpu_seconds,
        wall_seconds,
        peak_bytes: watched.peak_bytes,
        steady_bytes: median(half),
        units: 0.0,
        latency: None,
    };
    Ok((cost, [&watched.cpu, &watched.server_cpu].map(|seen| latency::used_percent(seen))))
}

#[derive(Default)]
struct Watched {
    resident: Vec<f64>,
    peak_bytes: f64,
    /// CPU seconds by seconds since the start.
    cpu: Vec<(f64, f64)>,
    server_cpu: Vec<(f64, f64)>,
    hangs: bool,
}

/// Looks at the process until it has ended, without taking its exit status.
fn watch(process: u32, server: Option<u32>, started: Instant) -> Watched {
    let mut watched = Watched::default();
    loop {
        let status = fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.unwrap_or_default();
        if status_field(&status, "State:").is_none_or(|state| state == "Z") {
            return watched;
        }
        watched.resident.extend(status_bytes(&status, "VmRSS:"));
        watched.peak_bytes = status_bytes(&status, "VmHWM:").unwrap_or(0.0).max(watched.peak_bytes);
        let now = started.elapsed().as_secs_f64();
        watched.cpu.extend(cpu_seconds(process).map(|seconds| (now, seconds)));
        watched.server_cpu.extend(server.and_then(cpu_seconds).map(|seconds| (now, seconds)));
        if started.elapsed() > PATIENCE {
            watched.hangs = true;
            return watched;
        }
        thread::sleep(Duration::from_millis(20));
    }
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

/// proc(5): fields 14 and 15 of `stat`, after the name, which may have spaces.
fn cpu_seconds(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

fn count(summary: &Path, metric: &str) -> Option<f64> {
    let summary: Value = serde_json::from_str(&fs::read_to_string(summary).ok()?).ok()?;
    summary["metrics"][metric]["count"].as_f64()
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
