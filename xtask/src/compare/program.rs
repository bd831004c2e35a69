//! Running a script on one of the programs, and keeping all it did.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::normalise::Normaliser;
use super::script::Script;
use crate::server::Server;
use crate::tool::Tool;

/// No script of the comparison takes longer; a program that does hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// k6 or sockeye.
pub(super) struct Program(Tool);

/// All that a run of a script left behind.
pub(super) struct Observation {
    pub(super) exit_code: i32,
    /// Lines of the log, without what differs from run to run.
    pub(super) log: Vec<String>,
    /// What `--summary-export` wrote, if it did.
    pub(super) summary: Option<Value>,
}

impl Program {
    pub(super) fn find(path: impl AsRef<Path>) -> Result<Self, String> {
        Tool::find(path).map(Self)
    }

    pub(super) fn run(&self, script: &Script, server: &Server) -> Result<Observation, String> {
        let failed = |what: &str, error: std::io::Error| {
            format!("{}: failed to {what}: {error}", script.name)
        };
        let scratch = Scratch::new().map_err(|error| failed("make a folder", error))?;
        let folder = scratch.path.join("scripts");
        let sources = script.path.parent().unwrap_or(Path::new("."));
        self.copy(sources, &folder).map_err(|error| failed("copy the scripts", error))?;

        let summary = scratch.path.join("summary.json");
        let mut command = Command::new(&self.0.path);
        command.args(["run", "--quiet", "--no-color", "--summary-export"]).arg(&summary);
        command.args(self.0.quiet_arguments());
        command.arg("-e").arg(format!("WS_URL={}", server.ws_url()));
        command.arg("-e").arg(format!("HTTP_URL={}", server.http_url()));
        command.args(&script.args).arg(script.path.file_name().unwrap_or_default());
        command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::piped());

        let child = command.spawn().map_err(|error| failed("start", error))?;
        let (exit_code, log) = wait(child).map_err(|error| failed("wait", error))?;
        let normaliser = Normaliser::new(&folder, server.address());
        let log = log.lines().map(|line| normaliser.line(line)).collect();
        let summary =
            fs::read_to_string(&summary).ok().and_then(|text| serde_json::from_str(&text).ok());
        Ok(Observation { exit_code, log, summary })
    }

    fn copy(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let target = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.copy(&entry.path(), &target)?;
            } else if self.0.adjusts() {
                let text = fs::read_to_string(entry.path())?;
                fs::write(target, self.0.adjust(&text))?;
            } else {
                fs::copy(entry.path(), target)?;
            }
        }
        Ok(())
    }
}

/// Waits for the end, reading the log meanwhile so that a full pipe stops nobody.
fn wait(mut child: Child) -> std::io::Result<(i32, String)> {
    let mut stderr = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut log = Vec::new();
        if let Some(stderr) = &mut stderr {
            // What was read before an error is still worth comparing.
            let _ = stderr.read_to_end(&mut log);
        }
        String::from_utf8_lossy(&log).into_owned()
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            break child.wait()?;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let log = reader.join().unwrap_or_default();
    Ok((status.code().unwrap_or(-1), log))
}

/// A folder that goes away with the value.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("sockeye-compare-{}", std::process::id()));
        // Left over from a run that was killed.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.path);
    }
}
