//! A WebSocket client over our own codec: what it hears comes one by one.

use std::collections::VecDeque;

use sockeye_ws::deflate::Offer;
use sockeye_ws::handshake::{Accepted, Request};
use sockeye_ws::{ClientHandshake, CloseCode, Config, Connection, Context, Event, Role};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::running::Running;

/// One thing heard from the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
    /// FIN.
    End,
    /// RST.
    Reset,
}

pub(crate) struct Client<S = TcpStream> {
    pub(crate) stream: S,
    pub(crate) accepted: Accepted,
    connection: Connection,
    cx: Context,
    heard: VecDeque<Heard>,
}

impl Client {
    pub(crate) async fn connect(server: &Running, resource: &str) -> Self {
        Self::with(server.connect().await, resource, &[], None).await
    }

    pub(crate) async fn compressed(server: &Running, offer: Offer) -> Self {
        Self::with(server.connect().await, "/echo", &[], Some(&offer)).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn with(
        mut stream: S,
        resource: &str,
        protocols: &[&str],
        offer: Option<&Offer>,
    ) -> Self {
        let protocols: Vec<_> = protocols.iter().map(|&name| name.to_owned()).collect();
        let request = Request {
            host: "test",
            resource,
            protocols: &protocols,
            deflate: offer.copied(),
            headers: &[],
        };
        let mut cx = Context::new();
        let mut handshake = ClientHandshake::new(request, cx.mask_source()).unwrap();
        stream.write_all(handshake.request()).await.unwrap();
        let response = loop {
            let byte = stream.read_u8().await.unwrap();
            if let Some((response, _)) = handshake.receive(&[byte]).unwrap() {
                break response;
            }
        };
        let accepted = handshake.check(&response).unwrap();
        Self::opened(stream, accepted)
    }

    /// A client whose handshake is over.
    pub(crate) fn opened(stream: S, accepted: Accepted) -> Self {
        let config =
            Config { role: Role::Client, max_message_size: 64 << 20, deflate: accepted.deflate };
        let connection = Connection::new(config);
        Self { stream, accepted, connection, cx: Context::new(), heard: VecDeque::new() }
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.send(|connection, cx, out| connection.send_text(cx, text, out).unwrap()).await;
    }

    pub(crate) async fn binary(&mut self, data: &[u8]) {
        self.send(|connection, cx, out| connection.send_binary(cx, data, out).unwrap()).await;
    }

    pub(crate) async fn close(&mut self, code: u16, reason: &str) {
        let code = Some(CloseCode::try_from(code).unwrap());
        self.send(|connection, cx, out| connection.close(cx, code, reason, out).unwrap()).await;
    }

    /// Sends what `write` appends, in one piece.
    pub(crate) async fn send(
        &mut self,
        write: impl FnOnce(&mut Connection, &mut Context, &mut Vec<u8>),
    ) {
        let mut out = Vec::new();
        write(&mut self.connection, &mut self.cx, &mut out);
        self.stream.write_all(&out).await.unwrap();
    }

    /// Sends bytes that the codec knows nothing of.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next thing heard; answers pings and close frames.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return heard;
            }
            let mut buffer = vec![0; 64 << 10];
            let count = match self.stream.read(&mut buffer).await {
                Ok(0) => return Heard::End,
                Ok(count) => count,
                Err(_) => return Heard::Reset,
            };
            let mut out = Vec::new();
            let heard = &mut self.heard;
            self.connection
                .receive(&mut self.cx, &mut buffer[..count], &mut out, &mut |event| {
                    heard.push_back(match event {
                        Event::Text(text) => Heard::Text(text.to_owned()),
                        Event::Binary(data) => Heard::Binary(data.to_vec()),
                        Event::Ping(payload) => Heard::Ping(payload.to_vec()),
                        Event::Pong(payload) => Heard::Pong(payload.to_vec()),
                        Event::Close { code, reason } => {
                            Heard::Close(code.map(CloseCode::as_u16), reason.to_owned())
                        }
                    });
                })
                .unwrap();
            // The server may have closed already.
            let _ = self.stream.write_all(&out).await;
        }
    }

    /// Expects a close frame with this code, and the end of the connection after it.
    pub(crate) async fn closed_with(&mut self, code: u16) {
        let heard = self.next().await;
        assert!(matches!(heard, Heard::Close(Some(c), _) if c == code), "{heard:?}, not {code}");
        assert_eq!(self.next().await, Heard::End);
    }
}
