//! Load shapes: the scripts of `bench/scripts`, and what their headers say.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

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
    pub(super) load: Load,
    /// What one of `N` is, where memory and time of one are told by the difference of two sizes.
    pub(super) one: Option<String>,
    /// How long before its end a run has opened or started all that it will.
    pub(super) hold: Option<Duration>,
    /// What clients that only make the system calls do of it.
    pub(super) raw: Vec<Raw>,
    pub(super) latency: Option<Truth>,
}

/// How `N` is chosen.
#[derive(Debug, PartialEq)]
pub(super) enum Load {
    /// By the script.
    Sizes(Vec<Size>),
    /// So that a tool uses this much of its core, in percent: looked for before the measurement.
    Busy(Vec<f64>),
}

/// `N` for each tool: the same, but where the larger is too much for k6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) sockeye: u64,
    pub(super) k6: u64,
}

/// A program of `bench/raw`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    /// The file's name without `.c`.
    pub(super) program: String,
    /// Each does `N` units of the work.
    pub(super) sockets: u64,
    /// What else it is told, after the number of sockets.
    pub(super) rest: Vec<u64>,
}

/// What is compared where a shape is about honesty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truth {
    /// The trend of the script.
    pub(super) trend: String,
    /// The field of the server's statistics.
    pub(super) known: String,
}

impl Shape {
    fn read(path: PathBuf) -> Result<Self, String> {
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
        Self::parse(path, &text)
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, String> {
        let optional = |key: &str| headers(text, key).next();
        let wrong = |key: &str, what: &str| format!("{}: `// {key}: ` {what}", path.display());
        let seconds = optional("hold").map(str::parse).transpose();
        let hold = seconds.map_err(|_| wrong("hold", "is a number of seconds"))?;
        let latency = optional("latency").map(|latency| {
            let (trend, known) = latency.split_once(' ')?;
            Some(Truth { trend: trend.to_owned(), known: known.to_owned() })
        });
        if latency == Some(None) {
            return Err(wrong("latency", "is a trend and a field of the server's statistics"));
        }
        let raw = headers(text, "raw").map(Raw::parse).collect::<Option<_>>();
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            title: required(text, "shape", &path)?,
            per: required(text, "per", &path)?,
            load: Load::parse(text, &path)?,
            one: optional("one").map(str::to_owned),
            hold: hold.map(Duration::from_secs),
            raw: raw.ok_or_else(|| wrong("raw", "is a program, sockets, and more numbers"))?,
            latency: latency.flatten(),
            path,
        })
    }

    /// The folder of the modules that the script imports, if it has any: `h_modules` of `h_init`.
    pub(super) fn modules(&self) -> PathBuf {
        let letter = self.name.split('_').next().unwrap_or_default();
        self.path.with_file_name(format!("{letter}_modules"))
    }
}

impl Load {
    fn parse(text: &str, path: &Path) -> Result<Self, String> {
        if let Some(busy) = headers(text, "busy").next() {
            return Ok(Self::Busy(numbers(busy, "busy", path)?));
        }
        let sizes: Vec<u64> = numbers(&required(text, "sizes", path)?, "sizes", path)?;
        let of_k6 = match headers(text, "sizes of k6").next() {
            Some(of_k6) => numbers(of_k6, "sizes of k6", path)?,
            None => sizes.clone(),
        };
        if sizes.is_empty() || of_k6.len() != sizes.len() || !sizes.is_sorted() {
            return Err(format!("{}: sizes grow, as many for k6 as for us", path.display()));
        }
        let pairs = sizes.into_iter().zip(of_k6);
        Ok(Self::Sizes(pairs.map(|(sockeye, k6)| Size { sockeye, k6 }).collect()))
    }
}

impl Raw {
    /// `echo 100 20 1`
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let program = words.next()?.to_owned();
        let mut rest = words.map(|word| word.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let sockets = if rest.is_empty() { return None } else { rest.remove(0) };
        Some(Self { program, sockets, rest })
    }
}

/// All shapes whose name starts with one of `filters`, or all, in the order of their names.
///
/// # Errors
/// A message when a script can't be read, or a filter matches none.
pub(super) fn all(filters: &[String]) -> Result<Vec<Shape>, String> {
    let paths = scripts_in("bench/scripts")?;
    let mut shapes = paths.into_iter().map(Shape::read).collect::<Result<Vec<_>, _>>()?;
    for filter in filters {
        if !shapes.iter().any(|shape| shape.name.starts_with(filter.as_str())) {
            return Err(format!("no script in bench/scripts starts with `{filter}`"));
        }
    }
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

/// What the lines `// KEY: ` among a script's first comments say.
fn headers<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    let prefix = format!("// {key}: ");
    let comments = text.lines().take_while(|line| line.starts_with("//"));
    comments.filter_map(move |line| line.strip_prefix(&prefix))
}

/// The one that must be there.
pub(super) fn required(text: &str, key: &str, script: &Path) -> Result<String, String> {
    let header = headers(text, key).next().map(str::to_owned);
    header.ok_or_else(|| format!("{}: no `// {key}: ` line", script.display()))
}

fn numbers<T: FromStr>(text: &str, key: &str, path: &Path) -> Result<Vec<T>, String> {
    let numbers = text.split_whitespace().map(|word| word.parse().ok()).collect::<Option<_>>();
    numbers.ok_or_else(|| format!("{}: `// {key}: ` is numbers", path.display()))
}

/// The shape of a script with this text.
#[cfg(test)]
pub(super) fn parsed(text: &str) -> Shape {
    Shape::parse(PathBuf::from("bench/scripts/a_b.js"), text).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Shape, String> {
        Shape::parse(PathBuf::from("bench/scripts/a_b.js"), text)
    }

    #[test]
    fn every_shape_has_a_header() {
        let shapes = all(&[]).unwrap();
        for letter in 'a'..='m' {
            let named = |shape: &Shape| shape.name.starts_with(&format!("{letter}_"));
            assert!(shapes.iter().any(named), "{letter}");
        }
        for shape in &shapes {
            for raw in &shape.raw {
                let source = repository::root().join("bench/raw").join(&raw.program);
                assert!(source.with_extension("c").exists(), "{}", shape.name);
            }
        }
        assert!(all(&["a".to_owned(), "zz".to_owned()]).unwrap_err().contains("`zz`"));
    }

    #[test]
    fn a_header_says_all_of_a_shape() {
        let text = "// shape: so and so\n// per: ws_sessions\n// sizes: 20 100\n// sizes of k6: 20 10\n\
                    // one: socket\n// hold: 4\n// raw: echo 100 20 1\n// raw: churn 50\n\
                    // latency: rtt held_ms\nlet x;\n// per: what is no header\n";
        let shape = parse(text).unwrap();
        assert_eq!((shape.name.as_str(), shape.title.as_str()), ("a_b", "so and so"));
        assert_eq!(shape.per, "ws_sessions");
        let sizes = [Size { sockeye: 20, k6: 20 }, Size { sockeye: 100, k6: 10 }];
        assert_eq!(shape.load, Load::Sizes(sizes.to_vec()));
        assert_eq!(shape.one.as_deref(), Some("socket"));
        assert_eq!(shape.hold, Some(Duration::from_secs(4)));
        let raw = |program: &str, sockets, rest: &[u64]| Raw {
            program: program.to_owned(),
            sockets,
            rest: rest.to_vec(),
        };
        assert_eq!(shape.raw, [raw("echo", 100, &[20, 1]), raw("churn", 50, &[])]);
        let latency = shape.latency.unwrap();
        assert_eq!((latency.trend.as_str(), latency.known.as_str()), ("rtt", "held_ms"));
        assert!(shape.path.ends_with("a_b.js"));
    }

    #[test]
    fn a_load_may_be_a_share_of_the_core() {
        let shape = parse("// shape: s\n// per: p\n// busy: 50 80.5\n").unwrap();
        assert_eq!(shape.load, Load::Busy(vec![50.0, 80.5]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |lines: &str, expect: &str| {
            let text = format!("// shape: s\n// per: p\n{lines}");
            assert!(parse(&text).unwrap_err().contains(expect), "{lines}");
        };
        check("", "no `// sizes: ` line");
        check("// sizes: 1 two\n", "`// sizes: ` is numbers");
        check("// sizes: 2 1\n", "sizes grow");
        check("// sizes: 1 2\n// sizes of k6: 1\n", "as many for k6");
        check("// sizes: 1\n// raw: echo\n", "`// raw: `");
        check("// sizes: 1\n// raw: echo many\n", "`// raw: `");
        check("// sizes: 1\n// latency: rtt\n", "`// latency: `");
        check("// sizes: 1\n// hold: long\n", "`// hold: `");
        assert!(parse("// per: p\n").unwrap_err().contains("no `// shape: ` line"));
    }
}
