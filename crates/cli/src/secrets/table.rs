//! Secrets that are all known from the beginning: the sources `mock` and `file`.

use std::{collections::BTreeMap, path::Path};

use sockeye_js::SecretSource;

/// Secrets that are all known from the beginning.
pub(crate) struct Table(BTreeMap<String, String>);

impl Table {
    /// Pairs of `KEY=VALUE`.
    ///
    /// # Errors
    /// Which pair is none.
    pub(crate) fn of_pairs<'a>(pairs: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        pairs
            .map(|pair| {
                let (key, value) =
                    pair.split_once('=').ok_or_else(|| format!("parsing {pair:?}, needs ="))?;
                Ok((key.to_owned(), value.to_owned()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// A file of lines `key=value`.
    ///
    /// # Errors
    /// Why it can't be read.
    pub(crate) fn of_file(path: &str, folder: &Path) -> Result<Self, String> {
        let path = path.strip_prefix("filename=").unwrap_or(path);
        let text = std::fs::read_to_string(folder.join(path))
            .map_err(|error| format!("failed to read the secrets in `{path}`: {error}"))?;
        // A line that can't be understood may be a secret: it is not shown.
        for (at, line) in text.lines().enumerate() {
            if !line.contains('=') {
                return Err(format!(
                    "failed to read the secrets in `{path}`: line {} needs `=`",
                    at + 1
                ));
            }
        }
        Self::of_pairs(text.lines())
    }
}

impl SecretSource for Table {
    fn get(&self, key: &str) -> Result<String, String> {
        // k6: its words begin so.
        self.0.get(key).cloned().ok_or_else(|| format!("no value for the secret {key:?}"))
    }
}
