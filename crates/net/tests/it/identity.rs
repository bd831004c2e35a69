//! Client certificates: those of a socket and those of the options.

use std::rc::Rc;

use sockeye_net::websocket::{ConnectRequest, connect};
use sockeye_net::{
    ClientIdentity, Dialer, DialerConfig, DomainIdentity, Hosts, IdentityError, NetError, Target,
    TlsConfig, TlsOptions,
};
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, ClientCertificate, Presence, TestCertificate};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::peer::{dialer, dialer_with, serve_echo, trust};
use crate::recorder::{Session, local, open};

/// Says which of these clients has come: its place, or 9 for none.
pub(crate) fn doorman(
    certificate: &TestCertificate,
    clients: &[&ClientCertificate],
    presence: Presence,
) -> Loopback {
    let acceptor = TlsAcceptor::from(certificate.mutual_server_config(clients, presence));
    let known: Vec<_> = clients.iter().map(|client| client.der().clone()).collect();
    Loopback::start(move |stream| {
        let (acceptor, known) = (acceptor.clone(), known.clone());
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let place = shown.and_then(|shown| known.iter().position(|known| known == shown));
            let _ = stream.write_u8(place.map_or(9, |place| place as u8)).await;
            let _ = stream.shutdown().await;
        }
    })
}

/// Whom the server takes us for.
pub(crate) async fn seen_as(dialer: &Dialer, target: &Target) -> Result<u8, NetError> {
    let mut opened = dialer.dial(target).await?;
    // With TLS 1.3 a refusal comes after the handshake.
    Ok(opened.stream.read_u8().await.unwrap_or(u8::MAX))
}

pub(crate) fn identity(client: &ClientCertificate) -> ClientIdentity {
    ClientIdentity::from_pem(client.certificate_pem(), client.key_pem(), None).unwrap()
}

#[tokio::test]
async fn a_socket_shows_its_own_certificate() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let (one, two) = (ClientCertificate::new("one"), ClientCertificate::new("two"));
    let server = doorman(&certificate, &[&one, &two], Presence::Optional);
    let (dialer, _) = dialer(&trust(certificate.root_pem()));
    let target = Target::new("127.0.0.1", server.address.port(), true);
    for (shown, expect) in [(Some(&one), 0), (Some(&two), 1), (None, 9)] {
        let target = Target { identity: shown.map(identity), ..target.clone() };
        assert_eq!(seen_as(&dialer, &target).await, Ok(expect));
    }
}

#[test]
fn a_websocket_is_let_in_by_its_certificate() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let (known, stranger) =
            (ClientCertificate::new("known"), ClientCertificate::new("stranger"));
        let config = certificate.mutual_server_config(&[&known], Presence::Required);
        let acceptor = TlsAcceptor::from(config);
        let server = Loopback::start(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let _ = serve_echo(stream, None).await;
            }
        });
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let url = Url::parse(&format!("wss://localhost:{}/", server.address.port())).unwrap();
        let request = |shown: Option<&ClientCertificate>, http2: bool| ConnectRequest {
            tls_auth: shown.map(identity),
            http2: http2.then(Rc::default),
            ..ConnectRequest::new(url.clone())
        };
        for http2 in [false, true] {
            let opened = connect(&dialer, request(Some(&known), http2)).await.unwrap();
            let session = Session::start(opened);
            session.socket.send_text("let me in");
            assert_eq!(session.hear(1).await, ["text let me in"]);
            for refused in [None, Some(&stranger)] {
                assert!(connect(&dialer, request(refused, http2)).await.is_err());
            }
        }
    });
}

#[test]
fn keys_under_a_password() {
    let certificate = include_str!("keys/certificate.pem");
    for (name, key) in [
        ("aes128", include_str!("keys/aes128.pem")),
        ("aes256", include_str!("keys/aes256.pem")),
        ("des", include_str!("keys/des.pem")),
        ("des3", include_str!("keys/des3.pem")),
        ("pkcs8", include_str!("keys/pkcs8.pem")),
        ("scrypt", include_str!("keys/scrypt.pem")),
    ] {
        // It is checked that the key belongs to the certificate.
        let opened = ClientIdentity::from_pem(certificate, key, Some("secret"));
        assert!(opened.is_ok(), "{name}: {opened:?}");
        let error = ClientIdentity::from_pem(certificate, key, Some("Secret")).unwrap_err();
        assert_eq!(error, IdentityError::WrongPassword, "{name}");
        let error = ClientIdentity::from_pem(certificate, key, None).unwrap_err();
        assert_eq!(error, IdentityError::EncryptedKey, "{name}");
    }
    let check = |key: &str, expect: &str| {
        let error = ClientIdentity::from_pem(certificate, key, Some("secret")).unwrap_err();
        assert_eq!(error.to_string(), expect);
    };
    let key = include_str!("keys/aes256.pem");
    check(
        &key.replace("AES-256-CBC", "CAMELLIA-256-CBC"),
        "`key` is malformed: unknown cipher `CAMELLIA-256-CBC`",
    );
    check(&key.replace("-----END", ""), "`key` is malformed: the end of the section is missing");
    check(
        &key.replace("AES-256-CBC,", "AES-256-CBC,€"),
        "`key` is malformed: invalid initialisation vector",
    );
    check("Proc-Type: 4,ENCRYPTED", "no PEM private key found in `key`");
}

#[test]
fn what_is_no_certificate_or_key_is_named() {
    let client = ClientCertificate::new("one");
    let (certificate, key) = (client.certificate_pem(), client.key_pem());
    let other = ClientCertificate::new("two");
    let check = |certificate: &str, key: &str, expect: &str| {
        let error = ClientIdentity::from_pem(certificate, key, None).unwrap_err();
        assert!(error.to_string().contains(expect), "{error}");
        error
    };
    check("", key, "no PEM certificate found in `cert`");
    check(key, key, "no PEM certificate found in `cert`");
    check(certificate, "", "no PEM private key found in `key`");
    check(certificate, certificate, "no PEM private key found in `key`");
    check(certificate, other.key_pem(), "`cert` and `key` can't be used");
    let pkcs8 = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let error = check(certificate, &pkcs8, "`key` is encrypted");
    assert_eq!(error, IdentityError::EncryptedKey);
    let openssl = key.replacen("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n", 1);
    check(certificate, &openssl, "`key` is encrypted");
}

#[tokio::test]
async fn the_options_say_who_we_are_to_whom() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let clients = ["a", "b", "c"].map(ClientCertificate::new);
    let server = doorman(&certificate, &clients.each_ref(), Presence::Optional);
    let entry = |domains: &[&str], client| DomainIdentity {
        domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
        identity: identity(client),
    };
    let hosts = ["a.test", "sub.b.test", "b.test", "else.test"];
    let dialer = |identities: Vec<DomainIdentity>| {
        let options =
            TlsOptions { insecure_skip_verify: true, identities, ..trust(certificate.root_pem()) };
        let mut config = DialerConfig::new(TlsConfig::new(&options).unwrap());
        config.hosts = Hosts::parse(hosts.map(|host| (host, "127.0.0.1"))).unwrap();
        dialer_with(config).0
    };
    let seen = async |dialer: &Dialer| {
        let mut places = Vec::new();
        for host in hosts {
            let target = Target::new(host, server.address.port(), true);
            places.push(seen_as(dialer, &target).await.unwrap());
        }
        places
    };
    let [a, b, c] = &clients;
    let by_domain = vec![entry(&["x.test", "A.test"], a), entry(&["*.b.test"], b)];
    assert_eq!(seen(&dialer(by_domain.clone())).await, [0, 1, 9, 9]);
    let with_rest = by_domain.into_iter().chain([entry(&[], c)]).collect();
    assert_eq!(seen(&dialer(with_rest)).await, [0, 1, 2, 2]);
}

#[tokio::test]
async fn a_server_that_insists_refuses_nobody() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let client = ClientCertificate::new("one");
    let server = doorman(&certificate, &[&client], Presence::Required);
    let (dialer, _) = dialer(&trust(certificate.root_pem()));
    let target = Target::new("127.0.0.1", server.address.port(), true);
    assert_eq!(seen_as(&dialer, &target).await, Ok(u8::MAX));
    let url = format!("wss://{}/", server.address);
    let error = open(&dialer, &url).await.unwrap_err().error;
    assert_eq!(error.to_string(), "remote error: tls: certificate required");
}
