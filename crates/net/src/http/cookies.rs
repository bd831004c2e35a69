//! The cookies of one virtual user, for HTTP requests and WebSocket handshakes alike (RFC 6265).

use std::cell::RefCell;
use std::fmt::Write as _;

use cookie_store::CookieStore;
use url::Url;

use crate::error::NetError;

/// A cookie jar. Methods take `&self`: a script may hold the jar while a request uses it.
#[derive(Debug, Default)]
pub struct CookieJar {
    store: RefCell<CookieStore>,
}

/// A cookie as a script sets it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Which hosts get it besides the one that set it.
    pub domain: Option<String>,
    /// Below which path it is sent.
    pub path: Option<String>,
    /// When it ends, as an HTTP date.
    pub expires: Option<String>,
    /// In how many seconds it ends.
    pub max_age_seconds: Option<i64>,
    /// Whether it is only sent over TLS.
    pub secure: bool,
    /// Whether it is hidden from scripts in a browser.
    pub http_only: bool,
}

impl CookieJar {
    /// An empty jar.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores a cookie as if `url` had set it.
    ///
    /// # Errors
    /// [`NetError::InvalidUrl`] if a cookie with these attributes may not be set by `url`.
    pub fn set(&self, url: &Url, cookie: &Cookie) -> Result<(), NetError> {
        let mut header = format!("{}={}", cookie.name, cookie.value);
        let attributes =
            [("Domain", &cookie.domain), ("Path", &cookie.path), ("Expires", &cookie.expires)];
        for (name, value) in attributes {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _ = write!(header, "; {name}={value}");
            }
        }
        if let Some(seconds) = cookie.max_age_seconds {
            let _ = write!(header, "; Max-Age={seconds}");
        }
        if cookie.secure {
            header.push_str("; Secure");
        }
        if cookie.http_only {
            header.push_str("; HttpOnly");
        }
        self.insert(url, &header)
    }

    /// Stores what a `Set-Cookie` header from `url` says; one that may not be set is ignored
    /// (RFC 6265 §5.3).
    pub fn store_response(&self, url: &Url, set_cookie: &str) {
        let _ = self.insert(url, set_cookie);
    }

    /// Name and value of the cookies that a request to `url` carries.
    pub fn cookies_for(&self, url: &Url) -> Vec<(String, String)> {
        let url = http_url(url);
        let store = self.store.borrow();
        let pairs = store.get_request_values(&url);
        let mut pairs: Vec<_> =
            pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        // The store's own order depends on hashing.
        pairs.sort();
        pairs
    }

    /// The `Cookie` header of a request to `url`, if it has one.
    pub fn header_for(&self, url: &Url) -> Option<String> {
        let pairs: Vec<String> =
            self.cookies_for(url).iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Removes one cookie that would be sent to `url`.
    pub fn delete(&self, url: &Url, name: &str) {
        self.remove(url, |cookie| cookie == name);
    }

    /// Removes all cookies that would be sent to `url`.
    pub fn clear(&self, url: &Url) {
        self.remove(url, |_| true);
    }

    /// Removes all cookies, as before a new iteration.
    pub fn clear_all(&self) {
        self.store.borrow_mut().clear();
    }

    fn insert(&self, url: &Url, set_cookie: &str) -> Result<(), NetError> {
        let inserted = self.store.borrow_mut().parse(set_cookie, &http_url(url));
        inserted.map(|_| ()).map_err(|error| NetError::InvalidUrl {
            url: url.to_string(),
            reason: format!("cookie refused: {error}"),
        })
    }

    fn remove(&self, url: &Url, chosen: impl Fn(&str) -> bool) {
        let mut store = self.store.borrow_mut();
        let keys: Vec<(String, String, String)> = store
            .matches(&http_url(url))
            .into_iter()
            .filter(|cookie| chosen(cookie.name()))
            .map(|cookie| {
                let domain = cookie.domain.as_cow().unwrap_or_default().into_owned();
                (domain, AsRef::<str>::as_ref(&cookie.path).to_owned(), cookie.name().to_owned())
            })
            .collect();
        for (domain, path, name) in keys {
            store.remove(&domain, &path, &name);
        }
    }
}

/// A WebSocket handshake is an HTTP request; the store knows only HTTP's schemes.
fn http_url(url: &Url) -> Url {
    let scheme = match url.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return url.clone(),
    };
    let mut mapped = url.clone();
    // Between special schemes this cannot fail.
    let _ = mapped.set_scheme(scheme);
    mapped
}

#[cfg(test)]
mod tests {
    use super::{Cookie, CookieJar};
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn check(jar: &CookieJar, to: &str, expect: Option<&str>) {
        assert_eq!(jar.header_for(&url(to)).as_deref(), expect, "{to}");
    }

    #[test]
    fn websocket_and_http_share_cookies() {
        let jar = CookieJar::new();
        jar.store_response(&url("https://a.test/login"), "session=1; Path=/; Secure; HttpOnly");
        jar.store_response(&url("ws://a.test/x/y"), "lang=en");
        check(&jar, "wss://a.test/ws", Some("session=1"));
        check(&jar, "ws://a.test/x/z", Some("lang=en"));
        check(&jar, "wss://a.test/x/z", Some("lang=en; session=1"));
        check(&jar, "ws://a.test/", None);
        check(&jar, "wss://b.test/", None);
    }

    #[test]
    fn scripts_set_and_delete() {
        let jar = CookieJar::new();
        let here = url("http://a.test/");
        let cookie = |name: &str, domain: Option<&str>| Cookie {
            name: name.into(),
            value: "v".into(),
            domain: domain.map(Into::into),
            path: Some("/".into()),
            ..Cookie::default()
        };
        jar.set(&here, &cookie("one", None)).unwrap();
        jar.set(&here, &cookie("two", Some("a.test"))).unwrap();
        assert!(jar.set(&here, &cookie("three", Some("b.test"))).is_err());
        check(&jar, "http://sub.a.test/", Some("two=v"));
        check(&jar, "http://a.test/", Some("one=v; two=v"));
        jar.delete(&here, "one");
        check(&jar, "http://a.test/", Some("two=v"));
        jar.clear(&here);
        check(&jar, "http://a.test/", None);
        let gone = Cookie { max_age_seconds: Some(0), ..cookie("four", None) };
        let _ = jar.set(&here, &gone);
        check(&jar, "http://a.test/", None);
    }
}
