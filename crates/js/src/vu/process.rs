//! What all VUs of a script share from its loading on, whether or not a run follows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use sockeye_engine::log::{LogLevel, LogRecord, LogSink};
use sockeye_metrics::Registry;
use url::Url;

use crate::{
    loader::{files::Files, graph::Fetching, store::ModuleStore},
    runtime::{bytecode::Bytecode, engine::Limits, exception::SourceMaps, fields::Fields},
    secrets::Secrets,
    vu::{module::ModuleTable, shared_arrays::SharedArrays},
    web::Kinds,
};

/// Shared by all VUs of a script. Threads read it freely.
pub(crate) struct Process {
    /// The script.
    pub(crate) entry: Url,
    /// Against which `open` resolves relative paths: the folder of the script.
    pub(crate) base: Url,
    pub(crate) store: ModuleStore,
    pub(crate) files: Files,
    pub(crate) fetching: Fetching,
    /// `__ENV` before a scenario adds its own.
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) log: Arc<dyn LogSink>,
    /// Where secrets come from.
    pub(crate) secrets: Secrets,
    pub(crate) limits: Limits,
    /// What lets several VUs share a runtime of the engine; absent where it was not found.
    pub(crate) fields: Option<Fields>,
    pub(crate) modules: &'static ModuleTable,
    /// Learnt once for all VUs.
    pub(crate) kinds: Kinds,
    /// sockeye's own JavaScript, compiled once: name and code, and the public modules that are written in it.
    pub(crate) internal: Vec<(&'static str, Bytecode)>,
    /// From here `performance.now()` counts, in all VUs.
    pub(crate) started: std::time::Instant,
    /// What `SharedArray` shares.
    pub(crate) shared_arrays: SharedArrays,
    /// The warnings that were logged once and need no repeating.
    pub(crate) warned: Mutex<BTreeSet<String>>,
}

impl Process {
    /// Logs a warning, each text once per process. Past a hundred different ones, none is logged.
    pub(crate) fn warn_once(&self, warning: &str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < 100 && warned.insert(warning.to_owned()) {
            self.log(LogLevel::Warning, warning);
        }
    }

    /// Logs a line.
    pub(crate) fn log(&self, level: LogLevel, message: impl Into<String>) {
        self.log.log(LogRecord::new(level, message));
    }
}

/// The store's, for the thread of a VU.
impl SourceMaps for Arc<Process> {
    fn original(&self, file: &str, line: u32, column: u32) -> Option<(u32, u32)> {
        self.store.original(file, line, column)
    }
}
