//! The types of options that have a form of their own.

use serde_json::Value;

use super::{
    ReadError, SignedDuration,
    read::{FromJson, Reader, known_key},
    text::{FromText, TextForm, TextProblem},
};

/// `dns`, as written: a word that is not there says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// `inf`, `0` or a duration.
    pub ttl: Option<String>,
    /// Which of several addresses.
    pub select: Option<String>,
    /// Which kinds of addresses.
    pub policy: Option<String>,
}

impl Dns {
    pub(super) const KEYS: [&str; 3] = ["ttl", "select", "policy"];
    const SELECT: [&str; 3] = ["first", "random", "roundRobin"];
    const POLICY: [&str; 5] = ["preferIPv4", "preferIPv6", "onlyIPv4", "onlyIPv6", "any"];

    /// The words in the order of their keys.
    pub(super) fn words(&self) -> [Option<&String>; 3] {
        [self.ttl.as_ref(), self.select.as_ref(), self.policy.as_ref()]
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), String> {
        let given = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match key {
            "ttl" => match text {
                "" | "inf" => self.ttl = given(),
                _ => match SignedDuration::parse(text) {
                    Ok(ttl) if !ttl.is_negative() => self.ttl = given(),
                    // k6: its words.
                    _ => return Err(format!("invalid DNS TTL: {text}")),
                },
            },
            "select" => {
                known(text, &Self::SELECT)?;
                self.select = given();
            }
            "policy" => {
                known(text, &Self::POLICY)?;
                self.policy = given();
            }
            // k6: its words.
            _ => return Err(format!("unknown DNS configuration field: {key}")),
        }
        Ok(())
    }
}

fn known(text: &str, words: &[&str]) -> Result<(), String> {
    if text.is_empty() || words.contains(&text) {
        return Ok(());
    }
    Err(format!("expected `{}`, got `{text}`", words.join("`, `")))
}

impl FromJson for Dns {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let mut dns = Self::default();
        for (key, value) in reader.object(value)? {
            let name = known_key(key, Self::KEYS);
            if !Self::KEYS.contains(&name) {
                reader.unknown_key(key, Self::KEYS)?;
                continue;
            }
            reader.at_key(key, |reader| {
                let text = match value {
                    Value::Null => return Ok(()),
                    Value::String(text) => text.clone(),
                    // Milliseconds, as in all durations.
                    Value::Number(number) if name == "ttl" => number.to_string(),
                    _ => return Err(reader.expected("a string", value)),
                };
                dns.set(name, &text).map_err(|problem| reader.error(problem))
            })?;
        }
        Ok(Some(dns))
    }
}

/// `ttl=5m,select=random,policy=preferIPv4`
impl FromText for Dns {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        let mut dns = Self::default();
        let parts = texts.iter().flat_map(|text| text.split(','));
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            let (key, text) = part
                .split_once('=')
                .ok_or_else(|| TextProblem(format!("`{part}` is no `NAME=VALUE`")))?;
            dns.set(key, text).map_err(TextProblem)?;
        }
        Ok(dns)
    }
}

/// `tlsVersion`: the least and the greatest version. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the type says it")]
pub struct TlsVersion {
    pub min: String,
    pub max: String,
}

impl FromJson for TlsVersion {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        match value {
            Value::Null => Ok(None),
            Value::String(only) => Ok(Some(Self { min: only.clone(), max: only.clone() })),
            Value::Object(range) => {
                let mut versions = Self::default();
                for (key, value) in range {
                    let end = match known_key(key, ["min", "max"]) {
                        "min" => &mut versions.min,
                        "max" => &mut versions.max,
                        _ => {
                            reader.unknown_key(key, ["min", "max"])?;
                            continue;
                        }
                    };
                    let text = reader.at_key(key, |reader| String::from_json(value, reader))?;
                    *end = text.unwrap_or_default();
                }
                Ok(Some(versions))
            }
            _ => {
                let form = "a version such as `tls1.2` or an object with `min` and `max`";
                Err(reader.expected(form, value))
            }
        }
    }
}

/// k6: `tlsVersion` has neither flag nor variable.
impl FromText for TlsVersion {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        let only = texts.last().cloned().unwrap_or_default();
        Ok(Self { min: only.clone(), max: only })
    }
}

/// What `-e` says: names and values, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(pub Vec<(String, String)>);

impl FromText for Variables {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        let one = |text: &String| {
            // k6: a name without a value is the empty text.
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
            let valid =
                name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit());
            if valid {
                return Ok((name.to_owned(), value.to_owned()));
            }
            // k6: its words.
            Err(TextProblem(format!("invalid environment variable name '{name}'")))
        };
        texts.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// k6: variables of a script are told on the command line only.
impl FromJson for Variables {
    fn from_json(_: &Value, _: &mut Reader) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }
}

/// Entries that may hold commas themselves: a flag has one each time, a variable splits at commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries(pub Vec<String>);

impl FromText for Entries {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        Ok(Self(match form {
            // k6: an empty one is none, as a variable of a shell may be.
            TextForm::Flag => texts.iter().filter(|text| !text.is_empty()).cloned().collect(),
            TextForm::Variable => texts
                .iter()
                .flat_map(|text| text.split(','))
                .map(|entry| entry.trim().to_owned())
                .filter(|entry| !entry.is_empty())
                .collect(),
        }))
    }
}

impl FromJson for Entries {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        Ok(Vec::from_json(value, reader)?.map(Self))
    }
}

/// Settings that hold commas: a flag has one each time, and a variable is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretSources(pub Vec<String>);

impl FromText for SecretSources {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        Ok(Self(texts.to_vec()))
    }
}

/// k6: a script and a file do not say where its secrets are.
impl FromJson for SecretSources {
    fn from_json(_: &Value, _: &mut Reader) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(text: &str) -> Result<Dns, String> {
        Dns::from_text(&[text.to_owned()], TextForm::Flag).map_err(|TextProblem(problem)| problem)
    }

    #[test]
    fn dns_as_a_text() {
        let word = |text: &str| Some(text.to_owned());
        let all = Dns { ttl: word("inf"), select: word("roundRobin"), policy: word("any") };
        assert_eq!(dns("ttl=inf,select=roundRobin,policy=any"), Ok(all));
        assert_eq!(dns(""), Ok(Dns::default()));
        assert_eq!(dns("ttl=0"), Ok(Dns { ttl: word("0"), ..Dns::default() }));
        assert_eq!(dns("ttl"), Err("`ttl` is no `NAME=VALUE`".to_owned()));
        assert_eq!(dns("tll=1"), Err("unknown DNS configuration field: tll".to_owned()));
        assert_eq!(dns("ttl=-1s"), Err("invalid DNS TTL: -1s".to_owned()));
        let expected = "expected `first`, `random`, `roundRobin`, got `last`";
        assert_eq!(dns("select=last"), Err(expected.to_owned()));
    }

    #[test]
    fn variables_have_names() {
        let read = |text: &str| Variables::from_text(&[text.to_owned()], TextForm::Flag);
        let one = |name: &str, value: &str| Variables(vec![(name.to_owned(), value.to_owned())]);
        assert_eq!(read("A_1=b=c").unwrap(), one("A_1", "b=c"));
        assert_eq!(read("A").unwrap(), one("A", ""));
        for bad in ["=x", "1a=x", "a-b=x", "é=x"] {
            assert!(read(bad).unwrap_err().0.starts_with("invalid environment variable name"));
        }
    }
}
