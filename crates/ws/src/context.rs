//! What all connections of one thread share by lending: the source of masking keys, DEFLATE
//! states that belong to no connection, and spare buffers. So an idle connection owns none of it.

use crate::deflate::Pool;
use crate::mask::{MaskSource, SystemMask};

/// Lent to each call on a [`Connection`](crate::Connection). Make one per worker thread; any
/// context will do for any connection at any call.
pub struct Context {
    pub(crate) mask: Box<dyn MaskSource + Send>,
    /// DEFLATE states for connections that need none of their own between messages.
    pub(crate) pool: Pool,
    /// Output of the compressor, before its length is known and its header written. Empty
    /// between calls.
    pub(crate) compressed: Vec<u8>,
    /// The allocation of the last assembled message, for the next one. Empty between calls.
    spare: Vec<u8>,
}

impl Context {
    /// A context with keys from the system's cryptographic generator.
    pub fn new() -> Self {
        Self::with_mask_source(Box::new(SystemMask::new()))
    }

    /// A context with another source of masking keys.
    pub fn with_mask_source(mask: Box<dyn MaskSource + Send>) -> Self {
        Self { mask, pool: Pool::default(), compressed: Vec::new(), spare: Vec::new() }
    }

    /// The source of masking keys, for [`ClientHandshake::new`](crate::ClientHandshake::new).
    pub fn mask_source(&mut self) -> &mut dyn MaskSource {
        &mut *self.mask
    }

    /// An empty buffer, with an allocation if one is spare.
    pub(crate) fn take_buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spare)
    }

    /// Takes back the compressor's output buffer.
    pub(crate) fn keep_compressed(&mut self, mut buffer: Vec<u8>) {
        if buffer.capacity() <= MAX_SPARE {
            buffer.clear();
            self.compressed = buffer;
        }
    }

    /// Takes back a buffer's allocation, unless it is too big to sit idle.
    pub(crate) fn recycle(&mut self, mut buffer: Vec<u8>) {
        if (self.spare.capacity()..=MAX_SPARE).contains(&buffer.capacity()) {
            buffer.clear();
            self.spare = buffer;
        }
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("pool", &self.pool).finish_non_exhaustive()
    }
}

/// Bytes of buffer that a context may keep while nothing is under way.
const MAX_SPARE: usize = 1 << 20;
