//! Inflating the messages that a connection receives (RFC 7692 §7.2.2), never further than their
//! limit.

use flate2::{Decompress, FlushDecompress, Status};

use super::offer::Agreed;
use super::pool::Pool;
use super::{Between, TAIL};
use crate::connection::Role;
use crate::error::ProtocolError;

/// The receiving half of permessage-deflate for one connection.
#[derive(Debug)]
pub(crate) struct Inflater {
    between: Between,
    /// Made for the first message; kept while one is under way, and after it only if the window
    /// is.
    state: Option<Decompress>,
    /// The last block said it was the last of its stream, and nothing came after it.
    stream_ended: bool,
}

impl Inflater {
    pub(crate) fn new(role: Role, agreed: Agreed) -> Self {
        let forgets = match role {
            Role::Client => agreed.server_no_context_takeover,
            Role::Server => agreed.client_no_context_takeover,
        };
        Self { between: Between::messages(forgets), state: None, stream_ended: false }
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
        let decompressor = self.state.get_or_insert_with(|| pool.take_decompressor());
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
    pub(crate) fn finish(
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
        if self.between == Between::Forgotten
            && let Some(mut decompressor) = self.state.take()
        {
            if !whole && !at_block_border(&mut decompressor) {
                return Err(ProtocolError::Deflate);
            }
            pool.give_decompressor(decompressor);
        }
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// Gives the state back at the end of the connection.
    pub(crate) fn release(self, pool: &mut Pool) {
        if let Some(state) = self.state {
            pool.give_decompressor(state);
        }
    }
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
    use crate::deflate::{Compressor, Piece};

    fn pair(agreed: Agreed) -> (Compressor, Inflater, Pool) {
        (
            Compressor::new(Role::Client, agreed),
            Inflater::new(Role::Server, agreed),
            Pool::default(),
        )
    }

    fn compress(client: &mut Compressor, pool: &mut Pool, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        client.compress(pool, payload, Piece::Last, &mut out);
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
            server.finish(&mut pool, &mut out, len).unwrap();
            assert!(out == payload);

            let (.., mut server, mut pool) = pair(Agreed::default());
            let mut out = Vec::new();
            let result = server
                .inflate(&mut pool, &compressed, &mut out, len - 1)
                .and_then(|()| server.finish(&mut pool, &mut out, len - 1));
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
            assert!(!client.has_state() && !server.has_state());
            for _ in 0..3 {
                let compressed = compress(&mut client, &mut pool, b"hello hello hello");
                let mut out = Vec::new();
                server.inflate(&mut pool, &compressed, &mut out, 100).unwrap();
                server.finish(&mut pool, &mut out, 100).unwrap();
                assert_eq!(out, b"hello hello hello");
                assert_eq!(client.has_state(), kept);
                assert_eq!(server.has_state(), kept);
            }
        }
    }

    #[test]
    fn a_state_given_back_forgets_its_window() {
        let (_, mut first, mut pool) = pair(Agreed::default());
        let (_, mut second, _) = pair(Agreed::default());
        let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let same_again = [0x02, 0x13, 0x00, 0x00];
        let mut out = Vec::new();
        first.inflate(&mut pool, &hello, &mut out, 100).unwrap();
        first.finish(&mut pool, &mut out, 100).unwrap();
        first.inflate(&mut pool, &same_again, &mut out, 100).unwrap();
        first.finish(&mut pool, &mut out, 100).unwrap();
        assert_eq!(out, b"HelloHello");
        first.release(&mut pool);
        let result = second.inflate(&mut pool, &same_again, &mut Vec::new(), 100);
        assert_eq!(result, Err(ProtocolError::Deflate));
    }

    #[test]
    fn a_window_outlives_bfinal_within_its_message() {
        // "Hello" in a block with BFINAL, then a match of it in a second one.
        let (.., mut server, mut pool) = pair(Agreed::default());
        let mut out = Vec::new();
        let message = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x02, 0x13, 0x00, 0x00];
        server.inflate(&mut pool, &message, &mut out, 100).unwrap();
        server.finish(&mut pool, &mut out, 100).unwrap();
        assert_eq!(out, b"HelloHello");
    }
}
