//! `--secret-source`: where secrets come from.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use sockeye_js::{SecretSource, Secrets};

use crate::{diagnostic::Diagnostic, exit_code::ExitCode, logging::Logger, process::Process};

/// The sources that `entries` name. What scripts get from them does not appear in the log.
///
/// # Errors
/// A [`Diagnostic`] for an entry that means nothing, or a file that can't be read.
pub(crate) fn secrets(
    entries: &[String],
    process: &Process,
    logger: &Arc<Logger>,
) -> Result<Secrets, Diagnostic> {
    let sources = sources(entries, &process.directory).map_err(|problem| {
        Diagnostic::new(ExitCode::Usage, problem).hint(
            "use `file=PATH` or `mock=KEY=VALUE`, with `name=NAME` or `default` after a comma",
        )
    })?;
    let logger = Arc::clone(logger);
    Ok(Secrets::new(sources, Arc::new(move |secret| logger.redact(secret))))
}

type Sources = BTreeMap<String, Arc<dyn SecretSource>>;

fn sources(entries: &[String], folder: &Path) -> Result<Sources, String> {
    let mut sources = Sources::new();
    let mut add = |name: &str, source: &Arc<dyn SecretSource>, entry: &str| {
        match sources.insert(name.to_owned(), Arc::clone(source)) {
            None => Ok(()),
            // k6: its words, here and below.
            Some(_) if name == Secrets::DEFAULT => Err(format!(
                "can't have two secret sources that are default ones, second one was {entry:?}"
            )),
            Some(_) => Err(format!(
                "secret source for name {name:?} already registered before configuration {entry:?}"
            )),
        }
    };
    for entry in entries {
        let Some((kind, settings)) = entry.split_once('=') else {
            return Err(format!("couldn't parse secret source configuration {entry:?}"));
        };
        let settings = Settings::read(settings);
        let source: Arc<dyn SecretSource> = Arc::new(match kind {
            "mock" => Table::of_pairs(settings.rest.split(','))?,
            "file" => Table::of_file(&settings.rest, folder)?,
            _ => {
                return Err(format!(
                    "no secret source for type {kind:?} for configuration {entry:?}"
                ));
            }
        });
        let is_default =
            settings.is_default || settings.name == Some(Secrets::DEFAULT) || entries.len() == 1;
        if is_default {
            add(Secrets::DEFAULT, &source, entry)?;
        }
        match settings.name {
            Some(name) if name != Secrets::DEFAULT => add(name, &source, entry)?,
            None if !is_default => add(kind, &source, entry)?,
            Some(_) | None => {}
        }
    }
    Ok(sources)
}

/// What all sources are told in the same way, and the rest.
struct Settings<'a> {
    name: Option<&'a str>,
    is_default: bool,
    rest: String,
}

impl<'a> Settings<'a> {
    fn read(text: &'a str) -> Self {
        let mut settings = Self { name: None, is_default: false, rest: String::new() };
        let mut rest = Vec::new();
        for part in text.split(',') {
            match part.split_once('=') {
                Some(("name", name)) => settings.name = Some(name),
                None if part == "default" => settings.is_default = true,
                _ => rest.push(part),
            }
        }
        settings.rest = rest.join(",");
        settings
    }
}

/// Secrets that are all known from the beginning.
struct Table(BTreeMap<String, String>);

impl Table {
    fn of_pairs<'a>(pairs: impl Iterator<Item = &'a str>) -> Result<Self, String> {
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
    fn of_file(path: &str, folder: &Path) -> Result<Self, String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entries: &[&str]) -> Result<Sources, String> {
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        sources(&entries, Path::new("/nowhere"))
    }

    #[test]
    fn sources_have_names_and_one_is_the_default() {
        let names = |entries: &[&str]| read(entries).unwrap().into_keys().collect::<Vec<_>>();
        assert_eq!(names(&["mock=a=1"]), ["default"]);
        assert_eq!(names(&["mock=name=x,a=1"]), ["default", "x"]);
        assert_eq!(names(&["mock=default,a=1", "mock=name=x,a=2"]), ["default", "x"]);
        assert_eq!(names(&["mock=name=y,a=1", "mock=name=x,a=2"]), ["x", "y"]);
        assert_eq!(names(&["mock=a=1", "mock=name=x,a=2"]), ["mock", "x"]);
        let two = read(&["mock=default,a=1,b=c=d", "mock=name=x,a=2"]).unwrap();
        assert_eq!(two["default"].get("b"), Ok("c=d".to_owned()));
        assert_eq!(two["x"].get("a"), Ok("2".to_owned()));
        assert_eq!(two["x"].get("b"), Err("no value for the secret \"b\"".to_owned()));
    }

    #[test]
    fn mistakes_are_named() {
        let error = |entries: &[&str]| read(entries).err().unwrap();
        assert_eq!(error(&["mock"]), "couldn't parse secret source configuration \"mock\"");
        assert_eq!(error(&["mock=a"]), "parsing \"a\", needs =");
        assert_eq!(
            error(&["nope=a"]),
            "no secret source for type \"nope\" for configuration \"nope=a\""
        );
        assert!(error(&["mock=default,a=1", "mock=default,b=1"]).starts_with("can't have two"));
        assert!(error(&["mock=name=x,a=1", "mock=name=x,b=1"]).contains("already registered"));
        assert!(error(&["file=none"]).starts_with("failed to read the secrets in `none`"));
    }
}
