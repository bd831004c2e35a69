//! DEFLATE states that no connection owns: those of connections without context takeover, and
//! those left by closed ones. A state costs hundreds of kilobytes and its making as many writes.

use flate2::{Compress, Compression, Decompress};

use super::params::WindowBits;

/// Idle states, each as good as new.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// By window bits: a compressor must not look further back than was agreed.
    compressors: [Vec<Compress>; WINDOW_SIZES],
    /// All with the largest window, which inflates data made with any.
    decompressors: Vec<Decompress>,
}

impl Pool {
    pub(crate) fn take_compressor(&mut self, window: WindowBits) -> Compress {
        let bits = compressor_bits(window);
        self.compressors[slot(bits)]
            .pop()
            .unwrap_or_else(|| Compress::new_with_window_bits(Compression::fast(), false, bits))
    }

    pub(crate) fn give_compressor(&mut self, window: WindowBits, mut compressor: Compress) {
        let idle = &mut self.compressors[slot(compressor_bits(window))];
        if idle.len() < MAX_IDLE {
            compressor.reset();
            idle.push(compressor);
        }
    }

    pub(crate) fn take_decompressor(&mut self) -> Decompress {
        self.decompressors.pop().unwrap_or_else(|| Decompress::new(false))
    }

    pub(crate) fn give_decompressor(&mut self, mut decompressor: Decompress) {
        if self.decompressors.len() < MAX_IDLE {
            decompressor.reset(false);
            self.decompressors.push(decompressor);
        }
    }
}

/// zlib has no raw stream of 8 window bits. One of 9 serves: zlib looks back no further than its
/// window less 262 bytes, which is 250, so an inflater with a window of 256 bytes can read it.
fn compressor_bits(window: WindowBits) -> u8 {
    window.get().max(MIN_ZLIB_BITS)
}

fn slot(bits: u8) -> usize {
    usize::from(bits - MIN_ZLIB_BITS)
}

/// The smallest window of zlib's raw streams.
const MIN_ZLIB_BITS: u8 = 9;
/// 9 to 15.
const WINDOW_SIZES: usize = 7;
/// States of a kind that a pool keeps. Without takeover one serves a thread, but for compressed
/// messages that arrive in pieces.
const MAX_IDLE: usize = 4;
