//! The options `blockHostnames` and `blacklistIPs`: where no connection may go.

use std::net::IpAddr;

use thiserror::Error;

use crate::error::NetError;
use crate::ip_range::Network;

/// Names and addresses that are forbidden.
#[derive(Debug, Clone, Default)]
pub struct Blocked {
    /// Lower case; with an asterisk in front or none at all.
    names: Vec<String>,
    networks: Vec<Network>,
}

/// Why one of the options cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BlockedError {
    /// The pattern is no name with at most one asterisk, in front.
    // k6: its words.
    #[error("invalid hostname pattern '{0}'")]
    Pattern(String),
    /// The range is neither a network nor an address.
    // k6: its words.
    #[error("failed to parse CIDR '{0}': invalid CIDR address: {0}")]
    Range(String),
}

impl Blocked {
    /// Nothing is forbidden.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Reads the two options: names (`a.test`, `*.a.test`), and networks or addresses.
    ///
    /// # Errors
    /// The first entry that cannot be understood.
    pub fn parse<'a>(
        names: impl IntoIterator<Item = &'a str>,
        ranges: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BlockedError> {
        let name = |pattern: &str| {
            let rest = pattern.strip_prefix('*').unwrap_or(pattern);
            let valid = !pattern.is_empty() && !rest.contains('*');
            let name = valid.then(|| pattern.to_lowercase());
            name.ok_or_else(|| BlockedError::Pattern(pattern.to_owned()))
        };
        let network = |range: &str| {
            let single = || range.parse().ok().map(Network::of);
            let network = Network::parse(range).or_else(single);
            network.ok_or_else(|| BlockedError::Range(range.to_owned()))
        };
        Ok(Self {
            names: names.into_iter().map(name).collect::<Result<_, _>>()?,
            networks: ranges.into_iter().map(network).collect::<Result<_, _>>()?,
        })
    }

    /// # Errors
    /// [`NetError::BlockedHostname`].
    pub(crate) fn check_name(&self, host: &str) -> Result<(), NetError> {
        if self.names.is_empty() {
            return Ok(());
        }
        let host = host.to_lowercase();
        let covers = |pattern: &&String| match pattern.strip_prefix('*') {
            Some(suffix) => host.ends_with(suffix),
            None => host == **pattern,
        };
        match self.names.iter().find(covers) {
            None => Ok(()),
            Some(pattern) => Err(NetError::BlockedHostname { host, pattern: pattern.clone() }),
        }
    }

    /// # Errors
    /// [`NetError::BlacklistedIp`].
    pub(crate) fn check_ip(&self, ip: IpAddr) -> Result<(), NetError> {
        match self.networks.iter().find(|network| network.contains(ip)) {
            None => Ok(()),
            Some(network) => Err(NetError::BlacklistedIp { ip, range: network.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocked, BlockedError};

    #[test]
    fn names() {
        let blocked = Blocked::parse(["Evil.test", "*.bad.test"], []).unwrap();
        let check = |host: &str, pattern: Option<&str>| {
            let found = blocked.check_name(host).map_err(|error| error.to_string());
            let text = |pattern| format!("hostname ({host}) is in a blocked pattern ({pattern})");
            assert_eq!(found.err(), pattern.map(text), "{host}");
        };
        check("evil.test", Some("evil.test"));
        check("a.evil.test", None);
        check("a.bad.test", Some("*.bad.test"));
        check("a.b.bad.test", Some("*.bad.test"));
        check("bad.test", None);
        assert!(Blocked::parse(["*"], []).unwrap().check_name("any").is_err());
        for bad in ["", "a*b", "**.a", "a.*"] {
            let expect = BlockedError::Pattern(bad.to_owned());
            assert_eq!(Blocked::parse([bad], []).unwrap_err(), expect);
        }
    }

    #[test]
    fn addresses() {
        let blocked = Blocked::parse([], ["127.9.9.9/8", "::1"]).unwrap();
        let error = blocked.check_ip("127.0.0.1".parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "IP (127.0.0.1) is in a blacklisted range (127.0.0.0/8)");
        assert_eq!(error.error_code(), 1110);
        assert!(blocked.check_ip("::1".parse().unwrap()).is_err());
        assert_eq!(blocked.check_ip("128.0.0.1".parse().unwrap()), Ok(()));
        let error = Blocked::parse([], ["300.1.1.1"]).unwrap_err().to_string();
        assert_eq!(error, "failed to parse CIDR '300.1.1.1': invalid CIDR address: 300.1.1.1");
    }
}
