//! Certificates for tests, good ones and bad ones, and a TLS server that echoes bytes.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io;
use tokio_rustls::TlsAcceptor;

use crate::loopback::Loopback;

/// What is right or wrong with a [`TestCertificate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateKind {
    /// For `localhost`, `127.0.0.1` and `::1`, signed by the root in [`TestCertificate::root_pem`].
    Valid,
    /// The same, but its time is over.
    Expired,
    /// The same, but its time has not come.
    NotYetValid,
    /// Signed by the root, but for `wrong.example` only.
    WrongName,
    /// For the right names, but signed by itself and not by the root.
    SelfSigned,
    /// For the right names, but signed by another root than the one shown.
    UnknownIssuer,
}

/// A server's certificate and key, and the root a client is to trust.
#[derive(Debug)]
pub struct TestCertificate {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key: KeyPair,
    root_pem: String,
}

impl TestCertificate {
    /// Makes a fresh certificate under a fresh root.
    ///
    /// # Panics
    /// If the system gives no randomness.
    pub fn new(kind: CertificateKind) -> Self {
        let root = root();
        let key = key();
        let params = server_params(kind);
        let certificate = match kind {
            CertificateKind::SelfSigned => params.self_signed(&key),
            CertificateKind::UnknownIssuer => params.signed_by(&key, &self::root()),
            _ => params.signed_by(&key, &root),
        }
        .expect("the parameters are well-formed");
        Self {
            certificate: certificate.der().clone(),
            certificate_pem: certificate.pem(),
            key,
            root_pem: root.pem(),
        }
    }

    /// The root to trust, in PEM.
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The server's certificate, in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The server's private key, in PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// A rustls configuration that shows this certificate.
    ///
    /// # Panics
    /// Never: key and certificate were made for each other.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring serves the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("the key belongs to the certificate");
        Arc::new(config)
    }
}

/// A TLS server that sends back every byte until the client closes; stopped when dropped.
#[derive(Debug)]
pub struct TlsEcho {
    /// Where to connect.
    pub address: SocketAddr,
    server: Loopback,
}

impl TlsEcho {
    /// Starts it with this certificate.
    ///
    /// # Panics
    /// If no loopback port is free.
    pub fn serve(certificate: &TestCertificate) -> Self {
        let acceptor = TlsAcceptor::from(certificate.server_config());
        let server = Loopback::start(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                // An error means that the client refused the certificate or went away.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let (mut reader, mut writer) = io::split(stream);
                let _ = io::copy(&mut reader, &mut writer).await;
            }
        });
        Self { address: server.address, server }
    }

    /// How many connections were accepted so far, before their TLS handshake.
    pub fn accepted(&self) -> usize {
        self.server.accepted()
    }
}

fn root() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "sockeye test root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    CertifiedIssuer::self_signed(params, key()).expect("the parameters are well-formed")
}

fn server_params(kind: CertificateKind) -> CertificateParams {
    let names = match kind {
        CertificateKind::WrongName => vec!["wrong.example".to_owned()],
        _ => ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec(),
    };
    let mut params = CertificateParams::new(names).expect("the names are ASCII");
    params.distinguished_name.push(DnType::CommonName, "sockeye test server");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    match kind {
        CertificateKind::Expired => {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }
        CertificateKind::NotYetValid => {
            params.not_before = date_time_ymd(4001, 1, 1);
            params.not_after = date_time_ymd(4002, 1, 1);
        }
        _ => {}
    }
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("the system gives randomness")
}
