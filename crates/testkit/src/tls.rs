//! Certificates for tests, good ones and bad ones, and a TLS server that echoes bytes.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
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
        let root = root("sockeye test root");
        let key = key();
        let params = server_params(kind);
        let certificate = match kind {
            CertificateKind::SelfSigned => params.self_signed(&key),
            CertificateKind::UnknownIssuer => {
                params.signed_by(&key, &self::root("sockeye test root"))
            }
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
        self.server_config_of(rustls::DEFAULT_VERSIONS)
    }

    /// The configuration of [`server_config`](Self::server_config), but it asks for a client certificate and takes one of these; none is taken too if
    /// `presence` says so.
    ///
    /// # Panics
    /// If there is no client at all.
    pub fn mutual_server_config(
        &self,
        clients: &[&ClientCertificate],
        presence: Presence,
    ) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        for client in clients {
            roots.add(client.authority.clone()).expect("the authority is well-formed");
        }
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = match presence {
            Presence::Required => verifier,
            Presence::Optional => verifier.allow_unauthenticated(),
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring serves the default versions")
            .with_client_cert_verifier(verifier.build().expect("there is a client"))
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("the key belongs to the certificate");
        Arc::new(config)
    }

    /// A rustls configuration that shows this certificate and speaks these versions only.
    ///
    /// # Panics
    /// If there is no version.
    pub fn server_config_of(
        &self,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("there is a version")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("the key belongs to the certificate");
        Arc::new(config)
    }
}

/// Whether a client has to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Required,
    /// It may.
    Optional,
}

/// A client's certificate and key, under an authority of its own.
#[derive(Debug)]
pub struct ClientCertificate {
    authority: CertificateDer<'static>,
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key_pem: String,
}

impl ClientCertificate {
    /// Makes a fresh one for this name.
    ///
    /// # Panics
    /// If the system gives no randomness.
    pub fn new(name: &str) -> Self {
        let (root, key) = (root(name), key());
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &root).expect("the parameters are well-formed");
        Self {
            authority: root.der().clone(),
            certificate: certificate.der().clone(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }

    /// The certificate, in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Its private key, in PEM.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The certificate as it is shown.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.certificate
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

fn root(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
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
