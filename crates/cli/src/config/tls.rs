//! The options and variables that concern TLS.

use std::{
    env,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};
use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink},
    options::{Options, nearest},
};
use sockeye_net::{
    CipherSuites, ClientIdentity, DomainIdentity, SystemRoots, TlsOptions, TlsVersions,
};

use crate::{diagnostic::Diagnostic, exit_code::ExitCode, process::Process};

/// The authorities that this machine trusts, or those that the variables name instead; what can't
/// be read of the latter is logged.
pub(crate) fn system_roots(process: &Process, log: &dyn LogSink) -> SystemRoots {
    let file = process.variable("SSL_CERT_FILE").map(Path::new);
    let folders = process.variable("SSL_CERT_DIR");
    if file.is_none() && folders.is_none() {
        return SystemRoots::load();
    }
    let folders: Vec<PathBuf> =
        folders.map(|all| env::split_paths(all).collect()).unwrap_or_default();
    let roots = SystemRoots::load_from(file, &folders);
    for problem in roots.problems() {
        let message = format!("failed to load certificate authorities: {problem}");
        log.log(LogRecord::new(LogLevel::Warning, message));
    }
    roots
}

/// What the options say of TLS.
///
/// # Errors
/// A [`Diagnostic`] for a value that means nothing.
pub(crate) fn tls_options(
    options: &Options,
    process: &Process,
    roots: SystemRoots,
) -> Result<TlsOptions, Diagnostic> {
    let mut tls = TlsOptions::new(roots);
    tls.insecure_skip_verify = options.insecure_skip_tls_verify;
    tls.key_log = process.variable("SSLKEYLOGFILE").map(PathBuf::from);
    if let Some(value) = given(options.tls_version.as_ref()) {
        tls.versions = versions(value)?;
    }
    if let Some(value) = given(options.tls_cipher_suites.as_ref()) {
        tls.cipher_suites = suites(value)?;
    }
    if let Some(value) = given(options.tls_auth.as_ref()) {
        tls.identities = identities(value)?;
    }
    Ok(tls)
}

fn versions(value: &Value) -> Result<TlsVersions, Diagnostic> {
    let fail = |problem: &str| invalid("tlsVersion", problem);
    let versions = match value {
        Value::String(only) => TlsVersions::only(only),
        Value::Object(range) => {
            known_keys("tlsVersion", range, &["min", "max"])?;
            let end = |key: &str| match range.get(key) {
                None | Some(Value::Null) => Ok(None),
                // k6: an empty text says nothing.
                Some(Value::String(text)) => {
                    Ok(Some(text.as_str()).filter(|text| !text.is_empty()))
                }
                Some(_) => Err(fail(&format!("`{key}` has to be a text such as `tls1.2`"))),
            };
            TlsVersions::range(end("min")?, end("max")?)
        }
        _ => {
            return Err(fail("expected a text such as `tls1.2` or an object with `min` and `max`"));
        }
    };
    versions.map_err(|error| fail(&error.to_string()))
}

fn suites(value: &Value) -> Result<CipherSuites, Diagnostic> {
    let fail = |problem: &str| invalid("tlsCipherSuites", problem);
    let names = texts(value).ok_or_else(|| fail("expected an array of names"))?;
    CipherSuites::parse(names).map_err(|error| fail(&error.to_string()))
}

fn identities(value: &Value) -> Result<Vec<DomainIdentity>, Diagnostic> {
    let entries = value.as_array().ok_or_else(|| invalid("tlsAuth", "expected an array"))?;
    let one = |(at, entry): (usize, &Value)| {
        let name = format!("tlsAuth[{at}]");
        let fail = |problem: &str| invalid(&name, problem);
        let entry = entry.as_object().ok_or_else(|| fail("expected an object"))?;
        known_keys(&name, entry, &["domains", "cert", "key", "password"])?;
        let text = |key: &str| {
            let text = entry.get(key).and_then(Value::as_str);
            text.ok_or_else(|| fail(&format!("`{key}` has to be a text in PEM")))
        };
        let domains = match given(entry.get("domains")) {
            None => Vec::new(),
            Some(value) => {
                texts(value).ok_or_else(|| fail("`domains` has to be an array of names"))?
            }
        };
        let identity = ClientIdentity::from_pem(text("cert")?, text("key")?);
        Ok(DomainIdentity {
            domains: domains.into_iter().map(str::to_owned).collect(),
            identity: identity.map_err(|error| fail(&error.to_string()))?,
        })
    };
    entries.iter().enumerate().map(one).collect()
}

fn given(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn known_keys(
    option: &str,
    object: &Map<String, Value>,
    known: &[&'static str],
) -> Result<(), Diagnostic> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let error = invalid(option, &format!("unknown key `{key}`"));
            Err(match nearest(key, known.iter().copied()) {
                Some(known) => error.hint(format!("did you mean `{known}`?")),
                None => error,
            })
        }
    }
}

fn invalid(option: &str, problem: &str) -> Diagnostic {
    Diagnostic::new(ExitCode::InvalidConfig, format!("option `{option}`: {problem}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;

    fn check(options: &Value, expect: Result<(), &str>) {
        let reading = from_json(Source::Script, options).unwrap();
        let options = resolve(vec![(Source::Script, reading.layer)]).unwrap().options;
        let tls = tls_options(&options, &Process::default(), SystemRoots::none());
        let found = tls.map(|_| ()).map_err(|error| error.message);
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    #[test]
    fn versions_and_suites() {
        check(&json!({}), Ok(()));
        check(&json!({"tlsVersion": null, "tlsCipherSuites": null, "tlsAuth": null}), Ok(()));
        check(&json!({"tlsVersion": "tls1.3"}), Ok(()));
        check(&json!({"tlsVersion": {"min": "ssl3.0", "max": "tls1.2"}}), Ok(()));
        let old = "option `tlsVersion`: `tls1.0` is not supported: it is broken (RFC 7568, RFC \
                   8996), use `tls1.2` or `tls1.3`";
        check(&json!({"tlsVersion": "tls1.0"}), Err(old));
        let key = "option `tlsVersion`: unknown key `mim`";
        check(&json!({"tlsVersion": {"mim": "tls1.2"}}), Err(key));
        let kind = "option `tlsVersion`: expected a text such as `tls1.2` or an object with `min` \
                    and `max`";
        check(&json!({"tlsVersion": 1.2}), Err(kind));
        let suite = "option `tlsCipherSuites`: unknown cipher suite 'FOO'";
        check(&json!({"tlsCipherSuites": ["FOO"]}), Err(suite));
        check(&json!({"tlsCipherSuites": ["TLS_RSA_WITH_RC4_128_SHA"]}), Ok(()));
    }

    #[test]
    fn client_certificates() {
        let missing = "option `tlsAuth[0]`: `cert` has to be a text in PEM";
        check(&json!({"tlsAuth": [{"key": "k"}]}), Err(missing));
        let empty = "option `tlsAuth[0]`: no PEM certificate found in `cert`";
        check(&json!({"tlsAuth": [{"cert": "c", "key": "k"}]}), Err(empty));
        let key = "option `tlsAuth[0]`: unknown key `passwd`";
        check(&json!({"tlsAuth": [{"passwd": ""}]}), Err(key));
        check(&json!({"tlsAuth": {}}), Err("option `tlsAuth`: expected an array"));
    }
}
