//! `--secret-source`: where secrets come from.

use std::{collections::BTreeMap, sync::Arc};

use sockeye_js::{SecretSource, Secrets};
use sockeye_net::DialerConfig;

use crate::{
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    logging::Logger,
    process::Process,
    secrets::{Table, UrlSettings, UrlSource},
};

/// The sources that `entries` name. What scripts get from them does not appear in the log.
///
/// # Errors
/// A [`Diagnostic`] for an entry that means nothing, or a file that can't be read.
pub(crate) fn secrets(
    entries: &[String],
    process: &Process,
    dialer: &Arc<DialerConfig>,
    logger: &Arc<Logger>,
) -> Result<Secrets, Diagnostic> {
    let sources = sources(entries, process, dialer)
        .map_err(|problem| Diagnostic::new(ExitCode::Usage, problem).hint(HINT))?;
    let logger = Arc::clone(logger);
    Ok(Secrets::new(sources, Arc::new(move |secret| logger.redact(secret))))
}

const HINT: &str = "use `file=PATH`, `mock=KEY=VALUE` or `url=urlTemplate=URL-WITH-{key}`, with \
                    `name=NAME` or `default` after a comma";

type Sources = BTreeMap<String, Arc<dyn SecretSource>>;

fn sources(
    entries: &[String],
    process: &Process,
    dialer: &Arc<DialerConfig>,
) -> Result<Sources, String> {
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
        let (kind, settings) = match entry.split_once('=') {
            Some(parts) => parts,
            // Its variables may say all that it needs.
            None if entry == "url" => ("url", ""),
            None => return Err(format!("couldn't parse secret source configuration {entry:?}")),
        };
        let settings = Settings::read(settings);
        let source: Arc<dyn SecretSource> = match kind {
            "mock" => Arc::new(Table::of_pairs(settings.rest.split(','))?),
            "file" => Arc::new(Table::of_file(&settings.rest, &process.directory)?),
            "url" => {
                let settings = UrlSettings::read(&settings.rest, &process.env, &process.directory)?;
                Arc::new(UrlSource::new(settings, Arc::clone(dialer)))
            }
            _ => {
                return Err(format!(
                    "no secret source for type {kind:?} for configuration {entry:?}"
                ));
            }
        };
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

#[cfg(test)]
mod tests {
    use sockeye_net::SystemRoots;

    use super::*;
    use crate::config::loader_dialer;

    fn read(entries: &[&str]) -> Result<Sources, String> {
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        let process = Process { directory: "/nowhere".into(), ..Process::default() };
        let dialer = loader_dialer(&process, &SystemRoots::none()).unwrap();
        sources(&entries, &process, &dialer)
    }

    #[test]
    fn sources_have_names_and_one_is_the_default() {
        let names = |entries: &[&str]| read(entries).unwrap().into_keys().collect::<Vec<_>>();
        assert_eq!(names(&["mock=a=1"]), ["default"]);
        assert_eq!(names(&["mock=name=x,a=1"]), ["default", "x"]);
        assert_eq!(names(&["mock=default,a=1", "mock=name=x,a=2"]), ["default", "x"]);
        assert_eq!(names(&["mock=name=y,a=1", "mock=name=x,a=2"]), ["x", "y"]);
        assert_eq!(names(&["mock=a=1", "mock=name=x,a=2"]), ["mock", "x"]);
        assert_eq!(
            names(&["url=default,urlTemplate=http://a/{key}", "mock=a=2"]),
            ["default", "mock"]
        );
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
        assert!(error(&["url"]).starts_with("secret source `url`: `urlTemplate` is missing"));
    }
}
