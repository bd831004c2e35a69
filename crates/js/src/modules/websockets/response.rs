//! The server's answer to the handshake, for scripts that look: `ws.response` and `event.response`.

use std::fmt::Write as _;

use rquickjs::{Ctx, Object};
use sockeye_net::websocket::{HttpVersion, Response};

use crate::modules::headers;

/// An answer's head as one text, so that it costs an idle socket little: status, with a mark for
/// HTTP/2, then a header a line.
pub(super) fn pack(response: &Response) -> String {
    let mut packed = response.status.to_string();
    if response.version == HttpVersion::Http2 {
        packed.push_str(HTTP2);
    }
    for (name, value) in &response.headers {
        let _ = write!(packed, "\n{name}:{value}");
    }
    packed
}

/// The object that the script sees.
pub(super) fn unpack<'js>(
    ctx: &Ctx<'js>,
    packed: &str,
    body: Option<String>,
) -> rquickjs::Result<Object<'js>> {
    let mut lines = packed.split('\n');
    let status = lines.next().unwrap_or_default();
    let (status, version) = match status.strip_suffix(HTTP2) {
        Some(status) => (status, HttpVersion::Http2),
        None => (status, HttpVersion::Http11),
    };
    let status = status.parse::<u16>().unwrap_or_default();
    let response = Object::new(ctx.clone())?;
    response.set("status", status)?;
    // As k6 calls it on a response of `k6/http`.
    response.set("proto", version.as_str())?;
    let fields = lines.filter_map(|line| line.split_once(':'));
    response.set("headers", headers::object(ctx, fields)?)?;
    if let Some(body) = body {
        response.set("body", body)?;
    }
    Ok(response)
}

const HTTP2: &str = " 2";
