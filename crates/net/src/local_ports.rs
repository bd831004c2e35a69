//! Which of this machine's ports connections come from.
//!
//! Linux looks for a free port through its whole range, every other port first. As soon as half of
//! the ports towards one address are taken, each further connection goes past all of that half:
//! 1.5 ms instead of 35 µs (`docs/adr/0014-ports-in-windows.md`). A socket can be given a narrow
//! range of its own (`IP_LOCAL_PORT_RANGE`, Linux 6.3), which bounds the search.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpSocket;

/// The system's ports for outgoing connections, in windows that connections are given in turn.
#[derive(Debug, Default)]
pub struct LocalPorts {
    /// None where the system chooses.
    ports: Option<RangeInclusive<u16>>,
    given: AtomicUsize,
}

/// The ports that one connection may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window(RangeInclusive<u16>);

/// So few that going through all of them costs little beside connecting.
const WINDOW: u16 = 64;

impl LocalPorts {
    /// The system chooses.
    pub fn any() -> Self {
        Self::default()
    }

    /// Windows of the system's range, where the system can keep a connection to one.
    pub fn of_system() -> Self {
        let Some(ports) = system::range() else { return Self::any() };
        let can_limit = || {
            let socket = TcpSocket::new_v4().ok()?;
            system::limit(&socket, &ports).ok()
        };
        if can_limit().is_none() {
            return Self::any();
        }
        Self::between(ports)
    }

    /// Windows of `ports`, which the system ignores outside of its own range.
    pub fn between(ports: RangeInclusive<u16>) -> Self {
        Self { ports: Some(ports), given: AtomicUsize::new(0) }
    }

    /// The window whose turn it is.
    pub(crate) fn next(&self) -> Option<Window> {
        let ports = self.ports.as_ref()?;
        let (first, last) = (*ports.start(), *ports.end());
        // The last one also has what is left over.
        let count = (usize::from(last.checked_sub(first)?) + 1) / usize::from(WINDOW);
        let turn = self.given.fetch_add(1, Ordering::Relaxed) % count.max(1);
        let start = first + u16::try_from(turn).ok()? * WINDOW;
        let end = if turn + 1 >= count { last } else { start + (WINDOW - 1) };
        Some(Window(start..=end))
    }
}

impl Window {
    /// Keeps a socket that is not connected yet to this window.
    pub(crate) fn apply(&self, socket: &TcpSocket) {
        // Without it, the choice is only slower.
        let _ = system::limit(socket, &self.0);
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::ops::RangeInclusive;

    use nix::sys::socket::setsockopt;
    use nix::{libc, setsockopt_impl, sockopt_impl};
    use tokio::net::TcpSocket;

    /// `linux/in.h`; the libraries do not have it yet.
    const IP_LOCAL_PORT_RANGE: libc::c_int = 51;

    sockopt_impl!(LocalPortRange, SetOnly, libc::IPPROTO_IP, IP_LOCAL_PORT_RANGE, u32);

    /// ip(7): the ports of outgoing connections.
    pub(super) fn range() -> Option<RangeInclusive<u16>> {
        let text = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok()?;
        let mut ends = text.split_whitespace().map(|end| end.parse().ok());
        Some(ends.next()??..=ends.next()??)
    }

    /// The lower end in the lower half of the word, for both families.
    pub(super) fn limit(socket: &TcpSocket, ports: &RangeInclusive<u16>) -> nix::Result<()> {
        let word = u32::from(*ports.end()) << 16 | u32::from(*ports.start());
        setsockopt(socket, LocalPortRange, &word)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;
    use std::ops::RangeInclusive;

    use tokio::net::TcpSocket;

    pub(super) fn range() -> Option<RangeInclusive<u16>> {
        None
    }

    pub(super) fn limit(_socket: &TcpSocket, _ports: &RangeInclusive<u16>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{LocalPorts, Window};

    #[test]
    fn windows_cover_the_range_in_turn() {
        let ports = LocalPorts::between(1000..=1199);
        let next = || ports.next().unwrap();
        let windows = [1000..=1063, 1064..=1127, 1128..=1199].map(Window);
        assert_eq!([(); 3].map(|()| next()), windows);
        assert_eq!(next(), windows[0]);
        let ports = LocalPorts::between(65_500..=65_535);
        assert_eq!(ports.next().unwrap(), Window(65_500..=65_535));
        assert_eq!(LocalPorts::any().next(), None);
    }
}
