//! What becomes of the LZ77 window between messages, and how one message's data ends.

/// Whether a window lives on (RFC 7692 §7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// Context takeover: a message may refer to earlier ones.
    TakenOver,
    /// Each message stands for itself.
    Forgotten,
}

impl Between {
    pub(super) fn messages(no_context_takeover: bool) -> Self {
        if no_context_takeover { Self::Forgotten } else { Self::TakenOver }
    }
}

/// What a sync flush ends with and the wire leaves out (RFC 7692 §7.2.1).
pub(super) const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
