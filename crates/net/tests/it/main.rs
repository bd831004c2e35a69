//! The crate against real sockets on the loopback interface: `testkit`'s peers and small servers.

mod dial;
mod fetch;
mod peer;
