//! UTF-8 checked as it arrives: an error shows at its first bad byte (RFC 6455 §8.1), also when
//! fragments or reads end inside a character.

use crate::error::ProtocolError;

/// Checks a text that is whole.
pub(crate) fn check(bytes: &[u8]) -> Result<&str, ProtocolError> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| ProtocolError::TextNotUtf8)
}

/// How much of a growing text was checked.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// The bytes before this are whole, valid characters.
    checked: usize,
}

impl Progress {
    /// Checks what was appended to `text` since the last call. The start of a character at its
    /// end is kept for the next call as long as it can still become one.
    pub(crate) fn advance(&mut self, text: &[u8]) -> Result<(), ProtocolError> {
        match simdutf8::compat::from_utf8(&text[self.checked..]) {
            Ok(_) => self.checked = text.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(ProtocolError::TextNotUtf8),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` one at a time; the number of bytes taken without an error.
    fn accepted(bytes: &[u8]) -> usize {
        let mut progress = Progress::default();
        (1..=bytes.len())
            .find(|&n| progress.advance(&bytes[..n]).is_err())
            .unwrap_or(bytes.len() + 1)
            - 1
    }

    #[test]
    fn fails_at_the_first_bad_byte() {
        for (bytes, good) in [
            (&b"plain"[..], 5),
            ("κόσμε €𝄞".as_bytes(), "κόσμε €𝄞".len()),
            (b"a\xffb", 1),
            (b"a\x80", 1),
            (b"\xc0\xaf", 0),         // overlong
            (b"\xe0\x80\x80", 1),     // overlong, seen at its second byte
            (b"\xed\xa0\x80", 1),     // surrogate
            (b"\xf4\x90\x80\x80", 1), // above U+10FFFF
            (b"\xf4\x8f\xbf\xbf", 4), // U+10FFFF
            (b"\xf5", 0),
            (b"\xe2\x82A", 2),
        ] {
            assert_eq!(accepted(bytes), good, "{bytes:x?}");
        }
    }
}
