//! Which connections go through a proxy, by the variables that Go reads: `HTTP_PROXY` for `ws` and
//! `http`, `HTTPS_PROXY` for `wss` and `https`, but for what `NO_PROXY` lists. `ALL_PROXY` is not
//! one of them. k6: never for the loopback interface.

use std::net::IpAddr;

use url::{Host, Url};

use crate::ip_range::Network;
use crate::target::{Target, percent_decode};

/// The proxies of a run.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    plain: Option<Proxy>,
    tls: Option<Proxy>,
    except: Vec<Exception>,
}

impl Proxies {
    /// No proxies.
    pub fn none() -> Self {
        Self::default()
    }

    /// The proxies that these variables tell of. As in Go, the upper-case name counts first, what
    /// cannot be understood counts as not set, and a CGI program, which strangers may give an
    /// `HTTP_PROXY` by a header, has none.
    pub fn from_variables<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Self {
        let either = |upper, lower| {
            let set = |name| variable(name).filter(|text| !text.is_empty());
            set(upper).or_else(|| set(lower))
        };
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let plain = either("HTTP_PROXY", "http_proxy").filter(|_| !is_cgi);
        let except = either("NO_PROXY", "no_proxy").unwrap_or_default();
        Self {
            plain: plain.and_then(Proxy::parse),
            tls: either("HTTPS_PROXY", "https_proxy").and_then(Proxy::parse),
            except: except.split(',').filter_map(Exception::parse).collect(),
        }
    }

    /// The proxy for a connection.
    pub(crate) fn for_target(&self, target: &Target) -> Option<&Proxy> {
        let proxy = if target.tls { &self.tls } else { &self.plain }.as_ref()?;
        let host = target.host.trim().to_lowercase();
        let ip: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || ip.is_some_and(|ip| ip.to_canonical().is_loopback()) {
            return None;
        }
        let excepted = self.except.iter().any(|exception| exception.covers(&host, ip, target.port));
        (!excepted).then_some(proxy)
    }
}

/// A proxy and how to speak to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(crate) kind: ProxyKind,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) credentials: Option<Credentials>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProxyKind {
    /// `CONNECT` (RFC 9110 §9.3.6).
    Http,
    /// The same over TLS.
    Https,
    /// SOCKS version 5, which also resolves the name.
    Socks5,
    /// A scheme that means nothing: each connection fails.
    Unknown(String),
}

/// User and password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// Passwords are not for logs.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Proxy {
    fn parse(text: &str) -> Option<Self> {
        let whole = Url::parse(text).ok().filter(|url| url.host().is_some());
        let url = match whole {
            Some(url) => url,
            None if text.contains("://") => return None,
            None => Url::parse(&format!("http://{text}")).ok()?,
        };
        let (kind, default_port) = match url.scheme() {
            "http" => (ProxyKind::Http, 80),
            "https" => (ProxyKind::Https, 443),
            "socks5" | "socks5h" => (ProxyKind::Socks5, 1080),
            other => (ProxyKind::Unknown(other.to_owned()), 0),
        };
        let host = match url.host()? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        let credentials = (!url.username().is_empty()).then(|| Credentials {
            user: percent_decode(url.username()),
            password: percent_decode(url.password().unwrap_or_default()),
        });
        Some(Self { kind, host, port: url.port().unwrap_or(default_port), credentials })
    }
}

/// An entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exception {
    Everything,
    Network(Network),
    Ip {
        ip: IpAddr,
        port: Option<u16>,
    },
    Domain {
        /// With a dot in front.
        suffix: String,
        port: Option<u16>,
        /// Whether the name without the dot is meant too.
        itself: bool,
    },
}

impl Exception {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text == "*" {
            return Some(Self::Everything);
        }
        if let Some(network) = Network::parse(&text) {
            return Some(Self::Network(network));
        }
        if let Ok(ip) = text.parse() {
            return Some(Self::Ip { ip, port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text.as_str(), None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = host.parse() {
            return Some(Self::Ip { ip, port });
        }
        let host = if host.starts_with("*.") { &host[1..] } else { host };
        match host.strip_prefix('.') {
            _ if host.is_empty() => None,
            Some(_) => Some(Self::Domain { suffix: host.to_owned(), port, itself: false }),
            None => Some(Self::Domain { suffix: format!(".{host}"), port, itself: true }),
        }
    }

    fn covers(&self, host: &str, host_ip: Option<IpAddr>, host_port: u16) -> bool {
        let port_fits = |port: &Option<u16>| port.is_none_or(|port| port == host_port);
        match self {
            Self::Everything => true,
            Self::Network(network) => host_ip.is_some_and(|ip| network.contains(ip)),
            Self::Ip { ip, port } => host_ip == Some(*ip) && port_fits(port),
            Self::Domain { suffix, port, itself } => {
                let below = host.ends_with(suffix);
                let is_itself = *itself && suffix.get(1..) == Some(host);
                (below || is_itself) && port_fits(port)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Proxies, Proxy, ProxyKind};
    use crate::target::Target;
    use url::Url;

    fn proxies(set: &[(&str, &'static str)]) -> Proxies {
        Proxies::from_variables(|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
        })
    }

    fn check(set: &[(&str, &'static str)], url: &str, expect: Option<u16>) {
        let target = Target::from_url(&Url::parse(url).unwrap()).unwrap();
        let found = proxies(set).for_target(&target).map(|proxy| proxy.port);
        assert_eq!(found, expect, "{url} with {set:?}");
    }

    #[test]
    fn variables_and_schemes() {
        let both = [("HTTP_PROXY", "http://p:1"), ("https_proxy", "p:2")];
        check(&both, "ws://a.test", Some(1));
        check(&both, "wss://a.test", Some(2));
        check(&both, "http://a.test", Some(1));
        check(&[("HTTP_PROXY", "p:1"), ("http_proxy", "p:2")], "ws://a.test", Some(1));
        check(&[("HTTP_PROXY", ""), ("http_proxy", "p:2")], "ws://a.test", Some(2));
        check(&[("ALL_PROXY", "p:1"), ("all_proxy", "p:1")], "ws://a.test", None);
        check(&[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")], "ws://a.test", None);
        check(&[("HTTP_PROXY", "http://[")], "ws://a.test", None);
        for url in ["ws://localhost", "ws://127.0.0.1:9", "ws://127.8.8.8", "ws://[::1]"] {
            check(&both, url, None);
        }
    }

    #[test]
    fn exceptions() {
        let check = |except: &'static str, url: &str, through: bool| {
            let set = [("HTTP_PROXY", "p:1"), ("NO_PROXY", except)];
            check(&set, url, through.then_some(1));
        };
        check("a.test", "ws://a.test", false);
        check("a.test", "ws://sub.A.test", false);
        check("a.test", "ws://ba.test", true);
        check(".a.test", "ws://a.test", true);
        check(".a.test", "ws://sub.a.test", false);
        check("*.a.test", "ws://sub.a.test", false);
        check("*.a.test", "ws://a.test", true);
        check("a.test:81", "ws://a.test:81", false);
        check("a.test:80", "ws://a.test", false);
        check("a.test:81", "ws://a.test", true);
        check("b.test, 10.0.0.0/8", "ws://10.1.2.3", false);
        check("10.0.0.0/8", "ws://11.1.2.3", true);
        check("10.1.2.3", "ws://10.1.2.3:99", false);
        check("10.1.2.3:98", "ws://10.1.2.3:99", true);
        check("[fd00::1]:99", "ws://[fd00::1]:99", false);
        check("*", "ws://a.test", false);
        check(",, ,", "ws://a.test", true);
    }

    #[test]
    fn proxies_and_credentials() {
        let check = |text: &str, kind: ProxyKind, place: &str, credentials: Option<&str>| {
            let Proxy { kind: k, host, port, credentials: c } = Proxy::parse(text).unwrap();
            let c = c.map(|c| format!("{}:{}", c.user, c.password));
            assert_eq!(
                (k, format!("{host}:{port}"), c.as_deref()),
                (kind, place.into(), credentials)
            );
        };
        check("http://u:p%40@h", ProxyKind::Http, "h:80", Some("u:p@"));
        check("u@h:3128", ProxyKind::Http, "h:3128", Some("u:"));
        check("h:3128", ProxyKind::Http, "h:3128", None);
        check("https://h/", ProxyKind::Https, "h:443", None);
        check("socks5://u:p@h", ProxyKind::Socks5, "h:1080", Some("u:p"));
        check("socks5h://1.2.3.4:9", ProxyKind::Socks5, "1.2.3.4:9", None);
        check("ftp://h:1", ProxyKind::Unknown("ftp".to_owned()), "h:1", None);
        let shown = format!("{:?}", Proxy::parse("http://u:secret@h"));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
