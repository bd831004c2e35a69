//! Versions, suites, roots and names: what is said to a TLS server, and what is taken of it.

use sockeye_net::{
    CipherSuites, DialerConfig, Hosts, NetError, SystemRoots, Target, TlsConfig, TlsOptions,
    TlsVersions,
};
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, TestCertificate, TlsEcho};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{SupportedProtocolVersion, version};

use crate::peer::{dialer, dialer_with, trust};

/// Says what was agreed on: version, suite, and the name that was asked for.
fn teller(
    certificate: &TestCertificate,
    versions: &[&'static SupportedProtocolVersion],
) -> Loopback {
    let acceptor = TlsAcceptor::from(certificate.server_config_of(versions));
    Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let session = stream.get_ref().1;
            let version = session.protocol_version().map(|version| format!("{version:?}"));
            let suite = session.negotiated_cipher_suite().map(|s| format!("{:?}", s.suite()));
            let name = session.server_name().unwrap_or("-");
            let told = [version.as_deref(), suite.as_deref(), Some(name)];
            let told = told.map(Option::unwrap_or_default).join(" ");
            let _ = stream.write_all(told.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    })
}

async fn told(options: &TlsOptions, host: &str, port: u16) -> Result<String, NetError> {
    let mut config = DialerConfig::new(TlsConfig::new(options).unwrap());
    config.hosts = Hosts::parse([("localhost", "127.0.0.1")]).unwrap();
    let mut opened = dialer_with(config).0.dial(&Target::new(host, port, true)).await?;
    let mut text = String::new();
    opened.stream.read_to_string(&mut text).await.unwrap();
    Ok(text)
}

#[tokio::test]
async fn versions_and_suites_are_those_that_were_asked_for() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let both = teller(&certificate, &[&version::TLS12, &version::TLS13]);
    let old = teller(&certificate, &[&version::TLS12]);
    let trusting = trust(certificate.root_pem());
    let with = |only: &str| {
        let versions = TlsVersions::only(only).unwrap();
        TlsOptions { versions, ..trusting.clone() }
    };
    let port = both.address.port();
    let default = told(&trusting, "localhost", port).await.unwrap();
    assert!(default.starts_with("TLSv1_3 TLS13_"), "{default}");
    let older = told(&with("tls1.2"), "localhost", port).await.unwrap();
    assert!(older.starts_with("TLSv1_2 TLS_ECDHE_ECDSA_"), "{older}");
    let refused = told(&with("tls1.3"), "localhost", old.address.port()).await.unwrap_err();
    assert_eq!(refused.to_string(), "remote error: tls: protocol version not supported");

    let suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    let chosen = CipherSuites::parse([suite]).unwrap();
    let options = TlsOptions { cipher_suites: chosen, ..with("tls1.2") };
    let agreed = told(&options, "localhost", port).await.unwrap();
    assert_eq!(agreed, format!("TLSv1_2 {suite} localhost"));
    let chosen = CipherSuites::parse(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]).unwrap();
    let options = TlsOptions { cipher_suites: chosen, ..with("tls1.2") };
    let refused = told(&options, "localhost", port).await.unwrap_err();
    assert_eq!(refused.to_string(), "remote error: tls: handshake failure");
    let none = CipherSuites::parse(["TLS_RSA_WITH_RC4_128_SHA"]).unwrap();
    let options = TlsOptions { cipher_suites: none, ..with("tls1.2") };
    assert!(TlsConfig::new(&options).is_err());
}

#[tokio::test]
async fn names_are_indicated_and_addresses_are_not() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let server = teller(&certificate, &[&version::TLS13]);
    let trusting = trust(certificate.root_pem());
    let name = async |host| {
        let told = told(&trusting, host, server.address.port()).await.unwrap();
        told.rsplit(' ').next().map(str::to_owned)
    };
    assert_eq!(name("localhost").await.as_deref(), Some("localhost"));
    // RFC 6066 §3: literal addresses are not sent.
    assert_eq!(name("127.0.0.1").await.as_deref(), Some("-"));
}

#[tokio::test]
async fn authorities_come_from_a_file_or_folders() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let server = TlsEcho::serve(&certificate);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, certificate.root_pem()).unwrap();
    let target = Target::new("127.0.0.1", server.address.port(), true);
    let trusted = async |roots: SystemRoots| {
        assert_eq!(roots.problems(), [""; 0]);
        dialer(&TlsOptions::new(roots)).0.dial(&target).await.is_ok()
    };
    assert!(trusted(SystemRoots::load_from(Some(&file), &[])).await);
    assert!(trusted(SystemRoots::load_from(None, &[folder.path().to_owned()])).await);
    assert!(!trusted(SystemRoots::load_from(None, &[])).await);
    let missing = SystemRoots::load_from(Some(&folder.path().join("no.pem")), &[]);
    assert_eq!(missing.problems().len(), 1);
}
