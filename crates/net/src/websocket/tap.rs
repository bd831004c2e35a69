//! Listening in on a connection: heads of the handshake, then frames, told apart from the bytes that
//! pass. It changes nothing of them, and costs nothing to connections without a tap.

use std::fmt;
use std::rc::Rc;

use sockeye_ws::frame::{Header, MAX_HEADER};

/// Hears what passes.
pub trait Tap: fmt::Debug {
    /// The head of the request or of the response, without the empty line at its end.
    fn head(&self, direction: Direction, head: &str);

    /// A whole frame has passed. `payload` is its beginning, unmasked, at most
    /// [`PREVIEW_BYTES`]; what is compressed stays so.
    fn frame(&self, direction: Direction, header: &Header, payload: &[u8]);

    /// What passes is not what the protocol has; nothing more is told of this direction.
    fn lost(&self, direction: Direction, why: &str);
}

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From us to the server.
    Sent,
    /// From the server to us.
    Received,
}

/// How much of a payload is shown.
pub const PREVIEW_BYTES: usize = 256;

/// Both directions of a connection that is listened to.
#[derive(Debug)]
pub(crate) struct Transcript {
    tap: Rc<dyn Tap>,
    sent: Half,
    received: Half,
}

impl Transcript {
    pub(crate) fn new(tap: Rc<dyn Tap>) -> Self {
        Self { tap, sent: Half::default(), received: Half::default() }
    }

    /// One that begins with frames: the heads were told.
    pub(crate) fn after_heads(tap: Rc<dyn Tap>) -> Self {
        let half = || Half { stage: Stage::FrameHeader, kept: Vec::new() };
        Self { tap, sent: half(), received: half() }
    }

    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.sent.pass(bytes, Direction::Sent, &*self.tap);
    }

    pub(crate) fn received(&mut self, bytes: &[u8]) {
        self.received.pass(bytes, Direction::Received, &*self.tap);
    }
}

/// One direction. What is kept is bounded by the head of a response, and by a preview after it.
#[derive(Debug, Default)]
struct Half {
    stage: Stage,
    /// Bytes of a head, or of a frame's header, that is not whole.
    kept: Vec<u8>,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Head,
    FrameHeader,
    Payload {
        header: Header,
        left: u64,
        preview: Vec<u8>,
    },
    Over,
}

impl Half {
    fn pass(&mut self, mut bytes: &[u8], direction: Direction, tap: &dyn Tap) {
        loop {
            let before = bytes.len();
            let was_payload = matches!(self.stage, Stage::Payload { .. });
            bytes = self.step(bytes, direction, tap);
            let is_payload = matches!(self.stage, Stage::Payload { .. });
            // A frame without payload takes no bytes and is a step all the same.
            if bytes.len() == before && was_payload == is_payload {
                return;
            }
        }
    }

    /// Takes what it can; gives the rest.
    fn step<'a>(&mut self, bytes: &'a [u8], direction: Direction, tap: &dyn Tap) -> &'a [u8] {
        match &mut self.stage {
            Stage::Over => &[],
            Stage::Head => {
                let known = self.kept.len();
                self.kept.extend_from_slice(bytes);
                let end = self.kept.windows(4).position(|four| four == b"\r\n\r\n");
                let Some(end) = end else {
                    if self.kept.len() > sockeye_ws::handshake::MAX_RESPONSE_HEAD {
                        self.lose(direction, tap, "the head is too long");
                    }
                    return &[];
                };
                let head = String::from_utf8_lossy(&self.kept[..end]).into_owned();
                tap.head(direction, &head);
                self.kept.clear();
                let status = head.split(' ').nth(1);
                let refused = direction == Direction::Received && status != Some("101");
                // What follows a refusal is a body.
                self.stage = if refused { Stage::Over } else { Stage::FrameHeader };
                &bytes[end + 4 - known..]
            }
            Stage::FrameHeader => {
                let known = self.kept.len();
                let wanted = bytes.len().min(MAX_HEADER - known);
                self.kept.extend_from_slice(&bytes[..wanted]);
                match Header::decode(&self.kept) {
                    Ok(None) => &bytes[wanted..],
                    Ok(Some((header, len))) => {
                        self.kept.clear();
                        let left = header.payload_len;
                        self.stage = Stage::Payload { header, left, preview: Vec::new() };
                        &bytes[len - known..]
                    }
                    Err(error) => {
                        self.lose(direction, tap, &error.to_string());
                        &[]
                    }
                }
            }
            Stage::Payload { header, left, preview } => {
                let wanted = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                let room = (PREVIEW_BYTES - preview.len()).min(wanted);
                let at = preview.len();
                preview.extend_from_slice(&bytes[..room]);
                if let Some(mask) = header.mask {
                    for (index, byte) in preview.iter_mut().enumerate().skip(at) {
                        *byte ^= mask[index % 4];
                    }
                }
                *left -= wanted as u64;
                if *left == 0 {
                    tap.frame(direction, header, preview);
                    self.stage = Stage::FrameHeader;
                }
                &bytes[wanted..]
            }
        }
    }

    fn lose(&mut self, direction: Direction, tap: &dyn Tap, why: &str) {
        tap.lost(direction, why);
        self.kept = Vec::new();
        self.stage = Stage::Over;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fmt::Write as _;

    use super::*;

    #[derive(Debug, Default)]
    struct Lines(RefCell<String>);

    impl Tap for Lines {
        fn head(&self, direction: Direction, head: &str) {
            writeln!(self.0.borrow_mut(), "{direction:?} {}", head.replace("\r\n", "|")).unwrap();
        }

        fn frame(&self, direction: Direction, header: &Header, payload: &[u8]) {
            let (opcode, len) = (header.opcode, header.payload_len);
            let text = String::from_utf8_lossy(payload);
            let shown = if text.len() > 10 { "long".into() } else { text };
            writeln!(self.0.borrow_mut(), "{direction:?} {opcode:?} {len} {shown}").unwrap();
        }

        fn lost(&self, direction: Direction, why: &str) {
            writeln!(self.0.borrow_mut(), "{direction:?} lost: {why}").unwrap();
        }
    }

    /// However the bytes are cut, the same is heard.
    fn check(received: &[u8], heard: &str) {
        for step in [1, 2, 3, 7, received.len()] {
            let lines = Rc::new(Lines::default());
            let mut transcript = Transcript::new(lines.clone());
            for piece in received.chunks(step) {
                transcript.received(piece);
            }
            assert_eq!(*lines.0.borrow(), heard, "in steps of {step}");
        }
    }

    #[test]
    fn heads_and_frames() {
        check(
            b"HTTP/1.1 101 Yes\r\nA: b\r\n\r\n\x81\x02hi\x89\x00\x82\x83\x01\x02\x03\x04`````",
            "Received HTTP/1.1 101 Yes|A: b\nReceived Text 2 hi\nReceived Ping 0 \nReceived Binary 3 abc\nReceived lost: frame with a reserved bit set\n",
        );
        check(b"HTTP/1.1 404 No\r\n\r\n\x81\x02hi", "Received HTTP/1.1 404 No\n");
    }

    #[test]
    fn long_payloads_are_cut() {
        let mut bytes = b"HTTP/1.1 101 Yes\r\n\r\n\x82\x7e\x02\x00".to_vec();
        bytes.extend([b'x'; 512]);
        bytes.extend(b"\x88\x00");
        let heard = "Received HTTP/1.1 101 Yes\nReceived Binary 512 long\nReceived Close 0 \n";
        check(&bytes, heard);
    }
}
