//! Servers that speak HTTP/2 and take WebSockets (RFC 8441), and do it badly. Frames and the few
//! header fields are written byte by byte; what the client asks is not looked at.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::frames::{CLOSE, TEXT, close, frame};
use crate::loopback::Loopback;

/// What a server does wrong, or oddly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http2Fault {
    /// Its SETTINGS do not announce RFC 8441. Over HTTP/1.1 it answers 404.
    NoConnectProtocol,
    /// RST_STREAM instead of an answer.
    ResetBeforeResponse,
    /// RST_STREAM with REFUSED_STREAM for each request.
    RefusesStreams,
    /// GOAWAY that says no request was looked at, on the first connection only.
    GoAwayAtFirst,
    /// The same on every connection.
    GoAwayAlways,
    /// Says nothing to a request.
    NeverAnswers,
    /// 403 with the body `no entry`.
    Forbidden,
    /// 101, which HTTP/2 does not have (RFC 9113 §8.6).
    SwitchingProtocols,
    /// 200 with END_STREAM.
    EndsWithResponse,
    /// RST_STREAM in the middle of a frame.
    ResetMidFrame,
    /// END_STREAM in the middle of a frame.
    EndsMidFrame,
    /// FIN in the middle of a frame.
    CutMidFrame,
    /// Text `"one"`, GOAWAY without an error, text `"two"`, close 1000.
    GoAwayBetweenMessages,
    /// A frame that HTTP/2 does not allow: DATA on stream 0.
    BreaksHttp2,
    /// WINDOW_UPDATE past the largest window, on the stream.
    OverflowsWindow,
    /// A WebSocket frame with reserved bits.
    BreaksWebSocket,
    /// Text `"one"` and a close frame 1000, each byte in a DATA frame of its own, with empty ones
    /// and padding between.
    OneByteFrames,
    /// Text and close frame in the same packet as the answer.
    MessagesWithResponse,
}

/// One row of [`HOSTILE_HTTP2_SERVERS`].
#[derive(Debug, Clone, Copy)]
pub struct HostileHttp2Server {
    /// The server's fault.
    pub fault: Http2Fault,
    /// What a client hears, as in [`HOSTILE_SERVERS`](super::HOSTILE_SERVERS).
    pub events: &'static [&'static str],
}

/// Every fault, with what a client must make of it.
pub const HOSTILE_HTTP2_SERVERS: &[HostileHttp2Server] = &[
    row(Http2Fault::NoConnectProtocol, REFUSED),
    row(Http2Fault::ResetBeforeResponse, REFUSED),
    row(Http2Fault::RefusesStreams, REFUSED),
    row(Http2Fault::GoAwayAtFirst, &["open", "text one", "close 1000"]),
    row(Http2Fault::GoAwayAlways, REFUSED),
    row(Http2Fault::NeverAnswers, REFUSED),
    row(Http2Fault::Forbidden, REFUSED),
    row(Http2Fault::SwitchingProtocols, REFUSED),
    row(Http2Fault::EndsWithResponse, FAILED),
    row(Http2Fault::ResetMidFrame, FAILED),
    row(Http2Fault::EndsMidFrame, FAILED),
    row(Http2Fault::CutMidFrame, FAILED),
    row(Http2Fault::GoAwayBetweenMessages, &["open", "text one", "text two", "close 1000"]),
    row(Http2Fault::BreaksHttp2, FAILED),
    row(Http2Fault::OverflowsWindow, FAILED),
    row(Http2Fault::BreaksWebSocket, FAILED),
    row(Http2Fault::OneByteFrames, &["open", "text one", "close 1000"]),
    row(Http2Fault::MessagesWithResponse, &["open", "text one", "close 1000"]),
];

const fn row(fault: Http2Fault, events: &'static [&'static str]) -> HostileHttp2Server {
    HostileHttp2Server { fault, events }
}

const REFUSED: &[&str] = &["error", "close 1006"];
const FAILED: &[&str] = &["open", "error", "close 1006"];

impl Http2Fault {
    /// Starts a loopback server with this fault, without TLS.
    ///
    /// # Panics
    /// If no loopback port is free.
    pub fn serve(self) -> Loopback {
        let is_first = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        Loopback::start(move |stream| {
            let is_first = is_first.swap(false, std::sync::atomic::Ordering::AcqRel);
            async move {
                let _ = stream.set_nodelay(true);
                // An error here means that the client went away first.
                let _ = Peer { stream, fault: self, is_first }.play().await;
            }
        })
    }

    fn settings(self) -> &'static [u8] {
        match self {
            Self::NoConnectProtocol => &[],
            // RFC 8441 §3.
            _ => &[0, 8, 0, 0, 0, 1],
        }
    }
}

struct Peer {
    stream: TcpStream,
    fault: Http2Fault,
    is_first: bool,
}

impl Peer {
    async fn play(mut self) -> io::Result<()> {
        let mut preface = [0; 24];
        self.stream.read_exact(&mut preface).await?;
        if !preface.starts_with(b"PRI") {
            let no = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            self.stream.write_all(no).await?;
            return self.listen().await;
        }
        self.send(SETTINGS, 0, 0, self.fault.settings()).await?;
        loop {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head).await?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            let mut payload = vec![0; length as usize];
            self.stream.read_exact(&mut payload).await?;
            match (head[3], head[4] & ACK) {
                (SETTINGS, 0) => self.send(SETTINGS, ACK, 0, &[]).await?,
                (PING, 0) => self.send(PING, ACK, 0, &payload).await?,
                (HEADERS, _) if !self.answer(stream).await? => return self.stream.shutdown().await,
                _ => {}
            }
        }
    }

    /// False if the connection is to be closed.
    async fn answer(&mut self, stream: u32) -> io::Result<bool> {
        let half_a_frame = &frame(TEXT, b"half")[..3];
        match self.fault {
            Http2Fault::NoConnectProtocol | Http2Fault::NeverAnswers => {}
            Http2Fault::ResetBeforeResponse => self.reset(stream, CANCEL).await?,
            Http2Fault::RefusesStreams => self.reset(stream, REFUSED_STREAM).await?,
            Http2Fault::GoAwayAtFirst if !self.is_first => self.talk(stream).await?,
            Http2Fault::GoAwayAtFirst | Http2Fault::GoAwayAlways => {
                self.go_away(0).await?;
                return Ok(false);
            }
            Http2Fault::Forbidden => {
                self.send(HEADERS, END_HEADERS, stream, STATUS_403).await?;
                self.send(DATA, END_STREAM, stream, b"no entry").await?;
            }
            Http2Fault::SwitchingProtocols => {
                self.send(HEADERS, END_HEADERS | END_STREAM, stream, STATUS_101).await?;
            }
            Http2Fault::EndsWithResponse => {
                self.send(HEADERS, END_HEADERS | END_STREAM, stream, STATUS_200).await?;
            }
            Http2Fault::ResetMidFrame => {
                self.open(stream).await?;
                self.send(DATA, 0, stream, half_a_frame).await?;
                self.reset(stream, CANCEL).await?;
            }
            Http2Fault::EndsMidFrame => {
                self.open(stream).await?;
                self.send(DATA, END_STREAM, stream, half_a_frame).await?;
            }
            Http2Fault::CutMidFrame => {
                self.open(stream).await?;
                self.send(DATA, 0, stream, half_a_frame).await?;
                return Ok(false);
            }
            Http2Fault::GoAwayBetweenMessages => {
                self.open(stream).await?;
                self.send(DATA, 0, stream, &frame(TEXT, b"one")).await?;
                self.go_away(stream).await?;
                self.send(DATA, 0, stream, &frame(TEXT, b"two")).await?;
                self.send(DATA, END_STREAM, stream, &close(1000)).await?;
            }
            Http2Fault::BreaksHttp2 => {
                self.open(stream).await?;
                self.send(DATA, 0, 0, b"nobody's").await?;
            }
            Http2Fault::OverflowsWindow => {
                self.open(stream).await?;
                self.send(WINDOW_UPDATE, 0, stream, &[0x7f, 0xff, 0xff, 0xff]).await?;
            }
            Http2Fault::BreaksWebSocket => {
                self.open(stream).await?;
                self.send(DATA, 0, stream, &[0xf1, 0]).await?;
            }
            Http2Fault::OneByteFrames => {
                self.open(stream).await?;
                for byte in [frame(TEXT, b"one"), close(1000)].concat() {
                    self.send(DATA, 0, stream, &[]).await?;
                    self.send(DATA, PADDED, stream, &[2, byte, 0, 0]).await?;
                }
            }
            Http2Fault::MessagesWithResponse => {
                let bytes = [
                    packed(HEADERS, END_HEADERS, stream, STATUS_200),
                    packed(DATA, 0, stream, &frame(TEXT, b"one")),
                    packed(DATA, END_STREAM, stream, &frame(CLOSE, &1000u16.to_be_bytes())),
                ];
                self.stream.write_all(&bytes.concat()).await?;
            }
        }
        Ok(true)
    }

    async fn talk(&mut self, stream: u32) -> io::Result<()> {
        self.open(stream).await?;
        self.send(DATA, 0, stream, &frame(TEXT, b"one")).await?;
        self.send(DATA, END_STREAM, stream, &close(1000)).await
    }

    async fn open(&mut self, stream: u32) -> io::Result<()> {
        self.send(HEADERS, END_HEADERS, stream, STATUS_200).await
    }

    async fn reset(&mut self, stream: u32, reason: u32) -> io::Result<()> {
        self.send(RST_STREAM, 0, stream, &reason.to_be_bytes()).await
    }

    async fn go_away(&mut self, last: u32) -> io::Result<()> {
        self.send(GOAWAY, 0, 0, &[last.to_be_bytes(), [0; 4]].concat()).await
    }

    async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        self.stream.write_all(&packed(kind, flags, stream, payload)).await
    }

    async fn listen(&mut self) -> io::Result<()> {
        let mut buffer = [0; 1024];
        while self.stream.read(&mut buffer).await? > 0 {}
        Ok(())
    }
}

/// A frame (RFC 9113 §4.1); payloads here are short.
fn packed(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, payload.len() as u8, kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

// RFC 9113 §6 and §7.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;

/// `:status`, from the table of RFC 7541 or as three digits under its name there.
const STATUS_200: &[u8] = &[0x88];
const STATUS_403: &[u8] = b"\x08\x03403";
const STATUS_101: &[u8] = b"\x08\x03101";
