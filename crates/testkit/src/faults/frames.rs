//! Frames of a server (RFC 6455 §5.2) as bytes, right and wrong ones.

/// FIN and text.
pub(super) const TEXT: u8 = 0x81;
/// Text that another fragment follows.
pub(super) const TEXT_BEGINS: u8 = 0x01;
/// The last fragment.
pub(super) const CONTINUATION: u8 = 0x80;
/// FIN and close.
pub(super) const CLOSE: u8 = 0x88;
/// FIN and ping.
pub(super) const PING: u8 = 0x89;
/// FIN, RSV1 (compressed) and binary.
pub(super) const COMPRESSED_BINARY: u8 = 0xc2;
/// The masking bit of a frame's second byte.
pub(super) const MASKED: u8 = 0x80;

/// A frame with this first byte and this payload, its length in the shortest form.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match u16::try_from(payload.len()) {
        Ok(length @ 0..126) => bytes.push(length as u8),
        Ok(length) => {
            bytes.push(126);
            bytes.extend(length.to_be_bytes());
        }
        Err(_) => {
            bytes.push(127);
            bytes.extend((payload.len() as u64).to_be_bytes());
        }
    }
    bytes.extend(payload);
    bytes
}

/// A close frame with this code and no reason.
pub(super) fn close(code: u16) -> Vec<u8> {
    frame(CLOSE, &code.to_be_bytes())
}

/// A permessage-deflate payload (RFC 7692 §7.2.1) that inflates to at least this many zeros:
/// one fixed-Huffman block (RFC 1951 §3.2.6) of the longest matches at distance one.
pub(super) fn compressed_zeros(inflated_size: usize) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.push(0, 1); // Not the last block.
    bits.push(1, 2); // Fixed Huffman codes, low bit first.
    bits.push_code(0b0011_0000, 8); // The literal 0.
    for _ in 0..inflated_size.saturating_sub(1).div_ceil(LONGEST_MATCH) {
        bits.push_code(0b1100_0101, 8); // Length 258 (symbol 285).
        bits.push_code(0, 5); // Distance 1.
    }
    bits.push_code(0, 7); // End of block.
    bits.push(0, 3); // An empty stored block follows; its 00 00 ff ff is left out.
    bits.bytes
}

const LONGEST_MATCH: usize = 258;

/// Bits in the order of RFC 1951 §3.1.1.
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    filled: u32,
}

impl BitWriter {
    fn push(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            if self.filled.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().expect("a byte was pushed");
            *last |= ((value >> bit & 1) as u8) << (self.filled % 8);
            self.filled = (self.filled + 1) % 8;
        }
    }

    /// Huffman codes are packed starting with their most significant bit.
    fn push_code(&mut self, code: u32, count: u32) {
        for bit in (0..count).rev() {
            self.push(code >> bit & 1, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TEXT, compressed_zeros, frame};

    #[test]
    fn uses_the_shortest_length() {
        for (length, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            assert_eq!(frame(TEXT, &vec![0; length]).len(), header + length, "{length}");
        }
    }

    #[test]
    fn a_bomb_is_small() {
        assert!(compressed_zeros(1 << 20).len() < 8 << 10);
    }
}
