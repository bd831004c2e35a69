//! The TLS side of a connection: whom we trust, and where secrets are logged for Wireshark.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, KeyLog, RootCertStore, SignatureScheme,
};
use thiserror::Error;

use crate::identity::ClientIdentity;

/// How TLS connections are made; cheap to clone, shared by all virtual users.
#[derive(Debug, Clone)]
pub struct TlsConfig {
    client: Arc<ClientConfig>,
}

/// What a [`TlsConfig`] is made from.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// The authorities that this machine trusts.
    pub system_roots: SystemRoots,
    /// Further authorities, or servers' own certificates, in PEM.
    pub extra_roots: Vec<String>,
    /// Servers' own certificates in PEM that are accepted whatever name was dialled, for a server
    /// that stands in for all others.
    pub any_name_certificates: Vec<String>,
    /// The option `insecureSkipTLSVerify`: accept whoever answers.
    pub insecure_skip_verify: bool,
    /// A file to append session secrets to, in the format of `SSLKEYLOGFILE`.
    pub key_log: Option<PathBuf>,
}

impl TlsOptions {
    /// Trusts `system_roots` and nobody else.
    pub fn new(system_roots: SystemRoots) -> Self {
        Self {
            system_roots,
            extra_roots: Vec::new(),
            any_name_certificates: Vec::new(),
            insecure_skip_verify: false,
            key_log: None,
        }
    }
}

/// The certificate authorities of this machine, loaded once and shared.
#[derive(Debug, Clone)]
pub struct SystemRoots {
    store: Arc<RootCertStore>,
    problems: Arc<[String]>,
}

impl SystemRoots {
    /// Reads them from where the system keeps them.
    pub fn load() -> Self {
        let found = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        // Old systems carry authorities that no longer parse; the others still count.
        store.add_parsable_certificates(found.certs);
        let problems = found.errors.iter().map(ToString::to_string).collect();
        Self { store: Arc::new(store), problems }
    }

    /// No authorities at all.
    pub fn none() -> Self {
        Self { store: Arc::new(RootCertStore::empty()), problems: Arc::default() }
    }

    /// What could not be read while loading, for a log.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

/// Why a [`TlsConfig`] cannot be made.
#[derive(Debug, Error)]
pub enum TlsConfigError {
    /// One of the certificates given is not PEM, or holds no certificate.
    #[error("invalid certificate: {0}")]
    Certificate(String),
    /// The key log cannot be written.
    #[error("cannot open the key log `{}`", path.display())]
    KeyLog {
        /// Where it was to be.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The cryptographic provider refuses the configuration.
    #[error("tls configuration: {0}")]
    Provider(#[from] rustls::Error),
}

impl TlsConfig {
    /// Makes a configuration.
    ///
    /// # Errors
    /// All variants of [`TlsConfigError`].
    pub fn new(options: &TlsOptions) -> Result<Self, TlsConfigError> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if options.insecure_skip_verify {
            Arc::new(AcceptAnyone { provider: Arc::clone(&provider) })
        } else {
            Arc::new(Verifier::new(options, &provider)?)
        };
        let mut client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        // k6: each connection is a full handshake; that is also the load one wants to make.
        client.resumption = Resumption::disabled();
        if let Some(path) = &options.key_log {
            client.key_log = Arc::new(KeyLogFile::append(path.clone())?);
        }
        Ok(Self { client: Arc::new(client) })
    }

    /// The configuration for a connection to `host`. An identity given here comes before those of
    /// the options.
    pub(crate) fn client_for(
        &self,
        _host: &str,
        identity: Option<&ClientIdentity>,
    ) -> Arc<ClientConfig> {
        match identity {
            Some(identity) => Arc::new(with_identity(&self.client, identity)),
            None => Arc::clone(&self.client),
        }
    }
}

fn with_identity(client: &ClientConfig, identity: &ClientIdentity) -> ClientConfig {
    let mut client = client.clone();
    client.client_auth_cert_resolver = identity.resolver();
    client
}

/// webpki's rules, and two exceptions that concern certificates given to us one by one.
#[derive(Debug)]
struct Verifier {
    /// None if there is no root at all, which webpki refuses to work with.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    extra_roots: Vec<CertificateDer<'static>>,
    any_name: Vec<CertificateDer<'static>>,
}

impl Verifier {
    fn new(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Self, TlsConfigError> {
        let extra_roots = certificates(&options.extra_roots)?;
        let mut roots = RootCertStore::clone(&options.system_roots.store);
        for certificate in &extra_roots {
            roots
                .add(certificate.clone())
                .map_err(|error| TlsConfigError::Certificate(error.to_string()))?;
        }
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        Ok(Self {
            webpki: builder.build().ok(),
            provider: Arc::clone(provider),
            extra_roots,
            any_name: certificates(&options.any_name_certificates)?,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.any_name.contains(end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        let Some(webpki) = &self.webpki else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        let result =
            webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match result {
            // What `openssl req -x509` makes: a server's certificate marked as an authority.
            // Go takes it if it is itself among the roots, and else does not know its issuer.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(other)))
                if other.0.to_string() == CA_AS_END_ENTITY =>
            {
                if !self.extra_roots.contains(end_entity) {
                    return Err(CertificateError::UnknownIssuer.into());
                }
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// `insecureSkipTLSVerify`. Signatures are not checked either: whoever may show any certificate
/// gains nothing from proving that it is theirs, and odd old certificates would fail here.
#[derive(Debug)]
struct AcceptAnyone {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAnyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Appends one line per secret, as NSS defined the format.
#[derive(Debug)]
struct KeyLogFile {
    file: Mutex<File>,
}

impl KeyLogFile {
    fn append(path: PathBuf) -> Result<Self, TlsConfigError> {
        match OpenOptions::new().create(true).append(true).open(&path) {
            Ok(file) => Ok(Self { file: Mutex::new(file) }),
            Err(source) => Err(TlsConfigError::KeyLog { path, source }),
        }
    }
}

impl KeyLog for KeyLogFile {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not fail the connection that is being looked at.
        let _ = file.write_all(line.as_bytes());
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// All certificates of these texts; each text must hold at least one.
fn certificates(texts: &[String]) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let mut all = Vec::new();
    for text in texts {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
            all.push(certificate.map_err(|error| TlsConfigError::Certificate(error.to_string()))?);
        }
        if all.len() == before {
            return Err(TlsConfigError::Certificate("no PEM certificate found".to_owned()));
        }
    }
    Ok(all)
}

/// How webpki's error of this name displays; rustls gives no variant for it.
const CA_AS_END_ENTITY: &str = "CaUsedAsEndEntity";
