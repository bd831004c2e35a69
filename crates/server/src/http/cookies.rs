//! Cookies: show those that came, set those that are asked for (RFC 6265 §4.1.1).

use hyper::StatusCode;
use hyper::header::{COOKIE, HeaderValue, LOCATION, SET_COOKIE};
use hyper::http::request::Parts;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::reply::{Reply, empty, refuse};

/// The cookies of a request, by name.
pub(super) fn show(head: &Parts) -> Value {
    let lines = head.headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let cookies: Map<String, Value> =
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().into())).collect();
    json!({ "cookies": cookies })
}

/// Sets each pair of the query as a cookie for all paths, and sends the client to look at them.
pub(super) fn set(head: &Parts) -> Reply {
    let mut reply = empty(StatusCode::FOUND);
    reply.headers_mut().insert(LOCATION, HeaderValue::from_static("/cookies"));
    let query = head.uri.query().unwrap_or_default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let is_cookie = !name.is_empty()
            && name.bytes().all(is_token_byte)
            && value.bytes().all(is_cookie_byte);
        let line = HeaderValue::from_str(&format!("{name}={value}; Path=/"));
        match line {
            Ok(line) if is_cookie => {
                reply.headers_mut().append(SET_COOKIE, line);
            }
            _ => return refuse(StatusCode::BAD_REQUEST, "that name or value fits no cookie"),
        }
    }
    reply
}

/// RFC 9110 §5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// RFC 6265 §4.1.1, `cookie-octet`.
fn is_cookie_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}
