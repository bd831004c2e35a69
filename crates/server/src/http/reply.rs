//! Responses: JSON, text, and refusals that say why.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

/// A whole response; hyper adds length and date.
pub(crate) type Reply = Response<Full<Bytes>>;

/// A response of this media type.
pub(crate) fn body(status: StatusCode, media_type: &'static str, text: impl Into<Bytes>) -> Reply {
    let mut reply = empty(status);
    *reply.body_mut() = Full::new(text.into());
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    reply
}

/// 200 with a JSON document, indented for people.
pub(crate) fn json(value: &Value) -> Reply {
    body(StatusCode::OK, "application/json", format!("{value:#}\n"))
}

/// A status and a line of text that says why.
pub(crate) fn refuse(status: StatusCode, why: &str) -> Reply {
    body(status, "text/plain; charset=utf-8", format!("{why}\n"))
}

/// A response without a body.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::default();
    *reply.status_mut() = status;
    reply
}

/// The one value of a request header, if it is there and text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
