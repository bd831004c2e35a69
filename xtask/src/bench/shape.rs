//! Load shapes: the scripts of `bench/scripts`, and what their headers say.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repository;

/// One load shape.
#[derive(Debug)]
pub(super) struct Shape {
    /// The file's name without `.js`.
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// One line for people.
    pub(super) title: String,
    /// The metric whose count is what CPU time is divided by.
    pub(super) per: String,
    /// Values of `N`. With two, memory is also told per unit, by difference.
    pub(super) sizes: Vec<u64>,
    /// What the raw client does of it: bytes a message, messages in flight. 100 sockets, and `N`
    /// messages each.
    pub(super) raw: Option<(u32, u32)>,
    /// The trend whose percentiles are told beside the server's truth.
    pub(super) latency: Option<String>,
}

impl Shape {
    fn read(path: PathBuf) -> Result<Self, String> {
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
        let optional = |key: &str| header(&text, key);
        let header = |key: &str| required(&text, key, &path);
        let sizes = header("sizes")?
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("{}: sizes: {error}", path.display()))?;
        let raw = optional("raw").map(|raw| {
            let (bytes, in_flight) = raw.split_once(' ')?;
            Some((bytes.parse().ok()?, in_flight.parse().ok()?))
        });
        if raw == Some(None) {
            return Err(format!("{}: `// raw: ` is two numbers", path.display()));
        }
        Ok(Self {
            raw: raw.flatten(),
            latency: optional("latency"),
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            title: header("shape")?,
            per: header("per")?,
            sizes,
            path,
        })
    }

    /// The folder of the modules that the script imports, if it has any: `h_modules` of `h_init`.
    pub(super) fn modules(&self) -> PathBuf {
        let letter = self.name.split('_').next().unwrap_or_default();
        self.path.with_file_name(format!("{letter}_modules"))
    }
}

/// All shapes whose name starts with one of `filters`, or all, in the order of their names.
pub(super) fn all(filters: &[String]) -> Result<Vec<Shape>, String> {
    let paths = scripts_in("bench/scripts")?;
    let mut shapes = paths.into_iter().map(Shape::read).collect::<Result<Vec<_>, _>>()?;
    shapes.retain(|shape| {
        filters.is_empty() || filters.iter().any(|filter| shape.name.starts_with(filter.as_str()))
    });
    Ok(shapes)
}

/// The scripts of a folder of the repository, in the order of their names.
pub(super) fn scripts_in(folder: &str) -> Result<Vec<PathBuf>, String> {
    let folder = repository::root().join(folder);
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "js"));
    paths.sort();
    Ok(paths)
}

/// What the line `// KEY: ` among a script's first comments says.
fn header(text: &str, key: &str) -> Option<String> {
    let prefix = format!("// {key}: ");
    text.lines()
        .take_while(|line| line.starts_with("//"))
        .find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
}

/// The same where the line must be there.
pub(super) fn required(text: &str, key: &str, script: &Path) -> Result<String, String> {
    header(text, key).ok_or_else(|| format!("{}: no `// {key}: ` line", script.display()))
}
