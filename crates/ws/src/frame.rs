//! Frame headers: decode, encode, opcodes, and the rules that need nothing but the header
//! (RFC 6455 §5.2, §5.5). What depends on the connection is in `connection`.

use crate::error::ProtocolError;

/// The most payload a control frame may have (RFC 6455 §5.5).
pub const MAX_CONTROL_PAYLOAD: usize = 125;

/// The longest header: two bytes, eight of length, four of masking key.
pub const MAX_HEADER: usize = 14;

/// What a frame is (RFC 6455 §11.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// A further fragment of the message under way.
    Continuation,
    /// A text message or its first fragment.
    Text,
    /// A binary message or its first fragment.
    Binary,
    /// The sender will say no more.
    Close,
    /// Asks for a pong.
    Ping,
    /// Answers a ping, or comes unasked.
    Pong,
}

impl Opcode {
    /// Control frames may come between the fragments of a message.
    pub fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xa,
        }
    }

    fn from_bits(bits: u8) -> Result<Self, ProtocolError> {
        match bits {
            0x0 => Ok(Self::Continuation),
            0x1 => Ok(Self::Text),
            0x2 => Ok(Self::Binary),
            0x8 => Ok(Self::Close),
            0x9 => Ok(Self::Ping),
            0xa => Ok(Self::Pong),
            reserved => Err(ProtocolError::ReservedOpcode(reserved)),
        }
    }
}

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The last fragment of its message.
    pub fin: bool,
    /// RSV1: on the first frame of a message, the message is compressed (RFC 7692 §6).
    pub compressed: bool,
    /// What the frame is.
    pub opcode: Opcode,
    /// The masking key, if the payload is masked.
    pub mask: Option<[u8; 4]>,
    /// Bytes of payload.
    pub payload_len: u64,
}

impl Header {
    /// Reads a header from the start of `bytes`: the header and its length, or `None` if bytes
    /// are missing.
    ///
    /// # Errors
    /// Every rule of RFC 6455 §5.2 and §5.5 that the header alone can break, as early as the
    /// bytes show it.
    pub fn decode(bytes: &[u8]) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(([first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
        if first & (RSV2 | RSV3) != 0 {
            return Err(ProtocolError::ReservedBit);
        }
        let opcode = Opcode::from_bits(first & 0x0f)?;
        let fin = first & FIN != 0;
        let masked = second & MASKED != 0;
        let short = second & !MASKED;
        if opcode.is_control() && !fin {
            return Err(ProtocolError::ControlFragmented);
        }
        let (payload_len, rest) = match short {
            LENGTH_16 | LENGTH_64 if opcode.is_control() => {
                return Err(ProtocolError::ControlTooLong(u64::from(short)));
            }
            LENGTH_16 => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                let length = u64::from(u16::from_be_bytes(*length));
                if length < u64::from(LENGTH_16) {
                    return Err(ProtocolError::LengthNotMinimal);
                }
                (length, rest)
            }
            LENGTH_64 => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                let length = u64::from_be_bytes(*length);
                if u16::try_from(length).is_ok() {
                    return Err(ProtocolError::LengthNotMinimal);
                }
                if length > i64::MAX as u64 {
                    return Err(ProtocolError::LengthOverflow);
                }
                (length, rest)
            }
            length => (u64::from(length), rest),
        };
        let (mask, rest) = if masked {
            let Some((mask, rest)) = rest.split_first_chunk() else { return Ok(None) };
            (Some(*mask), rest)
        } else {
            (None, rest)
        };
        let header = Self { fin, compressed: first & RSV1 != 0, opcode, mask, payload_len };
        Ok(Some((header, bytes.len() - rest.len())))
    }

    /// Appends the header to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut first = self.opcode.bits();
        if self.fin {
            first |= FIN;
        }
        if self.compressed {
            first |= RSV1;
        }
        let masked = if self.mask.is_some() { MASKED } else { 0 };
        if self.payload_len < u64::from(LENGTH_16) {
            out.extend_from_slice(&[first, masked | self.payload_len as u8]);
        } else if let Ok(length) = u16::try_from(self.payload_len) {
            out.extend_from_slice(&[first, masked | LENGTH_16]);
            out.extend_from_slice(&length.to_be_bytes());
        } else {
            out.extend_from_slice(&[first, masked | LENGTH_64]);
            out.extend_from_slice(&self.payload_len.to_be_bytes());
        }
        if let Some(mask) = self.mask {
            out.extend_from_slice(&mask);
        }
    }
}

const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;
const RSV2: u8 = 0x20;
const RSV3: u8 = 0x10;
const MASKED: u8 = 0x80;
/// In place of a length: the next two bytes are the length.
const LENGTH_16: u8 = 126;
/// In place of a length: the next eight bytes are the length.
const LENGTH_64: u8 = 127;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_survive_the_wire_and_every_cut() {
        for payload_len in [0, 1, 125, 126, 127, 65535, 65536, i64::MAX as u64] {
            for mask in [None, Some([1, 2, 3, 4])] {
                for (opcode, compressed) in
                    [(Opcode::Text, true), (Opcode::Binary, false), (Opcode::Continuation, false)]
                {
                    let header =
                        Header { fin: payload_len % 2 == 0, compressed, opcode, mask, payload_len };
                    let mut bytes = Vec::new();
                    header.encode(&mut bytes);
                    assert!(bytes.len() <= MAX_HEADER);
                    for cut in 0..bytes.len() {
                        assert_eq!(Header::decode(&bytes[..cut]), Ok(None));
                    }
                    bytes.push(0xee);
                    assert_eq!(Header::decode(&bytes), Ok(Some((header, bytes.len() - 1))));
                }
            }
        }
    }

    #[test]
    fn broken_headers_fail_at_once() {
        for (bytes, error) in [
            (&[0xa1, 0][..], ProtocolError::ReservedBit),
            (&[0x91, 0], ProtocolError::ReservedBit),
            (&[0x83, 0], ProtocolError::ReservedOpcode(3)),
            (&[0x8f, 0], ProtocolError::ReservedOpcode(15)),
            (&[0x09, 0], ProtocolError::ControlFragmented),
            (&[0x89, 126], ProtocolError::ControlTooLong(126)),
            (&[0x88, 127], ProtocolError::ControlTooLong(127)),
            (&[0x82, 126, 0, 125], ProtocolError::LengthNotMinimal),
            (&[0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff], ProtocolError::LengthNotMinimal),
            (&[0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], ProtocolError::LengthOverflow),
        ] {
            assert_eq!(Header::decode(bytes), Err(error), "{bytes:x?}");
        }
    }
}
