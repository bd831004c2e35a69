//! Which path is what, and by which methods it may be asked.

use hyper::Method;

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// A page that names the others.
    Index,
    /// The chat; the room, if the path names one.
    Chat(Option<&'a str>),
    /// The echo.
    Echo,
    /// What was asked, without its body.
    Reflect,
    /// What was asked, with its body.
    ReflectBody,
    /// The request's headers only.
    Headers,
    /// A status of the client's choice.
    Status(&'a str),
    /// An answer after as many seconds.
    Delay(&'a str),
    /// The cookies that were sent.
    Cookies,
    /// Sets the cookies in the query.
    SetCookies,
    /// The counters.
    Stats,
    /// Counters to zero.
    ResetStats,
}

impl<'a> Route<'a> {
    /// The route of this path, if there is one.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let route = match (segments.next()?, segments.next(), segments.next()) {
            ("", None, _) => Self::Index,
            ("ws", None | Some(""), None) => Self::Chat(None),
            ("ws", Some(room), None) => Self::Chat(Some(room)),
            ("echo", None, _) => Self::Echo,
            ("get", None, _) => Self::Reflect,
            ("post" | "put" | "patch" | "delete", None, _) => Self::ReflectBody,
            ("headers", None, _) => Self::Headers,
            ("status", Some(code), None) => Self::Status(code),
            ("delay", Some(seconds), None) => Self::Delay(seconds),
            ("cookies", None, _) => Self::Cookies,
            ("cookies", Some("set"), None) => Self::SetCookies,
            ("stats", None, _) => Self::Stats,
            ("stats", Some("reset"), None) => Self::ResetStats,
            _ => return None,
        };
        Some(route)
    }

    /// The methods it answers to, for the `Allow` of a refusal; empty: all.
    pub(super) fn methods(self, path: &str) -> &'static [Method] {
        match (self, path) {
            (Self::Status(_) | Self::Delay(_), _) => &[],
            (Self::ReflectBody, "/put") => &[Method::PUT],
            (Self::ReflectBody, "/patch") => &[Method::PATCH],
            (Self::ReflectBody, "/delete") => &[Method::DELETE],
            (Self::ReflectBody | Self::ResetStats, _) => &[Method::POST],
            _ => &[Method::GET, Method::HEAD],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    fn check(path: &str, expect: Option<Route<'_>>) {
        assert_eq!(Route::of(path), expect, "{path}");
    }

    #[test]
    fn paths() {
        check("/", Some(Route::Index));
        check("/ws", Some(Route::Chat(None)));
        check("/ws/", Some(Route::Chat(None)));
        check("/ws/lobby", Some(Route::Chat(Some("lobby"))));
        check("/ws/lobby/2", None);
        check("/status/418", Some(Route::Status("418")));
        check("/status", None);
        check("/cookies/set", Some(Route::SetCookies));
        check("/cookies/sit", None);
        check("*", None);
        check("//", None);
    }
}
