//! The addresses of files, and the names that they have in an archive: `file:///a/b.js` is
//! `file/a/b.js`, `https://host/c.js` is `https/host/c.js`.

use url::Url;

/// The name in the archive. `None` for what is in no archive.
pub(super) fn of_url(url: &str) -> Option<String> {
    if let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
        return Some(format!("https/{rest}"));
    }
    let path = Url::parse(url).ok()?.to_file_path().ok()?;
    let text = path.to_str()?.replace('\\', "/");
    Some(format!("file/{}", text.trim_start_matches('/')))
}

/// The address of the file of that name. `None` for a name that no file has.
pub(super) fn to_url(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix("https/") {
        return Url::parse(&format!("https://{rest}")).ok().map(String::from);
    }
    from_path(name.strip_prefix("file/")?).map(String::from)
}

/// `a/b.js` or `C:/a/b.js`, from the root.
fn from_path(path: &str) -> Option<Url> {
    let mut url = Url::parse("file:///").ok()?;
    // Each part is escaped as an address has it, and none may lead out of its folder.
    url.path_segments_mut().ok()?.clear().extend(path.split('/'));
    Some(url)
}

/// k6: nobody learns from an archive who made it.
pub(super) fn public_url(url: &str) -> String {
    for homes in ["file:///home/", "file:///Users/"] {
        if let Some(rest) = url.strip_prefix(homes) {
            let below = rest.split_once('/').map_or("", |(_, below)| below);
            let slash = if rest.contains('/') { "/" } else { "" };
            return format!("{homes}nobody{slash}{below}");
        }
    }
    url.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        let check = |url: &str, name: &str| {
            assert_eq!(of_url(url).as_deref(), Some(name));
            assert_eq!(to_url(name).as_deref(), Some(url));
        };
        check("file:///a/b%20c.js", "file/a/b c.js");
        check(
            "https://jslib.k6.io/k6-utils/1.4.0/index.js",
            "https/jslib.k6.io/k6-utils/1.4.0/index.js",
        );
        assert_eq!(to_url("metadata.json"), None);
        assert_eq!(of_url("k6"), None);
    }

    #[test]
    fn homes_are_nobodys() {
        assert_eq!(public_url("file:///home/me/t/a.js"), "file:///home/nobody/t/a.js");
        assert_eq!(public_url("file:///Users/me"), "file:///Users/nobody");
        assert_eq!(public_url("file:///tmp/home/me/a.js"), "file:///tmp/home/me/a.js");
        assert_eq!(public_url("https://home/me"), "https://home/me");
    }
}
