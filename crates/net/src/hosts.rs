//! The `hosts` option: which names lead to which addresses without asking DNS.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

/// Overrides of name resolution: `name`, `name:port`, `*.wild.card` or `*.wild.card:port` lead to
/// `ip` or `ip:port`. Names are compared without regard to case.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    exact: HashMap<Name, Destination>,
    /// By length of the suffix, longest first, so that the first match is the closest.
    wildcards: Vec<(Name, Destination)>,
    everything: Option<Everything>,
}

impl Hosts {
    /// No overrides.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leads every name, on every port, to one of two addresses: connections without TLS to
    /// `plain`, those with TLS to `tls`. IP addresses in URLs stay as they are.
    pub fn everything(plain: SocketAddr, tls: SocketAddr) -> Self {
        Self { everything: Some(Everything { plain, tls }), ..Self::default() }
    }

    /// Reads the option's entries: pairs of pattern and destination.
    ///
    /// # Errors
    /// The first entry that cannot be understood.
    pub fn parse<'a>(
        entries: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, HostsError> {
        let mut hosts = Self::default();
        for (pattern, destination) in entries {
            let destination = Destination::parse(destination).ok_or_else(|| {
                HostsError::Destination { pattern: pattern.into(), destination: destination.into() }
            })?;
            let (text, port) = split_port(pattern)
                .filter(|(text, _)| !text.is_empty())
                .ok_or_else(|| HostsError::Pattern { pattern: pattern.into() })?;
            if let Some(suffix) = text.strip_prefix('*') {
                if suffix.contains('*') {
                    return Err(HostsError::Pattern { pattern: pattern.into() });
                }
                hosts.wildcards.push((Name::new(suffix, port), destination));
            } else if text.contains('*') {
                return Err(HostsError::Pattern { pattern: pattern.into() });
            } else {
                hosts.exact.insert(Name::new(text, port), destination);
            }
        }
        hosts
            .wildcards
            .sort_by_key(|(name, _)| (std::cmp::Reverse(name.host.len()), name.port.is_none()));
        Ok(hosts)
    }

    /// Where a connection to `host` and `port` is to go, if it is overridden. A pattern with a
    /// port comes before the same pattern without, an exact name before a wildcard.
    pub fn lookup(&self, host: &str, port: u16, tls: bool) -> Option<SocketAddr> {
        if let Some(everything) = self.everything {
            let is_name = host.parse::<IpAddr>().is_err();
            return is_name.then_some(if tls { everything.tls } else { everything.plain });
        }
        if self.exact.is_empty() && self.wildcards.is_empty() {
            return None;
        }
        let name = Name::new(host, Some(port));
        let exact =
            self.exact.get(&name).or_else(|| self.exact.get(&Name { port: None, ..name.clone() }));
        let found = exact.or_else(|| {
            let wildcard = self.wildcards.iter().find(|(pattern, _)| {
                name.host.len() > pattern.host.len()
                    && name.host.ends_with(&pattern.host)
                    && pattern.port.is_none_or(|wanted| wanted == port)
            });
            wildcard.map(|(_, destination)| destination)
        })?;
        Some(SocketAddr::new(found.ip, found.port.unwrap_or(port)))
    }
}

/// Why the `hosts` option cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HostsError {
    /// The key is not `name`, `name:port`, `*.name` or `*.name:port`.
    #[error("invalid host pattern `{pattern}`")]
    Pattern {
        /// The key as written.
        pattern: String,
    },
    /// The value is not `ip` or `ip:port`.
    #[error("invalid address `{destination}` for host `{pattern}`: expected `ip` or `ip:port`")]
    Destination {
        /// The key as written.
        pattern: String,
        /// The value as written.
        destination: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Name {
    /// Lower case; of a wildcard, what follows the asterisk.
    host: String,
    port: Option<u16>,
}

impl Name {
    fn new(host: &str, port: Option<u16>) -> Self {
        Self { host: host.to_ascii_lowercase(), port }
    }
}

#[derive(Debug, Clone, Copy)]
struct Destination {
    ip: IpAddr,
    /// None: the port of the URL.
    port: Option<u16>,
}

impl Destination {
    fn parse(text: &str) -> Option<Self> {
        let (ip, port) = split_port(text)?;
        Some(Self { ip: ip.parse().ok()?, port })
    }
}

#[derive(Debug, Clone, Copy)]
struct Everything {
    plain: SocketAddr,
    tls: SocketAddr,
}

/// Splits `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match text.split_once(':') {
        None => Some((text, None)),
        Some((_, rest)) if rest.contains(':') => Some((text, None)),
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Hosts, HostsError};

    const TABLE: [(&str, &str); 7] = [
        ("test.k6.io", "1.2.3.4"),
        ("test.k6.io:443", "1.2.3.4:8443"),
        ("*.grafana.com", "5.6.7.8"),
        ("*.eu.grafana.com", "5.6.7.9:99"),
        ("*.eu.grafana.com:80", "5.6.7.10"),
        ("v6.test", "::1"),
        ("v6.test:80", "[::1]:8080"),
    ];

    fn check(host: &str, port: u16, expect: Option<&str>) {
        let hosts = Hosts::parse(TABLE).unwrap();
        let found = hosts.lookup(host, port, false).map(|address| address.to_string());
        assert_eq!(found.as_deref(), expect, "{host}:{port}");
    }

    #[test]
    fn exact_names() {
        check("test.k6.io", 80, Some("1.2.3.4:80"));
        check("TEST.k6.io", 80, Some("1.2.3.4:80"));
        check("test.k6.io", 443, Some("1.2.3.4:8443"));
        check("other.k6.io", 80, None);
        check("v6.test", 81, Some("[::1]:81"));
        check("v6.test", 80, Some("[::1]:8080"));
    }

    #[test]
    fn wildcards() {
        check("a.grafana.com", 1, Some("5.6.7.8:1"));
        check("a.b.grafana.com", 1, Some("5.6.7.8:1"));
        // k6: a wildcard does not cover the bare domain.
        check("grafana.com", 1, None);
        check("a.eu.grafana.com", 1, Some("5.6.7.9:99"));
        check("a.eu.grafana.com", 80, Some("5.6.7.10:80"));
    }

    #[test]
    fn every_name_but_no_address() {
        let hosts =
            Hosts::everything("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
        let port = |host, tls| hosts.lookup(host, 80, tls).map(|address| address.port());
        assert_eq!(port("any.test", false), Some(1));
        assert_eq!(port("any.test", true), Some(2));
        assert_eq!(port("10.0.0.1", false), None);
        assert_eq!(port("::1", true), None);
    }

    #[test]
    fn bad_entries_are_named() {
        for pattern in ["", "a.*.com", "*.*.com", "a:b", "a:99999"] {
            let expect = HostsError::Pattern { pattern: pattern.into() };
            assert_eq!(Hosts::parse([(pattern, "1.2.3.4")]).unwrap_err(), expect);
        }
        for destination in ["", "name", "1.2.3", "1.2.3.4:x", "[::1", "[::1]x"] {
            let expect =
                HostsError::Destination { pattern: "a".into(), destination: destination.into() };
            assert_eq!(Hosts::parse([("a", destination)]).unwrap_err(), expect);
        }
    }
}
