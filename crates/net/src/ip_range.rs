//! Ranges of addresses: networks (`10.0.0.0/8`), from-to (`10.0.0.1-10.0.0.9`), single ones.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    first: IpAddr,
    prefix_bits: u8,
}

impl Network {
    /// Reads `ip/bits`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (ip, bits) = text.split_once('/')?;
        Self::new(ip.parse().ok()?, bits.parse().ok()?)
    }

    /// The network of one address.
    pub(crate) fn of(ip: IpAddr) -> Self {
        let ip = ip.to_canonical();
        Self { first: ip, prefix_bits: width(ip) }
    }

    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        Self::new(ip.to_canonical(), self.prefix_bits).is_some_and(|network| {
            network.first.is_ipv4() == self.first.is_ipv4() && network.first == self.first
        })
    }

    /// The network around `ip`.
    fn new(ip: IpAddr, prefix_bits: u8) -> Option<Self> {
        let host_bits = width(ip).checked_sub(prefix_bits)?;
        let mask = u128::MAX.checked_shl(host_bits.into()).unwrap_or(0);
        Some(Self { first: same_family(ip, number(ip) & mask), prefix_bits })
    }
}

/// As Go prints it.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix_bits)
    }
}

/// Addresses that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    first: IpAddr,
    count: u128,
}

impl Span {
    /// Reads `ip`, `ip-ip` or `ip/bits`. Of a network of IPv4, the first and the last address are
    /// left out where others remain: they name the network and everybody in it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some((first, last)) = text.split_once('-') {
            let (first, last): (IpAddr, IpAddr) = (first.parse().ok()?, last.parse().ok()?);
            let distance = number(last).checked_sub(number(first))?;
            let same_family = first.is_ipv4() == last.is_ipv4();
            return same_family.then_some(Self { first, count: distance.saturating_add(1) });
        }
        let Some(network) = Network::parse(text) else {
            return Some(Self { first: text.parse().ok()?, count: 1 });
        };
        let host_bits = width(network.first) - network.prefix_bits;
        let count = 1_u128.checked_shl(host_bits.into()).unwrap_or(u128::MAX);
        if network.first.is_ipv4() && count > 2 {
            let first = same_family(network.first, number(network.first) + 1);
            return Some(Self { first, count: count - 2 });
        }
        Some(Self { first: network.first, count })
    }

    pub(crate) fn count(&self) -> u128 {
        self.count
    }

    /// The address at this place, which is less than the count.
    pub(crate) fn nth(&self, place: u128) -> IpAddr {
        same_family(self.first, number(self.first).saturating_add(place))
    }
}

fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_bits().into(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

fn same_family(family: IpAddr, number: u128) -> IpAddr {
    match family {
        IpAddr::V4(_) => Ipv4Addr::from_bits(number as u32).into(),
        IpAddr::V6(_) => Ipv6Addr::from_bits(number).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, Span};

    #[test]
    fn networks() {
        let check = |network: &str, ip: &str, expect: bool| {
            let found = Network::parse(network).unwrap().contains(ip.parse().unwrap());
            assert_eq!(found, expect, "{ip} in {network}");
        };
        check("10.0.0.0/8", "10.255.0.1", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.0/8", "::ffff:10.0.0.1", true);
        check("0.0.0.0/0", "1.2.3.4", true);
        check("0.0.0.0/0", "::1", false);
        check("::/0", "1.2.3.4", false);
        check("2001:db8::/32", "2001:db8:1::1", true);
        check("1.2.3.4/32", "1.2.3.4", true);
        assert_eq!(Network::parse("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
        for bad in ["", "10.0.0.0", "10.0.0.0/33", "::/129", "a/8", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans() {
        let check = |text: &str, count: u128, last: &str| {
            let span = Span::parse(text).unwrap();
            assert_eq!((span.count(), span.nth(count - 1).to_string().as_str()), (count, last));
        };
        check("1.2.3.4", 1, "1.2.3.4");
        check("1.2.3.4-1.2.3.7", 4, "1.2.3.7");
        check("1.2.3.0/30", 2, "1.2.3.2");
        check("1.2.3.0/31", 2, "1.2.3.1");
        check("1.2.3.4/32", 1, "1.2.3.4");
        check("fd00::/126", 4, "fd00::3");
        for bad in ["", "1.2.3.4-", "1.2.3.4-1.2.3.3", "1.2.3.4-::1", "1.2.3.4/40", "x"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
        assert!(Span::parse("0.0.0.0/0").is_some() && Span::parse("::/0").is_some());
    }
}
