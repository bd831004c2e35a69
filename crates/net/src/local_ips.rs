//! The option `localIPs`: which of this machine's addresses connections come from.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use thiserror::Error;

use crate::ip_range::Span;

/// Addresses that connections are given in turn.
#[derive(Debug, Default)]
pub struct LocalIps {
    spans: Vec<Span>,
    given: AtomicUsize,
}

/// A range that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
// k6: its words.
#[error("wrong IP range format: {0}")]
pub struct LocalIpsError(pub String);

impl LocalIps {
    /// The system chooses.
    pub fn any() -> Self {
        Self::default()
    }

    /// Reads addresses, ranges (`ip-ip`) and networks, separated by commas.
    ///
    /// # Errors
    /// [`LocalIpsError`] for the first that cannot be understood.
    pub fn parse(text: &str) -> Result<Self, LocalIpsError> {
        let one = |part: &str| {
            Span::parse(part.trim()).ok_or_else(|| LocalIpsError(part.trim().to_owned()))
        };
        let spans = text.split(',').map(one).collect::<Result<_, _>>()?;
        Ok(Self { spans, given: AtomicUsize::new(0) })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u128 {
        self.spans.iter().fold(0_u128, |sum, span| sum.saturating_add(span.count()))
    }

    /// The address whose turn it is.
    pub(crate) fn next(&self) -> Option<IpAddr> {
        if self.spans.is_empty() {
            return None;
        }
        let total = self.count();
        let turn = self.given.fetch_add(1, Ordering::Relaxed);
        let mut place = turn as u128 % total;
        for span in &self.spans {
            if place < span.count() {
                return Some(span.nth(place));
            }
            place -= span.count();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::LocalIps;

    #[test]
    fn each_in_its_turn() {
        let ips = LocalIps::parse("10.0.0.1-10.0.0.2, 10.0.1.0/30,fd00::1").unwrap();
        let next = || ips.next().unwrap().to_string();
        let round = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2", "fd00::1"];
        assert_eq!([(); 5].map(|()| next()), round);
        assert_eq!(next(), round[0]);
        assert_eq!(LocalIps::any().next(), None);
        let error = LocalIps::parse("10.0.0.1,127.0.0.5-x").unwrap_err();
        assert_eq!(error.to_string(), "wrong IP range format: 127.0.0.5-x");
    }
}
