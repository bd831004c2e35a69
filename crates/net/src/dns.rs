//! Names to addresses: the system's resolver behind a cache with one lifetime for all entries.
//! Of several addresses the first IPv4 one is taken; other policies are not here yet.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::NetError;

/// Finds addresses for names; shared by all virtual users of a run.
#[derive(Debug)]
pub struct Resolver {
    ttl: Duration,
    cache: Mutex<HashMap<String, Entry>>,
}

impl Resolver {
    /// A resolver that remembers each answer for `ttl`; zero asks each time.
    pub fn new(ttl: Duration) -> Self {
        Self { ttl, cache: Mutex::default() }
    }

    /// An address of `host`. An IP address is its own answer.
    ///
    /// Dropping the future lets the system finish the query and forgets the answer.
    ///
    /// # Errors
    /// [`NetError::NoSuchHost`] and [`NetError::Lookup`].
    pub async fn resolve(&self, host: &str) -> Result<IpAddr, NetError> {
        if let Ok(ip) = host.parse() {
            return Ok(ip);
        }
        if let Some(ip) = self.remembered(host) {
            return Ok(ip);
        }
        let found = tokio::net::lookup_host((host, 0)).await;
        let addresses: Vec<IpAddr> = found
            .map_err(|error| lookup_error(host, &error))?
            .map(|address| address.ip())
            .collect();
        let preferred = addresses.iter().find(|ip| ip.is_ipv4()).or(addresses.first());
        let ip = *preferred.ok_or_else(|| NetError::NoSuchHost { host: host.to_owned() })?;
        if !self.ttl.is_zero() {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            cache.insert(host.to_owned(), Entry { ip, found: Instant::now() });
        }
        Ok(ip)
    }

    fn remembered(&self, host: &str) -> Option<IpAddr> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = cache.get(host).filter(|entry| entry.found.elapsed() < self.ttl)?;
        Some(entry.ip)
    }
}

impl Default for Resolver {
    /// k6: an answer is good for five minutes.
    fn default() -> Self {
        Self::new(Duration::from_mins(5))
    }
}

#[derive(Debug)]
struct Entry {
    ip: IpAddr,
    found: Instant,
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
