//! Reading files, and remembering what was read: each file is read once per process, whatever the
//! number of VUs that open it.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The files that the script opened.
#[derive(Debug, Default)]
pub(crate) struct Files {
    read: Mutex<BTreeMap<PathBuf, Arc<[u8]>>>,
}

impl Files {
    /// The bytes of the file at `path`, read on first use.
    pub(crate) fn open(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = read.get(path) {
            return Ok(bytes.clone());
        }
        let bytes: Arc<[u8]> = self::read(path)?.into();
        read.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

/// The bytes of a file: the only place where this crate reads one.
#[expect(clippy::disallowed_methods, reason = "the place where files are read")]
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}
