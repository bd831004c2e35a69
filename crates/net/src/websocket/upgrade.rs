//! The opening handshake over HTTP/1.1 (RFC 6455 §4).

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Instant;

use sockeye_ws::ClientHandshake;
use sockeye_ws::handshake::HandshakeError;
use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};

use super::connect::{
    Asked, Attempt, ConnectRequest, HttpVersion, Response, Shaken, keep_cookies, say_why,
};
use super::refusal;
use crate::buffers::WorkerBuffers;
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

    // For the text of an error only.
    let mut first_line = Vec::new();
    let (response, rest) = loop {
        let heard = read_once(&mut stream, dialer.buffers(), |bytes| {
            if bytes.is_empty() {
                return None;
            }
            let wanted = bytes.len().min(FIRST_LINE_BYTES - first_line.len());
            first_line.extend_from_slice(&bytes[..wanted]);
            let received = handshake.receive(bytes);
            Some(
                received
                    .map(|done| done.map(|(response, used)| (response, bytes[used..].to_vec()))),
            )
        });
        match heard.await.map_err(|error| peers.error(Operation::Read, &error))? {
            None => return Err(NetError::UnexpectedEof),
            Some(Ok(None)) => {}
            Some(Ok(Some(done))) => break done,
            Some(Err(error)) => return Err(handshake_error(error, &first_line)),
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
            let mut buffer = vec![0; REFUSAL_BUFFER_BYTES];
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

/// Reads what is there into the worker's buffer, and hands it over; nothing at the end. Thousands
/// of handshakes may wait for their answers at once, and none of them owns a buffer meanwhile.
async fn read_once<T>(
    stream: &mut Stream,
    buffers: &WorkerBuffers,
    mut hear: impl FnMut(&[u8]) -> T,
) -> io::Result<T> {
    poll_fn(|cx| {
        let mut buffer = buffers.take_read();
        let mut target = ReadBuf::new(&mut buffer);
        let read = Pin::new(&mut *stream).poll_read(cx, &mut target);
        let heard = read.map_ok(|()| hear(target.filled()));
        buffers.return_read(buffer);
        heard
    })
    .await
}

const REFUSAL_BUFFER_BYTES: usize = 8 * 1024;
/// How much of an answer that is not HTTP an error shows.
const FIRST_LINE_BYTES: usize = 200;
