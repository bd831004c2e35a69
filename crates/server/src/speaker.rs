//! The sending half of a session: messages become frames and are counted.

use sockeye_ws::{Connection, Context};

use crate::room::Said;
use crate::stats::Stats;

/// Lent to an application for one turn. Says nothing once the session is closing.
pub(crate) struct Speaker<'a> {
    /// Encodes what is sent; never sees what is received.
    pub(crate) connection: &'a mut Connection,
    pub(crate) cx: &'a mut Context,
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) stats: &'a Stats,
}

impl Speaker<'_> {
    /// Sends a text message.
    pub(crate) fn text(&mut self, text: &str) {
        if self.connection.send_text(self.cx, text, self.out).is_ok() {
            self.stats.sent.text.increment();
            self.stats.sent.bytes.add(text.len());
        }
    }

    /// Sends a binary message.
    pub(crate) fn binary(&mut self, data: &[u8]) {
        if self.connection.send_binary(self.cx, data, self.out).is_ok() {
            self.stats.sent.binary.increment();
            self.stats.sent.bytes.add(data.len());
        }
    }

    /// Encodes a text message for a whole room; `None` once the session is closing.
    pub(crate) fn encode(&mut self, text: &str) -> Option<Said> {
        let mut frame = Vec::new();
        self.connection.send_text(self.cx, text, &mut frame).ok()?;
        Some(Said { frame, payload_size: text.len() })
    }

    /// Sends what was said in a room.
    pub(crate) fn relay(&mut self, said: &Said) {
        self.out.extend_from_slice(&said.frame);
        self.stats.sent.text.increment();
        self.stats.sent.bytes.add(said.payload_size);
    }
}
