//! A load tester to be run: sockeye, or a k6 of some version.

use std::path::{Path, PathBuf};
use std::process::Command;

/// k6 before 1.6 knows the module under its experimental name only.
const OLD_NAME: (&str, &str) = ("'k6/websockets'", "'k6/experimental/websockets'");

/// k6 or sockeye.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    pub(crate) path: PathBuf,
    /// What `version` printed first.
    pub(crate) version: String,
    pub(crate) is_k6: bool,
    uses_old_name: bool,
}

impl Tool {
    /// Asks the program at `path` what it is.
    ///
    /// # Errors
    /// A message when it can't be run.
    pub(crate) fn find(path: impl AsRef<Path>) -> Result<Self, String> {
        let path = path.as_ref();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let output = Command::new(&path)
            .arg("version")
            .output()
            .map_err(|error| format!("failed to run {}: {error}", path.display()))?;
        let version = String::from_utf8_lossy(&output.stdout);
        let version = version.lines().next().unwrap_or_default().to_owned();
        let is_k6 = version.starts_with("k6 ");
        let old = ["v0.", "v1.0.", "v1.1.", "v1.2.", "v1.3.", "v1.4.", "v1.5."];
        let uses_old_name =
            is_k6 && old.iter().any(|old| version.starts_with(&format!("k6 {old}")));
        Ok(Self { path, version, is_k6, uses_old_name })
    }

    /// The script as this program takes it.
    pub(crate) fn adjust(&self, script: &str) -> String {
        if self.uses_old_name { script.replace(OLD_NAME.0, OLD_NAME.1) } else { script.to_owned() }
    }

    /// Whether [`adjust`](Self::adjust) changes anything.
    pub(crate) fn adjusts(&self) -> bool {
        self.uses_old_name
    }

    /// Arguments without which the program would do more than run the test.
    pub(crate) fn quiet_arguments(&self) -> &'static [&'static str] {
        // k6 would listen on a fixed port and report its use.
        if self.is_k6 { &["--address", "", "--no-usage-report"] } else { &[] }
    }
}
