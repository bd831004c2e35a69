//! What was said on the command line.

use std::{net::SocketAddr, num::NonZeroUsize};

use clap::{ArgMatches, error::ErrorKind};
pub(crate) use clap_complete::Shell;
use sockeye_engine::options::{self, OptionSpec, OptionsLayer, TABLE};

use super::{definition, mistake};
use crate::{diagnostic::Diagnostic, exit_code::ExitCode};

/// What was said on the command line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Args {
    /// The flags of the table of options.
    pub(crate) flags: OptionsLayer,
    pub(crate) command: Command,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Run a test.
    Run(ScriptArg),
    /// Pack a test.
    Archive(ArchiveArgs),
    /// Show the options of a test.
    Inspect(InspectArgs),
    /// Show what a test imports.
    Deps(DepsArgs),
    /// Write a script.
    New(NewArgs),
    /// Print what this shell needs.
    Completion(Shell),
    /// Serve the built-in target.
    Serve(ServeArgs),
    /// Say which version this is.
    Version { json: bool },
    /// Print this text.
    Help(String),
}

/// A path or a URL; `-` for standard input.
pub(crate) type ScriptArg = String;

/// What `archive` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArchiveArgs {
    pub(crate) script: ScriptArg,
    /// A path; `-` for standard output.
    pub(crate) out: String,
    pub(crate) exclude_env_vars: bool,
}

/// What `inspect` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InspectArgs {
    pub(crate) script: ScriptArg,
    pub(crate) execution_requirements: bool,
}

/// What `deps` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DepsArgs {
    pub(crate) script: ScriptArg,
    pub(crate) form: DepsForm,
}

/// How `deps` tells what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DepsForm {
    Text,
    Json,
}

/// What `new` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewArgs {
    pub(crate) file: String,
    /// A name or a path.
    pub(crate) template: String,
    /// Empty if there is none.
    pub(crate) project_id: String,
    pub(crate) force: bool,
}

/// What `serve` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServeArgs {
    pub(crate) address: SocketAddr,
    pub(crate) tls_address: Option<SocketAddr>,
    pub(crate) threads: Option<NonZeroUsize>,
    pub(crate) json: bool,
    /// Stop when standard input ends: that is how a parent's death is noticed.
    pub(crate) stop_with_stdin: bool,
}

/// Reads the command line, program name first.
///
/// # Errors
/// A [`Diagnostic`] that names what is wrong, and the nearest known name.
pub(crate) fn parse(args: &[String]) -> Result<Args, Diagnostic> {
    let only = |command| Ok(Args { flags: OptionsLayer::default(), command });
    match definition::command().try_get_matches_from(args) {
        Ok(matches) => read(&matches),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                only(Command::Help(error.to_string()))
            }
            ErrorKind::DisplayVersion => only(Command::Version { json: false }),
            _ => Err(mistake::diagnose(&error)),
        },
    }
}

fn read(matches: &ArgMatches) -> Result<Args, Diagnostic> {
    let (name, sub) = matches.subcommand().expect("clap requires a command");
    let flags = options::from_flags(TABLE.iter().filter_map(|row| given(row, sub)))
        .map_err(|error| Diagnostic::from_error(ExitCode::Usage, &error))?
        .layer;
    let script = || text(sub, "script").expect("clap requires a script");
    let command = match name {
        "run" => Command::Run(script()),
        "archive" => Command::Archive(ArchiveArgs {
            script: script(),
            out: text(sub, "archive-out").expect("has a default"),
            exclude_env_vars: sub.get_flag("exclude-env-vars"),
        }),
        "inspect" => Command::Inspect(InspectArgs {
            script: script(),
            execution_requirements: sub.get_flag("execution-requirements"),
        }),
        "deps" => Command::Deps(DepsArgs {
            script: script(),
            form: if sub.get_flag("json") { DepsForm::Json } else { DepsForm::Text },
        }),
        "new" => Command::New(NewArgs {
            file: text(sub, "file").expect("has a default"),
            template: text(sub, "template").expect("has a default"),
            project_id: text(sub, "project-id").expect("has a default"),
            force: sub.get_flag("force"),
        }),
        "completion" => {
            let shell = text(sub, "shell").expect("clap requires a shell");
            Command::Completion(match shell.as_str() {
                "zsh" => Shell::Zsh,
                "fish" => Shell::Fish,
                "powershell" => Shell::PowerShell,
                _ => Shell::Bash,
            })
        }
        "serve" => Command::Serve(ServeArgs {
            address: *sub.get_one("address").expect("has a default"),
            tls_address: (!sub.get_flag("no-tls"))
                .then(|| *sub.get_one("tls-address").expect("has a default")),
            threads: sub.get_one("threads").copied(),
            json: text(sub, "format").as_deref() == Some("json"),
            stop_with_stdin: sub.get_flag("stop-with-stdin"),
        }),
        _ => Command::Version { json: sub.get_flag("json") },
    };
    Ok(Args { flags, command })
}

/// A flag of the table, if the command has it and it was given, with its values.
fn given(row: &OptionSpec, matches: &ArgMatches) -> Option<(&'static str, Vec<String>)> {
    let name = row.flag?.name;
    let values = matches.try_get_many::<String>(name).ok()??;
    Some((name, values.cloned().collect()))
}

fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

#[cfg(test)]
mod tests {
    use sockeye_engine::options::FlagValue;

    use super::*;

    fn parse_line(line: &str) -> Result<Args, Diagnostic> {
        let args: Vec<String> =
            ["sockeye"].into_iter().chain(line.split(' ')).map(str::to_owned).collect();
        parse(&args)
    }

    fn flags(line: &str) -> OptionsLayer {
        parse_line(line).unwrap().flags
    }

    fn error(line: &str) -> String {
        let diagnostic = parse_line(line).unwrap_err();
        assert_eq!(diagnostic.code, ExitCode::Usage);
        format!("{}\n{}", diagnostic.message, diagnostic.details())
    }

    fn help(line: &str) -> String {
        match parse_line(line).unwrap().command {
            Command::Help(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_become_options() {
        let args = parse_line("run -u 5 --duration=10s -s 1s:2 -s 2s:0 --no-setup --tag a=b x.js")
            .unwrap();
        assert_eq!(args.command, Command::Run("x.js".to_owned()));
        assert_eq!(args.flags.vus, Some(5));
        assert_eq!(args.flags.stages.map(|stages| stages.len()), Some(2));
        assert_eq!(args.flags.no_setup, Some(true));
        assert_eq!(args.flags.tags.unwrap()["a"], "b");
    }

    #[test]
    fn switches_may_be_turned_off_and_numbers_be_negative() {
        let flags = flags("run --no-teardown=false -u -5 --include-system-env-vars=false x.js");
        assert_eq!((flags.no_teardown, flags.vus), (Some(false), Some(-5)));
        assert_eq!(flags.include_system_env_vars, Some(false));
    }

    #[test]
    fn flags_of_the_program_stand_before_or_after_the_command() {
        for line in ["-q --log-format json run x.js", "run x.js -q --log-format=json"] {
            let flags = flags(line);
            assert_eq!(flags.quiet, Some(true), "{line}");
            assert_eq!(flags.log_format.as_deref(), Some("json"));
        }
    }

    #[test]
    fn every_flag_of_the_table_belongs_to_a_command() {
        for row in TABLE {
            let Some(flag) = row.flag else { continue };
            let text = match flag.value {
                FlagValue::Switch => "true",
                FlagValue::One("INT") => "1",
                FlagValue::One("DURATION") => "1s",
                FlagValue::Many("DURATION:TARGET") => "1s:1",
                FlagValue::One("SETTINGS") => "ttl=0",
                FlagValue::One("SEGMENT") => "1/3:2/3",
                FlagValue::One("SEQUENCE") => "0,1/3,2/3,1",
                FlagValue::One(_) | FlagValue::Many(_) | FlagValue::OneOr(..) => "a=b",
            };
            let line = format!("run --{}={text} x.js", flag.name);
            assert_ne!(flags(&line), OptionsLayer::default(), "{line}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        insta::assert_snapshot!(
            [
                "run --vuss 3 x.js",
                "run --duratoin=3s x.js",
                "run --qqqqqqqqq x.js",
                "run -z x.js",
                "run",
                "run a.js b.js",
                "run x.js --vus",
                "rum x.js",
                "frobnicate",
                "serve --address nowhere",
                "serve --format yaml",
                "serve --threads 0",
            ]
            .map(|line| format!("$ sockeye {line}\n{}", error(line)))
            .join("\n")
        );
    }

    #[test]
    fn the_definition_is_sound() {
        definition::command().debug_assert();
    }

    #[test]
    fn help_of_the_program() {
        insta::assert_snapshot!(help("--help"));
    }

    #[test]
    fn help_of_run() {
        insta::assert_snapshot!(help("run --help"));
    }

    #[test]
    fn help_of_serve() {
        insta::assert_snapshot!(help("serve --help"));
    }
}
