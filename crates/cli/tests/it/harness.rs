//! Runs the program in a folder of its own, without the caller's variables.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use sockeye_testkit::redact::Redactor;
use tempfile::TempDir;

/// A folder with scripts to run in.
pub(crate) struct Folder {
    directory: TempDir,
}

/// How a run of the program ended.
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    folder: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The program with a line of arguments, split at spaces, not yet started.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command
            .args(line.split(' ').filter(|word| !word.is_empty()))
            .current_dir(self.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, line: &str) -> Finished {
        self.finish(&self.command(line).output().expect("the program starts"))
    }

    /// What came of a run.
    pub(crate) fn finish(&self, output: &Output) -> Finished {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Finished {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            folder: self.path().display().to_string(),
        }
    }
}

impl Finished {
    /// Code and both streams, with what differs from run to run redacted: times and ports, the
    /// padding that their lengths cause, and what a run prints only if it takes a second.
    pub(crate) fn snapshot(&self) -> String {
        let text = format!(
            "exit: {}\n--- stdout\n{}--- stderr\n{}",
            self.code.map_or("signal".to_owned(), |code| code.to_string()),
            without_ticks(&self.stdout),
            self.stderr
        );
        let redacted = Redactor::all().path(self.folder.clone(), "folder").redact(&text);
        redacted.lines().map(|line| single_spaced(line) + "\n").collect()
    }
}

/// Leaves out progress but for its last state, and the metrics that are taken once a second.
fn without_ticks(stdout: &str) -> String {
    let blocks: Vec<&str> = stdout.split("\n\n").collect();
    let last = blocks.len().saturating_sub(1);
    let is_tick = |block: &str| {
        let block = block.trim_start();
        ["running (", "Init ", "Run "].iter().any(|start| block.starts_with(start))
    };
    let kept = blocks.iter().enumerate().filter(|(at, block)| *at == last || !is_tick(block));
    let text = kept.map(|(_, block)| *block).collect::<Vec<_>>().join("\n\n");
    text.split_inclusive('\n').filter(|line| !line.starts_with("    vus")).collect()
}

/// The line's own indentation, and single spaces in it.
fn single_spaced(line: &str) -> String {
    let words = line.trim_start();
    let indent = line.len() - words.len();
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    format!("{:indent$}{}", "", words.join(" "))
}

/// The first line that a started program prints.
pub(crate) fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let stdout = child.stdout.as_mut().expect("stdout is piped");
    BufReader::new(stdout).read_line(&mut line).expect("text");
    line
}

/// Sends a signal, by its name without `SIG`.
pub(crate) fn signal(child: &Child, name: &str) {
    // The shell's own `kill` is there even where the program is not.
    let kill = format!("kill -{name} {}", child.id());
    let status = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
    assert!(status.success(), "{kill}");
}
