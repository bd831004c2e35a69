//! One run of a tool on one core, and what it cost.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::latency::{self, Latency};
use super::process::{Watched, on_core};
use super::shape::Shape;
use crate::server::Server;
use crate::tool::Tool;

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// User and system time, in seconds.
    pub(super) cpu_seconds: f64,
    /// From start to end.
    pub(super) wall_seconds: f64,
    /// The most resident memory, in bytes.
    pub(super) peak_bytes: f64,
    /// The median of resident memory while nothing more was opened or started, in bytes.
    pub(super) steady_bytes: f64,
    /// How many units of work were counted.
    pub(super) units: f64,
    /// How much of its core the tool used in the middle of the run, and the server, in percent.
    pub(super) used_percent: [f64; 2],
    /// Where the shape measures it.
    pub(super) latency: Option<Latency>,
}

impl Cost {
    pub(super) fn of(watched: &Watched, shape: &Shape, units: f64) -> Self {
        Self {
            cpu_seconds: watched.cpu_seconds,
            wall_seconds: watched.wall_seconds,
            peak_bytes: watched.peak_bytes,
            steady_bytes: watched.steady_bytes(shape.hold),
            units,
            used_percent: watched.used_percent(),
            latency: None,
        }
    }
}

/// Where tools and server run, so that neither takes from the other.
pub(super) const TOOL_CORE: usize = 0;
pub(super) const SERVER_CORE: usize = 1;

/// A run that is ready to begin: its files in a folder that goes with it.
pub(super) struct Prepared {
    folder: PathBuf,
    summary: PathBuf,
    log: PathBuf,
    /// For the tool.
    pub(super) arguments: Vec<OsString>,
}

impl Prepared {
    /// `shape` with `N` = `size`. `seconds` is how long, where the script leaves that open.
    pub(super) fn new(
        tool: &Tool,
        shape: &Shape,
        size: u64,
        seconds: Option<u64>,
        server: &Server,
    ) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", shape.name);
        let folder = std::env::temp_dir().join(format!("sockeye-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(failed)?;
        let script = folder.join("script.js");
        let text = fs::read_to_string(&shape.path).map_err(failed)?;
        fs::write(&script, tool.adjust(&text)).map_err(failed)?;
        for entry in fs::read_dir(shape.modules()).into_iter().flatten() {
            let entry = entry.map_err(failed)?;
            let modules = folder.join(shape.modules().file_name().unwrap_or_default());
            fs::create_dir_all(&modules).map_err(failed)?;
            fs::copy(entry.path(), modules.join(entry.file_name())).map_err(failed)?;
        }
        let (summary, log) = (folder.join("summary.json"), folder.join("log.txt"));
        let mut arguments: Vec<OsString> =
            ["run", "--quiet", "--no-color", "--summary-export"].map(OsString::from).to_vec();
        arguments.push(summary.clone().into());
        arguments.extend(tool.quiet_arguments().iter().map(OsString::from));
        if shape.latency.is_some() {
            arguments.extend(latency::ARGUMENTS.map(OsString::from));
        }
        let name = if tool.is_k6 { "k6" } else { "sockeye" };
        let mut variables = vec![
            ("N", size.to_string()),
            ("WS_URL", server.ws_url()),
            ("WSS_URL", server.wss_url()),
            ("TOOL", name.to_owned()),
        ];
        variables.extend(seconds.map(|seconds| ("SECONDS", seconds.to_string())));
        for (key, value) in variables {
            arguments.push("-e".into());
            arguments.push(format!("{key}={value}").into());
        }
        arguments.push(script.into());
        Ok(Self { folder, summary, log, arguments })
    }

    /// Where what the tool says is kept.
    pub(super) fn log(&self) -> Result<File, String> {
        File::create(&self.log).map_err(|error| format!("{}: {error}", self.log.display()))
    }

    /// The last that the tool said.
    pub(super) fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().last().unwrap_or_default().to_owned()
    }

    /// A file of the run's own.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Temporary files that can't be removed harm nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs `shape` with `N` = `size`.
pub(super) fn run(
    tool: &Tool,
    shape: &Shape,
    size: u64,
    seconds: Option<u64>,
    server: &Server,
) -> Result<Cost, String> {
    let failed = |why: String| format!("{}: {}: {why}", shape.name, tool.version);
    let prepared = Prepared::new(tool, shape, size, seconds, server)?;
    let mut command = on_core(TOOL_CORE, &tool.path);
    command.args(&prepared.arguments).stderr(prepared.log()?);
    let watched = Watched::run(&mut command, server.process()).map_err(failed)?;
    if watched.code != 0 {
        let words = prepared.last_words();
        return Err(failed(format!("ended with code {}: {words}", watched.code)));
    }
    let units = count(&prepared.summary, &shape.per);
    let units = units.ok_or_else(|| failed(format!("no count of `{}`", shape.per)))?;
    let mut cost = Cost::of(&watched, shape, units);
    if let Some(truth) = &shape.latency {
        let read = Latency::read(truth, &prepared.summary, &prepared.log, server);
        cost.latency = Some(read.map_err(failed)?);
    }
    Ok(cost)
}

fn count(summary: &Path, metric: &str) -> Option<f64> {
    let summary: Value = serde_json::from_str(&fs::read_to_string(summary).ok()?).ok()?;
    summary["metrics"][metric]["count"].as_f64()
}
