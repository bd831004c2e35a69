//! What is said outside of the script: in the configuration file, in variables, in flags.

use std::path::{Path, PathBuf};

use sockeye_engine::options::{self, Group, Notice, OptionsError, OptionsLayer, Source, layered};

use super::place;
use crate::{diagnostic::Diagnostic, exit_code::ExitCode, process::Process};

/// The options that were said outside of the script.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outside {
    pub(crate) file: ConfigFile,
    pub(crate) env: OptionsLayer,
    pub(crate) flags: OptionsLayer,
    /// What is odd.
    pub(crate) notices: Vec<Notice>,
}

/// A configuration file that was read, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ConfigFile {
    pub(crate) layer: OptionsLayer,
    /// Its path as it is told, and its text.
    pub(crate) text: Option<(String, String)>,
}

impl Outside {
    /// All sources together, for what a script can't say.
    pub(crate) fn said(&self) -> OptionsLayer {
        layered([self.file.layer.clone(), self.env.clone(), self.flags.clone()])
    }
}

/// Reads the configuration file and the variables.
///
/// # Errors
/// A [`Diagnostic`] that says what is wrong and where.
pub(crate) fn outside(flags: &OptionsLayer, process: &Process) -> Result<Outside, Diagnostic> {
    let variable = |name: &str| process.variable(name).map(str::to_owned);
    let env = options::from_env(&Group::ALL, variable)
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))?;
    let (file, notices) = match flags.config.as_ref().or(env.layer.config.as_ref()) {
        Some(path) => config_file(&process.directory.join(path), path)?,
        None => match default_path(process) {
            Some(path) if path.is_file() => config_file(&path, &path.to_string_lossy())?,
            _ => (ConfigFile::default(), Vec::new()),
        },
    };
    Ok(Outside { file, env: env.layer, flags: flags.clone(), notices })
}

/// Where a configuration file is looked for that nobody named.
pub(crate) fn default_path(process: &Process) -> Option<PathBuf> {
    let folder = |name: &str| process.variable(name).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("APPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
    };
    Some(base?.join("k6").join("config.json"))
}

fn config_file(path: &Path, named: &str) -> Result<(ConfigFile, Vec<Notice>), Diagnostic> {
    let fail = |reason: &dyn std::fmt::Display| {
        let message = format!("failed to read the configuration file `{named}`: {reason}");
        Diagnostic::new(ExitCode::InvalidConfig, message)
    };
    let text = std::fs::read_to_string(path).map_err(|error| fail(&error))?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| fail(&error))?;
    let reading = options::from_json(Source::ConfigFile, &json).map_err(|error| {
        let diagnostic = Diagnostic::from_error(ExitCode::InvalidConfig, &error);
        match &error {
            OptionsError::Read(error) => {
                diagnostic.snippets(place::in_config_file(named, &text, &error.path))
            }
            _ => diagnostic,
        }
    })?;
    let file = ConfigFile { layer: reading.layer, text: Some((named.to_owned(), text)) };
    Ok((file, reading.notices))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(env: &[(&str, &str)], directory: &Path) -> Process {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Process {
            env: env.iter().map(owned).collect(),
            directory: directory.to_owned(),
            ..Process::default()
        }
    }

    fn named(name: &str) -> OptionsLayer {
        OptionsLayer { config: Some(name.to_owned()), ..OptionsLayer::default() }
    }

    #[test]
    fn a_file_comes_before_variables_and_those_before_flags() {
        let folder = tempfile::tempdir().unwrap();
        let text =
            r#"{"vus": 1, "iterations": 1, "linger": true, "out": ["json=a,b"], "tags": {}}"#;
        std::fs::write(folder.path().join("c.json"), text).unwrap();
        let process = process(&[("K6_VUS", "2"), ("K6_ITERATIONS", "2")], folder.path());
        let flags = OptionsLayer { vus: Some(3), ..named("c.json") };
        let outside = outside(&flags, &process).unwrap();
        assert!(outside.notices.is_empty());
        let said = outside.said();
        assert_eq!((said.vus, said.iterations, said.linger), (Some(3), Some(2), Some(true)));
        assert_eq!(said.out.unwrap().0, ["json=a,b"]);
    }

    #[test]
    fn a_file_where_configuration_belongs_is_read() {
        let home = tempfile::tempdir().unwrap();
        let process = process(
            &[("HOME", home.path().to_str().unwrap()), ("APPDATA", home.path().to_str().unwrap())],
            home.path(),
        );
        let flags = OptionsLayer::default();
        assert_eq!(outside(&flags, &process).unwrap().file, ConfigFile::default());
        let path = default_path(&process).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, r#"{"iterations": 7}"#).unwrap();
        assert_eq!(outside(&flags, &process).unwrap().said().iterations, Some(7));
    }

    #[test]
    fn mistakes_are_shown_in_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let check = |text: &str| {
            std::fs::write(folder.path().join("c.json"), text).unwrap();
            let error = outside(&named("c.json"), &process(&[], folder.path())).unwrap_err();
            assert_eq!(error.code, ExitCode::InvalidConfig);
            format!("{}\n{}", error.message, error.details())
        };
        let shown = check("{\n  \"tags\": {},\n  \"vus\": \"three\"\n}");
        let message =
            "option `vus` in the configuration file: expected a whole number, got `\"three\"`";
        let line = "   --> c.json:3\n    |\n  3 |   \"vus\": \"three\"\n    |    ^^^\n";
        assert_eq!(shown, format!("{message}\n{line}"));
        assert!(
            check("{\"vus\": ").starts_with("failed to read the configuration file `c.json`: ")
        );
        let missing = outside(&named("no.json"), &process(&[], folder.path())).unwrap_err();
        assert!(missing.message.starts_with("failed to read the configuration file `no.json`"));
    }
}
