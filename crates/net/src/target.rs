//! Where a connection is to go, from where, and as whom.

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::PathBuf;

use url::{Host, Url};

use crate::error::NetError;
use crate::identity::ClientIdentity;

/// Where to connect, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// A name, or an IP address without brackets.
    pub host: String,
    /// The port of the URL, before overrides.
    pub port: u16,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// The unix socket to connect to instead.
    pub unix_socket: Option<PathBuf>,
    /// The address to connect from; else the dialer's.
    pub local_ip: Option<IpAddr>,
    /// What to show a server that asks for a certificate; else what the options have for it.
    pub identity: Option<ClientIdentity>,
    /// What to offer to speak over TLS.
    pub alpn: Alpn,
}

/// The protocols that a TLS handshake offers (RFC 7301).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Alpn {
    /// HTTP/1.1 alone.
    #[default]
    Http11,
    /// HTTP/2, and HTTP/1.1 for servers that do not know it.
    Http2,
}

impl Target {
    /// This port of this host, with nothing special.
    pub fn new(host: impl Into<String>, port: u16, tls: bool) -> Self {
        let host = host.into();
        Self {
            host,
            port,
            tls,
            unix_socket: None,
            local_ip: None,
            identity: None,
            alpn: Alpn::Http11,
        }
    }

    /// The target of a `ws`, `wss`, `http`, `https`, `ws+unix` or `wss+unix` URL.
    ///
    /// # Errors
    /// [`NetError::InvalidUrl`] for another scheme or a URL without a host.
    pub fn from_url(url: &Url) -> Result<Self, NetError> {
        let (tls, default_port) = match url.scheme() {
            "ws" | "http" => (false, 80),
            "wss" | "https" => (true, 443),
            "ws+unix" | "wss+unix" => {
                let address = UnixAddress::from_url(url)?;
                let mut target = Self::new(UNIX_HOST, 0, url.scheme() == "wss+unix");
                target.unix_socket = Some(address.socket);
                return Ok(target);
            }
            _ => return Err(invalid(url, "the scheme is not one of ws, wss, http and https")),
        };
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            None => return Err(invalid(url, "no host")),
        };
        Ok(Self::new(host, url.port().unwrap_or(default_port), tls))
    }
}

/// A URL such as `ws+unix:///run/chat.sock:/room?id=1`: the path of a socket, a colon, and what
/// is asked for there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnixAddress {
    pub(crate) socket: PathBuf,
    pub(crate) resource: String,
}

impl UnixAddress {
    pub(crate) fn from_url(url: &Url) -> Result<Self, NetError> {
        if url.host_str().is_some_and(|host| !host.is_empty()) {
            return Err(invalid(url, "the path of a unix socket begins with three slashes"));
        }
        let (socket, path) = match url.path().split_once(':') {
            Some((socket, path)) => (socket, path),
            None => (url.path(), ""),
        };
        if socket.trim_matches('/').is_empty() {
            return Err(invalid(url, "no path of a unix socket"));
        }
        let socket = percent_decode(socket);
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self { socket: PathBuf::from(socket), resource: format!("{slash}{path}{query}") })
    }
}

/// The URL under which cookies of `url` are kept: a unix socket has those of [`UNIX_HOST`].
pub(crate) fn cookie_url(url: &Url) -> Cow<'_, Url> {
    let tls = url.scheme() == "wss+unix";
    let address = match url.scheme() {
        "ws+unix" | "wss+unix" => UnixAddress::from_url(url).ok(),
        _ => None,
    };
    let url_of = |address: UnixAddress| {
        let scheme = if tls { "wss" } else { "ws" };
        Url::parse(&format!("{scheme}://{UNIX_HOST}{}", address.resource)).ok()
    };
    address.and_then(url_of).map_or(Cow::Borrowed(url), Cow::Owned)
}

/// What a server behind a unix socket is called, in `Host` and for TLS.
pub(crate) const UNIX_HOST: &str = "localhost";

/// `%20` is a space; paths have them. What is not two digits stays as it is, what is no UTF-8
/// names no file.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn invalid(url: &Url, reason: &str) -> NetError {
    NetError::InvalidUrl { url: url.to_string(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Target, UnixAddress};
    use url::Url;

    fn check(url: &str, expect: Option<(&str, &str)>) {
        let found = UnixAddress::from_url(&Url::parse(url).unwrap()).ok();
        let found = found.map(|UnixAddress { socket, resource }| {
            (socket.to_string_lossy().into_owned(), resource)
        });
        let expect = expect.map(|(socket, resource)| (socket.to_owned(), resource.to_owned()));
        assert_eq!(found, expect, "{url}");
    }

    #[test]
    fn unix_sockets() {
        check("ws+unix:///run/a.sock:/chat?x=1", Some(("/run/a.sock", "/chat?x=1")));
        check("ws+unix:///run/a.sock", Some(("/run/a.sock", "/")));
        check("ws+unix:/run/a.sock:/b:c", Some(("/run/a.sock", "/b:c")));
        check("ws+unix:///run/a.sock:?q", Some(("/run/a.sock", "/?q")));
        check("ws+unix:///a%20b%zz.sock", Some(("/a b%zz.sock", "/")));
        check("ws+unix://run/a.sock:/chat", None);
        check("ws+unix:///:/chat", None);
        check("ws+unix:", None);
    }

    #[test]
    fn urls() {
        let target = |url: &str| {
            let target = Target::from_url(&Url::parse(url).unwrap()).unwrap();
            (target.host, target.port, target.tls, target.unix_socket.is_some())
        };
        assert_eq!(target("ws://a.test/x"), ("a.test".to_owned(), 80, false, false));
        assert_eq!(target("wss://[::1]:8/"), ("::1".to_owned(), 8, true, false));
        assert_eq!(target("wss+unix:///s"), ("localhost".to_owned(), 0, true, true));
        assert!(Target::from_url(&Url::parse("ftp://a.test").unwrap()).is_err());
    }
}
