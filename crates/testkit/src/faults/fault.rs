//! The catalogue of faults, in the order in which a connection can meet them.

use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;

use super::FaultServer;
use crate::tls::TestCertificate;

/// What a [`FaultServer`] does wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    // TCP.
    /// The port is taken but nobody listens: connecting is refused.
    RefuseConnection,
    /// Accepts, then resets the connection before reading anything.
    ResetOnAccept,
    /// Accepts and closes in good order before reading anything.
    CloseOnAccept,

    // The HTTP answer.
    /// Accepts and reads for ever, but never answers.
    NeverAnswers,
    /// Answers with bytes that are not HTTP, then reads on.
    GarbageInsteadOfHttp,
    /// A plain web server: `200 OK` with an HTML page.
    NotWebSocket,
    /// Refuses the upgrade with this status, these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// A response head of ten megabytes that never ends.
    TenMegabyteHeader,
    /// A correct upgrade response, one byte per interval.
    SlowLorisHandshake(Duration),
    /// Sends half of a response head, then closes.
    CloseMidHead,

    // The upgrade.
    /// `101` with a `Sec-WebSocket-Accept` that belongs to another key.
    WrongAccept,
    /// `101` without a `Sec-WebSocket-Accept`.
    MissingAccept,
    /// `101` without `Upgrade: websocket`.
    MissingUpgrade,
    /// `101` with a subprotocol the client did not ask for.
    UnrequestedSubprotocol,
    /// `101` with an extension the client did not offer.
    UnrequestedExtension,

    // After a correct upgrade.
    /// Closes the TCP connection (FIN) without a close frame.
    CloseAfterUpgrade,
    /// Resets the TCP connection (RST).
    ResetAfterUpgrade,
    /// Reads for ever and says nothing: no pong, no close frame.
    StallAfterUpgrade,
    /// Stops reading altogether, so that the client's sends pile up.
    StopsReading,
    /// Bytes that are no frames: reserved bits, a reserved opcode, a mask.
    GarbageFrames,
    /// A text frame with a mask, which a server may not send (RFC 6455 §5.1).
    MaskedFrame,
    /// A text frame with RSV1 to RSV3 set and no extension agreed.
    ReservedBits,
    /// A frame with the reserved opcode 3.
    ReservedOpcode,
    /// A ping with 126 bytes of payload.
    OversizedControl,
    /// A ping without the FIN bit.
    FragmentedControl,
    /// A text message that is not UTF-8.
    InvalidUtf8,
    /// A continuation frame where no message was begun.
    StrayContinuation,
    /// A text fragment without an end, then a second text frame.
    UnfinishedFragmentThenText,
    /// A text fragment without an end, then a close frame 1000.
    UnfinishedFragmentThenClose,
    /// The header and first bytes of a frame, then RST.
    RstMidFrame,
    /// The header and first bytes of a frame, then FIN.
    CloseMidFrame,
    /// Each byte of `"one"`, `"two"`, a ping and a close frame 1000 in a packet of its own.
    OneByteWrites,
    /// This many pings in one go, then a close frame 1000.
    PingFlood(usize),
    /// The same pings but a receiver that does not read until all are sent; then a close frame 1000.
    PingFloodUnread(usize),
    /// Not a fault, but a strain: this many text messages, without a pause, then a close frame 1000.
    TextFlood {
        /// How many.
        count: usize,
        /// What each has.
        bytes: usize,
    },
    /// Text `"one"` and a frame with reserved bits in one packet: the answer to the one must come
    /// before the close frame for the other.
    MessageThenReservedBits,
    /// A frame header that announces 4 GiB.
    FourGigabyteLength,
    /// A frame header that announces 2^63 - 1 bytes.
    HugeLength,
    /// A frame header whose 64-bit length has its top bit set (RFC 6455 §5.2).
    NegativeLength,
    /// A compressed message that inflates to this many zero bytes; agrees to permessage-deflate
    /// whether offered or not.
    CompressedBomb(usize),
    /// A close frame with this code in the same packet as the upgrade, then FIN once answered.
    CloseImmediately(u16),
    /// A close frame 1000, then text `"late"` and a ping in the same packet, which nobody may hear
    /// (RFC 6455 §1.4).
    DataAfterClose,
    /// A close frame with a payload of one byte.
    OneByteClose,
    /// A close frame without a payload, then FIN once answered.
    EmptyClose,
    /// Not a fault, but a trap: text messages `"one"` and `"two"` in the same packet as the `101`,
    /// then a close frame 1000.
    MessagesWithUpgrade,
    /// Echoes nothing but answers a close frame with data first: text `"late"`, then its close.
    DataBeforeCloseReply,
    /// Never answers a close frame, but keeps the connection open.
    IgnoresClose,
}

impl Fault {
    /// Starts a loopback server with this fault.
    ///
    /// # Panics
    /// If no loopback port is free.
    pub fn serve(self) -> FaultServer {
        FaultServer::start(self)
    }

    /// The same over TLS, with this certificate. Closing in good order is then without a
    /// close_notify, as broken servers do it.
    ///
    /// # Panics
    /// If no loopback port is free.
    pub fn serve_tls(self, certificate: &TestCertificate) -> FaultServer {
        self.serve_tls_as(certificate.server_config())
    }

    /// The same with a configuration of the caller's, such as one that asks for a certificate.
    ///
    /// # Panics
    /// If no loopback port is free.
    pub fn serve_tls_as(self, config: Arc<ServerConfig>) -> FaultServer {
        FaultServer::start_tls(self, config)
    }
}
