//! The sending half of a connection: messages and fragments into frames, compressed and masked.
//! Whether anything may be sent at all is `connection`'s to know.

use crate::connection::{Config, Role};
use crate::context::Context;
use crate::deflate::{Compressor, Piece};
use crate::error::SendError;
use crate::frame::{Header, MAX_HEADER, Opcode};
use crate::mask::apply_mask;
use crate::message::MessageKind;

/// Which piece of a fragmented message is sent (RFC 6455 §5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// The first of several.
    First(MessageKind),
    /// Neither the first nor the last.
    Middle,
    /// The last of several.
    Last,
}

#[derive(Debug)]
pub(crate) struct Outgoing {
    role: Role,
    /// Boxed because most connections have none.
    compressor: Option<Box<Compressor>>,
    /// The fragmented message under way.
    under_way: Option<UnderWay>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnderWay {
    Plain,
    Compressed,
}

impl Outgoing {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            role: config.role,
            compressor: config.deflate.map(|agreed| Box::new(Compressor::new(config.role, agreed))),
            under_way: None,
        }
    }

    /// A whole message in one frame.
    pub(crate) fn message(
        &mut self,
        cx: &mut Context,
        kind: MessageKind,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        if self.under_way.is_some() {
            return Err(SendError::MessageUnderWay);
        }
        let shape = Shape { fin: true, compressed: false, opcode: opcode(kind) };
        match &mut self.compressor {
            // An empty message has nothing to compress.
            Some(compressor) if !payload.is_empty() => {
                let mut compressed = std::mem::take(&mut cx.compressed);
                compressor.compress(&mut cx.pool, payload, Piece::Last, &mut compressed);
                if compressor.may_discard() && compressed.len() >= payload.len() {
                    self.frame(cx, shape, payload, out);
                } else {
                    self.frame(cx, Shape { compressed: true, ..shape }, &compressed, out);
                }
                cx.keep_compressed(compressed);
            }
            _ => self.frame(cx, shape, payload, out),
        }
        Ok(())
    }

    /// One frame of a message in several.
    pub(crate) fn fragment(
        &mut self,
        cx: &mut Context,
        fragment: Fragment,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        let (opcode, under_way) = match (fragment, self.under_way) {
            (Fragment::First(_), Some(_)) => return Err(SendError::MessageUnderWay),
            (Fragment::First(kind), None) if self.compressor.is_some() => {
                (opcode(kind), UnderWay::Compressed)
            }
            (Fragment::First(kind), None) => (opcode(kind), UnderWay::Plain),
            (_, None) => return Err(SendError::NothingToContinue),
            (_, Some(under_way)) => (Opcode::Continuation, under_way),
        };
        let fin = fragment == Fragment::Last;
        self.under_way = if fin { None } else { Some(under_way) };
        match &mut self.compressor {
            Some(compressor) if under_way == UnderWay::Compressed => {
                let piece = if fin { Piece::Last } else { Piece::Further };
                let mut data = std::mem::take(&mut cx.compressed);
                compressor.compress(&mut cx.pool, payload, piece, &mut data);
                // RFC 7692 §6.1: RSV1 is on the first frame only.
                let compressed = opcode != Opcode::Continuation;
                self.frame(cx, Shape { fin, compressed, opcode }, &data, out);
                cx.keep_compressed(data);
            }
            _ => self.frame(cx, Shape { fin, compressed: false, opcode }, payload, out),
        }
        Ok(())
    }

    /// A control frame, whose payload is not too long.
    pub(crate) fn control(
        &self,
        cx: &mut Context,
        opcode: Opcode,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) {
        self.frame(cx, Shape { fin: true, compressed: false, opcode }, payload, out);
    }

    /// Lets go of what the connection held for messages to come.
    pub(crate) fn finish(&mut self, cx: &mut Context) {
        if let Some(compressor) = self.compressor.take() {
            compressor.release(&mut cx.pool);
        }
    }

    fn frame(&self, cx: &mut Context, shape: Shape, payload: &[u8], out: &mut Vec<u8>) {
        let mask = match self.role {
            Role::Client => Some(cx.mask.next_mask()),
            Role::Server => None,
        };
        out.reserve(MAX_HEADER + payload.len());
        Header {
            fin: shape.fin,
            compressed: shape.compressed,
            opcode: shape.opcode,
            mask,
            payload_len: payload.len() as u64,
        }
        .encode(out);
        let start = out.len();
        out.extend_from_slice(payload);
        if let Some(key) = mask {
            apply_mask(&mut out[start..], key, 0);
        }
    }
}

/// What a frame is, but for its payload and mask.
#[derive(Clone, Copy)]
struct Shape {
    fin: bool,
    compressed: bool,
    opcode: Opcode,
}

fn opcode(kind: MessageKind) -> Opcode {
    match kind {
        MessageKind::Text => Opcode::Text,
        MessageKind::Binary => Opcode::Binary,
    }
}
