//! One open connection: its state, messages in and bytes out, the closing handshake (RFC 6455 §5 to
//! §7). The way in is in `incoming`.

use crate::close::{self, CloseCode};
use crate::context::Context;
use crate::deflate::{self, Inflater};
use crate::error::{CloseError, ProtocolError, SendError};
use crate::frame::{MAX_CONTROL_PAYLOAD, MAX_HEADER, Opcode};
use crate::incoming::Frame;
use crate::message::{Assembly, MessageKind};
use crate::outgoing::{Fragment, Outgoing};

/// Which end of the connection this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Masks what it sends.
    Client,
    /// Does not.
    Server,
}

/// How a connection behaves.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Which end this is.
    pub role: Role,
    /// The longest message to accept, in bytes of inflated payload. A longer one fails the
    /// connection with 1009.
    pub max_message_size: usize,
    /// permessage-deflate as the handshake agreed on it.
    pub deflate: Option<deflate::Agreed>,
}

/// How far the closing handshake is (RFC 6455 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Neither end sent a close frame.
    Open,
    /// We sent a close frame and wait for the peer's. Messages still arrive.
    ClosingByUs,
    /// The peer began: its close frame came and our echo was written. Nothing more is said or
    /// heard; what is left is to write it out and end the TCP connection.
    ClosingByPeer,
    /// We began and the peer's close frame came, or the connection failed. Nothing more is said
    /// or heard.
    Closed,
}

impl State {
    /// Whether nothing more will be read or written: all that is left is to flush and end the TCP
    /// connection (which is the server's to do first, RFC 6455 §7.1.1).
    pub fn is_finished(self) -> bool {
        matches!(self, Self::ClosingByPeer | Self::Closed)
    }
}

/// One WebSocket connection after its opening handshake, without its I/O.
///
/// While nothing is under way it owns no buffers; what calls need for their own time is lent by a
/// [`Context`].
#[derive(Debug)]
pub struct Connection {
    pub(crate) role: Role,
    pub(crate) state: State,
    pub(crate) max_message_size: usize,
    pub(crate) outgoing: Outgoing,
    /// Boxed because most connections have none.
    pub(crate) inflater: Option<Box<Inflater>>,
    /// The start of a header that was cut off: the first `head_len` bytes.
    pub(crate) head: [u8; MAX_HEADER],
    pub(crate) head_len: u8,
    /// The frame whose payload is not all here.
    pub(crate) frame: Option<Frame>,
    /// The payload so far of a control frame that was cut off. Empty otherwise.
    pub(crate) control: Vec<u8>,
    /// The message whose payload is not all here.
    pub(crate) message: Option<Assembly>,
    pub(crate) pongs: Pongs,
    /// Written when the peer's close frame comes.
    pub(crate) received_close: Option<(Option<CloseCode>, Box<str>)>,
}

/// When pings are answered.
#[derive(Debug)]
pub(crate) enum Pongs {
    AtOnce,
    /// Only the latest one, whose payload this is, and only when asked to.
    Held(Option<Box<[u8]>>),
}

impl Connection {
    /// A connection right after its opening handshake.
    pub fn new(config: Config) -> Self {
        Self {
            role: config.role,
            state: State::Open,
            max_message_size: config.max_message_size,
            outgoing: Outgoing::new(&config),
            inflater: config.deflate.map(|agreed| Box::new(Inflater::new(config.role, agreed))),
            head: [0; MAX_HEADER],
            head_len: 0,
            frame: None,
            control: Vec::new(),
            message: None,
            pongs: Pongs::AtOnce,
            received_close: None,
        }
    }

    /// How far the closing handshake is.
    pub fn state(&self) -> State {
        self.state
    }

    /// The peer's close frame, once it came: code (`None` if the frame was empty) and reason.
    pub fn received_close(&self) -> Option<(Option<CloseCode>, &str)> {
        self.received_close.as_ref().map(|(code, reason)| (*code, &**reason))
    }

    /// Fails the connection (RFC 6455 §7.1.7): appends a close frame with the error's code to
    /// `out` unless one was sent before. The state is [`State::Closed`] then.
    pub fn fail(&mut self, cx: &mut Context, error: ProtocolError, out: &mut Vec<u8>) {
        if self.state == State::Open {
            let code = error.close_code().as_u16().to_be_bytes();
            self.outgoing.control(cx, Opcode::Close, &code, out);
        }
        self.finish(cx, State::Closed);
    }

    /// Appends a text message to `out`.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::MessageUnderWay`].
    pub fn send_text(
        &mut self,
        cx: &mut Context,
        text: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_open()?;
        self.outgoing.message(cx, MessageKind::Text, text.as_bytes(), out)
    }

    /// Appends a binary message to `out`.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::MessageUnderWay`].
    pub fn send_binary(
        &mut self,
        cx: &mut Context,
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_open()?;
        self.outgoing.message(cx, MessageKind::Binary, data, out)
    }

    /// Appends one frame of a fragmented message to `out`. Pings and pongs may be sent between
    /// fragments. That a text is UTF-8 in the end is up to the caller, for its fragments may end
    /// inside characters.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::MessageUnderWay`], [`SendError::NothingToContinue`].
    pub fn send_fragment(
        &mut self,
        cx: &mut Context,
        fragment: Fragment,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_open()?;
        self.outgoing.fragment(cx, fragment, payload, out)
    }

    /// Appends a ping to `out`.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::ControlTooLong`].
    pub fn ping(
        &mut self,
        cx: &mut Context,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.send_control(cx, Opcode::Ping, payload, out)
    }

    /// Appends a pong that no ping asked for to `out`.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::ControlTooLong`].
    pub fn pong(
        &mut self,
        cx: &mut Context,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.send_control(cx, Opcode::Pong, payload, out)
    }

    /// Answers no more pings until [`release_pong`](Self::release_pong), which will answer the
    /// latest one only (RFC 6455 §5.5.3). For when output waits longer than it should: a peer
    /// that does not read gathers no pongs.
    pub fn hold_pongs(&mut self) {
        if matches!(self.pongs, Pongs::AtOnce) {
            self.pongs = Pongs::Held(None);
        }
    }

    /// Whether pongs are held back.
    pub fn holds_pongs(&self) -> bool {
        matches!(self.pongs, Pongs::Held(_))
    }

    /// Answers pings at once again, and the latest that was not answered.
    pub fn release_pong(&mut self, cx: &mut Context, out: &mut Vec<u8>) {
        if let Pongs::Held(Some(payload)) = std::mem::replace(&mut self.pongs, Pongs::AtOnce)
            && self.state == State::Open
        {
            self.outgoing.control(cx, Opcode::Pong, &payload, out);
        }
    }

    /// Begins the closing handshake: appends a close frame to `out`, empty if `code` is `None`.
    /// Does nothing if a close frame was sent before.
    ///
    /// # Errors
    /// [`CloseError::ReasonTooLong`], [`CloseError::ReasonWithoutCode`]; nothing happened then.
    pub fn close(
        &mut self,
        cx: &mut Context,
        code: Option<CloseCode>,
        reason: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), CloseError> {
        let payload = close::encode(code, reason)?;
        if self.state == State::Open {
            self.outgoing.control(cx, Opcode::Close, &payload, out);
            self.state = State::ClosingByUs;
        }
        Ok(())
    }

    /// Nothing more will be read or written: whatever is held is let go.
    pub(crate) fn finish(&mut self, cx: &mut Context, state: State) {
        self.state = state;
        self.frame = None;
        self.control = Vec::new();
        self.message = None;
        self.pongs = Pongs::AtOnce;
        self.outgoing.finish(cx);
        if let Some(inflater) = self.inflater.take() {
            inflater.release(&mut cx.pool);
        }
    }

    fn send_control(
        &mut self,
        cx: &mut Context,
        opcode: Opcode,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_open()?;
        if payload.len() > MAX_CONTROL_PAYLOAD {
            return Err(SendError::ControlTooLong(payload.len()));
        }
        self.outgoing.control(cx, opcode, payload, out);
        Ok(())
    }

    fn check_open(&self) -> Result<(), SendError> {
        if self.state == State::Open { Ok(()) } else { Err(SendError::NotOpen) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_small_and_may_move_between_threads() {
        fn check<T: Send>(limit: usize) {
            assert!(size_of::<T>() <= limit, "{}", size_of::<T>());
        }
        check::<Connection>(232);
        check::<Context>(usize::MAX);
    }

    #[test]
    fn an_idle_connection_owns_no_buffers() {
        let deflate = Some(deflate::Agreed {
            server_no_context_takeover: true,
            client_no_context_takeover: true,
            ..deflate::Agreed::default()
        });
        let config = Config { role: Role::Server, max_message_size: 1 << 20, deflate };
        let mut server = Connection::new(config);
        let mut client = Connection::new(Config { role: Role::Client, ..config });
        let mut cx = Context::new();
        let mut wire = Vec::new();
        let text = "sockeye ".repeat(100);
        server.send_text(&mut cx, &text, &mut wire).unwrap();
        server.ping(&mut cx, b"there?", &mut wire).unwrap();
        let (first, last) = (Fragment::First(MessageKind::Binary), Fragment::Last);
        server.send_fragment(&mut cx, first, &[7; 300], &mut wire).unwrap();
        server.send_fragment(&mut cx, last, &[8; 300], &mut wire).unwrap();
        let mut heard = 0;
        let mut out = Vec::new();
        for byte in wire.chunks_mut(1) {
            client.receive(&mut cx, byte, &mut out, &mut |_| heard += 1).unwrap();
        }
        assert_eq!(heard, 3);
        assert_eq!(client.control.capacity(), 0);
        assert!(client.message.is_none() && client.frame.is_none() && client.head_len == 0);
        assert!(client.inflater.is_some_and(|inflater| !inflater.has_state()));
    }
}
