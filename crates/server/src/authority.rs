//! A certificate authority in memory: it signs a certificate for whatever name a client asks for,
//! so that any host name of a script can resolve to this server.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use crate::error::ServerError;

/// The authority and the certificates it has signed.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// One key for all certificates: making one costs more than signing.
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
    next_serial: AtomicU64,
    /// For clients that name no server, as those that connect to an IP address.
    unnamed: Arc<CertifiedKey>,
    by_name: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    /// Makes a new authority; `address` is one by which clients will know this server.
    ///
    /// # Errors
    /// [`ServerError::Certificate`] and [`ServerError::Tls`] if keys cannot be made or used.
    pub(crate) fn new(address: IpAddr) -> Result<Self, ServerError> {
        let issuer = CertifiedIssuer::self_signed(authority_params(), generate_key()?)
            .map_err(ServerError::Certificate)?;
        let key = generate_key()?;
        let signing_key = ring::sign::any_supported_type(&PrivateKeyDer::from(
            PrivatePkcs8KeyDer::from(key.serialize_der()),
        ))
        .map_err(ServerError::Tls)?;
        let names = ["localhost".into(), "127.0.0.1".into(), "::1".into(), address.to_string()];
        let unnamed = sign(&issuer, &key, &signing_key, FIRST_SERIAL, names.to_vec())
            .map_err(ServerError::Certificate)?;
        Ok(Self {
            issuer,
            key,
            signing_key,
            next_serial: AtomicU64::new(FIRST_SERIAL + 1),
            unnamed,
            by_name: Mutex::default(),
        })
    }

    /// The authority's own certificate, for clients to trust.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// TLS settings that show the right certificate to each client.
    ///
    /// # Errors
    /// [`ServerError::Tls`] if the TLS library has no protocol version to offer.
    pub(crate) fn tls_config(self) -> Result<Arc<ServerConfig>, ServerError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(ServerError::Tls)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn for_name(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = by_name.get(name) {
            return Some(Arc::clone(known));
        }
        let serial = self.next_serial.fetch_add(1, Ordering::Relaxed);
        // A name that fits no certificate fails the handshake, as an unknown name should.
        let names = vec![name.to_owned()];
        let signed = sign(&self.issuer, &self.key, &self.signing_key, serial, names).ok()?;
        if by_name.len() >= MAX_REMEMBERED {
            by_name.clear();
        }
        by_name.insert(name.to_owned(), Arc::clone(&signed));
        Some(signed)
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(name) => self.for_name(name),
            None => Some(Arc::clone(&self.unnamed)),
        }
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "sockeye built-in server");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn sign(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    key: &KeyPair,
    signing_key: &Arc<dyn SigningKey>,
    serial: u64,
    names: Vec<String>,
) -> Result<Arc<CertifiedKey>, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "sockeye built-in server (leaf)");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(SerialNumber::from(serial));
    let certificate = params.signed_by(key, issuer)?;
    let chain = vec![certificate.der().clone()];
    Ok(Arc::new(CertifiedKey::new(chain, Arc::clone(signing_key))))
}

fn generate_key() -> Result<KeyPair, ServerError> {
    KeyPair::generate().map_err(ServerError::Certificate)
}

/// A client may not make the server remember names without end.
const MAX_REMEMBERED: usize = 4096;
/// The authority itself has a serial number of its library's making.
const FIRST_SERIAL: u64 = 1;
