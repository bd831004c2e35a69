//! Reading files, and remembering what was read: each file is read once per process, whatever the
//! number of VUs that open it. What comes from an archive comes from nowhere else.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use url::Url;

/// Files by the text of their URL.
pub type SourceFiles = BTreeMap<String, Arc<[u8]>>;

/// The files that the script and its modules are and open.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// All that there is, where it is an archive that runs.
    archive: Option<SourceFiles>,
    opened: Mutex<SourceFiles>,
    /// The sources of modules, where they are wanted later.
    modules: Option<Mutex<SourceFiles>>,
}

impl Files {
    /// Files of the system, or of this archive alone.
    pub(crate) fn new(archive: Option<SourceFiles>, keep: Keep) -> Self {
        let modules = (keep == Keep::Sources).then(Mutex::default);
        Self { archive, opened: Mutex::default(), modules }
    }

    /// The bytes of the file at `path`, read on first use.
    pub(crate) fn open(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let url = Url::from_file_path(path)
            .map_err(|()| io::Error::other("its path can't be written as a URL"))?
            .to_string();
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = opened.get(&url) {
            return Ok(bytes.clone());
        }
        let bytes: Arc<[u8]> = match self.archived(&url) {
            Some(archived) => archived?,
            None => read(path)?.into(),
        };
        opened.insert(url, bytes.clone());
        Ok(bytes)
    }

    /// What an archive has at this address; nothing where no archive runs.
    pub(crate) fn archived(&self, url: &str) -> Option<io::Result<Arc<[u8]>>> {
        let archive = self.archive.as_ref()?;
        let missing = || io::Error::new(io::ErrorKind::NotFound, "it is not in the archive");
        Some(archive.get(url).cloned().ok_or_else(missing))
    }

    /// Remembers the source of a module, where sources are kept.
    pub(crate) fn keep(&self, url: &str, source: &[u8]) {
        if let Some(modules) = &self.modules {
            let mut modules = modules.lock().unwrap_or_else(PoisonError::into_inner);
            modules.insert(url.to_owned(), source.into());
        }
    }

    /// All that was kept and opened.
    pub(crate) fn all(&self) -> SourceFiles {
        let copy =
            |of: &Mutex<SourceFiles>| of.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut all = copy(&self.opened);
        all.extend(self.modules.iter().flat_map(copy));
        all
    }
}

/// What a bundle keeps of its modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What runs.
    Code,
    /// Their sources too, to make an archive of.
    Sources,
}

/// The bytes of a file: the only place where this crate reads one.
#[expect(clippy::disallowed_methods, reason = "the place where files are read")]
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}
