//! Asking a proxy to connect us: `CONNECT` of HTTP, and SOCKS version 5.
//!
//! Both are written here, as each is a question and an answer, and the words for what goes wrong
//! are to be k6's.

use std::fmt::Write as _;
use std::io;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::error::{NetError, Operation};
use crate::proxy::{Credentials, Proxy};
use crate::stream::Stream;
use crate::target::Target;
use crate::trace::Peers;

/// `CONNECT` (RFC 9110 §9.3.6), with the user in `Proxy-Authorization` (RFC 7617).
pub(crate) async fn connect(
    stream: &mut Stream,
    peers: Peers,
    proxy: &Proxy,
    target: &Target,
) -> Result<(), NetError> {
    let authority = match target.host.parse() {
        Ok(IpAddr::V6(ip)) => format!("[{ip}]:{}", target.port),
        _ => format!("{}:{}", target.host, target.port),
    };
    let mut request = format!(
        "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {USER_AGENT}\r\n"
    );
    if let Some(Credentials { user, password }) = &proxy.credentials {
        let token = STANDARD.encode(format!("{user}:{password}"));
        // Writing to a string cannot fail.
        let _ = write!(request, "Proxy-Authorization: Basic {token}\r\n");
    }
    request.push_str("\r\n");
    write(stream, peers, request.as_bytes()).await?;

    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MAX_HEAD_BYTES {
            return Err(NetError::HeadersTooLarge { limit_bytes: MAX_HEAD_BYTES });
        }
        // One at a time: what follows the head is no longer the proxy's.
        head.push(read::<1>(stream, peers).await?[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let line = head.lines().next().unwrap_or_default();
    let malformed = || NetError::MalformedResponse(line.to_owned());
    let (version, status) = line.split_once(' ').ok_or_else(malformed)?;
    if !version.starts_with("HTTP/1.") {
        return Err(malformed());
    }
    let (code, reason) = status.split_once(' ').unwrap_or((status, ""));
    match code {
        "200" => Ok(()),
        _ if reason.is_empty() => Err(NetError::Proxy(format!("proxy: status {code}"))),
        // k6: the words of the status alone.
        _ => Err(NetError::Proxy(reason.to_owned())),
    }
}

/// SOCKS version 5 (RFC 1928), with user and password (RFC 1929). The proxy resolves the name.
pub(crate) async fn socks5(
    stream: &mut Stream,
    peers: Peers,
    proxy: &Proxy,
    target: &Target,
) -> Result<(), NetError> {
    let place = format!("SOCKS5 proxy at {}:{}", proxy.host, proxy.port);
    let fail = |what: &str| NetError::Proxy(format!("proxy: {place} {what}"));
    let methods: &[u8] = match proxy.credentials {
        Some(_) => &[SOCKS5, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
        None => &[SOCKS5, 1, NO_AUTHENTICATION],
    };
    write(stream, peers, methods).await?;
    let [version, method] = read(stream, peers).await?;
    if version != SOCKS5 {
        return Err(fail(&format!("has unexpected version {version}")));
    }
    match (method, &proxy.credentials) {
        (NO_AUTHENTICATION, _) => {}
        (USER_AND_PASSWORD, Some(credentials)) => {
            let mut request = vec![1];
            for text in [&credentials.user, &credentials.password] {
                let length = u8::try_from(text.len());
                request.push(length.map_err(|_| fail("takes no user or password of this length"))?);
                request.extend_from_slice(text.as_bytes());
            }
            write(stream, peers, &request).await?;
            let [_, status] = read(stream, peers).await?;
            if status != 0 {
                return Err(fail("rejected username/password"));
            }
        }
        _ => return Err(fail("requires authentication")),
    }

    let mut request = vec![SOCKS5, CONNECT, 0];
    match target.host.parse() {
        Ok(IpAddr::V4(ip)) => {
            request.push(IPV4);
            request.extend_from_slice(&ip.octets());
        }
        Ok(IpAddr::V6(ip)) => {
            request.push(IPV6);
            request.extend_from_slice(&ip.octets());
        }
        Err(_) => {
            let length = u8::try_from(target.host.len());
            request.extend([DOMAIN, length.map_err(|_| fail("takes no name of this length"))?]);
            request.extend_from_slice(target.host.as_bytes());
        }
    }
    request.extend_from_slice(&target.port.to_be_bytes());
    write(stream, peers, &request).await?;
    let [version, reply, _, kind] = read(stream, peers).await?;
    if version != SOCKS5 {
        return Err(fail(&format!("has unexpected version {version}")));
    }
    if reply != 0 {
        let why = REPLIES.get(usize::from(reply)).copied().unwrap_or("unknown failure");
        return Err(fail(&format!("failed to connect: {why}")));
    }
    // From where the proxy connects, which nobody needs.
    let address_bytes = match kind {
        IPV4 => 4,
        IPV6 => 16,
        DOMAIN => usize::from(read::<1>(stream, peers).await?[0]),
        _ => return Err(fail(&format!("returned unknown address type {kind}"))),
    };
    for _ in 0..address_bytes + PORT_BYTES {
        read::<1>(stream, peers).await?;
    }
    Ok(())
}

async fn write(stream: &mut Stream, peers: Peers, bytes: &[u8]) -> Result<(), NetError> {
    let written = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    written.await.map_err(|error: io::Error| peers.error(Operation::Write, &error))
}

async fn read<const N: usize>(stream: &mut Stream, peers: Peers) -> Result<[u8; N], NetError> {
    let mut bytes = [0; N];
    match stream.read_exact(&mut bytes).await {
        Ok(_) => Ok(bytes),
        Err(error) => Err(peers.error(Operation::Read, &error)),
    }
}

const USER_AGENT: &str = concat!("sockeye/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD_BYTES: usize = 64 * 1024;

const SOCKS5: u8 = 5;
const CONNECT: u8 = 1;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const IPV4: u8 = 1;
const DOMAIN: u8 = 3;
const IPV6: u8 = 4;
const PORT_BYTES: usize = 2;
/// RFC 1928 §6, in Go's words.
const REPLIES: [&str; 9] = [
    "",
    "general failure",
    "connection forbidden",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "TTL expired",
    "command not supported",
    "address type not supported",
];
