//! The options and variables that say where connections go and by which way.

use sockeye_engine::options::{Options, SignedDuration};
use sockeye_net::{Blocked, DnsConfig, DnsPolicy, DnsSelect, Hosts, LocalIps, Proxies};

use super::Mistakes;
use crate::{diagnostic::Diagnostic, process::Process};

/// The proxies that the environment names.
pub(crate) fn proxies(process: &Process) -> Proxies {
    Proxies::from_variables(|name| process.variable(name))
}

/// `blockHostnames` and `blacklistIPs`.
///
/// # Errors
/// A [`Diagnostic`] for an entry that means nothing.
pub(crate) fn blocked(options: &Options, mistakes: &Mistakes<'_>) -> Result<Blocked, Diagnostic> {
    let names = options.block_hostnames.iter().map(String::as_str);
    let ranges = options.blacklist_ips.iter().map(String::as_str);
    Blocked::parse(names.clone(), []).map_err(|error| {
        mistakes
            .of("block_hostnames", "", error.to_string())
            .hint("a pattern is a name, or `*` and the end of one, as `*.example.com`")
    })?;
    Blocked::parse(names, ranges).map_err(|error| {
        mistakes
            .of("blacklist_ips", "", error.to_string())
            .hint("a range is an address and its bits, as `10.0.0.0/8`")
    })
}

/// `localIPs`.
///
/// # Errors
/// A [`Diagnostic`] for a range that means nothing.
pub(crate) fn local_ips(
    options: &Options,
    mistakes: &Mistakes<'_>,
) -> Result<LocalIps, Diagnostic> {
    match options.local_ips.as_deref() {
        None | Some("") => Ok(LocalIps::any()),
        Some(text) => LocalIps::parse(text).map_err(|error| {
            mistakes
                .of("local_ips", "", error.to_string())
                .hint("use addresses, ranges as `10.0.0.1-10.0.0.9` or networks as `10.0.0.0/24`")
        }),
    }
}

/// `hosts`.
///
/// # Errors
/// A [`Diagnostic`] for a name or an address that means nothing.
pub(crate) fn hosts(options: &Options, mistakes: &Mistakes<'_>) -> Result<Hosts, Diagnostic> {
    let entries = options.hosts.iter().map(|(name, to)| (name.as_str(), to.as_str()));
    Hosts::parse(entries).map_err(|error| mistakes.of("hosts", "", error.to_string()))
}

/// `dns`. Its words were checked when they were read.
pub(crate) fn dns(options: &Options) -> DnsConfig {
    let mut config = DnsConfig::default();
    match options.dns.ttl.as_deref() {
        None => {}
        Some("inf") => config.ttl = None,
        Some(text) => {
            config.ttl =
                SignedDuration::parse(text).map(SignedDuration::clamped).ok().or(config.ttl);
        }
    }
    if let Some(select) = word(options.dns.select.as_deref(), &SELECT) {
        config.select = select;
    }
    if let Some(policy) = word(options.dns.policy.as_deref(), &POLICY) {
        config.policy = policy;
    }
    config
}

fn word<T: Copy>(text: Option<&str>, words: &[(&'static str, T)]) -> Option<T> {
    let text = text?;
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
}

const SELECT: [(&str, DnsSelect); 3] = [
    ("first", DnsSelect::First),
    ("random", DnsSelect::Random),
    ("roundRobin", DnsSelect::RoundRobin),
];
const POLICY: [(&str, DnsPolicy); 5] = [
    ("preferIPv4", DnsPolicy::PreferIpv4),
    ("preferIPv6", DnsPolicy::PreferIpv6),
    ("onlyIPv4", DnsPolicy::OnlyIpv4),
    ("onlyIPv6", DnsPolicy::OnlyIpv6),
    ("any", DnsPolicy::Any),
];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use sockeye_engine::options::{Resolved, Source, from_json, resolve};

    use super::*;
    use crate::{
        config::{Outside, ScriptOptions},
        exit_code::ExitCode,
    };

    fn read(options: &Value) -> Resolved {
        let reading = from_json(Source::Script, options).unwrap();
        resolve(vec![(Source::Script, reading.layer)]).unwrap()
    }

    fn fails(options: &Value, expect: &str) {
        let resolved = read(options);
        let script = ScriptOptions { exported: None, name: "", text: "" };
        let outside = Outside::default();
        let mistakes = Mistakes { origins: &resolved.origins, script: &script, outside: &outside };
        let error = blocked(&resolved.options, &mistakes)
            .and_then(|_| hosts(&resolved.options, &mistakes))
            .unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (ExitCode::InvalidConfig, expect));
    }

    #[test]
    fn dns_has_defaults() {
        let check = |dns: &Value, expect: DnsConfig| {
            assert_eq!(super::dns(&read(&json!({ "dns": dns })).options), expect, "{dns}");
        };
        let default = DnsConfig::default();
        check(&json!(null), default);
        let ttl = Some(Duration::from_secs(3));
        check(&json!({"ttl": 3000}), DnsConfig { ttl, ..default });
        check(&json!({"ttl": "3s", "select": ""}), DnsConfig { ttl, ..default });
        let all = DnsConfig { ttl: None, select: DnsSelect::RoundRobin, policy: DnsPolicy::Any };
        check(&json!({"ttl": "inf", "select": "roundRobin", "policy": "any"}), all);
        check(&json!({"ttl": "0"}), DnsConfig { ttl: Some(Duration::ZERO), ..default });
    }

    #[test]
    fn what_may_not_be_called_is_checked() {
        fails(
            &json!({"blockHostnames": ["a*b"]}),
            "option `blockHostnames` in the script: invalid hostname pattern 'a*b'",
        );
        let range = &json!({"blacklistIPs": ["10.0.0.0/99"], "blockHostnames": ["*.a"]});
        let resolved = read(range);
        let script = ScriptOptions { exported: None, name: "", text: "" };
        let outside = Outside::default();
        let mistakes = Mistakes { origins: &resolved.origins, script: &script, outside: &outside };
        let error = blocked(&resolved.options, &mistakes).unwrap_err();
        assert!(error.message.starts_with("option `blacklistIPs` in the script: "));
    }
}
