//! `--ws-debug`: the handshake and the frames of each socket as lines of the log.

use std::{fmt, rc::Rc, sync::Arc};

use sockeye_engine::log::LogLevel;
use sockeye_net::websocket::{Direction, Header, Opcode, Tap};

use crate::vu::{Host, process::Process, run::WsDebug};

/// Writes the lines of one socket.
pub(in crate::modules) struct WireLog {
    process: Arc<Process>,
    mode: WsDebug,
    /// `3.1`: the VU and the number of its socket.
    name: String,
}

impl WireLog {
    /// One for the VU's next socket, if the run is to show its wire.
    pub(in crate::modules) fn for_socket(host: &Host, url: &str) -> Option<Rc<dyn Tap>> {
        let network = host.network()?;
        let mode = network.worker.shared.context.ws_debug?;
        let number = network.sockets_shown.get() + 1;
        network.sockets_shown.set(number);
        let name = format!("{}.{number}", host.ids.in_test);
        let log = Self { process: host.process.clone(), mode, name };
        log.line('=', url);
        Some(Rc::new(log))
    }

    fn line(&self, sign: char, text: &str) {
        self.process.log(LogLevel::Info, format!("ws {} {sign} {text}", self.name));
    }
}

impl fmt::Debug for WireLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireLog").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Tap for WireLog {
    fn head(&self, direction: Direction, head: &str) {
        for line in head.lines() {
            self.line(sign(direction), line);
        }
    }

    fn frame(&self, direction: Direction, header: &Header, payload: &[u8]) {
        self.line(sign(direction), &describe(self.mode, header, payload));
    }

    fn lost(&self, direction: Direction, why: &str) {
        self.line(sign(direction), &format!("can't be followed any more: {why}"));
    }
}

fn sign(direction: Direction) -> char {
    match direction {
        Direction::Sent => '>',
        Direction::Received => '<',
    }
}

fn describe(mode: WsDebug, header: &Header, payload: &[u8]) -> String {
    let opcode = match header.opcode {
        Opcode::Continuation => "continuation",
        Opcode::Text => "text",
        Opcode::Binary => "binary",
        Opcode::Close => "close",
        Opcode::Ping => "ping",
        Opcode::Pong => "pong",
    };
    let mut line = format!("{opcode} {} B", header.payload_len);
    if !header.fin {
        line.push_str(", more to come");
    }
    if header.compressed {
        line.push_str(", compressed");
    }
    if let (Opcode::Close, Some((code, reason))) = (header.opcode, payload.split_first_chunk()) {
        let code = u16::from_be_bytes(*code);
        return format!("{line}, {code} {:?}", String::from_utf8_lossy(reason));
    }
    if mode == WsDebug::Full && !payload.is_empty() {
        line.push_str(": ");
        line.push_str(&preview(header, payload));
    }
    line
}

/// Text as text, all else as hexadecimal digits.
fn preview(header: &Header, payload: &[u8]) -> String {
    let cut = if header.payload_len > payload.len() as u64 { "…" } else { "" };
    let text = match std::str::from_utf8(payload) {
        Ok(text) => Some(text),
        // Cut inside a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&payload[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    let is_text = header.opcode != Opcode::Binary && !header.compressed;
    if let Some(text) = text.filter(|_| is_text) {
        return format!("{text:?}{cut}");
    }
    let digits: Vec<String> =
        payload.iter().take(HEX_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let cut = if header.payload_len > digits.len() as u64 { "…" } else { "" };
    format!("{}{cut}", digits.join(" "))
}

/// So that a line stays one.
const HEX_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(opcode: Opcode, fin: bool, compressed: bool, payload: &[u8], line: &str) {
        let payload_len = payload.len() as u64;
        let header = Header { fin, compressed, opcode, mask: None, payload_len };
        assert_eq!(describe(WsDebug::Full, &header, payload), line);
    }

    #[test]
    fn frames() {
        check(Opcode::Text, true, false, b"say \"hi\"", r#"text 8 B: "say \"hi\"""#);
        check(Opcode::Text, false, true, &[1, 255], "text 2 B, more to come, compressed: 01 ff");
        check(Opcode::Continuation, true, false, b"end", "continuation 3 B: \"end\"");
        check(
            Opcode::Binary,
            true,
            false,
            &[7; 40],
            &format!("binary 40 B: {}…", ["07"; 32].join(" ")),
        );
        check(Opcode::Close, true, false, b"\x03\xe8bye", "close 5 B, 1000 \"bye\"");
        check(Opcode::Close, true, false, b"", "close 0 B");
        check(Opcode::Ping, true, false, b"1", "ping 1 B: \"1\"");
        let header = Header {
            fin: true,
            compressed: false,
            opcode: Opcode::Text,
            mask: None,
            payload_len: 2,
        };
        assert_eq!(describe(WsDebug::Headers, &header, b"hi"), "text 2 B");
    }
}
