//! What the tests share: dialers for every trust, a web server of canned answers, echo servers.

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use sockeye_net::{ByteCount, Dialer, DialerConfig, SystemRoots, TlsConfig, TlsOptions};
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::TestCertificate;
use sockeye_ws::deflate::{Agreed, ServerPolicy, negotiate};
use sockeye_ws::{Config, Connection, Context, Event, Role, accept_key};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

/// Options that trust nobody.
pub(crate) fn trust_nobody() -> TlsOptions {
    TlsOptions::new(SystemRoots::none())
}

/// Options that trust this root.
pub(crate) fn trust(root_pem: &str) -> TlsOptions {
    TlsOptions { extra_roots: vec![root_pem.to_owned()], ..trust_nobody() }
}

/// A dialer with these options, and its counter.
pub(crate) fn dialer(options: &TlsOptions) -> (Dialer, Rc<ByteCount>) {
    dialer_with(DialerConfig::new(TlsConfig::new(options).unwrap()))
}

/// A dialer with this configuration, and its counter.
pub(crate) fn dialer_with(config: DialerConfig) -> (Dialer, Rc<ByteCount>) {
    let bytes = Rc::new(ByteCount::new());
    (Dialer::new(Arc::new(config), Rc::clone(&bytes)), bytes)
}

/// A dialer for connections without TLS.
pub(crate) fn plain_dialer() -> Dialer {
    dialer(&trust_nobody()).0
}

/// A web server that gives `answer(path)` to each connection and closes it.
pub(crate) fn web(answer: fn(&str) -> Vec<u8>) -> Loopback {
    Loopback::start(move |mut stream| async move {
        let head = read_head(&mut stream).await;
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        // An error means that the client went away first.
        let _ = stream.write_all(&answer(&path)).await;
        let _ = stream.shutdown().await;
    })
}

/// Reads up to the blank line after a request's head.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap_or_default()
}

/// A WebSocket server that echoes messages and closes after the closing handshake.
pub(crate) fn echo() -> Loopback {
    Loopback::start(|stream| async move {
        // An error means that the client went away first.
        let _ = serve_echo(stream, None).await;
    })
}

/// The same over TLS.
pub(crate) fn tls_echo(certificate: &TestCertificate) -> Loopback {
    let acceptor = TlsAcceptor::from(certificate.server_config());
    Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let _ = serve_echo(stream, None).await;
        }
    })
}

/// The same with permessage-deflate.
pub(crate) fn deflate_echo() -> Loopback {
    Loopback::start(|stream| async move {
        let _ = serve_echo(stream, Some(ServerPolicy::default())).await;
    })
}

/// What an echo server does on one connection.
pub(crate) async fn serve_echo<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    policy: Option<ServerPolicy>,
) -> io::Result<()> {
    let head = read_head(&mut stream).await;
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    };
    let mut response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n",
        accept_key(header("sec-websocket-key").unwrap_or_default())
    );
    let mut push = |line: String| response.push_str(&line);
    if let Some(protocol) = header("sec-websocket-protocol").and_then(|all| all.split(", ").last())
    {
        push(format!("Sec-WebSocket-Protocol: {protocol}\r\n"));
    }
    let echoed = [
        ("authorization", "X-Authorization"),
        ("cookie", "X-Cookie"),
        ("host", "X-Host"),
        ("origin", "X-Origin"),
        ("x-user", "X-User"),
    ];
    for (name, answer) in echoed {
        if let Some(value) = header(name) {
            push(format!("{answer}: {value}\r\n"));
        }
    }
    push("Set-Cookie: seen=1; Path=/\r\n".to_owned());
    let offers = header("sec-websocket-extensions").unwrap_or_default();
    let agreed = policy.and_then(|policy| negotiate(offers, &policy));
    if let Some((_, value)) = &agreed {
        push(format!("Sec-WebSocket-Extensions: {value}\r\n"));
    }
    response += "\r\n";
    stream.write_all(response.as_bytes()).await?;
    stream.flush().await?;

    converse(stream, agreed.map(|(agreed, _)| agreed)).await
}

/// What it does after the handshake.
pub(crate) async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    deflate: Option<Agreed>,
) -> io::Result<()> {
    let mut connection =
        Connection::new(Config { role: Role::Server, max_message_size: 1 << 26, deflate });
    let mut cx = Context::new();
    let mut buffer = vec![0; 64 * 1024];
    while !connection.state().is_finished() {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        let mut messages = Vec::new();
        let mut out = Vec::new();
        let result =
            connection.receive(&mut cx, &mut buffer[..read], &mut out, &mut |event| match event {
                Event::Text(text) => messages.push((true, text.as_bytes().to_vec())),
                Event::Binary(data) => messages.push((false, data.to_vec())),
                _ => {}
            });
        for (is_text, payload) in messages {
            let sent = if is_text {
                let text = String::from_utf8(payload).unwrap();
                connection.send_text(&mut cx, &text, &mut out)
            } else {
                connection.send_binary(&mut cx, &payload, &mut out)
            };
            if sent.is_err() {
                break;
            }
        }
        stream.write_all(&out).await?;
        stream.flush().await?;
        if result.is_err() {
            break;
        }
    }
    stream.shutdown().await
}
