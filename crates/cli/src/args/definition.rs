//! What may be said on the command line.

use std::{net::SocketAddr, num::NonZeroUsize};

use clap::{Arg, ArgAction, value_parser};
use sockeye_engine::options::{FlagValue, Group, OptionSpec, TABLE};

/// The whole command line.
pub(crate) fn command() -> clap::Command {
    clap::Command::new("sockeye")
        .about("A load tester that runs k6 scripts")
        .version(env!("CARGO_PKG_VERSION"))
        .arg_required_else_help(true)
        .subcommand_required(true)
        .args(option_args(&[Group::Program]).into_iter().map(|arg| arg.global(true)))
        .subcommand(run_command())
        .subcommand(archive_command())
        .subcommand(inspect_command())
        .subcommand(deps_command())
        .subcommand(new_command())
        .subcommand(completion_command())
        .subcommand(serve_command())
        .subcommand(
            clap::Command::new("version")
                .about("Say which version of sockeye this is")
                .arg(switch("json", "as JSON")),
        )
}

fn run_command() -> clap::Command {
    clap::Command::new("run")
        .about("Run a test")
        .after_help(RUN_EXAMPLES)
        .arg(script().required(true))
        .args(option_args(&[Group::Test, Group::Script, Group::Summary, Group::Run]))
}

fn archive_command() -> clap::Command {
    clap::Command::new("archive")
        .about("Pack a script, all that it needs and its options into one file")
        .arg(script().required(true))
        .arg(
            value("archive-out", "FILE", "where the archive goes; `-` is standard output")
                .short('O')
                .default_value("archive.tar"),
        )
        .arg(switch("exclude-env-vars", "keep the variables of `-e` out of it"))
        .args(option_args(&[Group::Test, Group::Script, Group::Summary]))
}

fn inspect_command() -> clap::Command {
    clap::Command::new("inspect")
        .about("Show the options of a script or archive as JSON")
        .arg(script().required(true))
        .arg(switch(
            "execution-requirements",
            "show what all sources together say, and what the test takes",
        ))
        .args(option_args(&[Group::Script, Group::Summary]))
}

fn deps_command() -> clap::Command {
    clap::Command::new("deps")
        .about("Show what a script or archive imports, and whether all of it is here")
        .arg(script().required(true))
        .arg(switch("json", "as JSON"))
        .args(option_args(&[Group::Script]))
}

fn new_command() -> clap::Command {
    clap::Command::new("new")
        .about("Write a first script")
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .default_value("script.js")
                .value_hint(clap::ValueHint::FilePath)
                .help("where the script goes"),
        )
        .arg(
            value("template", "NAME", "websocket, minimal, protocol, or the path of a file")
                .default_value("websocket"),
        )
        .arg(
            value("project-id", "ID", "the number of a project of Grafana Cloud").default_value(""),
        )
        .arg(switch("force", "overwrite the file if it is there").short('f'))
}

fn completion_command() -> clap::Command {
    clap::Command::new("completion")
        .about("Print what a shell needs to complete command lines")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(["bash", "zsh", "fish", "powershell"])
                .help("the shell"),
        )
        .after_help(COMPLETION_EXAMPLES)
}

const COMPLETION_EXAMPLES: &str = "\
Examples:
  source <(sockeye completion bash)
  sockeye completion zsh > \"${fpath[1]}/_sockeye\"
  sockeye completion fish > ~/.config/fish/completions/sockeye.fish
  sockeye completion powershell | Out-String | Invoke-Expression";

fn script() -> Arg {
    Arg::new("script")
        .value_name("SCRIPT")
        .value_hint(clap::ValueHint::FilePath)
        .help("the path of a script or archive, or `-` to read it from standard input")
}

fn serve_command() -> clap::Command {
    clap::Command::new("serve")
        .about("Serve a chat room, an echo and some HTTP to test against")
        .arg(
            value("address", "ADDRESS", "where http and ws are served")
                .default_value("127.0.0.1:0")
                .value_parser(value_parser!(SocketAddr)),
        )
        .arg(
            value("tls-address", "ADDRESS", "where https and wss are served")
                .default_value("127.0.0.1:0")
                .value_parser(value_parser!(SocketAddr)),
        )
        .arg(switch("no-tls", "serve no https and wss"))
        .arg(
            value("threads", "NUMBER", "how many threads serve [default: one per processor]")
                .value_parser(value_parser!(NonZeroUsize)),
        )
        .arg(
            value("format", "FORMAT", "how the addresses are printed: text or json")
                .default_value("text")
                .value_parser(["text", "json"]),
        )
        .arg(switch("stop-with-stdin", "stop when standard input ends").hide(true))
}

const RUN_EXAMPLES: &str = "\
Examples:
  sockeye run script.js                          one VU, one iteration
  sockeye run -u 5 -i 10 script.js               5 VUs share 10 iterations
  sockeye run -u 5 -d 10s script.js              5 VUs for 10 seconds
  sockeye run -s 10s:100 -s 60s:100 script.js    up to 100 VUs, then hold them
  sockeye run --with-server examples/chat.js     against the built-in server";

/// The flags of the table that belong to these groups.
fn option_args(groups: &[Group]) -> Vec<Arg> {
    let of =
        |&group: &Group| TABLE.iter().filter(move |row| row.group == group).filter_map(option_arg);
    groups.iter().flat_map(of).collect()
}

fn option_arg(row: &OptionSpec) -> Option<Arg> {
    let flag = row.flag?;
    let help = match row.default {
        Some(default) => format!("{} [default: {default}]", row.help),
        None => row.help.to_owned(),
    };
    let arg = match flag.value {
        FlagValue::Switch => optional_bool(flag.name),
        FlagValue::One(name) | FlagValue::Many(name) => {
            let arg = value(flag.name, name, "");
            if name == "FILE" { arg.value_hint(clap::ValueHint::FilePath) } else { arg }
        }
        FlagValue::OneOr(name, default) => Arg::new(flag.name)
            .long(flag.name)
            .value_name(name)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value(default),
    };
    let arg = match flag.short {
        Some(short) => arg.short(short),
        None => arg,
    };
    let arg = arg.action(ArgAction::Append).help(help).hide(row.hidden);
    Some(arg.help_heading(row.group.heading()))
}

fn value(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).allow_negative_numbers(true).help(help)
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// k6: a switch may be followed by `=true` or `=false`.
fn optional_bool(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("BOOL")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .hide_possible_values(true)
}
