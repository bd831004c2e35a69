//! The opening handshake over HTTP/1.1 (RFC 6455 §4).

use std::rc::Rc;
use std::time::Instant;

use sockeye_ws::ClientHandshake;
use sockeye_ws::handshake::HandshakeError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::connect::{
    Asked, Attempt, ConnectRequest, HttpVersion, Response, Shaken, keep_cookies, say_why,
};
use super::refusal;
use crate::dial::Dialer;
use crate::error::{NetError, Operation};
use crate::stream::Stream;
use crate::trace::Peers;

/// Makes the request.
pub(super) fn begin(dialer: &Dialer, asked: &Asked<'_>) -> Result<ClientHandshake, NetError> {
    let mut codec = dialer.buffers().take_codec().unwrap_or_default();
    let handshake = ClientHandshake::new(asked.request(), codec.mask_source());
    dialer.buffers().return_codec(codec);
    handshake.map_err(|error| NetError::InvalidRequest(error.to_string()))
}

/// Shakes hands over a connection that stands.
pub(super) async fn shake_hands(
    dialer: &Dialer,
    request: &ConnectRequest,
    mut handshake: ClientHandshake,
    (mut stream, peers): (Stream, Peers),
    attempt: &mut Attempt,
) -> Result<Shaken, NetError> {
    if let Some(tap) = &request.tap {
        stream = stream.tapped(Rc::clone(tap));
    }
    let began = Instant::now();
    stream
        .write_all(handshake.request())
        .await
        .map_err(|error| peers.error(Operation::Write, &error))?;
    stream.flush().await.map_err(|error| peers.error(Operation::Write, &error))?;

    let mut buffer = vec![0; HANDSHAKE_BUFFER_BYTES];
    // For the text of an error only.
    let mut first_line = Vec::new();
    let (response, rest) = loop {
        let read = stream.read(&mut buffer).await;
        let read = read.map_err(|error| peers.error(Operation::Read, &error))?;
        if read == 0 {
            return Err(NetError::UnexpectedEof);
        }
        if first_line.len() < FIRST_LINE_BYTES {
            let wanted = read.min(FIRST_LINE_BYTES - first_line.len());
            first_line.extend_from_slice(&buffer[..wanted]);
        }
        match handshake.receive(&buffer[..read]) {
            Ok(None) => {}
            Ok(Some((response, used))) => break (response, buffer[used..read].to_vec()),
            Err(error) => return Err(handshake_error(error, &first_line)),
        }
    };
    attempt.trace.timings.upgrade = began.elapsed();
    keep_cookies(request, &response.headers);
    let head = Response {
        version: HttpVersion::Http11,
        status: response.status,
        headers: response.headers.clone(),
    };
    match handshake.check(&response) {
        Ok(accepted) => Ok(Shaken { stream, peers, response: head, accepted, first_bytes: rest }),
        Err(error) => {
            if let Some(code) = error.close_code() {
                say_why(&mut stream, dialer.buffers(), code).await;
            }
            attempt.response = Some(head);
            attempt.body = refusal::read_body(&mut stream, &response, &rest, &mut buffer).await;
            Err(handshake_error(error, &first_line))
        }
    }
}

/// The error for an answer that opens nothing; the bytes are the first of it.
pub(super) fn handshake_error(error: HandshakeError, first_bytes: &[u8]) -> NetError {
    match error {
        HandshakeError::NotHttp => {
            let line = first_bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            NetError::MalformedResponse(String::from_utf8_lossy(line).trim_end().to_owned())
        }
        HandshakeError::HeadTooBig => {
            NetError::HeadersTooLarge { limit_bytes: sockeye_ws::handshake::MAX_RESPONSE_HEAD }
        }
        HandshakeError::Status(status) => NetError::HandshakeRefused { status },
        HandshakeError::Extensions(error) => NetError::BadExtensions { reason: error.to_string() },
        other => NetError::BadHandshake { reason: other.to_string() },
    }
}

const HANDSHAKE_BUFFER_BYTES: usize = 8 * 1024;
/// How much of an answer that is not HTTP an error shows.
const FIRST_LINE_BYTES: usize = 200;
