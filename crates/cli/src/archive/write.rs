//! Writing an archive, in the layout that k6 reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::{Map, Value, json};
use sockeye_js::SourceFiles;

use super::name;
use crate::json::pretty;

/// What goes into an archive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contents {
    /// The address of the script; `files` has it.
    pub(crate) entry: String,
    /// What all sources say.
    pub(crate) options: Map<String, Value>,
    /// The variables of `__ENV`, if they are to be known.
    pub(crate) env: Option<BTreeMap<String, String>>,
    pub(crate) compatibility_mode: String,
    /// All that the script is made of and opens.
    pub(crate) files: SourceFiles,
    /// When it is made, in seconds since 1970.
    pub(crate) unix_seconds: u64,
}

/// Writes the archive.
///
/// # Errors
/// What the writer returns.
pub(crate) fn write(contents: &Contents, to: impl Write) -> io::Result<()> {
    let mut tar = tar::Builder::new(to);
    let header = |kind: tar::EntryType, mode: u32, size: usize| {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(size as u64);
        header.set_mtime(contents.unix_seconds);
        header
    };
    let file = |size| header(tar::EntryType::Regular, 0o644, size);
    let metadata = pretty(&metadata(contents));
    tar.append_data(&mut file(metadata.len()), "metadata.json", metadata.as_bytes())?;
    let script = contents.files.get(&contents.entry).map_or(&[][..], |bytes| &**bytes);
    tar.append_data(&mut file(script.len()), "data", script)?;
    let named: BTreeMap<String, &[u8]> = contents
        .files
        .iter()
        .filter_map(|(url, bytes)| Some((name::of_url(&name::public_url(url))?, &**bytes)))
        .collect();
    for folder in folders(&named) {
        let mut header = header(tar::EntryType::Directory, 0o755, 0);
        tar.append_data(&mut header, folder, io::empty())?;
    }
    for (name, bytes) in &named {
        tar.append_data(&mut file(bytes.len()), name, *bytes)?;
    }
    tar.into_inner()?.flush()
}

fn metadata(contents: &Contents) -> Value {
    let filename = name::public_url(&contents.entry);
    let folder = filename.rsplit_once('/').map_or("", |(folder, _)| folder);
    json!({
        "type": "js",
        "options": contents.options,
        "filename": filename,
        "pwd": if folder == "file://" { "file:///" } else { folder },
        "env": contents.env,
        "compatibilityMode": contents.compatibility_mode,
        // k6: it refuses an archive without one that it knows.
        "k6version": "1.1.0",
        "sockeyeVersion": env!("CARGO_PKG_VERSION"),
        "goos": std::env::consts::OS,
    })
}

/// Every folder that holds one of the files, outer ones first.
fn folders(named: &BTreeMap<String, &[u8]>) -> BTreeSet<String> {
    let above = |name: &String| {
        let ends = name.match_indices('/').map(|(at, _)| at);
        ends.map(|end| name[..end].to_owned()).collect::<Vec<_>>()
    };
    named.keys().flat_map(above).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Archive, *};

    #[test]
    fn what_is_written_is_read() {
        let files: SourceFiles = [
            ("file:///home/me/t/a.js", "script"),
            ("file:///home/me/t/data%20x.txt", "data"),
            ("https://jslib.k6.io/x/index.js", "lib"),
        ]
        .map(|(url, text)| (url.to_owned(), text.as_bytes().into()))
        .into();
        let long = format!("file:///{}/b.js", "long-".repeat(40));
        let mut files = files;
        files.insert(long.clone(), b"b".as_slice().into());
        let contents = Contents {
            entry: "file:///home/me/t/a.js".to_owned(),
            options: json!({ "vus": 2 }).as_object().unwrap().clone(),
            env: Some([("A".to_owned(), "b".to_owned())].into()),
            compatibility_mode: "extended".to_owned(),
            files,
            unix_seconds: 1,
        };
        let mut bytes = Vec::new();
        write(&contents, &mut bytes).unwrap();
        assert!(super::super::looks_like_tar(&bytes));
        let archive = Archive::read(&bytes).unwrap();
        assert_eq!(archive.entry.as_str(), "file:///home/nobody/t/a.js");
        assert_eq!(archive.script, "script");
        assert_eq!(archive.options, r#"{"vus":2}"#);
        assert_eq!(archive.env["A"], "b");
        let names: Vec<&str> = archive.files.keys().map(String::as_str).collect();
        let expect = [
            "file:///home/nobody/t/a.js",
            "file:///home/nobody/t/data%20x.txt",
            long.as_str(),
            "https://jslib.k6.io/x/index.js",
        ];
        assert_eq!(names, expect);
    }
}
