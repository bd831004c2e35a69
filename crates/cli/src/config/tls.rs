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

use super::Mistakes;
use crate::{diagnostic::Diagnostic, process::Process};

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
    mistakes: &Mistakes<'_>,
) -> Result<TlsOptions, Diagnostic> {
    let mut tls = TlsOptions::new(roots);
    tls.insecure_skip_verify = options.insecure_skip_tls_verify;
    tls.key_log = process.variable("SSLKEYLOGFILE").map(PathBuf::from);
    if let Some(range) = &options.tls_version {
        // k6: an empty text says nothing.
        let end = |text: &'_ String| Some(text.clone()).filter(|text| !text.is_empty());
        let (min, max) = (end(&range.min), end(&range.max));
        tls.versions = TlsVersions::range(min.as_deref(), max.as_deref())
            .map_err(|error| mistakes.of("tls_version", "", error.to_string()))?;
    }
    if let Some(value) = given(options.tls_cipher_suites.as_ref()) {
        tls.cipher_suites =
            suites(value).map_err(|problem| mistakes.of("tls_cipher_suites", "", problem))?;
        if !tls.cipher_suites.has_any_in(tls.versions) {
            let problem = "sockeye has none of these cipher suites in the versions of `tlsVersion`";
            return Err(mistakes.of("tls_cipher_suites", "", problem.to_owned()));
        }
    }
    if let Some(value) = given(options.tls_auth.as_ref()) {
        tls.identities = identities(value)
            .map_err(|(below, problem)| mistakes.of("tls_auth", &below, problem))?;
    }
    Ok(tls)
}

fn suites(value: &Value) -> Result<CipherSuites, String> {
    let names = texts(value).ok_or("expected an array of names")?;
    CipherSuites::parse(names).map_err(|error| error.to_string())
}

/// The error says where below the option it is.
fn identities(value: &Value) -> Result<Vec<DomainIdentity>, (String, String)> {
    let Some(entries) = value.as_array() else {
        return Err((String::new(), "expected an array".to_owned()));
    };
    let one = |(at, entry): (usize, &Value)| {
        identity(entry).map_err(|problem| (format!("[{at}]"), problem))
    };
    entries.iter().enumerate().map(one).collect()
}

fn identity(entry: &Value) -> Result<DomainIdentity, String> {
    let entry = entry.as_object().ok_or("expected an object")?;
    known_keys(entry, &["domains", "cert", "key", "password"])?;
    let text = |key: &str| {
        let text = entry.get(key).and_then(Value::as_str);
        text.ok_or_else(|| format!("`{key}` has to be a text in PEM"))
    };
    let domains = match given(entry.get("domains")) {
        None => Vec::new(),
        Some(value) => texts(value).ok_or("`domains` has to be an array of names")?,
    };
    let password = match given(entry.get("password")) {
        None => None,
        Some(value) => Some(value.as_str().ok_or("`password` has to be a text")?),
    };
    let identity = ClientIdentity::from_pem(text("cert")?, text("key")?, password);
    Ok(DomainIdentity {
        domains: domains.into_iter().map(str::to_owned).collect(),
        identity: identity.map_err(|error| error.to_string())?,
    })
}

fn given(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn known_keys(object: &Map<String, Value>, known: &[&'static str]) -> Result<(), String> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let hint = nearest(key, known.iter().copied())
                .map_or_else(String::new, |known| format!(", did you mean `{known}`?"));
            Err(format!("unknown key `{key}`{hint}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sockeye_engine::options::{Source, from_json, resolve};

    use super::*;
    use crate::config::{Outside, ScriptOptions};

    fn check(options: &Value, expect: Result<(), &str>) {
        let reading = from_json(Source::Script, options).unwrap();
        let resolved = resolve(vec![(Source::Script, reading.layer)]).unwrap();
        let script = ScriptOptions { exported: None, name: "", text: "" };
        let outside = Outside::default();
        let mistakes = Mistakes { origins: &resolved.origins, script: &script, outside: &outside };
        let tls =
            tls_options(&resolved.options, &Process::default(), SystemRoots::none(), &mistakes);
        let found = tls.map(|_| ()).map_err(|error| error.message);
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    #[test]
    fn versions_and_suites() {
        check(&json!({}), Ok(()));
        check(&json!({"tlsVersion": null, "tlsCipherSuites": null, "tlsAuth": null}), Ok(()));
        check(&json!({"tlsVersion": "tls1.3"}), Ok(()));
        check(&json!({"tlsVersion": {"min": "ssl3.0", "max": "tls1.2"}}), Ok(()));
        let old = "option `tlsVersion` in the script: `tls1.0` is not supported: it is broken (RFC 7568, RFC \
                   8996), use `tls1.2` or `tls1.3`";
        check(&json!({"tlsVersion": "tls1.0"}), Err(old));
        let suite = "option `tlsCipherSuites` in the script: unknown cipher suite 'FOO'";
        check(&json!({"tlsCipherSuites": ["FOO"]}), Err(suite));
        let only_old = json!(["TLS_RSA_WITH_RC4_128_SHA"]);
        check(&json!({"tlsCipherSuites": only_old}), Ok(()));
        let none = "option `tlsCipherSuites` in the script: sockeye has none of these cipher \
                    suites in the versions of `tlsVersion`";
        check(&json!({"tlsCipherSuites": only_old, "tlsVersion": "tls1.2"}), Err(none));
    }

    #[test]
    fn client_certificates() {
        let missing = "option `tlsAuth[0]` in the script: `cert` has to be a text in PEM";
        check(&json!({"tlsAuth": [{"key": "k"}]}), Err(missing));
        let empty = "option `tlsAuth[0]` in the script: no PEM certificate found in `cert`";
        check(&json!({"tlsAuth": [{"cert": "c", "key": "k"}]}), Err(empty));
        let key =
            "option `tlsAuth[0]` in the script: unknown key `passwd`, did you mean `password`?";
        check(&json!({"tlsAuth": [{"passwd": ""}]}), Err(key));
        check(&json!({"tlsAuth": {}}), Err("option `tlsAuth` in the script: expected an array"));
    }
}
