//! The programs of `bench/raw`, which make the system calls of a shape and nothing else: the physical
//! limit on the machine.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::measure::{Cost, TOOL_CORE};
use super::process::{Watched, on_core};
use super::shape::{Raw, Shape};
use crate::repository;
use crate::server::Server;

/// Those programs, built as they are needed.
pub(super) struct Programs {
    folder: PathBuf,
}

/// How a program says that this kernel has not what it needs.
const UNSUPPORTED: i32 = 3;

impl Programs {
    pub(super) fn new() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("sockeye-raw-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Runs one of them; `None` where the kernel has not what it needs.
    pub(super) fn run(
        &self,
        shape: &Shape,
        raw: &Raw,
        size: u64,
        server: &Server,
    ) -> Result<Option<Cost>, String> {
        let failed = |why: String| format!("{}: {}.c: {why}", shape.name, raw.program);
        let (host, port) = server.address().rsplit_once(':').ok_or("the server has no port")?;
        let mut command = on_core(TOOL_CORE, &self.built(&raw.program)?);
        command.args([host, port, &size.to_string(), &raw.sockets.to_string()]);
        command.args(raw.rest.iter().map(u64::to_string)).stderr(Stdio::null());
        let watched = Watched::run(&mut command, server.process()).map_err(failed)?;
        match watched.code {
            0 => Ok(Some(Cost::of(&watched, shape, (raw.sockets * size) as f64))),
            UNSUPPORTED => Ok(None),
            code => Err(failed(format!("ended with code {code}"))),
        }
    }

    fn built(&self, program: &str) -> Result<PathBuf, String> {
        let binary = self.folder.join(program);
        if binary.exists() {
            return Ok(binary);
        }
        let source = repository::root().join("bench/raw").join(program).with_extension("c");
        let built = Command::new("cc").args(["-O2", "-o"]).arg(&binary).arg(&source).status();
        match built {
            Ok(status) if status.success() => Ok(binary),
            Ok(status) => Err(format!("cc {}: {status}", source.display())),
            Err(error) => Err(format!("failed to run cc: {error}")),
        }
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        // Temporary files that can't be removed harm nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
