//! What happens to a session, and what a script can listen to.

use sockeye_net::websocket::Closed;

/// What a script can listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Message,
    BinaryMessage,
    Ping,
    Pong,
    Close,
    Error,
}

impl Kind {
    pub(super) const ALL: [(&'static str, Self); 7] = [
        ("open", Self::Open),
        ("message", Self::Message),
        ("binaryMessage", Self::BinaryMessage),
        ("ping", Self::Ping),
        ("pong", Self::Pong),
        ("close", Self::Close),
        ("error", Self::Error),
    ];

    /// The one of that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

/// What happened, in the order in which the script hears of it.
pub(super) enum Event {
    Text(String),
    Binary(Vec<u8>),
    Ping,
    Pong,
    Closed(Closed),
}
