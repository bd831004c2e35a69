//! What can go wrong once a connection is open: by the peer's doing (`ProtocolError`, each variant
//! with its section and close code) or by the caller's. Errors of the opening handshake are in
//! `handshake`.

use thiserror::Error;

use crate::close::CloseCode;

/// The peer broke the protocol; the connection has failed (RFC 6455 §7.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProtocolError {
    /// A reserved bit is set that no agreed extension gives a meaning. RFC 6455 §5.2, 1002.
    #[error("frame with a reserved bit set")]
    ReservedBit,
    /// An opcode that means nothing. RFC 6455 §5.2, 1002.
    #[error("frame with the reserved opcode {0:#x}")]
    ReservedOpcode(u8),
    /// A server masked a frame. RFC 6455 §5.1, 1002.
    #[error("masked frame from a server")]
    MaskedFromServer,
    /// A client did not mask a frame. RFC 6455 §5.1, 1002.
    #[error("unmasked frame from a client")]
    UnmaskedFromClient,
    /// A length that has a shorter encoding. RFC 6455 §5.2, 1002.
    #[error("frame length not in its shortest form")]
    LengthNotMinimal,
    /// A length with the most significant bit set. RFC 6455 §5.2, 1002.
    #[error("frame length of more than 63 bits")]
    LengthOverflow,
    /// A control frame without FIN. RFC 6455 §5.5, 1002.
    #[error("fragmented control frame")]
    ControlFragmented,
    /// A control frame with more than 125 bytes of payload. RFC 6455 §5.5, 1002.
    #[error("control frame of {0} bytes, more than 125")]
    ControlTooLong(u64),
    /// A continuation frame while no message is under way. RFC 6455 §5.4, 1002.
    #[error("continuation frame without a message to continue")]
    NothingToContinue,
    /// A new message while another is under way. RFC 6455 §5.4, 1002.
    #[error("new message inside a fragmented message")]
    MessageInsideMessage,
    /// A close frame with a payload of one byte. RFC 6455 §5.5.1, 1002.
    #[error("close frame with half a close code")]
    CloseTruncated,
    /// A close code that may not be on the wire. RFC 6455 §7.4, 1002.
    #[error("close frame with the invalid code {0}")]
    CloseCode(u16),
    /// A close reason that is not UTF-8. RFC 6455 §5.5.1 and §8.1, 1007.
    #[error("close reason is not UTF-8")]
    CloseReasonNotUtf8,
    /// A text message that is not UTF-8. RFC 6455 §8.1, 1007.
    #[error("text message is not UTF-8")]
    TextNotUtf8,
    /// A compressed message that does not inflate. RFC 7692 §7.2.2, 1007.
    #[error("compressed message is not valid DEFLATE data")]
    Deflate,
    /// A message longer than the limit, counted while it arrives and while it is inflated.
    /// RFC 6455 §7.4.1, 1009.
    #[error("message of more than {limit} bytes")]
    MessageTooBig {
        /// The limit, in bytes of (inflated) payload.
        limit: usize,
    },
}

impl ProtocolError {
    /// The code of the close frame that this error causes.
    pub fn close_code(self) -> CloseCode {
        self.verdict().1
    }

    /// The section that was broken, such as `RFC 6455 §5.2`.
    pub fn section(self) -> &'static str {
        self.verdict().0
    }

    fn verdict(self) -> (&'static str, CloseCode) {
        match self {
            Self::ReservedBit
            | Self::ReservedOpcode(_)
            | Self::LengthNotMinimal
            | Self::LengthOverflow => ("RFC 6455 §5.2", CloseCode::PROTOCOL_ERROR),
            Self::MaskedFromServer | Self::UnmaskedFromClient => {
                ("RFC 6455 §5.1", CloseCode::PROTOCOL_ERROR)
            }
            Self::ControlFragmented | Self::ControlTooLong(_) => {
                ("RFC 6455 §5.5", CloseCode::PROTOCOL_ERROR)
            }
            Self::NothingToContinue | Self::MessageInsideMessage => {
                ("RFC 6455 §5.4", CloseCode::PROTOCOL_ERROR)
            }
            Self::CloseTruncated => ("RFC 6455 §5.5.1", CloseCode::PROTOCOL_ERROR),
            Self::CloseCode(_) => ("RFC 6455 §7.4", CloseCode::PROTOCOL_ERROR),
            Self::CloseReasonNotUtf8 => ("RFC 6455 §5.5.1", CloseCode::INVALID_PAYLOAD),
            Self::TextNotUtf8 => ("RFC 6455 §8.1", CloseCode::INVALID_PAYLOAD),
            Self::Deflate => ("RFC 7692 §7.2.2", CloseCode::INVALID_PAYLOAD),
            Self::MessageTooBig { .. } => ("RFC 6455 §7.4.1", CloseCode::MESSAGE_TOO_BIG),
        }
    }
}

/// A message or control frame that was not sent; nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// A close frame was sent or the connection failed (RFC 6455 §5.5.1).
    #[error("connection is closing or closed")]
    NotOpen,
    /// The payload of a ping or pong has more than 125 bytes (RFC 6455 §5.5).
    #[error("control frame of {0} bytes, more than 125")]
    ControlTooLong(usize),
    /// A whole message or a first fragment while a fragmented message is under way
    /// (RFC 6455 §5.4).
    #[error("a fragmented message is under way")]
    MessageUnderWay,
    /// A further fragment without a first one (RFC 6455 §5.4).
    #[error("no fragmented message is under way")]
    NothingToContinue,
}

/// A close frame that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CloseError {
    /// A code that may not be on the wire (RFC 6455 §7.4).
    #[error("close code {0} may not be sent")]
    Code(u16),
    /// A reason of more than 123 bytes (RFC 6455 §5.5).
    #[error("close reason of {0} bytes, more than 123")]
    ReasonTooLong(usize),
    /// A reason needs a code before it (RFC 6455 §5.5.1).
    #[error("close reason without a code")]
    ReasonWithoutCode,
}
