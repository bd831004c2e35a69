//! What `--secret-source url=…`, its configuration file and its variables say.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::Value;
use sockeye_engine::options::{SignedDuration, nearest};
use sockeye_net::http::{RequestHeader, RequestMethod};
use url::Url;

/// Where a secret is asked for, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlSettings {
    /// A URL with `{key}` in it.
    template: String,
    pub(super) method: RequestMethod,
    /// The later of two of a name holds.
    pub(super) headers: Vec<RequestHeader>,
    /// Where the secret is in an answer of JSON; empty if the answer is the secret.
    pub(super) response_path: String,
    /// For each request.
    pub(super) timeout: Duration,
    pub(super) per_minute: u32,
    pub(super) burst: u32,
    /// How often a request is made again.
    pub(super) max_retries: u32,
    pub(super) backoff: Duration,
}

impl UrlSettings {
    /// Reads `KEY=VALUE,…`, the file that it names, and variables; each takes precedence over those
    /// behind it.
    ///
    /// # Errors
    /// What is wrong, and who said it.
    pub(crate) fn read(
        text: &str,
        env: &BTreeMap<String, String>,
        folder: &Path,
    ) -> Result<Self, String> {
        Self::layered(text, env, folder)
            .map_err(|problem| format!("secret source `url`: {problem}"))
    }

    fn layered(text: &str, env: &BTreeMap<String, String>, folder: &Path) -> Result<Self, String> {
        let mut said = Self {
            template: String::new(),
            method: RequestMethod::GET,
            headers: Vec::new(),
            response_path: String::new(),
            timeout: Duration::from_secs(30),
            per_minute: 300,
            burst: 10,
            max_retries: 3,
            backoff: Duration::from_secs(1),
        };
        said.read_variables(env)?;
        let pairs = text.split(',').filter(|pair| !pair.is_empty());
        let pairs: Vec<(&str, &str)> = pairs
            .map(|pair| pair.split_once('=').ok_or_else(|| format!("parsing {pair:?}, needs =")))
            .collect::<Result<_, _>>()?;
        for (_, path) in pairs.iter().filter(|(key, _)| *key == "config") {
            said.read_file(&folder.join(path))
                .map_err(|problem| format!("configuration file `{path}`: {problem}"))?;
        }
        for (key, value) in pairs.into_iter().filter(|(key, _)| *key != "config") {
            match key.strip_prefix("headers.") {
                Some(name) => said.set_header(name, value)?,
                None => said.set(key, value).map_err(|problem| format!("`{key}`: {problem}"))?,
            }
        }
        said.check()
    }

    fn read_variables(&mut self, env: &BTreeMap<String, String>) -> Result<(), String> {
        for (name, value) in env.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(rest) = name.strip_prefix("K6_SECRET_SOURCE_URL_") else { continue };
            let said = match rest.strip_prefix("HEADER_") {
                // A variable can't have the dashes that names of headers have.
                Some(header) => self.set_header(&header.replace('_', "-"), value),
                None => match VARIABLES.iter().find(|(variable, _)| *variable == rest) {
                    Some((_, key)) => self.set(key, value),
                    None => Ok(()),
                },
            };
            said.map_err(|problem| format!("variable `{name}`: {problem}"))?;
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path) -> Result<(), String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let json: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let Value::Object(members) = json else { return Err("it is no object".to_owned()) };
        for (key, value) in &members {
            self.read_member(key, value).map_err(|problem| format!("`{key}`: {problem}"))?;
        }
        Ok(())
    }

    fn read_member(&mut self, key: &str, value: &Value) -> Result<(), String> {
        match (key, value) {
            ("headers", Value::Object(headers)) => {
                headers.iter().try_for_each(|(name, value)| match value {
                    Value::String(value) => self.set_header(name, value),
                    _ => Err(format!("header `{name}` is no text")),
                })
            }
            ("headers", _) => Err("it is no object".to_owned()),
            (_, Value::String(_)) if NUMBERS.contains(&key) => Err("it is no number".to_owned()),
            (_, Value::String(text)) => self.set(key, text),
            (_, Value::Number(number)) if NUMBERS.contains(&key) => {
                self.set(key, &number.to_string())
            }
            _ if is_known(key) => Err("it is of the wrong type".to_owned()),
            _ => Err(unknown(key)),
        }
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "urlTemplate" => value.clone_into(&mut self.template),
            "method" => {
                self.method = RequestMethod::parse(value)
                    .ok_or_else(|| format!("`{value}` is no method of HTTP"))?;
            }
            "responsePath" => value.clone_into(&mut self.response_path),
            "timeout" => self.timeout = above_zero(duration(value)?, Duration::is_zero)?,
            "requestsPerMinuteLimit" => {
                self.per_minute = above_zero(number(value)?, |&number| number == 0)?;
            }
            "requestsBurst" => self.burst = above_zero(number(value)?, |&number| number == 0)?,
            "maxRetries" => self.max_retries = number(value)?,
            "retryBackoff" => self.backoff = duration(value)?,
            _ => return Err(unknown(key)),
        }
        Ok(())
    }

    /// What a header says may be a secret: it is not shown.
    fn set_header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let header = RequestHeader::parse(name, value)
            .ok_or_else(|| format!("header `{name}` can't be sent"))?;
        self.headers.push(header);
        Ok(())
    }

    fn check(self) -> Result<Self, String> {
        if self.template.is_empty() {
            return Err("`urlTemplate` is missing".to_owned());
        }
        if !self.template.contains(PLACEHOLDER) {
            return Err(format!("`urlTemplate` has no `{PLACEHOLDER}` in it"));
        }
        self.url("key").map_err(|problem| format!("`urlTemplate`: {problem}"))?;
        Ok(self)
    }

    /// Where the secret `key` is.
    ///
    /// # Errors
    /// If that is no URL.
    pub(super) fn url(&self, key: &str) -> Result<Url, String> {
        let escaped: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        // What a form has for a space is a plus in a path.
        let text = self.template.replace(PLACEHOLDER, &escaped.replace('+', "%20"));
        let url = Url::parse(&text).map_err(|error| error.to_string())?;
        match url.scheme() {
            "http" | "https" => Ok(url),
            scheme => Err(format!("unsupported protocol scheme {scheme:?}")),
        }
    }
}

const PLACEHOLDER: &str = "{key}";

const NUMBERS: [&str; 3] = ["requestsPerMinuteLimit", "requestsBurst", "maxRetries"];

/// Variables, after their common beginning, and the keys that they stand for.
const VARIABLES: [(&str, &str); 8] = [
    ("URL_TEMPLATE", "urlTemplate"),
    ("METHOD", "method"),
    ("RESPONSE_PATH", "responsePath"),
    ("TIMEOUT", "timeout"),
    ("MAX_RETRIES", "maxRetries"),
    ("RETRY_BACKOFF", "retryBackoff"),
    ("REQUESTS_PER_MINUTE_LIMIT", "requestsPerMinuteLimit"),
    ("REQUESTS_BURST", "requestsBurst"),
];

fn is_known(key: &str) -> bool {
    VARIABLES.iter().any(|(_, known)| *known == key)
}

fn unknown(key: &str) -> String {
    let known = VARIABLES.iter().map(|(_, known)| *known).chain(["headers", "config"]);
    match nearest(key, known) {
        Some(nearest) => format!("there is no such key; did you mean `{nearest}`?"),
        None => "there is no such key".to_owned(),
    }
}

fn number(value: &str) -> Result<u32, String> {
    value.parse().map_err(|_| format!("`{value}` is no whole number from 0"))
}

fn duration(value: &str) -> Result<Duration, String> {
    let duration = SignedDuration::parse_with_unit(value).map_err(|error| error.to_string())?;
    if duration.is_negative() {
        return Err(format!("`{value}` is negative"));
    }
    Ok(duration.clamped())
}

fn above_zero<T>(value: T, is_zero: impl Fn(&T) -> bool) -> Result<T, String> {
    if is_zero(&value) { Err("it needs to be more than 0".to_owned()) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, env: &[(&str, &str)]) -> Result<UrlSettings, String> {
        let env = env
            .iter()
            .map(|(name, value)| (format!("K6_SECRET_SOURCE_URL_{name}"), (*value).to_owned()));
        UrlSettings::read(text, &env.collect(), Path::new("/nowhere"))
    }

    fn fails(text: &str, expect: &str) {
        assert_eq!(read(text, &[]).unwrap_err(), format!("secret source `url`: {expect}"));
    }

    #[test]
    fn everything_but_the_url_has_a_default() {
        let settings = read("urlTemplate=https://a.test/{key}/x?k={key}", &[]).unwrap();
        assert_eq!(settings.timeout, Duration::from_secs(30));
        assert_eq!((settings.per_minute, settings.burst, settings.max_retries), (300, 10, 3));
        assert_eq!(settings.backoff, Duration::from_secs(1));
        let url = settings.url("a b/ü").unwrap();
        assert_eq!(url.as_str(), "https://a.test/a%20b%2F%C3%BC/x?k=a%20b%2F%C3%BC");
    }

    #[test]
    fn the_command_line_stands_above_the_file_and_that_above_variables() {
        let folder = tempfile::tempdir().unwrap();
        let file = r#"{
            "urlTemplate": "http://file/{key}", "timeout": "2s", "maxRetries": 2,
            "headers": {"X-A": "file", "X-B": "file"}
        }"#;
        std::fs::write(folder.path().join("c.json"), file).unwrap();
        let env = [("TIMEOUT", "1s"), ("REQUESTS_BURST", "1"), ("HEADER_X_A", "env")];
        let env =
            env.map(|(name, value)| (format!("K6_SECRET_SOURCE_URL_{name}"), value.to_owned()));
        let text = "maxRetries=3,config=c.json,headers.x-b=line,method=POST,responsePath=a.b";
        let settings = UrlSettings::read(text, &env.into(), folder.path()).unwrap();
        assert_eq!(settings.template, "http://file/{key}");
        assert_eq!((settings.timeout, settings.max_retries), (Duration::from_secs(2), 3));
        assert_eq!((settings.burst, settings.response_path.as_str()), (1, "a.b"));
        assert_eq!(settings.method, RequestMethod::POST);
        let header = |name, value| RequestHeader::parse(name, value).unwrap();
        let said = [("x-a", "env"), ("x-a", "file"), ("x-b", "file"), ("x-b", "line")];
        assert_eq!(settings.headers, said.map(|(name, value)| header(name, value)));
    }

    #[test]
    fn mistakes_are_named() {
        fails("", "`urlTemplate` is missing");
        fails("urlTemplate=http://a", "`urlTemplate` has no `{key}` in it");
        fails("urlTemplate={key}", "`urlTemplate`: relative URL without a base");
        fails("urlTemplate=ftp://{key}", "`urlTemplate`: unsupported protocol scheme \"ftp\"");
        fails("timeout", "parsing \"timeout\", needs =");
        fails("timout=1s", "`timout`: there is no such key; did you mean `timeout`?");
        fails("timeout=1", "`timeout`: invalid duration `1`");
        fails("timeout=0s", "`timeout`: it needs to be more than 0");
        fails("retryBackoff=-1s", "`retryBackoff`: `-1s` is negative");
        fails("maxRetries=-1", "`maxRetries`: `-1` is no whole number from 0");
        fails("requestsPerMinuteLimit=0", "`requestsPerMinuteLimit`: it needs to be more than 0");
        fails("method=a b", "`method`: `a b` is no method of HTTP");
        fails("headers.a b=secret", "header `a b` can't be sent");
        let error = read("", &[("MAX_RETRIES", "x")]).unwrap_err();
        assert!(error.contains("`K6_SECRET_SOURCE_URL_MAX_RETRIES`: `x` is no whole"), "{error}");
        assert!(
            read("config=none.json", &[]).unwrap_err().contains("configuration file `none.json`: ")
        );
    }

    #[test]
    fn mistakes_in_the_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let check = |json: &str, expect: &str| {
            std::fs::write(folder.path().join("c.json"), json).unwrap();
            let error = UrlSettings::read("config=c.json", &BTreeMap::new(), folder.path());
            let expect = format!("secret source `url`: configuration file `c.json`: {expect}");
            assert_eq!(error.unwrap_err(), expect);
        };
        check("[]", "it is no object");
        check(r#"{"maxRetries": "3"}"#, "`maxRetries`: it is no number");
        check(r#"{"maxRetries": 1.5}"#, "`maxRetries`: `1.5` is no whole number from 0");
        check(r#"{"timeout": 30}"#, "`timeout`: it is of the wrong type");
        check(r#"{"headers": []}"#, "`headers`: it is no object");
        check(r#"{"headers": {"a": 1}}"#, "`headers`: header `a` is no text");
        check(r#"{"tiemout": "1s"}"#, "`tiemout`: there is no such key; did you mean `timeout`?");
    }
}
