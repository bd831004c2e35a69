//! The server's half of the opening handshake (RFC 6455 §4.2, RFC 8441 §5): check the request, agree on
//! subprotocol and compression, and say what the connection becomes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::ext::Protocol;
use hyper::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Version};
use sockeye_ws::deflate::{self, Agreed};
use url::form_urlencoded;

use crate::echo::EchoPlan;
use crate::http::{Reply, empty, header, refuse};
use crate::room::{Lobby, Member};

/// What a connection becomes after its 101.
#[derive(Debug)]
pub(crate) enum Upgrade {
    /// A member of a chat room.
    Chat(Member),
    /// An echo, compressed if agreed.
    Echo(EchoPlan, Option<Agreed>),
}

/// Checks a request to join the chat: the room of the path, else of the query, else the common
/// one. Messages go to all members in the same bytes, so compression is not agreed to.
///
/// # Errors
/// The response that refuses it.
pub(crate) fn check_chat(
    head: &Parts,
    room: Option<&str>,
    lobby: &Lobby,
) -> Result<(Reply, Upgrade), Box<Reply>> {
    let reply = check(head)?;
    let named = query(head).find(|(name, _)| name == "room").map(|(_, value)| value);
    let room = room.or(named.as_deref()).unwrap_or_default();
    if room.len() > MAX_ROOM_NAME {
        return Err(refused(StatusCode::BAD_REQUEST, "the room's name is too long"));
    }
    Ok((reply, Upgrade::Chat(lobby.enter(room))))
}

/// Checks a request for an echo; permessage-deflate is agreed to as offered.
///
/// # Errors
/// The response that refuses it.
pub(crate) fn check_echo(head: &Parts) -> Result<(Reply, Upgrade), Box<Reply>> {
    let mut reply = check(head)?;
    let plan =
        EchoPlan::from_query(query(head)).map_err(|why| refused(StatusCode::BAD_REQUEST, why))?;
    let offers = list(&head.headers, &SEC_WEBSOCKET_EXTENSIONS);
    let agreed = deflate::negotiate(&offers, &deflate::ServerPolicy::default());
    let agreed = agreed.and_then(|(agreed, value)| {
        let value = HeaderValue::from_str(&value).ok()?;
        reply.headers_mut().insert(SEC_WEBSOCKET_EXTENSIONS, value);
        Some(agreed)
    });
    Ok((reply, Upgrade::Echo(plan, agreed)))
}

/// Checks a handshake, by either version of HTTP; the first subprotocol offered is accepted.
fn check(head: &Parts) -> Result<Reply, Box<Reply>> {
    let mut reply = match head.version {
        Version::HTTP_2 => check_connect(head)?,
        _ => check_upgrade(head)?,
    };
    let protocols = list(&head.headers, &SEC_WEBSOCKET_PROTOCOL);
    let first = protocols.split(',').map(str::trim).find(|name| !name.is_empty());
    if let Some(Ok(first)) = first.map(HeaderValue::from_str) {
        reply.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, first);
    }
    Ok(reply)
}

/// Whether this is an extended CONNECT for a WebSocket (RFC 8441 §4).
pub(crate) fn is_extended_connect(head: &Parts) -> bool {
    let protocol = head.extensions.get::<Protocol>();
    head.method == Method::CONNECT && protocol.is_some_and(|name| name.as_str() == "websocket")
}

/// RFC 8441 §5.
fn check_connect(head: &Parts) -> Result<Reply, Box<Reply>> {
    if !is_extended_connect(head) {
        return Err(refused(StatusCode::BAD_REQUEST, "this path speaks WebSocket"));
    }
    check_version(&head.headers)?;
    Ok(empty(StatusCode::OK))
}

/// RFC 6455 §4.4.
fn check_version(headers: &HeaderMap) -> Result<(), Box<Reply>> {
    if header(headers, &SEC_WEBSOCKET_VERSION) == Some("13") {
        return Ok(());
    }
    let mut reply = refused(StatusCode::UPGRADE_REQUIRED, "only version 13 is spoken here");
    reply.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    Err(reply)
}

/// RFC 6455 §4.2.1.
fn check_upgrade(head: &Parts) -> Result<Reply, Box<Reply>> {
    let headers = &head.headers;
    if !has_token(headers, &UPGRADE, "websocket") || !has_token(headers, &CONNECTION, "upgrade") {
        let mut reply = refused(StatusCode::UPGRADE_REQUIRED, "this path speaks WebSocket");
        reply.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        return Err(reply);
    }
    if head.version != Version::HTTP_11 {
        return Err(refused(StatusCode::BAD_REQUEST, "an upgrade needs HTTP/1.1"));
    }
    check_version(headers)?;
    let key = header(headers, &SEC_WEBSOCKET_KEY).map(str::trim).unwrap_or_default();
    if STANDARD.decode(key).map(|nonce| nonce.len()) != Ok(16) {
        return Err(refused(StatusCode::BAD_REQUEST, "the key is not 16 bytes in base64"));
    }
    let mut reply = empty(StatusCode::SWITCHING_PROTOCOLS);
    let answer = reply.headers_mut();
    answer.insert(UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    let accept = HeaderValue::from_str(&sockeye_ws::accept_key(key));
    answer.insert(SEC_WEBSOCKET_ACCEPT, accept.expect("base64 fits a header"));
    Ok(reply)
}

/// Whether a header that is a list has this token, in any case.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    list(headers, name).split(',').any(|candidate| candidate.trim().eq_ignore_ascii_case(token))
}

/// A list header whole, though it may be spread over lines (RFC 9110 §5.3).
fn list(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines: Vec<_> =
        headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ")
}

fn query(head: &Parts) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
}

fn refused(status: StatusCode, why: &str) -> Box<Reply> {
    Box::new(refuse(status, why))
}

const MAX_ROOM_NAME: usize = 256;
