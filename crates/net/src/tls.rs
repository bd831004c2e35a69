//! The TLS side of a connection: whom we trust, and who we are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use rustls_native_certs::{CertificateResult, load_certs_from_paths};
use thiserror::Error;

use crate::identity::ClientIdentity;
use crate::key_log::KeyLogFile;
use crate::target::Alpn;
use crate::tls_policy::{CipherSuites, TlsVersions};

/// How TLS connections are made; cheap to clone, shared by all virtual users.
#[derive(Debug, Clone)]
pub struct TlsConfig {
    client: Arc<ClientConfig>,
    by_domain: Vec<(Vec<Domain>, Arc<ClientConfig>)>,
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
    /// The option `tlsVersion`.
    pub versions: TlsVersions,
    /// The option `tlsCipherSuites`.
    pub cipher_suites: CipherSuites,
    /// The option `tlsAuth`: the first entry that covers a host counts.
    pub identities: Vec<DomainIdentity>,
}

/// Who we are to some servers.
#[derive(Debug, Clone)]
pub struct DomainIdentity {
    /// `name`, or `*.name` for all names below it; none at all means every server.
    pub domains: Vec<String>,
    /// What is shown to them if they ask.
    pub identity: ClientIdentity,
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
            versions: TlsVersions::default(),
            cipher_suites: CipherSuites::default(),
            identities: Vec::new(),
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
        Self::from_found(rustls_native_certs::load_native_certs())
    }

    /// Reads them from a file of PEM certificates and from folders with such files, as
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` name them.
    pub fn load_from(file: Option<&Path>, folders: &[PathBuf]) -> Self {
        let mut found = CertificateResult::default();
        let parts = file.map(|file| load_certs_from_paths(Some(file), None)).into_iter();
        let folders = folders.iter().map(|folder| load_certs_from_paths(None, Some(folder)));
        for part in parts.chain(folders) {
            found.certs.extend(part.certs);
            found.errors.extend(part.errors);
        }
        Self::from_found(found)
    }

    fn from_found(found: CertificateResult) -> Self {
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
        let provider = Arc::new(options.cipher_suites.provider());
        let verifier: Arc<dyn ServerCertVerifier> = if options.insecure_skip_verify {
            Arc::new(AcceptAnyone { provider: Arc::clone(&provider) })
        } else {
            Arc::new(Verifier::new(options, &provider)?)
        };
        let mut client = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&options.versions.supported())?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        // k6: each connection is a full handshake; that is also the load one wants to make.
        client.resumption = Resumption::disabled();
        if let Some(path) = &options.key_log {
            client.key_log = Arc::new(
                KeyLogFile::append(path)
                    .map_err(|source| TlsConfigError::KeyLog { path: path.clone(), source })?,
            );
        }
        let by_domain = options.identities.iter().map(|entry| {
            let domains = entry.domains.iter().map(|domain| Domain::new(domain)).collect();
            (domains, Arc::new(with_identity(&client, &entry.identity)))
        });
        Ok(Self { by_domain: by_domain.collect(), client: Arc::new(client) })
    }

    /// The configuration for a connection to `host`. An identity given here comes before those of
    /// the options.
    pub(crate) fn client_for(
        &self,
        host: &str,
        identity: Option<&ClientIdentity>,
        alpn: Alpn,
    ) -> Arc<ClientConfig> {
        let mut client = self.identified_client(host, identity);
        if alpn == Alpn::Http2 {
            Arc::make_mut(&mut client).alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        client
    }

    fn identified_client(
        &self,
        host: &str,
        identity: Option<&ClientIdentity>,
    ) -> Arc<ClientConfig> {
        if let Some(identity) = identity {
            return Arc::new(with_identity(&self.client, identity));
        }
        let covers = |domains: &[Domain]| {
            domains.is_empty() || domains.iter().any(|domain| domain.covers(host))
        };
        let entry = self.by_domain.iter().find(|(domains, _)| covers(domains));
        Arc::clone(entry.map_or(&self.client, |(_, client)| client))
    }
}

/// Where an identity is shown.
#[derive(Debug, Clone)]
enum Domain {
    Name(String),
    /// What follows the asterisk.
    Below(String),
}

impl Domain {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        match text.strip_prefix('*') {
            Some(suffix) => Self::Below(suffix.to_owned()),
            None => Self::Name(text),
        }
    }

    fn covers(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        match self {
            Self::Name(name) => host == *name,
            Self::Below(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
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
