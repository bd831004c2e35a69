//! What comes in on a connection: bytes to frames, frames to events and automatic replies (RFC 6455
//! §5 and §6.2).

use crate::close::{self, CloseCode};
use crate::connection::{Connection, Pongs, Role, State};
use crate::context::Context;
use crate::error::ProtocolError;
use crate::frame::{Header, MAX_HEADER, Opcode};
use crate::mask::apply_mask;
use crate::message::{Assembly, MessageKind, check_size};
use crate::utf8;

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

/// A frame whose payload is on its way.
#[derive(Debug)]
pub(crate) struct Frame {
    header: Header,
    /// Bytes of payload that came.
    received: u64,
}

impl Connection {
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
