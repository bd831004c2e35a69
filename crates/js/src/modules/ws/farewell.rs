//! How the script hears of an end that is not its own, in k6's words.

use sockeye_net::{NetError, websocket::Closed};

use super::object::GOING_AWAY;

/// How the script hears of an end that is not its own: what the handlers of `error` are told, if it
/// is one, and the code for those of `close`.
pub(super) fn farewell(closed: Closed) -> (Option<String>, u16) {
    match closed.error {
        // k6: what broke without a close frame closes with 1001, unless it was the end of the stream.
        Some(NetError::AbnormalClosure) | None => {}
        Some(error) => return (Some(error.to_string()), GOING_AWAY),
    }
    // RFC 6455 §7.1.5: 1005 where the frame had no code.
    let code = closed.code.unwrap_or(1005);
    let mut text = match (closed.error, NAMES.iter().find(|(known, _)| *known == code)) {
        (Some(error), _) => error.to_string(),
        // k6: these two are no errors.
        (None, _) if matches!(code, 1000 | GOING_AWAY) => return (None, code),
        (None, Some((_, name))) => format!("websocket: close {code} ({name})"),
        (None, None) => format!("websocket: close {code}"),
    };
    if !closed.reason.is_empty() {
        text.push_str(": ");
        text.push_str(&closed.reason);
    }
    (Some(text), code)
}

/// k6: its names for close codes; the others have none.
const NAMES: [(u16, &str); 9] = [
    (1002, "protocol error"),
    (1003, "unsupported data"),
    (1005, "no status"),
    (1006, "abnormal closure"),
    (1007, "invalid payload data"),
    (1008, "policy violation"),
    (1009, "message too big"),
    (1010, "mandatory extension missing"),
    (1011, "internal server error"),
];
