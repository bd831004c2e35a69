//! The options and variables that say where connections go and by which way.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use sockeye_engine::options::{Options, SignedDuration, nearest};
use sockeye_net::{Blocked, DnsConfig, DnsPolicy, DnsSelect, LocalIps, Proxies};

use crate::{diagnostic::Diagnostic, exit_code::ExitCode, process::Process};

/// The proxies that the environment names.
pub(crate) fn proxies(process: &Process) -> Proxies {
    Proxies::from_variables(|name| process.variable(name))
}

/// `blockHostnames` and `blacklistIPs`.
///
/// # Errors
/// A [`Diagnostic`] for an entry that means nothing.
pub(crate) fn blocked(options: &Options) -> Result<Blocked, Diagnostic> {
    let names = options.block_hostnames.iter().map(String::as_str);
    let ranges = options.blacklist_ips.iter().map(String::as_str);
    Blocked::parse(names, ranges)
        .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error))
}

/// `localIPs`.
///
/// # Errors
/// A [`Diagnostic`] for a range that means nothing.
pub(crate) fn local_ips(options: &Options) -> Result<LocalIps, Diagnostic> {
    match options.local_ips.as_deref() {
        None | Some("") => Ok(LocalIps::any()),
        Some(text) => LocalIps::parse(text)
            .map_err(|error| Diagnostic::from_error(ExitCode::InvalidConfig, &error)),
    }
}

/// `dns`: an object in a script, `ttl=5m,select=random,policy=preferIPv4` elsewhere.
///
/// # Errors
/// A [`Diagnostic`] for what means nothing.
pub(crate) fn dns(options: &Options) -> Result<DnsConfig, Diagnostic> {
    let mut config = DnsConfig::default();
    for (key, text) in settings(options.dns.as_ref())? {
        match key.as_str() {
            "ttl" => config.ttl = ttl(&text)?,
            "select" => config.select = word(&text, &SELECT)?,
            "policy" => config.policy = word(&text, &POLICY)?,
            _ => {
                let error = invalid(&format!("unknown key `{key}`"));
                return Err(match nearest(&key, ["ttl", "select", "policy"]) {
                    Some(known) => error.hint(format!("did you mean `{known}`?")),
                    None => error,
                });
            }
        }
    }
    Ok(config)
}

/// What is said of `dns`, by key; what is empty says nothing.
fn settings(value: Option<&Value>) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut settings = BTreeMap::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => {
            for part in text.split(',').filter(|part| !part.is_empty()) {
                let (key, value) = part
                    .split_once('=')
                    .ok_or_else(|| invalid(&format!("`{part}` is no `name=value`")))?;
                settings.insert(key.to_owned(), value.to_owned());
            }
        }
        Some(Value::Object(object)) => {
            for (key, value) in object {
                let text = match value {
                    Value::Null => continue,
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return Err(invalid(&format!("`{key}` has to be a text"))),
                };
                settings.insert(key.clone(), text);
            }
        }
        Some(_) => return Err(invalid("expected an object with `ttl`, `select` and `policy`")),
    }
    settings.retain(|_, text| !text.is_empty());
    Ok(settings)
}

/// How long an answer is good; `None` is for ever.
fn ttl(text: &str) -> Result<Option<Duration>, Diagnostic> {
    if text == "inf" {
        return Ok(None);
    }
    match SignedDuration::parse(text) {
        Ok(ttl) if !ttl.is_negative() => Ok(Some(ttl.clamped())),
        // k6: its words.
        _ => Err(invalid(&format!("invalid DNS TTL: {text}"))),
    }
}

fn word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, Diagnostic> {
    // k6: whatever their case.
    let known = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    known.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let error = invalid(&format!("unknown value `{text}`"));
        match nearest(text, names.iter().copied()) {
            Some(name) => error.hint(format!("did you mean `{name}`?")),
            None => error.hint(format!("use one of `{}`", names.join("`, `"))),
        }
    })
}

fn invalid(problem: &str) -> Diagnostic {
    Diagnostic::new(ExitCode::InvalidConfig, format!("option `dns`: {problem}"))
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
    use serde_json::json;
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    fn read(options: &Value) -> Options {
        let reading = from_json(Source::Script, options).unwrap();
        resolve(vec![(Source::Script, reading.layer)]).unwrap().options
    }

    fn check(dns: &Value, expect: Result<DnsConfig, &str>) {
        let found = super::dns(&read(&json!({ "dns": dns }))).map_err(|error| error.message);
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    #[test]
    fn dns_as_an_object_and_as_a_text() {
        let default = DnsConfig::default();
        check(&json!(null), Ok(default));
        check(&json!({}), Ok(default));
        let ttl = Some(Duration::from_secs(3));
        check(&json!({"ttl": 3000}), Ok(DnsConfig { ttl, ..default }));
        check(&json!({"ttl": "3s", "select": ""}), Ok(DnsConfig { ttl, ..default }));
        let all = DnsConfig { ttl: None, select: DnsSelect::RoundRobin, policy: DnsPolicy::Any };
        check(&json!({"ttl": "inf", "select": "roundRobin", "policy": "any"}), Ok(all));
        check(&json!("ttl=inf,select=roundrobin,policy=any"), Ok(all));
        check(&json!("ttl=0"), Ok(DnsConfig { ttl: Some(Duration::ZERO), ..default }));
        check(&json!({"ttl": "x"}), Err("option `dns`: invalid DNS TTL: x"));
        check(&json!({"ttl": -1}), Err("option `dns`: invalid DNS TTL: -1"));
        check(&json!({"select": "x"}), Err("option `dns`: unknown value `x`"));
        check(&json!({"tll": "x"}), Err("option `dns`: unknown key `tll`"));
        check(&json!("ttl"), Err("option `dns`: `ttl` is no `name=value`"));
        check(&json!(1), Err("option `dns`: expected an object with `ttl`, `select` and `policy`"));
    }

    #[test]
    fn what_may_not_be_called() {
        let code = |options: &Value| {
            let error = blocked(&read(options)).unwrap_err();
            (error.code, error.message)
        };
        let message = "invalid hostname pattern 'a*b'".to_owned();
        assert_eq!(code(&json!({"blockHostnames": ["a*b"]})), (ExitCode::InvalidConfig, message));
        assert_eq!(code(&json!({"blacklistIPs": ["10.0.0.0/99"]})).0, ExitCode::InvalidConfig);
        assert!(blocked(&read(&json!({"blacklistIPs": ["10.0.0.0/8"]}))).is_ok());
    }
}
