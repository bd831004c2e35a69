//! Which versions and cipher suites of TLS are spoken, under the names that Go and so k6 give them.

use rustls::crypto::{CryptoProvider, ring};
use rustls::{SupportedCipherSuite, SupportedProtocolVersion, version};
use thiserror::Error;

/// A version of TLS that can be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

/// The option `tlsVersion`: from which version to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TlsVersions {
    min: TlsVersion,
    max: TlsVersion,
}

/// Why `tlsVersion` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlsVersionError {
    /// There is no version of this name.
    #[error("unknown TLS version `{0}`: there are `tls1.2` and `tls1.3`")]
    Unknown(String),
    /// The version is only spoken by libraries with known holes.
    #[error("`{0}` is not supported: it is broken (RFC 7568, RFC 8996), use `tls1.2` or `tls1.3`")]
    TooOld(String),
    /// The first version comes after the last.
    #[error("the least TLS version `{min}` is above the greatest, `{max}`")]
    Reversed {
        /// The first version.
        min: String,
        /// The last version.
        max: String,
    },
}

impl TlsVersions {
    /// This version and no other.
    ///
    /// # Errors
    /// [`TlsVersionError::Unknown`] and [`TlsVersionError::TooOld`].
    pub fn only(name: &str) -> Result<Self, TlsVersionError> {
        Self::range(Some(name), Some(name))
    }

    /// From one version to another; an end that is not given is open. A beginning that is too old
    /// to be spoken only means that the range begins later.
    ///
    /// # Errors
    /// All variants of [`TlsVersionError`].
    pub fn range(min: Option<&str>, max: Option<&str>) -> Result<Self, TlsVersionError> {
        let all = Self::default();
        let first = min.map(place).transpose()?.flatten().unwrap_or(all.min);
        let last = match max {
            None => all.max,
            Some(max) => place(max)?.ok_or_else(|| TlsVersionError::TooOld(max.to_owned()))?,
        };
        if first > last {
            let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
            return Err(TlsVersionError::Reversed { min: name(min), max: name(max) });
        }
        Ok(Self { min: first, max: last })
    }

    pub(crate) fn supported(self) -> Vec<&'static SupportedProtocolVersion> {
        [(TlsVersion::Tls12, &version::TLS12), (TlsVersion::Tls13, &version::TLS13)]
            .into_iter()
            .filter(|(version, _)| (self.min..=self.max).contains(version))
            .map(|(_, supported)| supported)
            .collect()
    }
}

impl Default for TlsVersions {
    /// All that can be spoken.
    fn default() -> Self {
        Self { min: TlsVersion::Tls12, max: TlsVersion::Tls13 }
    }
}

/// The version of this name; none if it is too old.
fn place(name: &str) -> Result<Option<TlsVersion>, TlsVersionError> {
    match name {
        "tls1.3" => Ok(Some(TlsVersion::Tls13)),
        "tls1.2" => Ok(Some(TlsVersion::Tls12)),
        "tls1.1" | "tls1.0" | "ssl3.0" => Ok(None),
        _ => Err(TlsVersionError::Unknown(name.to_owned())),
    }
}

/// The option `tlsCipherSuites`.
#[derive(Debug, Clone, Default)]
pub struct CipherSuites {
    /// None: all that there are.
    chosen: Option<Vec<SupportedCipherSuite>>,
    unavailable: Vec<String>,
}

/// A cipher suite that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
// k6: its words.
#[error("unknown cipher suite '{0}'")]
pub struct UnknownCipherSuite(pub String);

impl CipherSuites {
    /// These suites of TLS 1.2. k6: those of TLS 1.3 can't be chosen, and are all offered.
    ///
    /// # Errors
    /// [`UnknownCipherSuite`] for a name that Go does not know either.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownCipherSuite> {
        let (tls13, tls12): (Vec<_>, Vec<_>) =
            ring::ALL_CIPHER_SUITES.iter().copied().partition(|suite| suite.tls13().is_some());
        let mut suites = Self { chosen: None, unavailable: Vec::new() };
        let mut chosen = tls13.clone();
        for name in names {
            if let Some(suite) = tls12.iter().find(|suite| is_named(suite, name)) {
                chosen.push(*suite);
            } else if UNAVAILABLE.contains(&name) {
                suites.unavailable.push(name.to_owned());
            } else if !tls13.iter().any(|suite| is_named(suite, name)) {
                return Err(UnknownCipherSuite(name.to_owned()));
            }
        }
        suites.chosen = Some(chosen);
        Ok(suites)
    }

    /// The suites that were asked for and that only Go has: those with CBC, RC4, 3DES or without
    /// forward secrecy.
    pub fn unavailable(&self) -> &[String] {
        &self.unavailable
    }

    /// Whether one of them can be spoken in one of these versions.
    pub fn has_any_in(&self, versions: TlsVersions) -> bool {
        self.provider()
            .cipher_suites
            .iter()
            .any(|suite| versions.supported().contains(&suite.version()))
    }

    pub(crate) fn provider(&self) -> CryptoProvider {
        let mut provider = ring::default_provider();
        if let Some(chosen) = &self.chosen {
            provider.cipher_suites.clone_from(chosen);
        }
        provider
    }
}

/// Names of the registry, but for those of TLS 1.3 here and the oldest ones for ChaCha20 in Go.
fn is_named(suite: &SupportedCipherSuite, name: &str) -> bool {
    let own = format!("{:?}", suite.suite()).replace("TLS13_", "TLS_");
    own == name
        || own
            .strip_suffix("_SHA256")
            .is_some_and(|short| short == name && short.ends_with("CHACHA20_POLY1305"))
}

/// What Go's `crypto/tls` has beyond ours.
const UNAVAILABLE: [&str; 15] = [
    "TLS_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
];

#[cfg(test)]
mod tests {
    use super::{CipherSuites, TlsVersionError, TlsVersions, UnknownCipherSuite};

    fn check(min: Option<&str>, max: Option<&str>, expect: Result<usize, &str>) {
        let found = TlsVersions::range(min, max).map(|versions| versions.supported().len());
        assert_eq!(found.map_err(|error| error.to_string()), expect.map_err(str::to_owned));
    }

    #[test]
    fn versions() {
        check(None, None, Ok(2));
        check(Some("tls1.3"), None, Ok(1));
        check(None, Some("tls1.2"), Ok(1));
        check(Some("ssl3.0"), Some("tls1.2"), Ok(1));
        check(Some("tls1.0"), Some("tls1.3"), Ok(2));
        let old = "`tls1.1` is not supported: it is broken (RFC 7568, RFC 8996), use `tls1.2` or \
                   `tls1.3`";
        check(Some("tls1.0"), Some("tls1.1"), Err(old));
        let reversed = "the least TLS version `tls1.3` is above the greatest, `tls1.2`";
        check(Some("tls1.3"), Some("tls1.2"), Err(reversed));
        let unknown = TlsVersionError::Unknown("1.2".to_owned());
        assert_eq!(TlsVersions::only("1.2"), Err(unknown));
        assert_eq!(TlsVersions::only("tls1.2").map(|only| only.supported().len()), Ok(1));
        assert!(TlsVersions::only("tls1.0").is_err());
    }

    #[test]
    fn suites() {
        let count = |names: &[&str]| {
            let suites = CipherSuites::parse(names.iter().copied()).unwrap();
            (suites.provider().cipher_suites.len(), suites.unavailable().len())
        };
        let all = CipherSuites::default().provider().cipher_suites.len();
        assert_eq!(count(&[]), (3, 0));
        assert_eq!(count(&["TLS_AES_128_GCM_SHA256"]), (3, 0));
        assert_eq!(count(&["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]), (4, 0));
        assert_eq!(count(&["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"]), (4, 0));
        assert_eq!(count(&["TLS_RSA_WITH_RC4_128_SHA"]), (3, 1));
        assert!(all > 4);
        let unknown = CipherSuites::parse(["FOO"]).unwrap_err();
        assert_eq!(unknown, UnknownCipherSuite("FOO".to_owned()));
    }
}
