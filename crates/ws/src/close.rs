//! Close codes: which may be on the wire (RFC 6455 §7.4), and the payload of a close frame (§5.5.1).

use crate::error::{CloseError, ProtocolError};
use crate::frame::MAX_CONTROL_PAYLOAD;

/// A status code that may be in a close frame. 1005, 1006 and 1015 may not, so they have no value
/// here: where a code may be missing it is an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: a server goes down, a page is left.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the peer broke the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: data of a type the endpoint cannot accept.
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    /// 1007: data inconsistent with its type, such as text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008: a message against the endpoint's policy.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// 1009: a message too big to process.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);
    /// 1010: the server did not negotiate an extension that the client needs.
    pub const MANDATORY_EXTENSION: Self = Self(1010);
    /// 1011: the server met a condition it did not expect.
    pub const INTERNAL_ERROR: Self = Self(1011);

    /// The number on the wire.
    pub const fn as_u16(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for CloseCode {
    type Error = CloseError;

    /// Accepts what RFC 6455 §7.4 and the IANA registry that it founds allow on the wire:
    /// the registered codes below 1015 but for 1004 to 1006, and 3000 to 4999.
    fn try_from(code: u16) -> Result<Self, CloseError> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => Ok(Self(code)),
            _ => Err(CloseError::Code(code)),
        }
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> u16 {
        code.0
    }
}

impl std::fmt::Display for CloseCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads the payload of a close frame.
pub(crate) fn decode(payload: &[u8]) -> Result<(Option<CloseCode>, &str), ProtocolError> {
    if payload.is_empty() {
        return Ok((None, ""));
    }
    let Some((code, reason)) = payload.split_first_chunk() else {
        return Err(ProtocolError::CloseTruncated);
    };
    let code = u16::from_be_bytes(*code);
    let code = CloseCode::try_from(code).map_err(|_| ProtocolError::CloseCode(code))?;
    let reason =
        simdutf8::basic::from_utf8(reason).map_err(|_| ProtocolError::CloseReasonNotUtf8)?;
    Ok((Some(code), reason))
}

/// Writes the payload of a close frame.
pub(crate) fn encode(code: Option<CloseCode>, reason: &str) -> Result<Vec<u8>, CloseError> {
    if reason.len() > MAX_REASON {
        return Err(CloseError::ReasonTooLong(reason.len()));
    }
    match code {
        Some(code) => Ok([&code.0.to_be_bytes(), reason.as_bytes()].concat()),
        None if reason.is_empty() => Ok(Vec::new()),
        None => Err(CloseError::ReasonWithoutCode),
    }
}

/// What a control frame leaves beside the code.
const MAX_REASON: usize = MAX_CONTROL_PAYLOAD - 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_for_the_wire_exist() {
        for bad in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, u16::MAX] {
            assert_eq!(CloseCode::try_from(bad), Err(CloseError::Code(bad)));
        }
        for good in [1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999] {
            assert_eq!(CloseCode::try_from(good).map(CloseCode::as_u16), Ok(good));
        }
    }

    #[test]
    fn payloads() {
        let longest = "r".repeat(MAX_REASON);
        for (code, reason) in
            [(None, ""), (Some(CloseCode::NORMAL), ""), (Some(CloseCode::GOING_AWAY), &*longest)]
        {
            let payload = encode(code, reason).unwrap();
            assert_eq!(decode(&payload), Ok((code, reason)));
        }
        assert_eq!(encode(None, "x"), Err(CloseError::ReasonWithoutCode));
        assert_eq!(
            encode(Some(CloseCode::NORMAL), &"r".repeat(124)),
            Err(CloseError::ReasonTooLong(124))
        );
        assert_eq!(decode(&[3]), Err(ProtocolError::CloseTruncated));
        assert_eq!(decode(&[3, 0xec]), Err(ProtocolError::CloseCode(1004)));
        assert_eq!(decode(&[3, 0xe8, 0xff]), Err(ProtocolError::CloseReasonNotUtf8));
    }
}
