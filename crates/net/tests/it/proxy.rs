//! Connections through proxies, over `CONNECT` and SOCKS, with and without TLS on either way.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use sockeye_net::{
    Blocked, Dialer, DialerConfig, NetError, Proxies, Target, TlsConfig, TlsOptions,
};
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::peer::{dialer_with, echo, read_head, tls_echo, trust, trust_nobody};
use crate::recorder::{Session, local, open};

type Heard = Arc<Mutex<Vec<String>>>;

/// Speaks `CONNECT`, and leads everybody to `server` or, if there is none, nowhere.
async fn http_proxy<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    heard: Heard,
    server: Option<SocketAddr>,
) -> std::io::Result<()> {
    let request = read_head(&mut stream).await;
    heard.lock().unwrap().push(request);
    let Some(server) = server else {
        let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        return stream.write_all(answer).await;
    };
    let mut server = TcpStream::connect(server).await?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n").await?;
    copy_bidirectional(&mut stream, &mut server).await.map(|_| ())
}

/// Speaks SOCKS with a password if one is given, and leads everybody to `server`, or refuses.
async fn socks_proxy(
    mut stream: TcpStream,
    heard: Heard,
    password: Option<&str>,
    server: Option<SocketAddr>,
) -> std::io::Result<()> {
    async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
        let mut text = vec![0; stream.read_u8().await?.into()];
        stream.read_exact(&mut text).await?;
        Ok(String::from_utf8(text).unwrap())
    }
    assert_eq!(stream.read_u8().await?, 5);
    let mut methods = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut methods).await?;
    let wanted = if password.is_some() { 2 } else { 0 };
    let method = if methods.contains(&wanted) { wanted } else { 0xff };
    stream.write_all(&[5, method]).await?;
    if let (2, Some(password)) = (method, password) {
        assert_eq!(stream.read_u8().await?, 1);
        let (user, given) = (text(&mut stream).await?, text(&mut stream).await?);
        heard.lock().unwrap().push(format!("user {user}"));
        stream.write_all(&[1, u8::from(given != password)]).await?;
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await?;
    assert_eq!(request, [5, 1, 0, 3]);
    let name = text(&mut stream).await?;
    let port = stream.read_u16().await?;
    heard.lock().unwrap().push(format!("{name}:{port}"));
    let Some(server) = server else {
        return stream.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]).await;
    };
    let mut server = TcpStream::connect(server).await?;
    stream.write_all(&[5, 0, 0, 3, 3, b'a', b'.', b'b', 1, 2]).await?;
    copy_bidirectional(&mut stream, &mut server).await.map(|_| ())
}

fn start_http(server: Option<SocketAddr>) -> (Loopback, Heard) {
    let heard = Heard::default();
    let shared = Arc::clone(&heard);
    let proxy = Loopback::start(move |stream| {
        let heard = Arc::clone(&shared);
        async move {
            // An error means that somebody went away.
            let _ = http_proxy(stream, heard, server).await;
        }
    });
    (proxy, heard)
}

fn start_socks(password: Option<&'static str>, server: Option<SocketAddr>) -> (Loopback, Heard) {
    let heard = Heard::default();
    let shared = Arc::clone(&heard);
    let proxy = Loopback::start(move |stream| {
        let heard = Arc::clone(&shared);
        async move {
            let _ = socks_proxy(stream, heard, password, server).await;
        }
    });
    (proxy, heard)
}

fn through(proxy: &str, tls: &TlsOptions) -> Dialer {
    dialer_with(config(proxy, tls)).0
}

fn config(proxy: &str, tls: &TlsOptions) -> DialerConfig {
    let proxies = Proxies::from_variables(|name| {
        ["HTTP_PROXY", "HTTPS_PROXY"].contains(&name).then_some(proxy)
    });
    DialerConfig { proxies, ..DialerConfig::new(TlsConfig::new(tls).unwrap()) }
}

/// Says something to an echo server and leaves.
async fn talk(dialer: &Dialer, url: &str) {
    let session = Session::connect(dialer, url).await;
    session.socket.send_text("hi");
    assert_eq!(session.hear(1).await, ["text hi"]);
    session.socket.close(Some(1000), "");
    assert!(session.closed().await.was_clean);
}

#[test]
fn connect_with_a_password() {
    local(async {
        let server = echo();
        let (proxy, heard) = start_http(Some(server.address));
        let dialer = through(&format!("http://me:p%40@{}", proxy.address), &trust_nobody());
        let opened = open(&dialer, "ws://chat.test/").await.unwrap();
        assert_eq!(opened.remote, Some(proxy.address));
        assert!(opened.timings.tcp > std::time::Duration::ZERO);
        talk(&dialer, "ws://[fd00::1]:99/").await;
        let agent = concat!("User-Agent: sockeye/", env!("CARGO_PKG_VERSION"));
        let request = |authority: &str| {
            format!(
                "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{agent}\r\n\
                 Proxy-Authorization: Basic bWU6cEA=\r\n\r\n"
            )
        };
        let expect = [request("chat.test:80"), request("[fd00::1]:99")];
        assert_eq!(*heard.lock().unwrap(), expect);
    });
}

#[test]
fn tls_through_a_proxy_is_with_the_server() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = tls_echo(&certificate);
        let (proxy, heard) = start_http(Some(server.address));
        let options = TlsOptions {
            any_name_certificates: vec![certificate.certificate_pem().to_owned()],
            ..trust_nobody()
        };
        let dialer = through(&proxy.address.to_string(), &options);
        talk(&dialer, "wss://chat.test/").await;
        assert!(heard.lock().unwrap()[0].starts_with("CONNECT chat.test:443 HTTP/1.1\r\n"));
    });
}

#[test]
fn a_proxy_may_itself_be_behind_tls() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = echo();
        let (address, heard) = (server.address, Heard::default());
        let shared = Arc::clone(&heard);
        let acceptor = TlsAcceptor::from(certificate.server_config());
        let proxy = Loopback::start(move |stream| {
            let (acceptor, heard) = (acceptor.clone(), Arc::clone(&shared));
            async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let _ = http_proxy(stream, heard, Some(address)).await;
            }
        });
        let dialer = through(&format!("https://{}", proxy.address), &trust(certificate.root_pem()));
        talk(&dialer, "ws://chat.test/").await;
        assert_eq!(heard.lock().unwrap().len(), 1);
    });
}

#[test]
fn socks_resolves_the_name() {
    local(async {
        let server = echo();
        let (proxy, heard) = start_socks(Some("secret"), Some(server.address));
        let url = |userinfo: &str| format!("socks5://{userinfo}{}", proxy.address);
        talk(&through(&url("me:secret@"), &trust_nobody()), "ws://chat.test/").await;
        assert_eq!(*heard.lock().unwrap(), ["user me", "chat.test:80"]);

        let fail = async |userinfo: &str| {
            let dialer = through(&url(userinfo), &trust_nobody());
            open(&dialer, "ws://chat.test/").await.unwrap_err().error.to_string()
        };
        let place = format!("proxy: SOCKS5 proxy at {}", proxy.address);
        assert_eq!(fail("me:wrong@").await, format!("{place} rejected username/password"));
        assert_eq!(fail("").await, format!("{place} requires authentication"));
    });
}

#[tokio::test]
async fn what_a_proxy_refuses_is_said_in_k6s_words() {
    let fail = async |proxy: &str| {
        let dialer = through(proxy, &trust_nobody());
        let error = dialer.dial(&Target::new("chat.test", 80, false)).await.unwrap_err();
        error.to_string()
    };
    let (proxy, _) = start_http(None);
    assert_eq!(fail(&proxy.address.to_string()).await, "Proxy Authentication Required");
    let (proxy, _) = start_socks(None, None);
    let expect =
        format!("proxy: SOCKS5 proxy at {} failed to connect: connection refused", proxy.address);
    assert_eq!(fail(&format!("socks5h://{}", proxy.address)).await, expect);
    assert_eq!(fail("ftp://127.0.0.1:1").await, "proxy: unknown scheme: ftp");
    let silent = Loopback::start(|stream| async move { drop(stream) });
    let error = fail(&silent.address.to_string()).await;
    assert!(error == "unexpected EOF" || error.contains("connection reset"), "{error}");
}

#[tokio::test]
async fn what_is_blocked_is_not_asked_of_a_proxy() {
    let (proxy, heard) = start_http(None);
    let mut config = config(&proxy.address.to_string(), &trust_nobody());
    config.blocked = Blocked::parse(["chat.test"], ["10.0.0.0/8"]).unwrap();
    let dialer = dialer_with(config).0;
    let error = dialer.dial(&Target::new("chat.test", 80, false)).await.unwrap_err();
    assert!(matches!(error, NetError::BlockedHostname { .. }), "{error}");
    let error = dialer.dial(&Target::new("10.1.1.1", 80, false)).await.unwrap_err();
    assert!(matches!(error, NetError::BlacklistedIp { .. }), "{error}");
    assert!(heard.lock().unwrap().is_empty());
}

#[test]
fn the_loopback_interface_is_reached_directly() {
    local(async {
        let server = echo();
        let (proxy, heard) = start_http(None);
        let dialer = through(&proxy.address.to_string(), &trust_nobody());
        talk(&dialer, &format!("ws://{}/", server.address)).await;
        assert!(heard.lock().unwrap().is_empty());
    });
}
