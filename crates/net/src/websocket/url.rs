//! From the text that a script gives to the URL that is connected to, and the ports that browsers keep away from.

use std::borrow::Cow;

use url::{Position, Url};

use crate::error::NetError;
use crate::target::{UNIX_HOST, UnixAddress};

/// WHATWG websockets, "obtain a URL record": `http` and `https` become `ws` and `wss`. There is no
/// document, so a relative URL has no base. Ours: `ws+unix` and `wss+unix`.
///
/// # Errors
/// [`UrlError`], which is a `SyntaxError` to scripts.
pub fn parse_url(text: &str) -> Result<Url, UrlError> {
    let mut url =
        Url::parse(text).map_err(|reason| UrlError::Invalid { text: text.to_owned(), reason })?;
    let scheme = match url.scheme() {
        "http" => "ws",
        "https" => "wss",
        other => other,
    }
    .to_owned();
    let is_known = matches!(scheme.as_str(), "ws" | "wss" | "ws+unix" | "wss+unix");
    if url.set_scheme(&scheme).is_err() || !is_known {
        return Err(UrlError::Scheme { text: text.to_owned(), scheme });
    }
    if url.fragment().is_some() {
        return Err(UrlError::Fragment { text: text.to_owned() });
    }
    Ok(url)
}

/// What an upgrade request says of a URL that [`parse_url`] made: `Host`, and the resource name
/// (RFC 6455 §3).
///
/// # Errors
/// [`NetError::InvalidUrl`] if there is no path of the unix socket.
pub fn host_and_resource(url: &Url) -> Result<(Cow<'_, str>, Cow<'_, str>), NetError> {
    Ok(match url.scheme() {
        "ws+unix" | "wss+unix" => (UNIX_HOST.into(), UnixAddress::from_url(url)?.resource.into()),
        _ => (
            url[Position::BeforeHost..Position::AfterPort].into(),
            url[Position::BeforePath..Position::AfterQuery].into(),
        ),
    })
}

/// Why a text is no URL of a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is no absolute URL.
    #[error("the URL {text:?} is not valid: {reason}")]
    Invalid {
        /// The text.
        text: String,
        /// What is wrong with it.
        #[source]
        reason: url::ParseError,
    },
    /// It is the URL of something else.
    #[error(
        "the URL {text:?} has the scheme `{scheme}`; a WebSocket needs `ws`, `wss`, `http` or `https`"
    )]
    Scheme {
        /// The text.
        text: String,
        /// The scheme.
        scheme: String,
    },
    /// It has a fragment, if only an empty one.
    #[error("the URL {text:?} has a fragment, which a WebSocket can't have")]
    Fragment {
        /// The text.
        text: String,
    },
}

/// Whether browsers refuse to connect to that port: Fetch §2.9, "bad port".
pub(super) fn is_bad_port(port: u16) -> bool {
    BAD_PORTS.binary_search(&port).is_ok()
}

/// <https://fetch.spec.whatwg.org/#port-blocking>
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

#[cfg(test)]
mod tests {
    use super::{BAD_PORTS, is_bad_port, parse_url};

    fn check(text: &str, expect: Result<&str, &str>) {
        let found = parse_url(text).map(String::from).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expect);
    }

    #[test]
    fn urls() {
        check("ws://a.test", Ok("ws://a.test/"));
        check("HTTPS://A.test:443/x y?z", Ok("wss://a.test/x%20y?z"));
        check("http://a.test:80", Ok("ws://a.test/"));
        check("ws+unix:///run/a.sock:/chat", Ok("ws+unix:///run/a.sock:/chat"));
        check("/echo", Err("the URL \"/echo\" is not valid: relative URL without a base"));
        check(
            "ws://a.test/#",
            Err("the URL \"ws://a.test/#\" has a fragment, which a WebSocket can't have"),
        );
        check(
            "mailto:a@b.test",
            Err(
                "the URL \"mailto:a@b.test\" has the scheme `mailto`; a WebSocket needs `ws`, `wss`, `http` or `https`",
            ),
        );
    }

    #[test]
    fn bad_ports() {
        assert!(BAD_PORTS.is_sorted());
        for port in [0, 22, 6667, 10080] {
            assert!(is_bad_port(port), "{port}");
        }
        for port in [80, 443, 8080, 65535] {
            assert!(!is_bad_port(port), "{port}");
        }
    }
}
