//! The examples of RFC 6455 and RFC 7692, byte for byte, and a table of violations.

use sockeye_ws::{
    Config, Connection, Context, Fragment, MaskSource, MessageKind, ProtocolError, Role, State,
    deflate,
};

use crate::heard::Heard;

/// The masking key of the RFC's examples.
struct ExampleMask;

impl MaskSource for ExampleMask {
    fn next_mask(&mut self) -> [u8; 4] {
        [0x37, 0xfa, 0x21, 0x3d]
    }
}

fn context() -> Context {
    Context::with_mask_source(Box::new(ExampleMask))
}

fn connection(role: Role) -> Connection {
    Connection::new(Config { role, max_message_size: LIMIT, deflate: None })
}

fn with_deflate(role: Role, agreed: deflate::Agreed) -> Connection {
    Connection::new(Config { role, max_message_size: LIMIT, deflate: Some(agreed) })
}

/// What a connection hears and answers, with its verdict. Asked twice, all at once and byte by
/// byte, and both must agree.
fn hear(
    make: impl Fn() -> Connection,
    input: &[u8],
) -> (Vec<Heard>, Vec<u8>, Result<(), ProtocolError>) {
    let run = |size: usize| {
        let (mut connection, mut cx) = (make(), context());
        let (mut heard, mut out) = (Vec::new(), Vec::new());
        let mut input = input.to_vec();
        let result = input.chunks_mut(size).try_for_each(|chunk| {
            connection.receive(&mut cx, chunk, &mut out, &mut |event| heard.push(event.into()))
        });
        (heard, out, result)
    };
    let whole = run(input.len().max(1));
    assert_eq!(run(1), whole, "byte by byte");
    whole
}

const LIMIT: usize = 1000;

#[test]
fn rfc6455_5_7_examples_are_heard() {
    let hello = Heard::Text("Hello".into());
    for (role, bytes, heard) in [
        (Role::Client, &b"\x81\x05Hello"[..], hello.clone()),
        (Role::Server, b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", hello.clone()),
        (Role::Client, b"\x01\x03Hel\x80\x02lo", hello),
        (Role::Client, b"\x89\x05Hello", Heard::Ping(b"Hello".into())),
        (
            Role::Server,
            b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
            Heard::Pong(b"Hello".into()),
        ),
    ] {
        let (events, _, result) = hear(|| connection(role), bytes);
        assert_eq!((events, result), (vec![heard], Ok(())), "{bytes:x?}");
    }
}

#[test]
fn rfc6455_5_7_examples_are_said() {
    let mut cx = context();
    let mut out = Vec::new();
    connection(Role::Server).send_text(&mut cx, "Hello", &mut out).unwrap();
    assert_eq!(out, b"\x81\x05Hello");

    out.clear();
    connection(Role::Client).send_text(&mut cx, "Hello", &mut out).unwrap();
    assert_eq!(out, b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");

    out.clear();
    let mut fragmenting = connection(Role::Server);
    let first = Fragment::First(MessageKind::Text);
    fragmenting.send_fragment(&mut cx, first, b"Hel", &mut out).unwrap();
    fragmenting.send_fragment(&mut cx, Fragment::Last, b"lo", &mut out).unwrap();
    assert_eq!(out, b"\x01\x03Hel\x80\x02lo");

    // A ping, and the pong that answers it.
    out.clear();
    connection(Role::Server).ping(&mut cx, b"Hello", &mut out).unwrap();
    assert_eq!(out, b"\x89\x05Hello");
    let (_, pong, _) = hear(|| connection(Role::Client), &out);
    assert_eq!(pong, b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");

    for (len, header) in
        [(256, &b"\x82\x7e\x01\x00"[..]), (65536, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00")]
    {
        out.clear();
        connection(Role::Server).send_binary(&mut cx, &vec![7; len], &mut out).unwrap();
        assert_eq!(&out[..header.len()], header);
        assert_eq!(out[header.len()..], vec![7; len]);
    }
}

#[test]
fn rfc7692_7_2_3_examples_are_heard() {
    let taking_over = deflate::Agreed::default();
    let forgetting =
        deflate::Agreed { server_no_context_takeover: true, ..deflate::Agreed::default() };
    let hello = || Heard::Text("Hello".into());
    for (name, agreed, bytes, heard) in [
        (
            "7.2.3.1, one frame",
            taking_over,
            &b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"[..],
            vec![hello()],
        ),
        (
            "7.2.3.1, fragmented",
            taking_over,
            b"\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00",
            vec![hello()],
        ),
        (
            "7.2.3.2, context taken over",
            taking_over,
            b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00",
            vec![hello(), hello()],
        ),
        (
            "7.2.3.2, context forgotten",
            forgetting,
            b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
            vec![hello(), hello()],
        ),
        (
            "7.2.3.3, block without compression",
            taking_over,
            b"\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
            vec![hello()],
        ),
        (
            "7.2.3.4, BFINAL, and more messages after it",
            taking_over,
            b"\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
            vec![hello(), hello()],
        ),
        (
            "7.2.3.4, without the zero byte, as some senders do",
            taking_over,
            b"\xc1\x07\xf3\x48\xcd\xc9\xc9\x07\x00\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
            vec![hello(), hello()],
        ),
        (
            "7.2.3.5, two blocks",
            taking_over,
            b"\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
            vec![hello()],
        ),
        ("7.2.3.6, empty", taking_over, b"\xc1\x01\x00", vec![Heard::Text(String::new())]),
    ] {
        let (events, out, result) = hear(|| with_deflate(Role::Client, agreed), bytes);
        assert_eq!((events, out, result), (heard, vec![], Ok(())), "{name}");
    }
}

#[test]
fn rfc7692_7_2_3_examples_are_said() {
    let mut cx = context();
    let mut out = Vec::new();
    let mut server = with_deflate(Role::Server, deflate::Agreed::default());
    server.send_text(&mut cx, "Hello", &mut out).unwrap();
    server.send_text(&mut cx, "Hello", &mut out).unwrap();
    let (first, second) = out.split_at(9);
    assert_eq!(first, b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00");
    // The RFC's second message is one literal and a match; ours is one match.
    assert_eq!(second, b"\xc1\x04\x02\x13\x00\x00");
    let (heard, ..) = hear(|| with_deflate(Role::Client, deflate::Agreed::default()), &out);
    assert_eq!(heard, [Heard::Text("Hello".into()), Heard::Text("Hello".into())]);
}

#[test]
fn violations_fail_with_the_right_code() {
    use ProtocolError as E;
    let deflate = deflate::Agreed::default();
    let plain = |role| move || connection(role);
    let client = |bytes: &[u8], error| check(plain(Role::Client), bytes, error);
    client(b"\xc1\x00", E::ReservedBit);
    client(b"\xa1\x00", E::ReservedBit);
    client(b"\x91\x00", E::ReservedBit);
    client(b"\x83\x00", E::ReservedOpcode(3));
    client(b"\x8b\x00", E::ReservedOpcode(11));
    client(b"\x81\x81\x00\x00\x00\x00a", E::MaskedFromServer);
    client(b"\x81\x7e\x00\x05Hello", E::LengthNotMinimal);
    client(b"\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x05Hello", E::LengthNotMinimal);
    client(b"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00", E::LengthOverflow);
    client(b"\x09\x00", E::ControlFragmented);
    client(b"\x89\x7e\x00\x7e", E::ControlTooLong(126));
    client(b"\x80\x00", E::NothingToContinue);
    client(b"\x01\x01a\x81\x01b", E::MessageInsideMessage);
    client(b"\x81\x01a\x80\x01b", E::NothingToContinue);
    client(b"\x88\x01\x03", E::CloseTruncated);
    client(b"\x88\x02\x03\xed", E::CloseCode(1005));
    client(b"\x88\x02\x03\xee", E::CloseCode(1006));
    client(b"\x88\x02\x00\x00", E::CloseCode(0));
    client(b"\x88\x03\x03\xe8\xff", E::CloseReasonNotUtf8);
    client(b"\x81\x02\xc0\xaf", E::TextNotUtf8);
    client(b"\x81\x02\xe2\x82", E::TextNotUtf8);
    client(b"\x01\x02\xe2\x82\x80\x01A", E::TextNotUtf8);
    // The bad byte shows before its frame or its message is whole.
    client(b"\x01\x03a\xffb", E::TextNotUtf8);
    client(b"\x81\x7d\xf4\x90", E::TextNotUtf8);
    let too_big = E::MessageTooBig { limit: LIMIT };
    client(b"\x82\x7e\x03\xe9", too_big);
    client(b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", too_big);
    client(&[b"\x02\x7e\x03\xe8", &[0; LIMIT][..], b"\x80\x01"].concat(), too_big);
    check(plain(Role::Server), b"\x81\x01a", E::UnmaskedFromClient);

    let deflating = |bytes: &[u8], error| {
        check(|| with_deflate(Role::Client, deflate), bytes, error);
    };
    deflating(b"\xc9\x00", E::ReservedBit);
    deflating(b"\x41\x01\x00\xc0\x00", E::ReservedBit);
    deflating(b"\xc1\x02\xff\xff", E::Deflate);
    deflating(b"\xc1\x06\x00\x01\x00\xfe\xff\xff\x00", E::TextNotUtf8);
    // A distance with nothing that far back.
    deflating(b"\xc1\x05\xf2\x00\x11\x00\x00", E::Deflate);
    let forgetting = deflate::Agreed { server_no_context_takeover: true, ..deflate };
    // Half a block is no message.
    check(|| with_deflate(Role::Client, forgetting), b"\xc1\x03\xf2\x48\xcd", E::Deflate);
}

/// The connection must answer with the error's code and be deaf afterwards.
fn check(make: impl Fn() -> Connection, bytes: &[u8], error: ProtocolError) {
    let (_, out, result) = hear(&make, bytes);
    assert_eq!(result, Err(error), "{bytes:x?}");
    assert!(error.section().starts_with("RFC "), "{error:?}");
    let code = error.close_code().as_u16();

    let (mut connection, mut cx, mut again) = (make(), context(), Vec::new());
    let mut bytes = bytes.to_vec();
    connection.receive(&mut cx, &mut bytes, &mut again, &mut |_| ()).unwrap_err();
    assert_eq!(connection.state(), State::Closed);
    assert_eq!(again, out);
    let mut further = *b"\x89\x00";
    connection.receive(&mut cx, &mut further, &mut again, &mut |_| panic!("deaf")).unwrap();
    assert_eq!(again, out);
    connection.send_text(&mut cx, "x", &mut again).unwrap_err();

    let payload = match out[..] {
        [0x88, 2, a, b] => [a, b],
        [0x88, 0x82, 0x37, 0xfa, 0x21, 0x3d, a, b] => [a ^ 0x37, b ^ 0xfa],
        _ => panic!("not a close frame: {out:x?}"),
    };
    assert_eq!(u16::from_be_bytes(payload), code, "{error:?}");
}
