//! The closing handshake (RFC 6455 §5.5.1, §7): who says what, and when nobody listens any more.

use sockeye_ws::{
    CloseCode, CloseError, Config, Connection, Context, MaskSource, ProtocolError, Role, SendError,
    State,
};

use crate::heard::Heard;

struct NoMask;

impl MaskSource for NoMask {
    fn next_mask(&mut self) -> [u8; 4] {
        [0; 4]
    }
}

/// A client whose masks change nothing.
struct Client {
    connection: Connection,
    cx: Context,
}

impl Client {
    fn new() -> Self {
        let config = Config { role: Role::Client, max_message_size: 1000, deflate: None };
        Self {
            connection: Connection::new(config),
            cx: Context::with_mask_source(Box::new(NoMask)),
        }
    }

    fn close(&mut self, code: Option<u16>, reason: &str) -> Result<Vec<u8>, CloseError> {
        let mut out = Vec::new();
        let code = code.map(CloseCode::try_from).transpose()?;
        self.connection.close(&mut self.cx, code, reason, &mut out)?;
        Ok(out)
    }

    fn receive(&mut self, input: &[u8]) -> (Vec<Heard>, Vec<u8>) {
        let (mut heard, mut out) = (Vec::new(), Vec::new());
        let sink = &mut |event: sockeye_ws::Event<'_>| heard.push(event.into());
        self.connection.receive(&mut self.cx, &mut input.to_vec(), &mut out, sink).unwrap();
        (heard, out)
    }

    fn cannot_send(&mut self) {
        let Self { connection, cx } = self;
        let mut out = Vec::new();
        assert_eq!(connection.send_text(cx, "x", &mut out), Err(SendError::NotOpen));
        assert_eq!(connection.send_binary(cx, b"x", &mut out), Err(SendError::NotOpen));
        assert_eq!(connection.ping(cx, b"x", &mut out), Err(SendError::NotOpen));
        assert_eq!(connection.pong(cx, b"x", &mut out), Err(SendError::NotOpen));
        assert_eq!(connection.close(cx, Some(CloseCode::NORMAL), "", &mut out), Ok(()));
        assert_eq!(out, b"");
    }
}

#[test]
fn we_begin() {
    let mut client = Client::new();
    assert_eq!(client.close(Some(1000), "bye"), Ok(b"\x88\x85\0\0\0\0\x03\xe8bye".into()));
    assert_eq!(client.connection.state(), State::ClosingByUs);
    client.cannot_send();
    // Messages that were under way still arrive; a ping has no answer any more.
    let (heard, out) = client.receive(b"\x81\x02hi\x89\x01p");
    assert_eq!(heard, [Heard::Text("hi".into()), Heard::Ping(b"p".into())]);
    assert_eq!(out, b"");
    let (heard, out) = client.receive(b"\x88\x02\x03\xe8\x81\x02no");
    assert_eq!((heard, out), (vec![Heard::Close(Some(1000), String::new())], vec![]));
    assert_eq!(client.connection.state(), State::Closed);
    assert!(client.connection.state().is_finished());
    assert_eq!(client.connection.received_close(), Some((Some(CloseCode::NORMAL), "")));
    client.cannot_send();
}

#[test]
fn the_peer_begins() {
    for (frame, echo, code, reason) in [
        (&b"\x88\x05\x03\xe9bye"[..], &b"\x88\x82\0\0\0\0\x03\xe9"[..], Some(1001), "bye"),
        (b"\x88\x00", b"\x88\x80\0\0\0\0", None, ""),
        (b"\x88\x02\x0f\xa0", b"\x88\x82\0\0\0\0\x0f\xa0", Some(4000), ""),
    ] {
        let mut client = Client::new();
        let (heard, out) = client.receive(&[frame, b"\x81\x02no\xff\xff"].concat());
        assert_eq!(heard, [Heard::Close(code, reason.into())]);
        assert_eq!(out, echo);
        assert_eq!(client.connection.state(), State::ClosingByPeer);
        assert!(client.connection.state().is_finished());
        assert_eq!(client.receive(b"\xff\xff\xff"), (vec![], vec![]));
        client.cannot_send();
    }
}

#[test]
fn a_close_inside_a_message_ends_it() {
    let mut client = Client::new();
    let (heard, _) = client.receive(b"\x01\x01a\x88\x00\x80\x01b");
    assert_eq!(heard, [Heard::Close(None, String::new())]);
}

#[test]
fn close_frames_that_cannot_be() {
    let mut client = Client::new();
    for code in [0, 999, 1005, 1006, 1015, 2999, 5000] {
        assert_eq!(client.close(Some(code), ""), Err(CloseError::Code(code)));
    }
    let long = "x".repeat(124);
    assert_eq!(client.close(Some(1000), &long), Err(CloseError::ReasonTooLong(124)));
    assert_eq!(client.close(None, "x"), Err(CloseError::ReasonWithoutCode));
    assert_eq!(client.connection.state(), State::Open);
    assert_eq!(client.close(None, ""), Ok(b"\x88\x80\0\0\0\0".into()));
}

#[test]
fn control_frames_have_a_limit() {
    let Client { mut connection, mut cx } = Client::new();
    let mut out = Vec::new();
    assert_eq!(connection.ping(&mut cx, &[0; 126], &mut out), Err(SendError::ControlTooLong(126)));
    assert_eq!(connection.pong(&mut cx, &[0; 126], &mut out), Err(SendError::ControlTooLong(126)));
    assert_eq!(out, b"");
    assert_eq!(connection.ping(&mut cx, &[0; 125], &mut out), Ok(()));
}

#[test]
fn what_answers_messages_before_an_error_goes_out_before_the_close_frame() {
    let Client { mut connection, mut cx } = Client::new();
    let (mut heard, mut out) = (Vec::<Heard>::new(), Vec::new());
    let input = &mut b"\x81\x02hi\xf1\x00".to_vec();
    let sink = &mut |event: sockeye_ws::Event<'_>| heard.push(event.into());
    let error = connection.receive_until_error(&mut cx, input, &mut out, sink).unwrap_err();
    assert_eq!((error, connection.state()), (ProtocolError::ReservedBit, State::Open));
    assert_eq!((heard, &*out), (vec![Heard::Text("hi".into())], &b""[..]));
    connection.send_text(&mut cx, "hi", &mut out).unwrap();
    connection.fail(&mut cx, error, &mut out);
    assert_eq!(out, b"\x81\x82\0\0\0\0hi\x88\x82\0\0\0\0\x03\xea");
    assert_eq!(connection.state(), State::Closed);
}

#[test]
fn held_pongs_answer_the_latest_ping_only() {
    let mut client = Client::new();
    client.connection.hold_pongs();
    let pings = b"\x89\x01a\x89\x01b\x89\x01c";
    let (heard, out) = client.receive(pings);
    assert_eq!(heard.len(), 3);
    assert_eq!(out, b"");
    assert!(client.connection.holds_pongs());
    let Client { connection, cx } = &mut client;
    let mut out = Vec::new();
    connection.release_pong(cx, &mut out);
    connection.release_pong(cx, &mut out);
    assert_eq!(out, b"\x8a\x81\0\0\0\0c");
    let (_, out) = client.receive(b"\x89\x00");
    assert_eq!(out, b"\x8a\x80\0\0\0\0", "at once again");

    // RFC 6455 §5.5.1: nothing is said after our close frame.
    client.connection.hold_pongs();
    client.receive(b"\x89\x01d");
    client.close(None, "").unwrap();
    let Client { connection, cx } = &mut client;
    let mut out = Vec::new();
    connection.release_pong(cx, &mut out);
    assert_eq!(out, b"");
}
