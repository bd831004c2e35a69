//! Compressing and inflating the messages of one connection (RFC 7692 §7.2.1, §7.2.2).

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};

use super::offer::{Agreed, WindowBits};
use super::pool::Pool;
use crate::connection::Role;
use crate::error::ProtocolError;

/// What one connection agreed on, and its two states once they are used.
#[derive(Debug)]
pub(crate) struct Deflate {
    outgoing: Window,
    outgoing_window: WindowBits,
    /// Made for the first message; kept between messages only with takeover.
    compressor: Option<Compress>,
    incoming: Window,
    /// As `compressor`; also kept while a message is under way.
    decompressor: Option<Decompress>,
    /// The last block inflated said it was the last of its stream, and nothing came after it.
    stream_ended: bool,
}

/// What happens to the LZ77 window between messages (RFC 7692 §7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    TakenOver,
    Forgotten,
}

/// Which part of its message a piece of payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// More follows.
    Further,
    /// The message ends here.
    Last,
}

impl Deflate {
    pub(crate) fn new(role: Role, agreed: Agreed) -> Self {
        let client = window(agreed.client_no_context_takeover);
        let server = window(agreed.server_no_context_takeover);
        let (outgoing, outgoing_window, incoming) = match role {
            Role::Client => (client, agreed.client_max_window_bits, server),
            Role::Server => (server, agreed.server_max_window_bits, client),
        };
        Self {
            outgoing,
            outgoing_window,
            compressor: None,
            incoming,
            decompressor: None,
            stream_ended: false,
        }
    }

    /// Whether a message may also be sent uncompressed once it went through the compressor: with
    /// takeover the peer's window would lack it.
    pub(crate) fn may_discard(&self) -> bool {
        self.outgoing == Window::Forgotten
    }

    /// Appends the compressed form of a piece of a message to `out` (RFC 7692 §7.2.1).
    pub(crate) fn compress(
        &mut self,
        pool: &mut Pool,
        payload: &[u8],
        piece: Piece,
        out: &mut Vec<u8>,
    ) {
        let mut compressor =
            self.compressor.take().unwrap_or_else(|| pool.take_compressor(self.outgoing_window));
        let start = out.len();
        flush(&mut compressor, payload, out);
        if piece == Piece::Further {
            self.compressor = Some(compressor);
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
        match self.outgoing {
            Window::TakenOver => self.compressor = Some(compressor),
            Window::Forgotten => pool.give_compressor(self.outgoing_window, compressor),
        }
    }

    /// Inflates a piece of a message onto `out`, which holds what its earlier pieces gave. Stops
    /// as soon as that is more than `limit`.
    pub(crate) fn inflate(
        &mut self,
        pool: &mut Pool,
        bytes: &[u8],
        out: &mut Vec<u8>,
        limit: usize,
    ) -> Result<(), ProtocolError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let decompressor = self.decompressor.get_or_insert_with(|| pool.take_decompressor());
        self.stream_ended = false;
        let mut input = bytes;
        loop {
            let room = limit.saturating_sub(out.len()).saturating_add(1);
            out.reserve((input.len() * 2).clamp(MIN_STEP, MAX_STEP).min(room));
            let (total_in, len) = (decompressor.total_in(), out.len());
            let status = decompressor
                .decompress_vec(input, out, FlushDecompress::Sync)
                .map_err(|_| ProtocolError::Deflate)?;
            let used = (decompressor.total_in() - total_in) as usize;
            input = &input[used..];
            if out.len() > limit {
                return Err(ProtocolError::MessageTooBig { limit });
            }
            if status == Status::StreamEnd {
                restart(decompressor, out)?;
                if input.is_empty() {
                    self.stream_ended = true;
                    return Ok(());
                }
            } else if out.len() < out.capacity() {
                // There was room for more, so all that the input can give is out.
                if input.is_empty() {
                    return Ok(());
                }
                if used == 0 && out.len() == len {
                    return Err(ProtocolError::Deflate);
                }
            }
        }
    }

    /// Ends a message: `out` is whole then (RFC 7692 §7.2.2).
    pub(crate) fn finish_inflate(
        &mut self,
        pool: &mut Pool,
        out: &mut Vec<u8>,
        limit: usize,
    ) -> Result<(), ProtocolError> {
        // Senders that end with BFINAL but leave out §7.2.3.4's zero byte exist: to them the tail
        // would be half a block.
        let whole = self.stream_ended;
        self.stream_ended = false;
        if !whole {
            self.inflate(pool, &TAIL, out, limit)?;
        }
        if self.incoming == Window::Forgotten
            && let Some(mut decompressor) = self.decompressor.take()
        {
            if !whole && !at_block_border(&mut decompressor) {
                return Err(ProtocolError::Deflate);
            }
            pool.give_decompressor(decompressor);
        }
        Ok(())
    }

    /// Gives the states back at the end of the connection.
    pub(crate) fn release(&mut self, pool: &mut Pool) {
        if let Some(compressor) = self.compressor.take() {
            pool.give_compressor(self.outgoing_window, compressor);
        }
        if let Some(decompressor) = self.decompressor.take() {
            pool.give_decompressor(decompressor);
        }
    }
}

fn window(no_takeover: bool) -> Window {
    if no_takeover { Window::Forgotten } else { Window::TakenOver }
}

/// §7.2.3.4: a block with BFINAL does not end the message. What follows is a new stream that may
/// refer to what the message held so far.
fn restart(decompressor: &mut Decompress, message: &[u8]) -> Result<(), ProtocolError> {
    decompressor.reset(false);
    let window = &message[message.len().saturating_sub(MAX_WINDOW)..];
    if !window.is_empty() {
        decompressor.set_dictionary(window).map_err(|_| ProtocolError::Deflate)?;
    }
    Ok(())
}

/// Whether the data so far was whole blocks; else the message was cut short. Ends the stream.
fn at_block_border(decompressor: &mut Decompress) -> bool {
    let before = decompressor.total_out();
    let status = decompressor.decompress(&FINAL_BLOCK, &mut [0; 8], FlushDecompress::Sync);
    matches!(status, Ok(Status::StreamEnd)) && decompressor.total_out() == before
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

/// What a sync flush ends with and the wire leaves out (RFC 7692 §7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// An empty block with BFINAL.
const FINAL_BLOCK: [u8; 5] = [0x01, 0x00, 0x00, 0xff, 0xff];
/// Bounds of one step's output space.
const MIN_STEP: usize = 256;
const MAX_STEP: usize = 64 * 1024;
/// How far back DEFLATE data may refer.
const MAX_WINDOW: usize = 1 << 15;

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(agreed: Agreed) -> (Deflate, Deflate, Pool) {
        (Deflate::new(Role::Client, agreed), Deflate::new(Role::Server, agreed), Pool::default())
    }

    fn compress(deflate: &mut Deflate, pool: &mut Pool, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        deflate.compress(pool, payload, Piece::Last, &mut out);
        out
    }

    #[test]
    fn a_bomb_goes_off_in_a_small_room() {
        const LIMIT: usize = 100_000;
        let (mut client, mut server, mut pool) = pair(Agreed::default());
        let bomb = compress(&mut client, &mut pool, &vec![0; 50 << 20]);
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        let mut out = Vec::new();
        let result = server.inflate(&mut pool, &bomb, &mut out, LIMIT);
        assert_eq!(result, Err(ProtocolError::MessageTooBig { limit: LIMIT }));
        assert!(out.capacity() <= 2 * LIMIT, "{}", out.capacity());
    }

    #[test]
    fn the_limit_is_exact() {
        for len in [1, 255, 256, 257, 1000, 65_536, 70_000] {
            let (mut client, mut server, mut pool) = pair(Agreed::default());
            let payload = vec![7; len];
            let compressed = compress(&mut client, &mut pool, &payload);
            let mut out = Vec::new();
            server.inflate(&mut pool, &compressed, &mut out, len).unwrap();
            server.finish_inflate(&mut pool, &mut out, len).unwrap();
            assert!(out == payload);

            let (.., mut server, mut pool) = pair(Agreed::default());
            let mut out = Vec::new();
            let result = server
                .inflate(&mut pool, &compressed, &mut out, len - 1)
                .and_then(|()| server.finish_inflate(&mut pool, &mut out, len - 1));
            assert_eq!(result, Err(ProtocolError::MessageTooBig { limit: len - 1 }));
        }
    }

    #[test]
    fn states_are_made_late_and_shared_without_takeover() {
        let forgetting = Agreed {
            server_no_context_takeover: true,
            client_no_context_takeover: true,
            ..Agreed::default()
        };
        for (agreed, kept) in [(Agreed::default(), true), (forgetting, false)] {
            let (mut client, mut server, mut pool) = pair(agreed);
            assert!(client.compressor.is_none() && server.decompressor.is_none());
            for _ in 0..3 {
                let compressed = compress(&mut client, &mut pool, b"hello hello hello");
                let mut out = Vec::new();
                server.inflate(&mut pool, &compressed, &mut out, 100).unwrap();
                server.finish_inflate(&mut pool, &mut out, 100).unwrap();
                assert_eq!(out, b"hello hello hello");
                assert_eq!(client.compressor.is_some(), kept);
                assert_eq!(server.decompressor.is_some(), kept);
            }
            client.release(&mut pool);
            assert!(client.compressor.is_none());
        }
    }

    #[test]
    fn a_window_outlives_bfinal_within_its_message() {
        // "Hello" in a block with BFINAL, then a match of it in a second one.
        let (.., mut server, mut pool) = pair(Agreed::default());
        let mut out = Vec::new();
        let message = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x02, 0x13, 0x00, 0x00];
        server.inflate(&mut pool, &message, &mut out, 100).unwrap();
        server.finish_inflate(&mut pool, &mut out, 100).unwrap();
        assert_eq!(out, b"HelloHello");
    }
}
