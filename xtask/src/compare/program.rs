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
    /// Lines of standard output, likewise.
    pub(super) stdout: Vec<String>,
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
        let mut call = script.call.command.clone();
        call.extend(script.call.args.iter().cloned());
        let name = script.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let given = script.call.file.clone().unwrap_or_else(|| name.clone());
        if given != "none" {
            call.push(given.clone());
        }
        let mut ended = self
            .call(&call, &folder, &summary, script, server, given == "-")
            .map_err(|error| failed("run", error))?;
        if let Some(then) = &script.call.then {
            if ended.exit_code != 0 {
                return Err(format!("{}: `{}` failed: {}", script.name, call.join(" "), ended.log));
            }
            // Nothing but the archive may be left to read.
            fs::remove_file(folder.join(&name)).map_err(|error| failed("remove", error))?;
            ended = self
                .call(then, &folder, &summary, script, server, false)
                .map_err(|error| failed("run", error))?;
        }
        let normaliser = Normaliser::new(&folder, server.address());
        let log = ended.log.lines().map(|line| normaliser.line(line)).collect();
        let stdout = ended.stdout.lines().map(|line| normaliser.line(line)).collect();
        let summary =
            fs::read_to_string(&summary).ok().and_then(|text| serde_json::from_str(&text).ok());
        Ok(Observation { exit_code: ended.exit_code, log, stdout, summary })
    }

    /// One call of the program, with what each command needs to be comparable.
    fn call(
        &self,
        call: &[String],
        folder: &Path,
        summary: &Path,
        script: &Script,
        server: &Server,
        from_stdin: bool,
    ) -> std::io::Result<Ended> {
        let mut command = Command::new(&self.0.path);
        let name = call.first().map(String::as_str).unwrap_or_default();
        command.arg(name).args(["--quiet", "--no-color"]);
        if name == "run" {
            command.arg("--summary-export").arg(summary).args(self.0.quiet_arguments());
        }
        if matches!(name, "run" | "inspect" | "archive") {
            command.arg("-e").arg(format!("WS_URL={}", server.ws_url()));
            command.arg("-e").arg(format!("HTTP_URL={}", server.http_url()));
        }
        let stdin = if from_stdin { fs::File::open(&script.path)?.into() } else { Stdio::null() };
        command.args(call.get(1..).unwrap_or_default()).envs(script.call.env.iter().cloned());
        command.current_dir(folder).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        wait(command.spawn()?)
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

/// How a call ended, and what it printed.
struct Ended {
    exit_code: i32,
    log: String,
    stdout: String,
}

/// Waits for the end, reading both streams meanwhile so that a full pipe stops nobody.
fn wait(mut child: Child) -> std::io::Result<Ended> {
    let log = read_all(child.stderr.take());
    let stdout = read_all(child.stdout.take());
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
    Ok(Ended {
        exit_code: status.code().unwrap_or(-1),
        log: log.join().unwrap_or_default(),
        stdout: stdout.join().unwrap_or_default(),
    })
}

fn read_all(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is still worth comparing.
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
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
