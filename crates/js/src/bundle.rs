//! A script, loaded and compiled once: its modules, its options, the functions that it exports.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink},
    vu::{VuError, VuIds},
};
use sockeye_fiber::{FiberPool, StackConfig};
use sockeye_metrics::Registry;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    loader::{
        LoadError,
        compiler::Compiler,
        dependencies::{self, Dependencies},
        files::{self, Files, Keep, SourceFiles},
        graph::{self, Fetching, Source},
        store::ModuleStore,
    },
    modules,
    runtime::{bytecode, engine::Limits, exception::Thrown, ffi, fields::Fields},
    secrets::Secrets,
    vu::{Vu, globals, groups, process::Process, shared_arrays::SharedArrays},
    web,
};

/// What to load.
pub struct LoadRequest {
    /// The script.
    pub script: ScriptSource,
    /// `__ENV`.
    pub env: BTreeMap<String, String>,
    /// How remote modules are had.
    pub fetching: Fetching,
    /// Where the script's metrics are registered.
    pub registry: Arc<Registry>,
    /// Where `console` and warnings go.
    pub log: Arc<dyn LogSink>,
    /// Where secrets come from.
    pub secrets: Secrets,
    /// How much each VU may use.
    pub limits: Limits,
    /// What is kept of its modules.
    pub keep: Keep,
}

/// Where the script is.
pub enum ScriptSource {
    /// A file.
    File(PathBuf),
    /// Text without a file, such as standard input; relative imports begin at `folder`.
    Text {
        /// The script.
        text: String,
        /// An absolute path.
        folder: PathBuf,
    },
    /// A script out of an archive, which has all that it imports and opens.
    Archive {
        /// Where it was.
        entry: Url,
        /// The script.
        text: String,
        /// All files, the script's among them.
        files: SourceFiles,
    },
}

impl ScriptSource {
    fn into_files(self) -> Option<SourceFiles> {
        match self {
            Self::Archive { files, .. } => Some(files),
            Self::File(_) | Self::Text { .. } => None,
        }
    }
}

/// What a script depends on. Nothing of it is run.
///
/// # Errors
/// See [`LoadError`].
pub async fn dependencies(
    script: ScriptSource,
    fetching: &Fetching,
) -> Result<Dependencies, LoadError> {
    let (entry, text) = entry(&script)?;
    let files = Files::new(script.into_files(), Keep::Code);
    dependencies::dependencies(fetching, &files, &entry, text).await
}

/// A loaded script.
pub struct Bundle {
    pub(crate) process: Arc<Process>,
    options: Option<String>,
    exports: Vec<String>,
}

/// Why a script could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It, or a module of it, can't be had or parsed.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Its init code threw. The text is the exception with its stack.
    #[error("{0}")]
    Script(String),
    /// Its options have a value that JSON can't say: a function, or a number that is none.
    #[error("{0}")]
    Options(String),
    /// Its init code called `exec.test.abort()`.
    #[error("{0}")]
    Aborted(String),
    /// There was no engine or no stack for it.
    #[error("{0}")]
    Fault(String),
}

impl Bundle {
    /// Reads, fetches and compiles the script with all that it imports, and runs its init code once
    /// to learn its options. Must be called on a current-thread tokio runtime.
    ///
    /// # Errors
    /// See [`BundleError`].
    pub async fn load(request: LoadRequest) -> Result<Self, BundleError> {
        let (entry, text) = entry(&request.script)?;
        let base = entry.join("./").map_err(|error| BundleError::Fault(error.to_string()))?;
        let store = ModuleStore::new(globals::words(modules::TABLE.globals));
        let files = Files::new(request.script.into_files(), request.keep);
        let (internal, kinds) = compile(&store, &request.fetching, &files, &entry, text).await?;
        let fields = if request.limits.group > 1 { Fields::find() } else { None };
        if fields.is_none() && request.limits.group > 1 {
            let message = "VUs share no JavaScript runtime: this build of the engine is not known";
            request.log.log(LogRecord::new(LogLevel::Debug, message));
        }
        let process = Arc::new(Process {
            entry,
            base,
            store,
            files,
            fetching: request.fetching,
            env: request.env,
            registry: request.registry,
            log: request.log,
            secrets: request.secrets,
            limits: request.limits,
            fields,
            modules: &modules::TABLE,
            kinds,
            internal,
            started: std::time::Instant::now(),
            shared_arrays: SharedArrays::default(),
            warned: Mutex::default(),
        });
        let stacks = StackConfig { size: request.limits.stack, ..StackConfig::default() };
        let pool = FiberPool::new(stacks).map_err(|error| BundleError::Fault(error.to_string()))?;
        let ids = VuIds { in_instance: 0, in_test: 0 };
        let init = async {
            let seat = groups::seat_alone(&process)?;
            Vu::init(process.clone(), None, seat, &pool, ids, CancellationToken::new()).await
        };
        let vu = init.await.map_err(|error| match error {
            VuError::Script(text) => BundleError::Script(text),
            VuError::Aborted(reason) => BundleError::Aborted(reason),
            other => BundleError::Fault(other.to_string()),
        })?;
        let options = vu.options().await.map_err(|thrown| match thrown {
            Thrown::Error(text) | Thrown::Rejection(text) => BundleError::Script(text),
            Thrown::Interrupted => BundleError::Fault("interrupted".to_owned()),
        })?;
        let options = options.map_err(BundleError::Options)?;
        let mut exports: Vec<_> =
            vu.exports.borrow().iter().map(|(name, _)| name.clone()).collect();
        exports.sort();
        // What init code made of its data is of no use to the VUs to come, whose threads have heaps of their own.
        drop(vu);
        ffi::trim_heap();
        Ok(Self { process, options, exports })
    }

    /// The script's `options` as JSON text; `None` if it exports none.
    pub fn options(&self) -> Option<&str> {
        self.options.as_deref()
    }

    /// The names of the functions that the script exports, in alphabetical order.
    pub fn exports(&self) -> &[String] {
        &self.exports
    }

    /// The files that it opened, and with [`Keep::Sources`] those that it is made of, itself included.
    pub fn files(&self) -> SourceFiles {
        self.process.files.all()
    }

    /// The URL of the script.
    pub fn url(&self) -> &Url {
        &self.process.entry
    }
}

type Internal = Vec<(&'static str, bytecode::Bytecode)>;

/// Compiles the script and its imports, and sockeye's own JavaScript, in an engine made for it.
async fn compile(
    store: &ModuleStore,
    fetching: &Fetching,
    files: &Files,
    entry: &Url,
    text: String,
) -> Result<(Internal, web::Kinds), BundleError> {
    let fault = |error: rquickjs::Error| {
        BundleError::Fault(format!("no JavaScript engine could be made: {error}"))
    };
    let compiler = Compiler::new().map_err(fault)?;
    graph::load(&compiler, store, fetching, files, entry, Source::Text(text)).await?;
    compiler
        .with(|ctx| {
            let internal = web::PARTS
                .iter()
                .chain(modules::TABLE.scripts)
                .map(|&(name, source)| Ok((name, bytecode::compile_module(ctx, name, source)?)))
                .collect::<rquickjs::Result<_>>()?;
            Ok::<_, rquickjs::Error>((internal, web::Kinds::learn(ctx)?))
        })
        .map_err(|error| BundleError::Fault(format!("sockeye's own JavaScript: {error}")))
}

fn entry(script: &ScriptSource) -> Result<(Url, String), LoadError> {
    match script {
        ScriptSource::File(path) => {
            let fail =
                |reason: String| LoadError::Script { path: path.display().to_string(), reason };
            let absolute = std::path::absolute(path).map_err(|error| fail(error.to_string()))?;
            let url = Url::from_file_path(&absolute)
                .map_err(|()| fail("its path can't be written as a URL".to_owned()))?;
            Ok((url, read(path).map_err(fail)?))
        }
        ScriptSource::Text { text, folder } => {
            // k6: the name of a script from standard input.
            let url = Url::from_file_path(folder.join("-")).map_err(|()| LoadError::Script {
                path: "-".to_owned(),
                reason: "the current folder is not an absolute path".to_owned(),
            })?;
            Ok((url, text.clone()))
        }
        ScriptSource::Archive { entry, text, .. } => Ok((entry.clone(), text.clone())),
    }
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = files::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}
