//! What each fault does to one connection, from its first byte to its last.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::fault::Fault;
use super::frames::{
    CLOSE, COMPRESSED_BINARY, CONTINUATION, MASKED, PING, TEXT, TEXT_BEGINS, close,
    compressed_zeros, frame,
};
use super::peer::{Peer, reset};
use super::server::Requests;
use super::upgrade::{accept, read_head, switching_protocols};

/// Plays `fault` to `peer` until one of them goes away.
///
/// # Errors
/// If the client goes away in the middle.
pub(super) async fn play<P: Peer>(
    fault: Fault,
    mut peer: P,
    requests: &Requests,
) -> io::Result<()> {
    match fault {
        Fault::ResetOnAccept => return reset(&peer),
        Fault::CloseOnAccept => return drain_after_fin(peer).await,
        _ => {}
    }
    let head = read_head(&mut peer).await?;
    requests.lock().expect("no holder of this lock panics").push(head.clone());
    match answer(&fault, &head) {
        Answer::Upgrade(response) => {
            peer.write_all(response.as_bytes()).await?;
            after_upgrade(fault, peer).await
        }
        Answer::UpgradeWithFrames(response, frames) => {
            let mut packet = response.into_bytes();
            packet.extend(frames);
            peer.write_all(&packet).await?;
            drain_until_close_frame(&mut peer).await?;
            drain_after_fin(peer).await
        }
        Answer::Http(response) => {
            peer.write_all(response.as_bytes()).await?;
            drain(&mut peer).await
        }
        Answer::Special => instead_of_an_answer(fault, &head, peer).await,
    }
}

/// What follows a request head.
enum Answer {
    /// A whole upgrade response; frames, if any, come in packets of their own.
    Upgrade(String),
    /// The same with frames in its packet, the last of them a close frame.
    UpgradeWithFrames(String, Vec<u8>),
    /// Something else in the shape of HTTP; then only reading.
    Http(String),
    /// No answer in one piece.
    Special,
}

fn answer(fault: &Fault, head: &str) -> Answer {
    let upgrade = |extra: &str| format!("{}{extra}\r\n", switching_protocols(head));
    match fault {
        Fault::NeverAnswers
        | Fault::TenMegabyteHeader
        | Fault::SlowLorisHandshake(_)
        | Fault::CloseMidHead => Answer::Special,
        Fault::GarbageInsteadOfHttp => {
            Answer::Http("\u{1}\u{2}SSH-2.0-nonsense\r\n\r\n".to_owned())
        }
        Fault::NotWebSocket => {
            let headers = [("Content-Type".to_owned(), "text/html".to_owned())];
            Answer::Http(response(200, &headers, "<!doctype html><title>hello</title>"))
        }
        Fault::Status(status, headers, body) => Answer::Http(response(*status, headers, body)),
        Fault::WrongAccept => Answer::Upgrade(upgrade("").replace(&accept(head), &accept(""))),
        Fault::MissingAccept => Answer::Upgrade(without_line(&upgrade(""), "Sec-WebSocket-Accept")),
        Fault::MissingUpgrade => Answer::Upgrade(without_line(&upgrade(""), "Upgrade")),
        Fault::UnrequestedSubprotocol => {
            Answer::Upgrade(upgrade("Sec-WebSocket-Protocol: never-asked-for\r\n"))
        }
        Fault::UnrequestedExtension => {
            Answer::Upgrade(upgrade("Sec-WebSocket-Extensions: x-never-offered\r\n"))
        }
        Fault::CompressedBomb(_) => Answer::Upgrade(upgrade(
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n",
        )),
        Fault::CloseImmediately(code) => Answer::UpgradeWithFrames(upgrade(""), close(*code)),
        Fault::MessagesWithUpgrade => Answer::UpgradeWithFrames(
            upgrade(""),
            [frame(TEXT, b"one"), frame(TEXT, b"two"), close(1000)].concat(),
        ),
        _ => Answer::Upgrade(upgrade("")),
    }
}

async fn instead_of_an_answer<P: Peer>(fault: Fault, head: &str, mut peer: P) -> io::Result<()> {
    let response = format!("{}\r\n", switching_protocols(head));
    match fault {
        Fault::TenMegabyteHeader => {
            peer.write_all(b"HTTP/1.1 101 Switching Protocols\r\nX-Padding: ").await?;
            let padding = vec![b'a'; 1 << 16];
            for _ in 0..TEN_MEGABYTES / padding.len() {
                peer.write_all(&padding).await?;
            }
        }
        Fault::SlowLorisHandshake(interval) => {
            for byte in response.bytes() {
                peer.write_u8(byte).await?;
                tokio::time::sleep(interval).await;
            }
        }
        Fault::CloseMidHead => {
            peer.write_all(&response.as_bytes()[..response.len() / 2]).await?;
            return drain_after_fin(peer).await;
        }
        _ => {}
    }
    drain(&mut peer).await
}

async fn after_upgrade<P: Peer>(fault: Fault, mut peer: P) -> io::Result<()> {
    let bytes = match fault {
        Fault::CloseAfterUpgrade => return drain_after_fin(peer).await,
        Fault::ResetAfterUpgrade => return reset(&peer),
        Fault::RstMidFrame => {
            peer.write_all(&frame(TEXT, b"cut short")[..5]).await?;
            peer.flush().await?;
            return reset(&peer);
        }
        Fault::CloseMidFrame => {
            peer.write_all(&frame(TEXT, b"cut short")[..5]).await?;
            return drain_after_fin(peer).await;
        }
        Fault::StopsReading => return std::future::pending().await,
        Fault::OneByteWrites => {
            let frames =
                [frame(TEXT, b"one"), frame(TEXT, b"two"), frame(PING, b"?"), close(1000)].concat();
            for byte in frames {
                peer.write_u8(byte).await?;
                peer.flush().await?;
                // Lets the client's thread see this byte alone, most of the time.
                tokio::task::yield_now().await;
            }
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::DataBeforeCloseReply => {
            drain_until_close_frame(&mut peer).await?;
            peer.write_all(&[frame(TEXT, b"late"), close(1000)].concat()).await?;
            return drain_after_fin(peer).await;
        }
        Fault::PingFlood(count) => {
            let mut frames = frame(PING, b"flood").repeat(count);
            frames.extend(close(1000));
            return write_while_reading(peer, &frames).await;
        }
        Fault::PingFloodUnread(count) => {
            let ping = frame(PING, &[b'p'; 125]);
            for _ in 0..count {
                peer.write_all(&ping).await?;
            }
            peer.write_all(&close(1000)).await?;
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::TextFlood { count, bytes } => {
            let message = frame(TEXT, &vec![b't'; bytes]);
            let batch_size = (FLOOD_BATCH / message.len()).clamp(1, count.max(1));
            let batch = message.repeat(batch_size);
            for _ in 0..count / batch_size {
                peer.write_all(&batch).await?;
            }
            peer.write_all(&message.repeat(count % batch_size)).await?;
            peer.write_all(&close(1000)).await?;
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::DataAfterClose => {
            let frames = [close(1000), frame(TEXT, b"late"), frame(PING, b"late")].concat();
            peer.write_all(&frames).await?;
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::EmptyClose => {
            peer.write_all(&frame(CLOSE, b"")).await?;
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::UnfinishedFragmentThenClose => {
            peer.write_all(&[frame(TEXT_BEGINS, b"begun"), close(1000)].concat()).await?;
            drain_until_close_frame(&mut peer).await?;
            return drain_after_fin(peer).await;
        }
        Fault::CompressedBomb(size) => frame(COMPRESSED_BINARY, &compressed_zeros(size)),
        Fault::GarbageFrames => vec![0xff; 64],
        Fault::MaskedFrame => vec![TEXT, MASKED | 2, 0, 0, 0, 0, b'h', b'i'],
        Fault::ReservedBits => frame(TEXT | 0x70, b"reserved"),
        Fault::ReservedOpcode => frame(0x83, b"reserved"),
        Fault::OversizedControl => frame(PING, &[b'p'; 126]),
        Fault::FragmentedControl => frame(PING & 0x7f, b"part"),
        Fault::InvalidUtf8 => {
            frame(TEXT, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80")
        }
        Fault::StrayContinuation => frame(CONTINUATION, b"stray"),
        Fault::UnfinishedFragmentThenText => {
            [frame(TEXT_BEGINS, b"begun"), frame(TEXT, b"another")].concat()
        }
        Fault::MessageThenReservedBits => {
            [frame(TEXT, b"one"), frame(TEXT | 0x70, b"reserved")].concat()
        }
        Fault::FourGigabyteLength => [&[TEXT, 127][..], &(1_u64 << 32).to_be_bytes()].concat(),
        Fault::HugeLength => [&[TEXT, 127][..], &(u64::MAX >> 1).to_be_bytes()].concat(),
        Fault::NegativeLength => [&[TEXT, 127][..], &u64::MAX.to_be_bytes()].concat(),
        Fault::OneByteClose => frame(CLOSE, b"\x03"),
        // The fault lies before the upgrade or in saying nothing at all.
        _ => Vec::new(),
    };
    peer.write_all(&bytes).await?;
    peer.flush().await?;
    drain(&mut peer).await
}

/// Reads until the client goes away.
async fn drain<P: Peer>(peer: &mut P) -> io::Result<()> {
    let mut buffer = vec![0; 4096];
    while peer.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Half-closes, then reads until the client goes away: dropping a socket with unread bytes would
/// send a RST in place of the FIN. TLS connections end without close_notify.
async fn drain_after_fin<P: Peer>(mut peer: P) -> io::Result<()> {
    peer.flush().await?;
    socket2::SockRef::from(peer.tcp()).shutdown(std::net::Shutdown::Write)?;
    drain(&mut peer).await
}

/// Reads the client's frames up to and with its close frame.
async fn drain_until_close_frame<P: Peer>(peer: &mut P) -> io::Result<()> {
    loop {
        let opcode = peer.read_u8().await? & 0x0f;
        let length = match peer.read_u8().await? & 0x7f {
            126 => u64::from(peer.read_u16().await?),
            127 => peer.read_u64().await?,
            length => u64::from(length),
        };
        // The four bytes of the mask, then the payload.
        let mut left = length.saturating_add(4);
        let mut buffer = vec![0; 4096];
        while left > 0 {
            let part = left.min(buffer.len() as u64) as usize;
            left -= peer.read_exact(&mut buffer[..part]).await? as u64;
        }
        if opcode == CLOSE & 0x0f {
            return Ok(());
        }
    }
}

/// Writes all while reading what comes, so that two full socket buffers cannot block each other,
/// then reads until the client goes away.
async fn write_while_reading<P: Peer>(peer: P, bytes: &[u8]) -> io::Result<()> {
    let (mut reader, mut writer) = tokio::io::split(peer);
    let write = async {
        writer.write_all(bytes).await?;
        writer.flush().await
    };
    let read = async { tokio::io::copy(&mut reader, &mut tokio::io::sink()).await };
    tokio::try_join!(write, read).map(drop)
}

fn response(status: u16, headers: &[(String, String)], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status} Fault\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            text.push_str(part);
        }
    }
    format!("{text}\r\n{body}")
}

fn without_line(head: &str, name: &str) -> String {
    let kept = head.split_inclusive("\r\n").filter(|line| !line.starts_with(&format!("{name}:")));
    kept.collect()
}

/// What is written at once of a flood, at least one message.
const FLOOD_BATCH: usize = 1 << 16;
const TEN_MEGABYTES: usize = 10 << 20;
