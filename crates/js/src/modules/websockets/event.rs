//! What happens to a socket, as it waits for the script.

use bytes::Bytes;
use sockeye_net::NetError;

use super::samples::GENERIC_ERROR;

/// What happened, in the order in which the script hears of it.
pub(super) enum Event {
    Open(Box<Head>),
    Text(String),
    Binary(Bytes),
    Ping,
    Pong,
    Closing,
    Error(Box<Failure>),
    Close { code: u16, reason: String, was_clean: bool },
}

impl Event {
    /// How many bytes the message has, if it is one.
    pub(super) fn payload(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

/// What the server agreed to.
pub(super) struct Head {
    pub(super) protocol: Box<str>,
    pub(super) extensions: Box<str>,
    /// See [`response::pack`](super::response::pack).
    pub(super) response: Box<str>,
}

/// What an `error` event says.
pub(super) struct Failure {
    /// k6's text.
    pub(super) error: String,
    /// The whole of it.
    pub(super) detail: String,
    /// k6's number.
    pub(super) code: u16,
    /// The head of a refusal, see [`response::pack`](super::response::pack), and its body.
    pub(super) response: Option<(String, Vec<u8>)>,
}

impl Failure {
    pub(super) fn of(error: &NetError) -> Self {
        Self {
            error: error.to_string(),
            detail: error.detail(),
            code: error.error_code(),
            response: None,
        }
    }

    /// One that no other number fits.
    pub(super) fn ours(error: String) -> Self {
        Self { detail: error.clone(), error, code: GENERIC_ERROR, response: None }
    }
}
