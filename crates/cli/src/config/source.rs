//! Where a test comes from: a script or an archive, in a file or from standard input.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    archive::{Archive, looks_like_tar},
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    process::Process,
};

/// Where a test comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TestSource {
    /// A script in a file, to be read.
    File(PathBuf),
    /// A script from standard input.
    Text(String),
    /// An archive.
    Archive(Box<Archive>),
}

/// Finds out what was named: `kind` is what the user says that it is.
///
/// # Errors
/// A [`Diagnostic`] for an archive or standard input that can't be read.
pub(super) fn read(
    named: &str,
    kind: Option<&str>,
    process: &Process,
) -> Result<TestSource, Diagnostic> {
    let path = process.directory.join(named);
    let from_stdin = named == "-";
    let is_archive = match kind {
        None | Some("") if from_stdin => None,
        None | Some("") => Some(begins_like_tar(&path)),
        Some("archive") => Some(true),
        Some("js") => Some(false),
        Some(other) => {
            let message = format!("unknown type of test `{other}`");
            return Err(Diagnostic::new(ExitCode::Usage, message).hint("use `js` or `archive`"));
        }
    };
    if is_archive == Some(false) && !from_stdin {
        return Ok(TestSource::File(PathBuf::from(named)));
    }
    let bytes = bytes(from_stdin, &path).map_err(|error| {
        let what = if from_stdin { "standard input" } else { named };
        Diagnostic::new(ExitCode::Usage, format!("failed to read `{what}`: {error}"))
    })?;
    if is_archive.unwrap_or_else(|| looks_like_tar(&bytes)) {
        let archive = Archive::read(&bytes).map_err(|error| {
            let message = format!("`{named}` is no archive that can run: {error}");
            Diagnostic::new(ExitCode::Usage, message)
        })?;
        return Ok(TestSource::Archive(Box::new(archive)));
    }
    String::from_utf8(bytes).map(TestSource::Text).map_err(|_| {
        Diagnostic::new(ExitCode::Usage, "the script from standard input is not UTF-8 text")
    })
}

fn bytes(from_stdin: bool, path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if from_stdin {
        io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    File::open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the file is there and begins like a tar file. Why it can't be read is told when it is.
fn begins_like_tar(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut start));
    read.is_ok() && looks_like_tar(&start)
}
