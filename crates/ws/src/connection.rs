//! One open connection: bytes in, events and automatic replies out; messages in, bytes out; the
//! closing handshake (RFC 6455 §5 to §7).

use crate::close::{self, CloseCode};
use crate::context::Context;
use crate::deflate::{self, Inflater};
use crate::error::{CloseError, ProtocolError, SendError};
use crate::frame::{Header, MAX_CONTROL_PAYLOAD, MAX_HEADER, Opcode};
use crate::mask::apply_mask;
use crate::message::{Assembly, MessageKind, check_size};
use crate::outgoing::{Fragment, Outgoing};
use crate::utf8;

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

/// What arrived. Payloads are borrowed from the input, or from a buffer if they came in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping; its pong is in `out` already, unless pongs are [held](Connection::hold_pongs).
    Ping(&'a [u8]),
    /// A pong, asked for or not.
    Pong(&'a [u8]),
    /// The peer's close frame; its echo is in `out` already. Always the last event.
    Close {
        /// `None` if the frame was empty, which the WebSocket API shows as 1005.
        code: Option<CloseCode>,
        /// May be empty.
        reason: &'a str,
    },
}

/// One WebSocket connection after its opening handshake, without its I/O.
///
/// While nothing is under way it owns no buffers; what calls need for their own time is lent by a
/// [`Context`].
#[derive(Debug)]
pub struct Connection {
    role: Role,
    state: State,
    max_message_size: usize,
    outgoing: Outgoing,
    /// Boxed because most connections have none.
    inflater: Option<Box<Inflater>>,
    /// The start of a header that was cut off: the first `head_len` bytes.
    head: [u8; MAX_HEADER],
    head_len: u8,
    /// The frame whose payload is not all here.
    frame: Option<Frame>,
    /// The payload so far of a control frame that was cut off. Empty otherwise.
    control: Vec<u8>,
    /// The message whose payload is not all here.
    message: Option<Assembly>,
    pongs: Pongs,
    /// Written when the peer's close frame comes.
    received_close: Option<(Option<CloseCode>, Box<str>)>,
}

/// When pings are answered.
#[derive(Debug)]
enum Pongs {
    AtOnce,
    /// Only the latest one, whose payload this is, and only when asked to.
    Held(Option<Box<[u8]>>),
}

#[derive(Debug)]
struct Frame {
    header: Header,
    /// Bytes of payload that came.
    received: u64,
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

    /// Takes bytes just read. All of `input` is consumed; it is unmasked in place, so its content
    /// is void afterwards. Events go to `sink` in order; automatic replies (pongs, the echo of a
    /// close frame) are appended to `out`. Once the connection is finished, input is ignored
    /// (RFC 6455 §1.4).
    ///
    /// # Errors
    /// The peer broke the protocol. The connection has failed then: a close frame with the
    /// error's [`close_code`](ProtocolError::close_code) was appended to `out` unless one was sent
    /// before, and the state is [`State::Closed`]. Events before the error were delivered.
    pub fn receive(
        &mut self,
        cx: &mut Context,
        input: &mut [u8],
        out: &mut Vec<u8>,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ProtocolError> {
        let result = self.receive_until_error(cx, input, out, sink);
        if let Err(error) = result {
            self.fail(cx, error, out);
        }
        result
    }

    /// Takes bytes just read as [`receive`](Self::receive) does, but leaves it to the caller to
    /// [`fail`](Self::fail) the connection after an error, and to give it no more input. So what
    /// is sent in answer to the messages before the error can go out before the close frame.
    ///
    /// # Errors
    /// The peer broke the protocol.
    pub fn receive_until_error(
        &mut self,
        cx: &mut Context,
        mut input: &mut [u8],
        out: &mut Vec<u8>,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ProtocolError> {
        while !input.is_empty() && !self.state.is_finished() {
            let mut frame = if let Some(frame) = self.frame.take() {
                frame
            } else {
                let Some((header, used)) = self.read_header(input)? else { return Ok(()) };
                self.check_header(&header)?;
                input = &mut input[used..];
                Frame { header, received: 0 }
            };
            let missing = frame.header.payload_len - frame.received;
            let here = usize::try_from(missing).map_or(input.len(), |n| n.min(input.len()));
            let (chunk, rest) = input.split_at_mut(here);
            input = rest;
            if let Some(key) = frame.header.mask {
                apply_mask(chunk, key, frame.received);
            }
            frame.received += here as u64;
            if frame.header.opcode.is_control() {
                self.read_control(cx, &frame, chunk, out, sink)?;
            } else {
                self.read_data(cx, &frame, chunk, sink)?;
            }
            if !frame.is_complete() {
                self.frame = Some(frame);
            }
        }
        Ok(())
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

    /// The header at the start of the input (or the one whose start was kept) and how much of the
    /// input it took; `None` if it is cut off, when all of the input is kept.
    fn read_header(&mut self, input: &[u8]) -> Result<Option<(Header, usize)>, ProtocolError> {
        let kept = usize::from(self.head_len);
        let found = if kept == 0 {
            Header::decode(input)?
        } else {
            let more = input.len().min(MAX_HEADER - kept);
            self.head[kept..kept + more].copy_from_slice(&input[..more]);
            Header::decode(&self.head[..kept + more])?.map(|(header, len)| (header, len - kept))
        };
        if found.is_some() {
            self.head_len = 0;
        } else {
            // Whole headers are never longer than MAX_HEADER, so all of the input was part of it.
            let len = kept + input.len();
            self.head[kept..len].copy_from_slice(input);
            self.head_len = len as u8;
        }
        Ok(found)
    }

    /// The rules for a header that depend on the connection.
    fn check_header(&self, header: &Header) -> Result<(), ProtocolError> {
        let begins_message = matches!(header.opcode, Opcode::Text | Opcode::Binary);
        // RFC 7692 §6: RSV1 on the first frame of a message, if it was agreed on.
        if header.compressed && (self.inflater.is_none() || !begins_message) {
            return Err(ProtocolError::ReservedBit);
        }
        match (self.role, header.mask) {
            (Role::Client, Some(_)) => return Err(ProtocolError::MaskedFromServer),
            (Role::Server, None) => return Err(ProtocolError::UnmaskedFromClient),
            _ => {}
        }
        if header.opcode.is_control() {
            return Ok(());
        }
        match &self.message {
            Some(_) if begins_message => Err(ProtocolError::MessageInsideMessage),
            Some(message) => message.check_room(header.payload_len, self.max_message_size),
            None if !begins_message => Err(ProtocolError::NothingToContinue),
            None if header.compressed => Ok(()),
            None => check_size(0, header.payload_len, self.max_message_size),
        }
    }

    fn read_control(
        &mut self,
        cx: &mut Context,
        frame: &Frame,
        chunk: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ProtocolError> {
        if frame.is_complete() && self.control.is_empty() {
            return self.control_frame(cx, frame.header.opcode, chunk, out, sink);
        }
        self.control.extend_from_slice(chunk);
        if frame.is_complete() {
            let payload = std::mem::take(&mut self.control);
            self.control_frame(cx, frame.header.opcode, &payload, out, sink)?;
        }
        Ok(())
    }

    fn control_frame(
        &mut self,
        cx: &mut Context,
        opcode: Opcode,
        payload: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ProtocolError> {
        match opcode {
            Opcode::Ping => {
                // RFC 6455 §5.5.1, §5.5.2: nothing is sent after our close frame.
                match &mut self.pongs {
                    _ if self.state != State::Open => {}
                    Pongs::AtOnce => self.outgoing.control(cx, Opcode::Pong, payload, out),
                    Pongs::Held(latest) => *latest = Some(payload.into()),
                }
                sink(Event::Ping(payload));
            }
            Opcode::Pong => sink(Event::Pong(payload)),
            _ => {
                let (code, reason) = close::decode(payload)?;
                if self.state == State::Open {
                    // RFC 6455 §5.5.1: the echo has the code that came.
                    let echo = &payload[..payload.len().min(2)];
                    self.outgoing.control(cx, Opcode::Close, echo, out);
                    self.finish(cx, State::ClosingByPeer);
                } else {
                    self.finish(cx, State::Closed);
                }
                self.received_close = Some((code, reason.into()));
                sink(Event::Close { code, reason });
            }
        }
        Ok(())
    }

    fn read_data(
        &mut self,
        cx: &mut Context,
        frame: &Frame,
        chunk: &[u8],
        sink: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ProtocolError> {
        let complete = frame.is_complete();
        let header = &frame.header;
        if chunk.is_empty() && !complete {
            return Ok(());
        }
        let message = if let Some(message) = &mut self.message {
            message
        } else {
            let kind = match header.opcode {
                Opcode::Text => MessageKind::Text,
                _ => MessageKind::Binary,
            };
            let whole = complete && header.fin && chunk.len() as u64 == header.payload_len;
            if whole && !header.compressed {
                return deliver(kind, chunk, sink);
            }
            let buffer = cx.take_buffer();
            self.message.insert(Assembly::new(kind, header.compressed, buffer))
        };
        let limit = self.max_message_size;
        message.append(cx, self.inflater.as_deref_mut(), chunk, limit)?;
        if complete && header.fin {
            let message = self.message.take().expect("a message is under way");
            let kind = message.kind();
            let payload = message.finish(cx, self.inflater.as_deref_mut(), limit)?;
            let result = deliver(kind, &payload, sink);
            cx.recycle(payload);
            return result;
        }
        Ok(())
    }

    /// Nothing more will be read or written: whatever is held is let go.
    fn finish(&mut self, cx: &mut Context, state: State) {
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

impl Frame {
    fn is_complete(&self) -> bool {
        self.received == self.header.payload_len
    }
}

fn deliver(
    kind: MessageKind,
    payload: &[u8],
    sink: &mut dyn FnMut(Event<'_>),
) -> Result<(), ProtocolError> {
    match kind {
        MessageKind::Text => sink(Event::Text(utf8::check(payload)?)),
        MessageKind::Binary => sink(Event::Binary(payload)),
    }
    Ok(())
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
