//! Fragments become messages: the payload so far, its limit, its text checked as it grows.

use crate::context::Context;
use crate::deflate::Inflater;
use crate::error::ProtocolError;
use crate::utf8;

/// The two kinds of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// UTF-8.
    Text,
    /// Any bytes.
    Binary,
}

/// A message that has begun and is not whole yet.
#[derive(Debug)]
pub(crate) struct Assembly {
    kind: MessageKind,
    compressed: bool,
    /// The payload so far, inflated if the message is compressed.
    payload: Vec<u8>,
    text: utf8::Progress,
}

impl Assembly {
    pub(crate) fn new(kind: MessageKind, compressed: bool, buffer: Vec<u8>) -> Self {
        Self { kind, compressed, payload: buffer, text: utf8::Progress::default() }
    }

    pub(crate) fn kind(&self) -> MessageKind {
        self.kind
    }

    /// Fails if `further` bytes cannot be added. Says nothing about a compressed message, whose
    /// size shows only as it inflates.
    pub(crate) fn check_room(&self, further: u64, limit: usize) -> Result<(), ProtocolError> {
        if self.compressed { Ok(()) } else { check_size(self.payload.len(), further, limit) }
    }

    /// Adds payload in wire order, already unmasked; `inflater` is there if it was agreed on.
    pub(crate) fn append(
        &mut self,
        cx: &mut Context,
        inflater: Option<&mut Inflater>,
        bytes: &[u8],
        limit: usize,
    ) -> Result<(), ProtocolError> {
        match inflater {
            Some(inflater) if self.compressed => {
                inflater.inflate(&mut cx.pool, bytes, &mut self.payload, limit)?;
            }
            _ => self.payload.extend_from_slice(bytes),
        }
        self.check_text()
    }

    /// The whole payload, after the last byte was appended.
    pub(crate) fn finish(
        mut self,
        cx: &mut Context,
        inflater: Option<&mut Inflater>,
        limit: usize,
    ) -> Result<Vec<u8>, ProtocolError> {
        if let Some(inflater) = inflater
            && self.compressed
        {
            inflater.finish(&mut cx.pool, &mut self.payload, limit)?;
            self.check_text()?;
        }
        Ok(self.payload)
    }

    fn check_text(&mut self) -> Result<(), ProtocolError> {
        match self.kind {
            MessageKind::Text => self.text.advance(&self.payload),
            MessageKind::Binary => Ok(()),
        }
    }
}

/// Fails if a message of `len` bytes and `further` ones would be longer than `limit`.
pub(crate) fn check_size(len: usize, further: u64, limit: usize) -> Result<(), ProtocolError> {
    if further > limit.saturating_sub(len) as u64 {
        return Err(ProtocolError::MessageTooBig { limit });
    }
    Ok(())
}
