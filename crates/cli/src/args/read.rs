//! What was said on the command line.

use std::{net::SocketAddr, num::NonZeroUsize};

use clap::{ArgMatches, error::ErrorKind};
use sockeye_engine::options::{OptionSpec, TABLE};

use super::{definition, mistake};
use crate::diagnostic::Diagnostic;

/// What was said on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) common: CommonArgs,
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommonArgs {
    pub(crate) log_format: Option<String>,
    pub(crate) log_output: Option<String>,
    pub(crate) no_color: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Run a test.
    Run(Box<RunArgs>),
    /// Serve the built-in target.
    Serve(ServeArgs),
    /// Say which version this is.
    Version { json: bool },
    /// Print this text.
    Help(String),
}

/// What `run` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RunArgs {
    /// A path or a URL; `-` for standard input.
    pub(crate) script: String,
    /// Flags of the engine's table that were given, with their values.
    pub(crate) options: Vec<(&'static str, Vec<String>)>,
    /// `NAME=value` or `NAME`.
    pub(crate) env: Vec<String>,
    pub(crate) include_system_env_vars: Option<bool>,
    pub(crate) outputs: Vec<String>,
    pub(crate) summary_mode: Option<String>,
    pub(crate) no_summary: bool,
    pub(crate) summary_export: Option<String>,
    pub(crate) machine_readable_summary: Option<bool>,
    pub(crate) console_output: Option<String>,
    pub(crate) with_server: bool,
    pub(crate) no_builtin_jslib: bool,
    /// The mode.
    pub(crate) ws_debug: Option<String>,
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
    match definition::command().try_get_matches_from(args) {
        Ok(matches) => Ok(read(&matches)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let command = Command::Help(error.to_string());
                Ok(Args { common: CommonArgs::default(), command })
            }
            ErrorKind::DisplayVersion => Ok(Args {
                common: CommonArgs::default(),
                command: Command::Version { json: false },
            }),
            _ => Err(mistake::diagnose(&error)),
        },
    }
}

fn read(matches: &ArgMatches) -> Args {
    let (name, sub) = matches.subcommand().expect("clap requires a command");
    let common = CommonArgs {
        log_format: text(sub, "log-format"),
        log_output: text(sub, "log-output"),
        no_color: sub.get_flag("no-color"),
        quiet: sub.get_flag("quiet"),
        verbose: sub.get_flag("verbose"),
    };
    let command = match name {
        "run" => Command::Run(Box::new(read_run(sub))),
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
    Args { common, command }
}

fn read_run(matches: &ArgMatches) -> RunArgs {
    let given = |row: &OptionSpec| {
        let name = row.flag?.name;
        let values: Vec<String> = matches.get_many::<String>(name)?.cloned().collect();
        Some((name, values))
    };
    RunArgs {
        script: text(matches, "script").expect("clap requires a script"),
        options: TABLE.iter().filter_map(given).collect(),
        env: texts(matches, "env"),
        include_system_env_vars: text(matches, "include-system-env-vars")
            .map(|text| text != "false"),
        outputs: texts(matches, "out"),
        summary_mode: text(matches, "summary-mode"),
        no_summary: matches.get_flag("no-summary"),
        summary_export: text(matches, "summary-export"),
        machine_readable_summary: text(matches, "new-machine-readable-summary")
            .map(|text| text != "false"),
        console_output: text(matches, "console-output"),
        with_server: matches.get_flag("with-server"),
        no_builtin_jslib: matches.get_flag("no-builtin-jslib"),
        ws_debug: text(matches, "ws-debug"),
    }
}

fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::ExitCode;

    fn parse_line(line: &str) -> Result<Args, Diagnostic> {
        let args: Vec<String> =
            ["sockeye"].into_iter().chain(line.split(' ')).map(str::to_owned).collect();
        parse(&args)
    }

    fn run(line: &str) -> RunArgs {
        match parse_line(line).unwrap().command {
            Command::Run(run) => *run,
            other => panic!("{other:?}"),
        }
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
    fn options_of_the_test_are_handed_on_as_given() {
        let args = run("run -u 5 --duration=10s -s 1s:2 -s 2s:0 --no-setup --tag a=b x.js");
        let options: Vec<(&str, Vec<&str>)> = args
            .options
            .iter()
            .map(|(name, values)| (*name, values.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            options,
            [
                ("vus", vec!["5"]),
                ("duration", vec!["10s"]),
                ("stage", vec!["1s:2", "2s:0"]),
                ("no-setup", vec!["true"]),
                ("tag", vec!["a=b"]),
            ]
        );
        assert_eq!(args.script, "x.js");
    }

    #[test]
    fn switches_may_be_turned_off_and_numbers_be_negative() {
        let args = run("run --no-teardown=false -u -5 --include-system-env-vars=false x.js");
        assert_eq!(
            args.options,
            [("vus", vec!["-5".to_owned()]), ("no-teardown", vec!["false".to_owned()])]
        );
        assert_eq!(args.include_system_env_vars, Some(false));
    }

    #[test]
    fn common_flags_stand_before_or_after_the_command() {
        for line in ["-q --log-format json run x.js", "run x.js -q --log-format=json"] {
            let common = parse_line(line).unwrap().common;
            assert!(common.quiet, "{line}");
            assert_eq!(common.log_format.as_deref(), Some("json"));
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
