//! The table of hostile servers: each with what a WebSocket client must make of it, event by event.

use std::time::Duration;

use super::Fault;

/// One row of [`HOSTILE_SERVERS`].
#[derive(Debug, Clone, Copy)]
pub struct HostileServer {
    /// Makes the server's fault.
    pub fault: fn() -> Fault,
    /// What a client hears that asks for permessage-deflate, accepts messages of up to 1 MiB, has
    /// a short limit for the handshake, and says nothing of its own accord: `open`, `text …`,
    /// `ping …`, `error`, and last `close` with its code.
    pub events: &'static [&'static str],
}

/// Every server that ends, or should be ended, without the client's doing.
pub const HOSTILE_SERVERS: &[HostileServer] = &[
    // There is no connection.
    row(|| Fault::RefuseConnection, REFUSED),
    row(|| Fault::ResetOnAccept, REFUSED),
    row(|| Fault::CloseOnAccept, REFUSED),
    row(|| Fault::NeverAnswers, REFUSED),
    row(|| Fault::GarbageInsteadOfHttp, REFUSED),
    row(|| Fault::NotWebSocket, REFUSED),
    row(|| Fault::Status(503, Vec::new(), String::new()), REFUSED),
    row(|| Fault::TenMegabyteHeader, REFUSED),
    row(|| Fault::SlowLorisHandshake(Duration::from_millis(50)), REFUSED),
    row(|| Fault::CloseMidHead, REFUSED),
    row(|| Fault::WrongAccept, REFUSED),
    row(|| Fault::MissingAccept, REFUSED),
    row(|| Fault::MissingUpgrade, REFUSED),
    row(|| Fault::UnrequestedSubprotocol, REFUSED),
    row(|| Fault::UnrequestedExtension, REFUSED),
    // It breaks.
    row(|| Fault::CloseAfterUpgrade, FAILED),
    row(|| Fault::ResetAfterUpgrade, FAILED),
    row(|| Fault::RstMidFrame, FAILED),
    row(|| Fault::CloseMidFrame, FAILED),
    // It is failed.
    row(|| Fault::GarbageFrames, FAILED),
    row(|| Fault::MaskedFrame, FAILED),
    row(|| Fault::ReservedBits, FAILED),
    row(|| Fault::ReservedOpcode, FAILED),
    row(|| Fault::OversizedControl, FAILED),
    row(|| Fault::FragmentedControl, FAILED),
    row(|| Fault::InvalidUtf8, FAILED),
    row(|| Fault::StrayContinuation, FAILED),
    row(|| Fault::UnfinishedFragmentThenText, FAILED),
    row(|| Fault::FourGigabyteLength, FAILED),
    row(|| Fault::HugeLength, FAILED),
    row(|| Fault::NegativeLength, FAILED),
    row(|| Fault::CompressedBomb(1 << 24), FAILED),
    row(|| Fault::OneByteClose, FAILED),
    row(|| Fault::CloseImmediately(1005), FAILED),
    row(|| Fault::MessageThenReservedBits, &["open", "text one", "error", "close 1006"]),
    // It is odd, and right.
    row(|| Fault::UnfinishedFragmentThenClose, &["open", "close 1000"]),
    row(|| Fault::OneByteWrites, &["open", "text one", "text two", "ping ?", "close 1000"]),
    row(|| Fault::PingFlood(3), &["open", "ping flood", "ping flood", "ping flood", "close 1000"]),
    row(|| Fault::CloseImmediately(4000), &["open", "close 4000"]),
    row(|| Fault::EmptyClose, &["open", "close 1005"]),
    row(|| Fault::MessagesWithUpgrade, &["open", "text one", "text two", "close 1000"]),
    row(|| Fault::DataAfterClose, &["open", "close 1000"]),
];

const fn row(fault: fn() -> Fault, events: &'static [&'static str]) -> HostileServer {
    HostileServer { fault, events }
}

const REFUSED: &[&str] = &["error", "close 1006"];
const FAILED: &[&str] = &["open", "error", "close 1006"];
