//! Names to addresses: the system's resolver behind a cache with one lifetime for all entries, and
//! the choice among several answers.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::NetError;

/// The option `dns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DnsConfig {
    /// How long an answer is good: zero asks each time, `None` never again.
    pub ttl: Option<Duration>,
    /// Which of several addresses is taken.
    pub select: DnsSelect,
    /// Which family of addresses is taken.
    pub policy: DnsPolicy,
}

impl Default for DnsConfig {
    /// k6: five minutes, random, IPv4 first.
    fn default() -> Self {
        Self {
            ttl: Some(Duration::from_mins(5)),
            select: DnsSelect::Random,
            policy: DnsPolicy::PreferIpv4,
        }
    }
}

/// Which of several addresses is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsSelect {
    /// The first.
    First,
    /// Any, for each connection anew.
    Random,
    /// One after the other.
    RoundRobin,
}

/// Which family of addresses is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsPolicy {
    /// IPv4 if there is any, else IPv6; also where connecting to the former fails.
    PreferIpv4,
    /// IPv6 if there is any, else IPv4; also where connecting to the former fails.
    PreferIpv6,
    /// IPv4.
    OnlyIpv4,
    /// IPv6.
    OnlyIpv6,
    /// Both alike.
    Any,
}

/// Finds addresses for names; shared by all virtual users of a run.
#[derive(Debug)]
pub struct Resolver {
    config: DnsConfig,
    known: Mutex<HashMap<String, Known>>,
}

impl Resolver {
    /// A resolver that remembers and chooses like this.
    pub fn new(config: DnsConfig) -> Self {
        Self { config, known: Mutex::default() }
    }

    /// Addresses of `host` to connect to. An IP address is its own answer.
    ///
    /// Dropping the future lets the system finish the query and forgets the answer.
    ///
    /// # Errors
    /// [`NetError::NoSuchHost`] and [`NetError::Lookup`].
    pub async fn resolve(&self, host: &str) -> Result<Candidates, NetError> {
        if let Ok(ip) = host.parse() {
            return Ok(Candidates { first: ip, fallback: None });
        }
        if let Some(candidates) = self.remembered(host) {
            return candidates;
        }
        let found = tokio::net::lookup_host((host, 0)).await;
        let found = found.map_err(|error| lookup_error(host, &error))?;
        self.remember(host, found.map(|address| address.ip()).collect());
        self.choose(host)
    }

    /// Takes these as the answer that was just given for `host`.
    pub fn remember(&self, host: &str, addresses: Vec<IpAddr>) {
        let found = Instant::now();
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get_mut(host) {
            (known.addresses, known.found) = (addresses, found);
            return;
        }
        let turn = match self.config.select {
            DnsSelect::Random => RandomState::new().build_hasher().finish(),
            DnsSelect::First | DnsSelect::RoundRobin => 0,
        };
        all.insert(host.to_owned(), Known { addresses, found, turn });
    }

    fn remembered(&self, host: &str) -> Option<Result<Candidates, NetError>> {
        let all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.get(host)?.found;
        drop(all);
        let fresh = self.config.ttl.is_none_or(|ttl| found.elapsed() < ttl);
        fresh.then(|| self.choose(host))
    }

    fn choose(&self, host: &str) -> Result<Candidates, NetError> {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = all.get_mut(host).and_then(|known| {
            let turn = known.turn;
            known.turn = turn.wrapping_add(1);
            self.config.candidates(&known.addresses, turn)
        });
        chosen.ok_or_else(|| NetError::NoSuchHost { host: host.to_owned() })
    }
}

impl Default for Resolver {
    fn default() -> Self {
        Self::new(DnsConfig::default())
    }
}

/// Where to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidates {
    /// The address that was chosen.
    pub first: IpAddr,
    /// One of the family that is not preferred, for where the other leads nowhere: `localhost` may
    /// be either. Addresses of one family do not stand in for each other, as in k6: a test must
    /// show when one of a server's addresses is down.
    pub fallback: Option<IpAddr>,
}

impl DnsConfig {
    fn candidates(&self, addresses: &[IpAddr], turn: u64) -> Option<Candidates> {
        let (v4, v6): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().partition(|ip| ip.is_ipv4());
        let (wanted, other) = match self.policy {
            DnsPolicy::PreferIpv4 => (v4, v6),
            DnsPolicy::PreferIpv6 => (v6, v4),
            DnsPolicy::OnlyIpv4 => (v4, Vec::new()),
            DnsPolicy::OnlyIpv6 => (v6, Vec::new()),
            DnsPolicy::Any => (addresses.to_vec(), Vec::new()),
        };
        match (self.pick(&wanted, turn), self.pick(&other, turn)) {
            (Some(first), fallback) => Some(Candidates { first, fallback }),
            (None, first) => first.map(|first| Candidates { first, fallback: None }),
        }
    }

    fn pick(&self, addresses: &[IpAddr], turn: u64) -> Option<IpAddr> {
        let place = match self.select {
            DnsSelect::First => 0,
            DnsSelect::RoundRobin => turn,
            DnsSelect::Random => scattered(turn),
        };
        let place = place.checked_rem(addresses.len() as u64)?;
        addresses.get(usize::try_from(place).ok()?).copied()
    }
}

/// SplitMix64: numbers that look random from numbers that follow one another.
fn scattered(turn: u64) -> u64 {
    let mut z = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[derive(Debug)]
struct Known {
    addresses: Vec<IpAddr>,
    found: Instant,
    /// How many choices were made; where it begins is left to chance if they are.
    turn: u64,
}

/// The standard library passes the words of `getaddrinfo` on, but not its number.
fn lookup_error(host: &str, error: &io::Error) -> NetError {
    let text = error.to_string();
    let host = host.to_owned();
    if text.contains("Temporary failure") {
        return NetError::Lookup { host, reason: "server misbehaving".to_owned() };
    }
    if error.raw_os_error().is_some() {
        return NetError::Lookup { host, reason: crate::error::OsError::from(error).to_string() };
    }
    NetError::NoSuchHost { host }
}

#[cfg(test)]
mod tests {
    use super::{DnsConfig, DnsPolicy, DnsSelect};
    use std::collections::BTreeSet;
    use std::net::IpAddr;

    fn ips(text: &str) -> Vec<IpAddr> {
        text.split_whitespace().map(|ip| ip.parse().unwrap()).collect()
    }

    #[test]
    fn families() {
        use DnsPolicy::{Any, OnlyIpv4, OnlyIpv6, PreferIpv4, PreferIpv6};
        let check = |policy, addresses: &str, expect: &str| {
            let config = DnsConfig { policy, select: DnsSelect::First, ..DnsConfig::default() };
            let found = config.candidates(&ips(addresses), 0);
            let found: Vec<_> =
                found.into_iter().flat_map(|c| [Some(c.first), c.fallback]).flatten().collect();
            assert_eq!(found, ips(expect), "{policy:?} {addresses}");
        };
        let both = "::1 1.1.1.1 ::2 1.1.1.2";
        check(PreferIpv4, both, "1.1.1.1 ::1");
        check(PreferIpv6, both, "::1 1.1.1.1");
        check(OnlyIpv4, both, "1.1.1.1");
        check(OnlyIpv6, both, "::1");
        check(Any, both, "::1");
        check(PreferIpv4, "::1", "::1");
        check(OnlyIpv4, "::1", "");
        check(Any, "", "");
    }

    #[test]
    fn choices() {
        let addresses = ips("1.1.1.1 1.1.1.2 1.1.1.3");
        let firsts = |select| {
            let addresses = addresses.clone();
            let config = DnsConfig { select, ..DnsConfig::default() };
            let turns = 0..30;
            turns.map(move |turn| config.candidates(&addresses, turn).unwrap().first)
        };
        assert!(firsts(DnsSelect::First).all(|ip| ip == ips("1.1.1.1")[0]));
        let round: Vec<_> = firsts(DnsSelect::RoundRobin).take(4).collect();
        assert_eq!(round, ips("1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.1"));
        let random: BTreeSet<_> = firsts(DnsSelect::Random).collect();
        assert_eq!(random.len(), 3);
    }
}
