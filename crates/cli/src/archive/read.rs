//! Reading an archive. It may come from a stranger: everything in it is checked, nothing is unpacked
//! to the disk.

use std::{collections::BTreeMap, io::Read, sync::Arc};

use serde_json::Value;
use sockeye_js::SourceFiles;
use url::Url;

use super::name;

/// An archive, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Archive {
    /// Where the script was.
    pub(crate) entry: Url,
    /// The script.
    pub(crate) script: String,
    /// What all sources said when it was made, as JSON.
    pub(crate) options: String,
    /// The variables of `__ENV`.
    pub(crate) env: BTreeMap<String, String>,
    /// All files by their addresses.
    pub(crate) files: SourceFiles,
}

/// Why a file is no archive that can run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadArchiveError {
    /// It is no tar file, or a broken one.
    #[error("not a tar file, or one that is cut off")]
    Tar(#[from] std::io::Error),
    /// It lacks what an archive has.
    #[error("it has no `{0}`")]
    Missing(&'static str),
    /// Its description can't be read.
    #[error("its `metadata.json` is broken: {0}")]
    Metadata(String),
    /// It is an archive of something else.
    #[error("it holds a test of type `{0}`, expected `js`")]
    Type(String),
}

/// Whether bytes are what a tar file begins with.
pub(crate) fn looks_like_tar(start: &[u8]) -> bool {
    // POSIX ustar, and GNU's older form.
    start.get(257..262) == Some(b"ustar")
}

impl Archive {
    /// Reads the bytes of an archive.
    ///
    /// # Errors
    /// See [`ReadArchiveError`].
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ReadArchiveError> {
        let mut named = entries(bytes)?;
        let metadata = named.remove("metadata.json");
        let metadata = metadata.ok_or(ReadArchiveError::Missing("metadata.json"))?;
        let script = named.remove("data").ok_or(ReadArchiveError::Missing("data"))?;
        let metadata: Value = serde_json::from_slice(&metadata)
            .map_err(|error| ReadArchiveError::Metadata(error.to_string()))?;
        let text = |key: &str| metadata.get(key).and_then(Value::as_str).unwrap_or_default();
        if !matches!(text("type"), "js" | "") {
            return Err(ReadArchiveError::Type(text("type").to_owned()));
        }
        let variables = metadata.get("env").and_then(Value::as_object).into_iter().flatten();
        let env = variables
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        let options = metadata.get("options").cloned().unwrap_or_default().to_string();
        let mut files: SourceFiles = named
            .into_iter()
            .filter_map(|(name, bytes)| Some((name::to_url(&name)?, bytes)))
            .collect();
        let entry = entry(text("filename"), text("pwd"))?;
        files.insert(entry.to_string(), Arc::clone(&script));
        let script = String::from_utf8(script.to_vec())
            .map_err(|_| ReadArchiveError::Metadata("`data` is not UTF-8 text".to_owned()))?;
        Ok(Self { entry, script, options, env, files })
    }
}

/// Files by their names in the archive. A link has the bytes of what it leads to.
fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Arc<[u8]>>, ReadArchiveError> {
    let mut named: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for entry in tar::Archive::new(bytes).entries()? {
        let mut entry = entry?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let name = text(&entry.path_bytes());
        match entry.header().entry_type() {
            tar::EntryType::Regular | tar::EntryType::Continuous => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content)?;
                named.insert(name, content.into());
            }
            tar::EntryType::Link | tar::EntryType::Symlink => {
                let target = entry.link_name_bytes().map(|bytes| text(&bytes)).unwrap_or_default();
                if let Some(content) = named.get(&target).cloned() {
                    named.insert(name, content);
                }
            }
            _ => {}
        }
    }
    Ok(named)
}

fn entry(filename: &str, folder: &str) -> Result<Url, ReadArchiveError> {
    let parse = |text: &str| {
        // Before addresses, there were paths.
        let text = if text.starts_with('/') { format!("file://{text}") } else { text.to_owned() };
        Url::parse(&text).map_err(|error| ReadArchiveError::Metadata(format!("`{text}`: {error}")))
    };
    // k6: a script from standard input has no folder in its name.
    if filename == "file:///-" && !folder.is_empty() {
        return parse(&format!("{}/-", folder.trim_end_matches('/')));
    }
    parse(filename)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_of(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_broken_archive_is_an_error() {
        let check = |bytes: &[u8], expect: &str| {
            assert_eq!(Archive::read(bytes).unwrap_err().to_string(), expect);
        };
        check(b"", "it has no `metadata.json`");
        check(&[1; 600], "not a tar file, or one that is cut off");
        check(&tar_of(&[("metadata.json", "{}")]), "it has no `data`");
        check(
            &tar_of(&[("metadata.json", r#"{"type":"wasm"}"#), ("data", "")]),
            "it holds a test of type `wasm`, expected `js`",
        );
        let whole = tar_of(&[("metadata.json", r#"{"filename":"file:///a.js"}"#), ("data", "1")]);
        assert!(Archive::read(&whole).is_ok());
        for end in (0..whole.len()).step_by(7) {
            // Whatever comes of it, no panic.
            let _ = Archive::read(&whole[..end]);
        }
    }

    #[test]
    fn a_script_from_standard_input_is_in_its_folder() {
        assert_eq!(entry("file:///-", "file:///tmp/a").unwrap().as_str(), "file:///tmp/a/-");
        assert_eq!(entry("/tmp/b.js", "").unwrap().as_str(), "file:///tmp/b.js");
        assert!(entry("b.js", "").is_err());
    }
}
