//! The server's half of the opening handshake (RFC 6455 §4.2), written by hand.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use tokio::io::AsyncReadExt;

use super::peer::Peer;

/// Reads up to and with the blank line that ends a request head.
///
/// # Errors
/// If the client goes away first or sends a head beyond all reason.
pub(super) async fn read_head<P: Peer>(peer: &mut P) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(peer.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// The lines of a correct `101` for this request, without the blank line; extra lines can follow.
pub(super) fn switching_protocols(head: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n",
        accept(head)
    )
}

/// The `Sec-WebSocket-Accept` that answers this request.
pub(super) fn accept(head: &str) -> String {
    let key = header(head, "sec-websocket-key").unwrap_or_default();
    let digest = Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    STANDARD.encode(digest)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (candidate, value) = line.split_once(':')?;
        candidate.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// No client under test sends a longer request.
const MAX_HEAD: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::accept;

    #[test]
    fn accepts_the_key_of_rfc_6455() {
        let head = "GET / HTTP/1.1\r\nsec-websocket-KEY:  dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        assert_eq!(accept(head), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
