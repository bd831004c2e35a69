//! What `connect` returns: the server's answer to the handshake.

use rquickjs::{Ctx, Object, Value};
use sockeye_net::websocket::{ConnectFailure, Response};

use crate::modules::headers;

/// The answer of a server that switched protocols.
pub(super) fn of_opened<'js>(
    ctx: &Ctx<'js>,
    url: &str,
    response: &Response,
) -> rquickjs::Result<Value<'js>> {
    Answer { url, head: Some(response), body: &[], error: "", error_code: 0 }.into_object(ctx)
}

/// The answer of one that did not, or what there is without one.
pub(super) fn of_failure<'js>(
    ctx: &Ctx<'js>,
    failure: &ConnectFailure,
) -> rquickjs::Result<Value<'js>> {
    let error = match &failure.response {
        // k6: a refusal has no error, since its status says enough. That of a 101 would not.
        Some(Response { status, .. }) if *status != SWITCHING_PROTOCOLS => String::new(),
        _ => failure.error.to_string(),
    };
    let head = failure.response.as_ref();
    let error_code = failure.error.error_code();
    // k6: no URL.
    Answer { url: "", head, body: &failure.body, error: &error, error_code }.into_object(ctx)
}

/// For a URL that could not be dialled.
pub(super) fn without<'js>(ctx: &Ctx<'js>, error: &str) -> rquickjs::Result<Value<'js>> {
    Answer { url: "", head: None, body: &[], error, error_code: INVALID_URL }.into_object(ctx)
}

/// RFC 9110 §15.2.2.
const SWITCHING_PROTOCOLS: u16 = 101;
/// k6's number.
const INVALID_URL: u16 = 1020;

struct Answer<'a> {
    url: &'a str,
    head: Option<&'a Response>,
    body: &'a [u8],
    error: &'a str,
    error_code: u16,
}

impl Answer<'_> {
    fn into_object<'js>(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let fields = self.head.iter().flat_map(|head| &head.headers);
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        let object = Object::new(ctx.clone())?;
        object.set("url", self.url)?;
        object.set("status", self.head.map_or(0, |head| head.status))?;
        object.set("headers", headers::object(ctx, fields)?)?;
        object.set("body", String::from_utf8_lossy(self.body).as_ref())?;
        object.set("error", self.error)?;
        object.set("error_code", self.error_code)?;
        Ok(object.into_value())
    }
}
