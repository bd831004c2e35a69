//! The opening handshake (RFC 6455 §4): the client's request, the server's response read and
//! checked; for servers, the accept key. What `Sec-WebSocket-Extensions` says is in `deflate`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest, Sha1};
use thiserror::Error;

use crate::close::CloseCode;
use crate::deflate::{Agreed, NegotiationError, Offer, is_token_byte};
use crate::mask::MaskSource;

/// The most bytes that a response's head may have.
pub const MAX_RESPONSE_HEAD: usize = 64 * 1024;

/// What a client asks for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The value for `Host`: the host, with the port if it is not the scheme's own.
    pub host: &'a str,
    /// The resource name: path and query, from its first slash (RFC 6455 §3).
    pub resource: &'a str,
    /// Subprotocols in order of preference.
    pub protocols: &'a [String],
    /// The offer of permessage-deflate.
    pub deflate: Option<Offer>,
    /// Further headers, sent in this order. `Host` replaces the one above.
    /// `Sec-WebSocket-Protocol` may be here if `protocols` is empty.
    pub headers: &'a [(String, String)],
}

/// A client's side of the handshake, from its request to the end of the response's head.
#[derive(Debug)]
pub struct ClientHandshake {
    request: Vec<u8>,
    accept: String,
    protocols: Vec<String>,
    offer: Option<Offer>,
    /// The head so far, if it did not come at once.
    head: Vec<u8>,
}

/// The head of a response, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The reason phrase, which may be empty.
    pub reason: String,
    /// Names as they were sent, in order; values as UTF-8 where they are that, else as Latin-1.
    pub headers: Vec<(String, String)>,
}

/// What the server agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The subprotocol, one of those asked for; `None` if the server named none.
    pub protocol: Option<String>,
    /// The text of `Sec-WebSocket-Extensions`; empty without the header.
    pub extensions: String,
    /// permessage-deflate, if it was agreed on.
    pub deflate: Option<Agreed>,
}

/// A request that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Empty, or with characters that end the header line.
    #[error("invalid host `{0}`")]
    Host(String),
    /// Does not begin with a slash, or has a space or a control or non-ASCII character.
    #[error("invalid resource name `{0}`")]
    Resource(String),
    /// Not a token, or there twice (RFC 6455 §4.1).
    #[error("invalid or repeated subprotocol `{0}`")]
    Protocol(String),
    /// A header's name is not a token, or its value has characters that end the line.
    #[error("invalid header `{0}`")]
    Header(String),
    /// A header that the handshake itself sends, or `Host` twice.
    #[error("duplicate header not allowed: `{0}`")]
    DuplicateHeader(String),
}

/// The server's response does not open a WebSocket connection.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HandshakeError {
    /// What came is not HTTP/1.1.
    #[error("malformed HTTP response")]
    NotHttp,
    /// The head has more than [`MAX_RESPONSE_HEAD`] bytes.
    #[error("HTTP response head of more than 64 KiB")]
    HeadTooBig,
    /// A status other than 101; [`Response`] has the rest (RFC 6455 §4.1 item 1).
    #[error("unexpected HTTP status {0}")]
    Status(u16),
    /// `Upgrade` is not `websocket` (RFC 6455 §4.1 item 2).
    #[error("response without `Upgrade: websocket`")]
    Upgrade,
    /// `Connection` does not have `Upgrade` (RFC 6455 §4.1 item 3).
    #[error("response without `Connection: Upgrade`")]
    Connection,
    /// `Sec-WebSocket-Accept` is missing or does not fit our key (RFC 6455 §4.1 item 4).
    #[error("missing or wrong `Sec-WebSocket-Accept`")]
    Accept,
    /// `Sec-WebSocket-Extensions` does not fit our offer (RFC 6455 §4.1 item 5).
    #[error(transparent)]
    Extensions(#[from] NegotiationError),
    /// A subprotocol that was not asked for, or several (RFC 6455 §4.1 item 6).
    #[error("server chose the subprotocol `{0}`, which was not asked for")]
    Protocol(String),
}

impl HandshakeError {
    /// The code for a close frame, where the peer answered 101 and so believes that the
    /// connection is open. RFC 6455 §7.1.7: sending one before the TCP connection is dropped is
    /// allowed, not needed.
    pub fn close_code(&self) -> Option<CloseCode> {
        match self {
            Self::Extensions(_) => Some(CloseCode::MANDATORY_EXTENSION),
            Self::Protocol(_) => Some(CloseCode::PROTOCOL_ERROR),
            _ => None,
        }
    }
}

impl ClientHandshake {
    /// Builds the request; its key is made of four masks.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn new(request: Request<'_>, random: &mut dyn MaskSource) -> Result<Self, RequestError> {
        let mut nonce = [0; 16];
        for part in nonce.as_chunks_mut::<4>().0 {
            *part = random.next_mask();
        }
        let key = BASE64.encode(nonce);
        let protocols = requested_protocols(&request)?;
        let bytes = build_request(&request, &key, &protocols)?;
        let accept = accept_key(&key);
        Ok(Self { request: bytes, accept, protocols, offer: request.deflate, head: Vec::new() })
    }

    /// The bytes to send.
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// Takes bytes just read. Gives the response once its head is whole, and how many bytes of
    /// `input` belong to it; those after are frames (or the body of a refusal). Interim responses
    /// (1xx other than 101) are skipped.
    ///
    /// # Errors
    /// [`HandshakeError::NotHttp`] as soon as it shows, [`HandshakeError::HeadTooBig`].
    pub fn receive(&mut self, input: &[u8]) -> Result<Option<(Response, usize)>, HandshakeError> {
        let mut consumed = 0;
        while consumed < input.len() {
            // Up to the next end of a line: only that can complete a head.
            let rest = &input[consumed..];
            let line = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
            let first_line = !self.head.contains(&b'\n');
            self.head.extend_from_slice(&rest[..line]);
            consumed += line;
            if self.head.len() > MAX_RESPONSE_HEAD {
                return Err(HandshakeError::HeadTooBig);
            }
            let start = self.head.len().min(HTTP.len());
            if self.head[..start] != HTTP[..start] {
                return Err(HandshakeError::NotHttp);
            }
            let line_ended = self.head.ends_with(b"\n");
            let blank = self.head.ends_with(b"\n\r\n") || self.head.ends_with(b"\n\n");
            // The first line is looked at early, for a peer that speaks something else and waits.
            let worth_parsing = blank || (first_line && line_ended);
            if !worth_parsing {
                continue;
            }
            if let Some(response) = parse_head(&self.head)? {
                self.head = Vec::new();
                // RFC 9110 §15.2: interim responses may come before the final one.
                if !(100..200).contains(&response.status) || response.status == 101 {
                    return Ok(Some((response, consumed)));
                }
            }
        }
        Ok(None)
    }

    /// Checks that the response opens the connection that was asked for (RFC 6455 §4.1).
    ///
    /// # Errors
    /// See [`HandshakeError`]; the connection must be failed then.
    pub fn check(&self, response: &Response) -> Result<Accepted, HandshakeError> {
        if response.status != 101 {
            return Err(HandshakeError::Status(response.status));
        }
        if !response.header("upgrade").is_some_and(|v| v.eq_ignore_ascii_case("websocket")) {
            return Err(HandshakeError::Upgrade);
        }
        let connection = response.header("connection").unwrap_or_default();
        if !list(&connection).any(|token| token.eq_ignore_ascii_case("upgrade")) {
            return Err(HandshakeError::Connection);
        }
        if response.header("sec-websocket-accept").as_deref() != Some(&*self.accept) {
            return Err(HandshakeError::Accept);
        }
        accepted(response, &self.protocols, self.offer.as_ref())
    }
}

/// What the server chose, if it is among what it was asked for (RFC 6455 §4.1 items 5 and 6).
pub(crate) fn accepted(
    response: &Response,
    protocols: &[String],
    offer: Option<&Offer>,
) -> Result<Accepted, HandshakeError> {
    let extensions = response.header("sec-websocket-extensions").unwrap_or_default();
    let deflate = Offer::accept(offer, &extensions)?;
    let protocol = response.header("sec-websocket-protocol");
    if let Some(protocol) = &protocol
        && !protocols.contains(protocol)
    {
        return Err(HandshakeError::Protocol(protocol.clone()));
    }
    Ok(Accepted { protocol, extensions, deflate })
}

impl Response {
    /// A header's value; several of the name (in any case) are joined by `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut found = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let mut value = found.next()?.1.clone();
        for (_, further) in found {
            value.push_str(", ");
            value.push_str(further);
        }
        Some(value)
    }
}

/// The value of `Sec-WebSocket-Accept` for a request's `Sec-WebSocket-Key` (RFC 6455 §4.2.2).
pub fn accept_key(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.trim());
    hash.update(ACCEPT_GUID);
    BASE64.encode(hash.finalize())
}

/// RFC 6455 §4.1, the requirements for the request.
fn build_request(
    request: &Request<'_>,
    key: &str,
    protocols: &[String],
) -> Result<Vec<u8>, RequestError> {
    let host = checked_host(request)?;
    let mut out = format!(
        "GET {resource} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n",
        resource = request.resource,
    );
    let mut push = |name: &str, value: &str| {
        for part in [name, ": ", value, "\r\n"] {
            out.push_str(part);
        }
    };
    if !protocols.is_empty() {
        push(PROTOCOL, &protocols.join(", "));
    }
    if let Some(offer) = request.deflate {
        push("Sec-WebSocket-Extensions", &offer.header_value());
    }
    for (name, value) in request.headers {
        if !name.eq_ignore_ascii_case(HOST) && !name.eq_ignore_ascii_case(PROTOCOL) {
            push(name, value);
        }
    }
    out.push_str("\r\n");
    Ok(out.into_bytes())
}

/// What `Host` says, the user's or the URL's, once the request is found to be one that can be sent.
pub(crate) fn checked_host<'a>(request: &Request<'a>) -> Result<&'a str, RequestError> {
    check_headers(request)?;
    if !request.resource.starts_with('/') || !request.resource.bytes().all(|b| b.is_ascii_graphic())
    {
        return Err(RequestError::Resource(request.resource.to_owned()));
    }
    let own_host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(HOST));
    let host = own_host.map_or(request.host, |(_, value)| value);
    if host.is_empty() || !is_field_value(host) {
        return Err(RequestError::Host(host.to_owned()));
    }
    Ok(host)
}

/// The user's headers: whether they are headers, and leave the handshake's own alone.
fn check_headers(request: &Request<'_>) -> Result<(), RequestError> {
    let mut has_host = false;
    for (name, value) in request.headers {
        if name.is_empty() || !name.bytes().all(is_token_byte) || !is_field_value(value) {
            return Err(RequestError::Header(name.clone()));
        }
        let is_host = name.eq_ignore_ascii_case(HOST);
        let is_ours = GENERATED.iter().any(|own| name.eq_ignore_ascii_case(own));
        if is_ours || (is_host && has_host) {
            return Err(RequestError::DuplicateHeader(name.clone()));
        }
        has_host |= is_host;
    }
    Ok(())
}

/// The subprotocols of the request, from whichever of the two places.
pub(crate) fn requested_protocols(request: &Request<'_>) -> Result<Vec<String>, RequestError> {
    let by_header: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(PROTOCOL))
        .flat_map(|(_, value)| list(value))
        .map(str::to_owned)
        .collect();
    let protocols = match (request.protocols, &*by_header) {
        (protocols, []) => protocols.to_vec(),
        ([], _) => by_header,
        _ => return Err(RequestError::DuplicateHeader(PROTOCOL.to_owned())),
    };
    for (at, protocol) in protocols.iter().enumerate() {
        let token = !protocol.is_empty() && protocol.bytes().all(is_token_byte);
        if !token || protocols[..at].contains(protocol) {
            return Err(RequestError::Protocol(protocol.clone()));
        }
    }
    Ok(protocols)
}

/// A response whose head is whole; `None` if it is not.
fn parse_head(head: &[u8]) -> Result<Option<Response>, HandshakeError> {
    let lines = head.split(|&byte| byte == b'\n').count();
    let mut headers = vec![httparse::EMPTY_HEADER; lines];
    let mut response = httparse::Response::new(&mut headers);
    let status = response.parse(head).map_err(|_| HandshakeError::NotHttp)?;
    if status.is_partial() {
        return Ok(None);
    }
    let headers = response
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), decode_value(header.value)))
        .collect();
    Ok(Some(Response {
        status: response.code.ok_or(HandshakeError::NotHttp)?,
        reason: response.reason.unwrap_or_default().to_owned(),
        headers,
    }))
}

fn decode_value(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => value.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The elements of a comma-separated list.
fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|element| !element.is_empty())
}

/// RFC 9110 §5.5, and bytes above ASCII.
fn is_field_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

/// RFC 6455 §1.3.
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const HTTP: &[u8] = b"HTTP/1.";
pub(crate) const HOST: &str = "Host";
pub(crate) const PROTOCOL: &str = "Sec-WebSocket-Protocol";
/// Headers that are ours alone.
const GENERATED: [&str; 5] = [
    "Upgrade",
    "Connection",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Extensions",
];
