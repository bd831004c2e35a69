//! The walk over a script's static imports before anything runs: every module is read or fetched
//! and compiled, so that a missing one is an error with the importer's line.

use std::{collections::VecDeque, path::Path, rc::Rc, sync::Arc, time::Duration};

use sockeye_net::{
    ByteCount, Dialer, DialerConfig,
    http::{self, FetchLimits},
};
use url::Url;

use super::{
    LoadError,
    analyse::Import,
    compiler::Compiler,
    directives,
    files::{self, Files},
    resolve::{Resolved, resolve},
    store::{CompiledModule, ModuleStore},
};
use crate::{jslib, modules};

/// How remote modules are had.
#[derive(Clone)]
pub struct Fetching {
    /// How to dial. Its bytes are never counted as load.
    pub dialer: Arc<DialerConfig>,
    /// For each module, redirects and body included.
    pub timeout: Duration,
    /// Whether `https://jslib.k6.io/k6-utils/…` comes from sockeye itself.
    pub builtin_jslib: bool,
}

/// The most that a remote module may have.
const MAX_MODULE: usize = 64 << 20;
const MAX_REDIRECTS: usize = 10;

/// Where the text of a module is.
pub(crate) enum Source {
    /// In memory: the script itself.
    Text(String),
    /// To be read or fetched.
    Elsewhere,
}

/// Loads the module at `url` and everything it imports, as far as it is not loaded yet.
pub(crate) async fn load(
    compiler: &Compiler,
    store: &ModuleStore,
    fetching: &Fetching,
    files: &Files,
    url: &Url,
    source: Source,
) -> Result<(), LoadError> {
    let mut queue = VecDeque::new();
    let text = match source {
        Source::Text(text) => text,
        Source::Elsewhere => read(fetching, files, url, None).await?.1,
    };
    files.keep(url.as_str(), text.as_bytes());
    let root = compile(compiler, store, url, &text)?;
    queue.extend(root.imports.iter().map(|import| (url.clone(), import.clone())));
    while let Some((importer, import)) = queue.pop_front() {
        let at = place(&importer, &import);
        let error = |message: String| LoadError::Import { message, importer: Some(at.clone()) };
        let target = match resolve(&importer, &import.specifier) {
            Ok(Resolved::Url(target)) => target,
            Ok(Resolved::Builtin(name)) => {
                modules::check_known(&name).map_err(error)?;
                continue;
            }
            Err(unresolved) => return Err(error(unresolved.to_string())),
        };
        if store.get(target.as_str()).is_some() {
            continue;
        }
        let (arrived, text) = read(fetching, files, &target, Some(&at)).await?;
        if arrived != target {
            // Relative imports of a page that was redirected begin at its final address.
            store.alias(importer.as_str(), &import.specifier, arrived.as_str());
            if store.get(arrived.as_str()).is_some() {
                continue;
            }
        }
        files.keep(arrived.as_str(), text.as_bytes());
        let module = compile(compiler, store, &arrived, &text)?;
        queue.extend(module.imports.iter().map(|import| (arrived.clone(), import.clone())));
    }
    Ok(())
}

fn compile(
    compiler: &Compiler,
    store: &ModuleStore,
    url: &Url,
    text: &str,
) -> Result<Arc<CompiledModule>, LoadError> {
    let module = store.compile(compiler, url.as_str(), text)?;
    directives::check(url.as_str(), text)
        .map_err(|message| LoadError::Import { message, importer: None })?;
    Ok(module)
}

/// The address at which the text was found in the end, and the text.
pub(super) async fn read(
    fetching: &Fetching,
    files: &Files,
    url: &Url,
    importer: Option<&str>,
) -> Result<(Url, String), LoadError> {
    let error = |message: String| LoadError::Import { message, importer: importer.map(Into::into) };
    if fetching.builtin_jslib
        && let Some(text) = jslib::lookup(url.as_str())
    {
        return Ok((url.clone(), text.to_owned()));
    }
    let (arrived, bytes) = if let Some(archived) = files.archived(url.as_str()) {
        let bytes = archived
            .map_err(|reason| error(format!("the module `{url}` couldn't be read: {reason}")))?;
        (url.clone(), bytes.to_vec())
    } else if url.scheme() == "file" {
        let path = url
            .to_file_path()
            .map_err(|()| error(format!("the module `{url}` is not a path of this machine")))?;
        let bytes = read_file(&path).map_err(error)?;
        (url.clone(), bytes)
    } else {
        let dialer = Dialer::new(fetching.dialer.clone(), Rc::new(ByteCount::default()));
        let limits = FetchLimits {
            timeout: fetching.timeout,
            max_redirects: MAX_REDIRECTS,
            max_body_bytes: MAX_MODULE,
        };
        let fetched = http::fetch(&dialer, url, limits).await.map_err(|failure| {
            error(format!("the module `{url}` couldn't be fetched: {failure}"))
        })?;
        (fetched.url, fetched.body)
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| error(format!("the module `{arrived}` is not UTF-8 text")))?;
    Ok((arrived, text))
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    files::read(path).map_err(|error| {
        format!(
            "the module `{}` couldn't be read: {error}. Check the path; it is relative to the file that imports it",
            path.display()
        )
    })
}

pub(super) fn place(importer: &Url, import: &Import) -> String {
    format!("{importer}:{}:{}", import.line, import.column)
}
