//! Specifiers: relative, absolute, `file://`, `https://`, and the names of built-in modules.

use url::Url;

/// What a specifier stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// A module of sockeye: `k6`, `k6/…`.
    Builtin(String),
    /// A file or a page.
    Url(Url),
}

/// Why a specifier stands for nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error(
        "the module specifier `{0}` is not supported: use `./file.js`, an absolute path, `file://…`, `https://…` or a module that begins with `k6`. npm packages must be bundled into a file first"
    )]
    Bare(String),
    #[error("the module specifier `{0}` is not a valid URL: {1}")]
    Invalid(String, url::ParseError),
    #[error("the module specifier `{0}` uses `{1}:`, and only `file:` and `https:` can be loaded")]
    Scheme(String, String),
}

/// Resolves `specifier` as written in the module at `base`.
pub(crate) fn resolve(base: &Url, specifier: &str) -> Result<Resolved, ResolveError> {
    if specifier == "k6" || specifier.starts_with("k6/") {
        return Ok(Resolved::Builtin(specifier.to_owned()));
    }
    let is_path = ["./", "../", "/"].iter().any(|prefix| specifier.starts_with(prefix));
    if !is_path && !specifier.contains("://") {
        return Err(ResolveError::Bare(specifier.to_owned()));
    }
    let url =
        base.join(specifier).map_err(|error| ResolveError::Invalid(specifier.to_owned(), error))?;
    match url.scheme() {
        "file" | "https" => Ok(Resolved::Url(url)),
        other => Err(ResolveError::Scheme(specifier.to_owned(), other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, specifier: &str, expect: &str) {
        let base = Url::parse(base).unwrap();
        let got = match resolve(&base, specifier) {
            Ok(Resolved::Builtin(name)) => format!("builtin {name}"),
            Ok(Resolved::Url(url)) => url.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(got.contains(expect), "{specifier}: {got}");
    }

    #[test]
    fn specifiers() {
        let base = "file:///dir/a b/main.js";
        check(base, "./x.js", "file:///dir/a%20b/x.js");
        check(base, "../x.js", "file:///dir/x.js");
        check(base, "/x.js", "file:///x.js");
        check(base, "file:///y.js", "file:///y.js");
        check(base, "https://h.example/z.js", "https://h.example/z.js");
        check("https://h.example/d/z.js", "./w.js", "https://h.example/d/w.js");
        check("https://h.example/d/z.js", "/w.js", "https://h.example/w.js");
        check(base, "k6/metrics", "builtin k6/metrics");
        check(base, "lodash", "not supported");
        check(base, "http://h.example/z.js", "only `file:` and `https:`");
    }
}
