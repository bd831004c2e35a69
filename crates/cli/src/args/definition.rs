//! What may be said on the command line.

use std::{net::SocketAddr, num::NonZeroUsize};

use clap::{Arg, ArgAction, value_parser};
use sockeye_engine::options::{FlagValue, TABLE};

/// The whole command line.
pub(super) fn command() -> clap::Command {
    clap::Command::new("sockeye")
        .about("A load tester that runs k6 scripts")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .arg_required_else_help(true)
        .subcommand_required(true)
        .args(common_args())
        .subcommand(run_command())
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
        .arg(
            Arg::new("script")
                .value_name("SCRIPT")
                .required(true)
                .help("the script's path, or `-` to read it from standard input"),
        )
        .next_help_heading("Options of the test")
        .args(option_args())
        .next_help_heading("The script and its surroundings")
        .arg(
            value("env", "VAR=VALUE", "set a variable of `__ENV`")
                .short('e')
                .action(ArgAction::Append),
        )
        .arg(
            optional_bool("include-system-env-vars")
                .help("show the script the variables of the system [default: true]"),
        )
        .arg(switch("with-server", "run the built-in server and send all traffic to it"))
        .arg(switch(
            "no-builtin-jslib",
            "fetch what https://jslib.k6.io/ has instead of using what is built in",
        ))
        .arg(
            value("ws-debug", "MODE", "log handshakes and frames of sockets: headers or full")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("headers"),
        )
        .next_help_heading("Results")
        .arg(
            value("out", "NAME[=ARGUMENT]", "also write samples somewhere: json=FILE")
                .short('o')
                .action(ArgAction::Append),
        )
        .arg(value("summary-mode", "MODE", "compact, full or disabled [default: compact]"))
        .arg(value("summary-export", "FILE", "write the summary as JSON"))
        .arg(
            optional_bool("new-machine-readable-summary")
                .help("the machine-readable form for --summary-export and handleSummary()"),
        )
        .arg(value("console-output", "FILE", "write what the script logs there"))
        // k6: gone in 2.0; scripts around older versions still say it.
        .arg(switch("no-summary", "the same as `--summary-mode=disabled`").hide(true))
        // k6: nothing is reported to anyone here, so there is nothing to turn off.
        .arg(optional_bool("no-usage-report").hide(true))
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

fn common_args() -> impl Iterator<Item = Arg> {
    [
        value("log-format", "FORMAT", "how log lines look: text, json or raw"),
        value("log-output", "OUTPUT", "where logs go: stderr, stdout, none or file=PATH"),
        switch("no-color", "no colours"),
        switch("quiet", "no header and no progress").short('q'),
        switch("verbose", "log more").short('v'),
    ]
    .into_iter()
    .map(|arg| arg.global(true).help_heading("Log and terminal"))
}

/// The flags of the engine's table.
fn option_args() -> impl Iterator<Item = Arg> {
    TABLE.iter().filter_map(|row| {
        let flag = row.flag?;
        let help = match row.default {
            Some(default) => format!("{} [default: {default}]", row.help),
            None => row.help.to_owned(),
        };
        let arg = match flag.value {
            FlagValue::Switch => optional_bool(flag.name),
            FlagValue::One(name) | FlagValue::Many(name) => value(flag.name, name, ""),
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
        Some(arg.action(ArgAction::Append).help(help))
    })
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
