//! Compressing the messages that a connection sends (RFC 7692 §7.2.1).

use flate2::{Compress, FlushCompress};

use super::offer::Agreed;
use super::params::WindowBits;
use super::pool::Pool;
use super::{Between, TAIL};
use crate::connection::Role;

/// The sending half of permessage-deflate for one connection.
#[derive(Debug)]
pub(crate) struct Compressor {
    window: WindowBits,
    between: Between,
    /// Made for the first message; kept between messages only if the window is.
    state: Option<Compress>,
}

/// Which part of its message a piece of payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// More follows.
    Further,
    /// The message ends here.
    Last,
}

impl Compressor {
    pub(crate) fn new(role: Role, agreed: Agreed) -> Self {
        let (window, forgets) = match role {
            Role::Client => (agreed.client_max_window_bits, agreed.client_no_context_takeover),
            Role::Server => (agreed.server_max_window_bits, agreed.server_no_context_takeover),
        };
        Self { window, between: Between::messages(forgets), state: None }
    }

    /// Whether a message may also be sent uncompressed once it went through the compressor: with
    /// takeover the peer's window would lack it.
    pub(crate) fn may_discard(&self) -> bool {
        self.between == Between::Forgotten
    }

    /// Appends the compressed form of a piece of a message to `out` (RFC 7692 §7.2.1).
    pub(crate) fn compress(
        &mut self,
        pool: &mut Pool,
        payload: &[u8],
        piece: Piece,
        out: &mut Vec<u8>,
    ) {
        let mut compressor = self.state.take().unwrap_or_else(|| pool.take_compressor(self.window));
        let start = out.len();
        flush(&mut compressor, payload, out);
        if piece == Piece::Further {
            self.state = Some(compressor);
            return;
        }
        // §7.2.1 steps 2 and 3: without the tail; a message that had nothing else, such as an
        // empty last fragment, is the first byte of an empty block.
        if out[start..].ends_with(&TAIL) {
            out.truncate(out.len() - TAIL.len());
        }
        if out.len() == start {
            out.push(0);
        }
        match self.between {
            Between::TakenOver => self.state = Some(compressor),
            Between::Forgotten => pool.give_compressor(self.window, compressor),
        }
    }

    #[cfg(test)]
    pub(crate) fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// Gives the state back at the end of the connection.
    pub(crate) fn release(self, pool: &mut Pool) {
        if let Some(state) = self.state {
            pool.give_compressor(self.window, state);
        }
    }
}

/// Compresses all of `payload` and flushes to a byte border.
fn flush(compressor: &mut Compress, payload: &[u8], out: &mut Vec<u8>) {
    let mut input = payload;
    loop {
        // More than six bytes, else zlib writes its flush marker again (zlib.h, deflate()).
        out.reserve((input.len() / 2).clamp(MIN_STEP, MAX_STEP));
        let before = compressor.total_in();
        compressor
            .compress_vec(input, out, FlushCompress::Sync)
            .expect("a raw compressor fails only on misuse");
        input = &input[(compressor.total_in() - before) as usize..];
        if input.is_empty() && out.len() < out.capacity() {
            return;
        }
    }
}

/// Bounds of one step's output space.
const MIN_STEP: usize = 256;
const MAX_STEP: usize = 64 * 1024;
