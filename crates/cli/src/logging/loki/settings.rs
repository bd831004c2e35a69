//! What `--log-output loki=…` says.

use std::{collections::BTreeSet, time::Duration};

use sockeye_engine::{log::LogLevel, options::SignedDuration};
use sockeye_net::http::RequestHeader;
use url::Url;

use crate::logging::target::level;

/// What is sent to which Loki, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LokiSettings {
    /// Its push API.
    pub(crate) url: Url,
    /// Further headers of each request.
    pub(super) headers: Vec<RequestHeader>,
    /// Further labels of each record.
    pub(super) labels: Vec<(String, String)>,
    /// The labels that stay labels, if not all do.
    pub(super) allowed: Option<BTreeSet<String>>,
    /// How many records are sent of each period.
    pub(super) limit: usize,
    /// The least level that is sent.
    pub(crate) least: LogLevel,
    /// How often records are sent.
    pub(super) period: Duration,
    /// How many characters of a message are sent.
    pub(super) max_characters: usize,
    /// Whether each sending says what it took.
    pub(super) profile: bool,
}

impl LokiSettings {
    /// Reads `loki` or `loki=URL,KEY=VALUE,…`.
    ///
    /// # Errors
    /// What is wrong with it, in k6's words where it has some.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let url = |url: &str| {
            Url::parse(url)
                .map_err(|error| error.to_string())
                .and_then(|url| match url.scheme() {
                    "http" | "https" => Ok(url),
                    scheme => Err(format!("unsupported protocol scheme {scheme:?}")),
                })
                .map_err(|reason| format!("invalid loki url `{url}`: {reason}"))
        };
        let mut settings = Self {
            url: url(DEFAULT_URL)?,
            headers: Vec::new(),
            labels: Vec::new(),
            allowed: None,
            limit: 100,
            least: LogLevel::Debug,
            period: Duration::from_secs(1),
            max_characters: 1024 * 1024,
            profile: false,
        };
        if text == "loki" {
            return Ok(settings);
        }
        let Some(rest) = text.strip_prefix("loki=") else {
            return Err(format!(
                "loki configuration should be in the form `loki=url-to-push` but is `{text}`"
            ));
        };
        let mut entries = entries(rest)?.into_iter();
        match entries.next() {
            Some("") | None => {
                return Err(
                    "error while parsing loki configuration key `loki=` with no value".to_owned()
                );
            }
            Some(first) => settings.url = url(first)?,
        }
        for entry in entries {
            settings.read(entry)?;
        }
        Ok(settings)
    }

    fn read(&mut self, entry: &str) -> Result<(), String> {
        let (key, value) = match entry.split_once('=') {
            Some(pair) => pair,
            // k6 wants a value here that it does not look at.
            None if entry == "profile" => (entry, "true"),
            None => {
                return Err(format!(
                    "error while parsing loki configuration key `{entry}` with no value"
                ));
            }
        };
        match key {
            "limit" => self.limit = count(key, value)?,
            "msgMaxSize" => self.max_characters = count(key, value)?,
            "level" => self.least = level(value)?,
            "pushPeriod" => self.period = period(value)?,
            "profile" => {
                self.profile = match value {
                    "true" => true,
                    "false" => false,
                    _ => return Err(format!("loki profile needs to be true or false, is {value}")),
                }
            }
            "allowedLabels" => {
                let names = value.strip_prefix('[').and_then(|names| names.strip_suffix(']'));
                let names = names.unwrap_or(value).split(',').filter(|name| !name.is_empty());
                self.allowed = Some(names.map(str::to_owned).collect());
            }
            _ => match key.split_once('.') {
                Some(("label", name)) if !name.is_empty() => {
                    self.labels.push((name.to_owned(), value.to_owned()));
                }
                Some(("header", name)) => {
                    // A value may be a secret: it is not shown.
                    let header = RequestHeader::parse(name, value)
                        .ok_or_else(|| format!("loki header `{name}` can't be sent"))?;
                    self.headers.push(header);
                }
                _ => return Err(format!("unknown loki config key {key}")),
            },
        }
        Ok(())
    }
}

/// What stands between commas; those within brackets do not count.
fn entries(text: &str) -> Result<Vec<&str>, String> {
    let (mut entries, mut from, mut is_inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' => is_inside = true,
            ']' => is_inside = false,
            ',' if !is_inside => {
                entries.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    let last = &text[from..];
    if is_inside {
        let key = last.split('=').next().unwrap_or_default();
        return Err(format!(
            "error while parsing loki configuration array value for key `{key}` didn't end"
        ));
    }
    entries.push(last);
    Ok(entries)
}

fn count(key: &str, value: &str) -> Result<usize, String> {
    let number: i64 = value
        .parse()
        .map_err(|_| format!("couldn't parse the loki {key} as a number, it is {value:?}"))?;
    match usize::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("loki {key} needs to be a positive number, is {number}")),
    }
}

fn period(value: &str) -> Result<Duration, String> {
    let period = SignedDuration::parse_with_unit(value)
        .map_err(|error| format!("couldn't parse the loki pushPeriod, as `1s`: {error}"))?;
    if period.is_negative() || period.clamped().is_zero() {
        return Err(format!("loki pushPeriod needs to be positive, is {value}"));
    }
    Ok(period.clamped())
}

/// k6: where it looks if it is told nothing.
const DEFAULT_URL: &str = "http://127.0.0.1:3100/loki/api/v1/push";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_default() {
        let settings = LokiSettings::parse("loki").unwrap();
        assert_eq!(settings.url.as_str(), DEFAULT_URL);
        assert_eq!((settings.limit, settings.period), (100, Duration::from_secs(1)));
        assert_eq!((settings.max_characters, settings.profile), (1_048_576, false));
        assert_eq!((settings.least, settings.allowed), (LogLevel::Debug, None));
    }

    #[test]
    fn everything_can_be_said() {
        let settings = LokiSettings::parse(
            "loki=https://loki.test/push?x=1,label.something=else,label.a=b=c,limit=32,level=info,\
             pushPeriod=5m32s,msgMaxSize=1231,profile,allowedLabels=[level,a],header.X-Org=me",
        )
        .unwrap();
        assert_eq!(settings.url.as_str(), "https://loki.test/push?x=1");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(settings.labels, [pair("something", "else"), pair("a", "b=c")]);
        assert_eq!(settings.allowed, Some(BTreeSet::from(["level", "a"].map(str::to_owned))));
        assert_eq!(settings.headers, [RequestHeader::parse("x-org", "me").unwrap()]);
        assert_eq!((settings.limit, settings.max_characters), (32, 1231));
        assert_eq!((settings.least, settings.profile), (LogLevel::Info, true));
        assert_eq!(settings.period, Duration::from_secs(332));
    }

    #[test]
    fn lists_may_be_empty_or_have_one_label() {
        let allowed = |list: &str| {
            let text = format!("loki=http://a,allowedLabels={list},limit=3");
            let settings = LokiSettings::parse(&text).unwrap();
            assert_eq!(settings.limit, 3);
            settings.allowed.unwrap().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(allowed("[]"), Vec::<String>::new());
        assert_eq!(allowed("[a]"), ["a"]);
        assert_eq!(allowed("a"), ["a"]);
        assert_eq!(allowed("[b,a]"), ["a", "b"]);
    }

    #[test]
    fn mistakes_are_named() {
        let check = |rest: &str, expect: &str| {
            assert_eq!(LokiSettings::parse(&format!("loki{rest}")).unwrap_err(), expect);
        };
        check("x", "loki configuration should be in the form `loki=url-to-push` but is `lokix`");
        check(
            ",limit=3",
            "loki configuration should be in the form `loki=url-to-push` but is `loki,limit=3`",
        );
        check("=", "error while parsing loki configuration key `loki=` with no value");
        check("=foo", "invalid loki url `foo`: relative URL without a base");
        check("=ftp://a/b", "invalid loki url `ftp://a/b`: unsupported protocol scheme \"ftp\"");
        let check = |rest: &str, expect: &str| check(&format!("=http://a,{rest}"), expect);
        check("limit", "error while parsing loki configuration key `limit` with no value");
        check("", "error while parsing loki configuration key `` with no value");
        check("limit=x", "couldn't parse the loki limit as a number, it is \"x\"");
        check("limit=0", "loki limit needs to be a positive number, is 0");
        check("msgMaxSize=-5", "loki msgMaxSize needs to be a positive number, is -5");
        check("level=loud", "unknown log level loud");
        check("pushPeriod=1", "couldn't parse the loki pushPeriod, as `1s`: invalid duration `1`");
        check("pushPeriod=0s", "loki pushPeriod needs to be positive, is 0s");
        check("pushPeriod=-1s", "loki pushPeriod needs to be positive, is -1s");
        check("profile=x", "loki profile needs to be true or false, is x");
        check(
            "allowedLabels=[a,b",
            "error while parsing loki configuration array value for key `allowedLabels` didn't end",
        );
        check("header.a b=2", "loki header `a b` can't be sent");
        check("label.=2", "unknown loki config key label.");
        check("LABEL.a=2", "unknown loki config key LABEL.a");
        check("nope=3", "unknown loki config key nope");
    }
}
