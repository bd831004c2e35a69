//! A script to compare, with the header that says how: lines such as `// args:` and `// compare:`
//! among its first comments.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repository;

/// A script and what to compare of it.
pub struct Script {
    /// The file's name without its ending.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What the program is told to do.
    pub call: Call,
    /// What must agree.
    pub aspects: Vec<Aspect>,
}

/// How the program is called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    /// `// command: inspect`: the command, and what it takes before the script. `run` if none is named.
    pub command: Vec<String>,
    /// `// args:`: further arguments of the command.
    pub args: Vec<String>,
    /// `// file: lib/x.tar`: what the command is given in place of the script; `-` is the script on
    /// standard input.
    pub file: Option<String>,
    /// `// env: K6_VUS=2`: further variables.
    pub env: Vec<(String, String)>,
    /// `// then: run x.tar`: a second call in the same folder, of which everything is compared. The
    /// first must succeed.
    pub then: Option<Vec<String>>,
}

impl Default for Call {
    fn default() -> Self {
        let command = vec!["run".to_owned()];
        Self { command, args: Vec::new(), file: None, env: Vec::new(), then: None }
    }
}

/// One thing that must agree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Aspect {
    /// `exit`: the exit code.
    Exit,
    /// `console`: what the script printed, byte for byte but for the time.
    Console(Order),
    /// `errors`: log lines of level error that the script did not print itself: the first line of the
    /// message, and the file and line of the first frame.
    Errors(Order),
    /// `warnings`: log lines of level warning that the script did not print itself.
    Warnings,
    /// `stdout`: what was printed beside the log.
    Stdout,
    /// `json`: what was printed beside the log, which is JSON, whatever its layout.
    Json,
    /// `checks`: each check's passes and fails.
    Checks,
    /// `thresholds`: which hold.
    Thresholds,
    /// `counts(NAME~N)`: a metric's count, or passes and fails, give or take N.
    Count {
        /// The metric or sub-metric.
        metric: String,
        /// How far the numbers may be apart.
        tolerance: u64,
    },
    /// `values(NAME)`: all that the summary says of a metric, except rates per second.
    Values(String),
}

/// Whether the order of lines matters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// As printed.
    Printed,
    /// `console sorted`: several VUs take turns as they like.
    Sorted,
}

/// All scripts, by name.
///
/// # Errors
/// A message naming the file that cannot be read or has a bad header.
pub fn all() -> Result<Vec<Script>, String> {
    let folder = repository::root().join("compare/scripts");
    let entries = fs::read_dir(&folder)
        .map_err(|error| format!("failed to read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "js" || ending == "ts"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Script, String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (call, aspects) = header(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Script { name, path: path.to_path_buf(), call, aspects })
}

fn header(text: &str) -> Result<(Call, Vec<Aspect>), String> {
    let mut call = Call::default();
    let mut aspects = Vec::new();
    for line in text.lines().map_while(|line| line.strip_prefix("//")) {
        let Some((key, rest)) = line.trim().split_once(':') else { continue };
        let words = || rest.split_whitespace().map(str::to_owned);
        match key {
            "args" => call.args.extend(words()),
            "command" => call.command = words().collect(),
            "file" => call.file = words().next(),
            "then" => call.then = Some(words().collect()),
            "env" => {
                for word in words() {
                    let pair = word.split_once('=').ok_or(format!("`{word}` is no variable"))?;
                    call.env.push((pair.0.to_owned(), pair.1.to_owned()));
                }
            }
            "compare" => {
                for item in items(rest) {
                    aspects.extend(read_aspects(item)?);
                }
            }
            _ => {}
        }
    }
    if aspects.is_empty() { Err("no `// compare:` line".to_owned()) } else { Ok((call, aspects)) }
}

/// Splits at commas that are not inside parentheses.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    list.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
    .map(str::trim)
}

fn read_aspects(item: &str) -> Result<Vec<Aspect>, String> {
    let names = |inside: &str| -> Vec<String> {
        inside.split(", ").map(|name| name.trim().to_owned()).collect()
    };
    if let Some(inside) = item.strip_prefix("counts(").and_then(|rest| rest.strip_suffix(')')) {
        return names(inside).iter().map(|name| read_count(name)).collect();
    }
    if let Some(inside) = item.strip_prefix("values(").and_then(|rest| rest.strip_suffix(')')) {
        return Ok(names(inside).into_iter().map(Aspect::Values).collect());
    }
    let aspect = match item {
        "exit" => Aspect::Exit,
        "console" => Aspect::Console(Order::Printed),
        "console sorted" => Aspect::Console(Order::Sorted),
        "errors" => Aspect::Errors(Order::Printed),
        "errors sorted" => Aspect::Errors(Order::Sorted),
        "warnings" => Aspect::Warnings,
        "stdout" => Aspect::Stdout,
        "json" => Aspect::Json,
        "checks" => Aspect::Checks,
        "thresholds" => Aspect::Thresholds,
        _ => return Err(format!("cannot compare `{item}`")),
    };
    Ok(vec![aspect])
}

fn read_count(name: &str) -> Result<Aspect, String> {
    let (metric, tolerance) = name.split_once('~').unwrap_or((name, "0"));
    let tolerance = tolerance.parse().map_err(|_| format!("`{tolerance}` is no tolerance"))?;
    Ok(Aspect::Count { metric: metric.to_owned(), tolerance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let text = "// About.\n// args: --vus 2 -e A=b\n// compare: exit, console sorted, \
                    counts(iterations~2, m{a:b,c:d}), values(t)\nimport x;\n// compare: no\n";
        let (call, aspects) = header(text).unwrap();
        assert_eq!(call.args, ["--vus", "2", "-e", "A=b"]);
        assert_eq!(call.command, ["run"]);
        let count = |metric: &str, tolerance| Aspect::Count { metric: metric.into(), tolerance };
        let expected = [
            Aspect::Exit,
            Aspect::Console(Order::Sorted),
            count("iterations", 2),
            count("m{a:b,c:d}", 0),
            Aspect::Values("t".into()),
        ];
        assert_eq!(aspects, expected);
    }

    #[test]
    fn a_header_may_call_another_command() {
        let text = "// About: this.\n// command: archive -O x.tar\n// env: A=b=c D=\n// file: -\n\
                    // then: run x.tar\n// compare: exit, json, stdout, warnings\n";
        let (call, aspects) = header(text).unwrap();
        assert_eq!(call.command, ["archive", "-O", "x.tar"]);
        assert_eq!(call.then.unwrap(), ["run", "x.tar"]);
        assert_eq!(call.file.as_deref(), Some("-"));
        let env = [("A".to_owned(), "b=c".to_owned()), ("D".to_owned(), String::new())];
        assert_eq!(call.env, env);
        assert_eq!(aspects.len(), 4);
    }

    #[test]
    fn bad_headers_are_errors() {
        for bad in [
            "",
            "// compare: speed",
            "// compare: counts(a~b)",
            "x\n// compare: exit",
            "// env: A\n// compare: exit",
        ] {
            assert!(header(bad).is_err(), "{bad}");
        }
    }
}
