//! The bytes of a connection, whatever they go through: TCP or a unix socket, TLS or none, or a
//! stream of HTTP/2 over any of these.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::client::TlsStream;

use crate::byte_count::Counted;
use crate::websocket::{Channel, Tap, Transcript};

/// A counted stream to a peer, with or without TLS over it.
#[derive(Debug)]
pub struct Stream {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Tcp(Counted<TcpStream>),
    Unix(Counted<UnixStream>),
    /// TLS to a proxy has TLS to the server in it.
    Tls(Box<TlsStream<Stream>>),
    Http2(Box<Channel>),
    Tapped(Box<(Stream, Transcript)>),
}

impl Stream {
    /// The same, with someone listening in.
    pub(crate) fn tapped(self, tap: Rc<dyn Tap>) -> Self {
        Self { kind: Kind::Tapped(Box::new((self, Transcript::new(tap)))) }
    }

    /// The same, once the handshake is over.
    pub(crate) fn tapped_after_heads(self, tap: Rc<dyn Tap>) -> Self {
        Self { kind: Kind::Tapped(Box::new((self, Transcript::after_heads(tap)))) }
    }

    /// What both ends agreed to speak over TLS (RFC 7301), if they did.
    pub(crate) fn alpn(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Tls(stream) => stream.get_ref().1.alpn_protocol(),
            Kind::Tapped(tapped) => tapped.0.alpn(),
            Kind::Tcp(_) | Kind::Unix(_) | Kind::Http2(_) => None,
        }
    }
}

impl From<Counted<TcpStream>> for Stream {
    fn from(stream: Counted<TcpStream>) -> Self {
        Self { kind: Kind::Tcp(stream) }
    }
}

impl From<Counted<UnixStream>> for Stream {
    fn from(stream: Counted<UnixStream>) -> Self {
        Self { kind: Kind::Unix(stream) }
    }
}

impl From<TlsStream<Stream>> for Stream {
    fn from(stream: TlsStream<Stream>) -> Self {
        Self { kind: Kind::Tls(Box::new(stream)) }
    }
}

impl From<Channel> for Stream {
    fn from(channel: Channel) -> Self {
        Self { kind: Kind::Http2(Box::new(channel)) }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Kind::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
            Kind::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
            Kind::Http2(channel) => Pin::new(&mut **channel).poll_read(cx, buffer),
            Kind::Tapped(tapped) => {
                let (stream, transcript) = &mut **tapped;
                let before = buffer.filled().len();
                let result = Pin::new(stream).poll_read(cx, buffer);
                transcript.received(&buffer.filled()[before..]);
                result
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Kind::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
            Kind::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
            Kind::Http2(channel) => Pin::new(&mut **channel).poll_write(cx, bytes),
            Kind::Tapped(tapped) => {
                let (stream, transcript) = &mut **tapped;
                let result = Pin::new(stream).poll_write(cx, bytes);
                if let Poll::Ready(Ok(written)) = result {
                    transcript.sent(&bytes[..written]);
                }
                result
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Kind::Unix(stream) => Pin::new(stream).poll_flush(cx),
            Kind::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Kind::Http2(channel) => Pin::new(&mut **channel).poll_flush(cx),
            Kind::Tapped(tapped) => Pin::new(&mut tapped.0).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Http2(channel) => Pin::new(&mut **channel).poll_shutdown(cx),
            Kind::Tapped(tapped) => Pin::new(&mut tapped.0).poll_shutdown(cx),
        }
    }
}
