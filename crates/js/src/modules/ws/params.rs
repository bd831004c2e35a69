//! The second argument of `connect`: k6's four params as k6 takes them, and beside them those that
//! sockets of `k6/websockets` have.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-ws/params/>

use rquickjs::{Ctx, Exception, Filter, Object, Value};
use sockeye_metrics::TagSet;
use sockeye_net::websocket::Compression;

use crate::{
    interop::bytes::usv_string,
    modules::{http::Jar, metrics, websockets::Params},
};

/// Reads the argument. `tags` are those that the socket's samples have anyway. k6: what it does not
/// know is left alone; so is what is of another type, among those that k6 knows.
///
/// # Errors
/// An exception for tags of a wrong type and for an unknown compression, a `TypeError` for what is
/// ours and of a wrong type; what a getter throws.
pub(super) fn read<'js>(
    ctx: &Ctx<'js>,
    params: Option<&Value<'js>>,
    tags: TagSet,
) -> rquickjs::Result<Params> {
    let mut read = Params::with_tags(tags);
    let Some(params) = params.and_then(Value::as_object) else { return Ok(read) };
    let given: Value<'js> = params.get("headers")?;
    if let Some(given) = given.as_object() {
        read.headers = headers(ctx, given)?;
    }
    let given: Value<'js> = params.get("tags")?;
    read.tags = metrics::with_tags(ctx, read.tags, Some(&given), "ws.connect()")?;
    let given: Value<'js> = params.get("jar")?;
    read.jar = given.as_object().and_then(Jar::of);
    let given: Value<'js> = params.get("compression")?;
    if given.is_object() {
        read.set(ctx, "compression", &given)?;
    } else if !given.is_undefined() && !given.is_null() {
        read.compression = compression(ctx, &given)?;
    }
    for key in OURS {
        let given: Value<'js> = params.get(key)?;
        if !given.is_undefined() && !given.is_null() {
            read.set(ctx, key, &given)?;
        }
    }
    Ok(read)
}

/// What k6 does not have. Not among them: `http2`.
const OURS: [&str; 7] = [
    "timeout",
    "closeTimeout",
    "maxMessageSize",
    "maxBufferedAmount",
    "tlsAuth",
    "localIP",
    "blockPorts",
];

/// Names and values as they are: the handshake refuses those that HTTP can't carry.
fn headers<'js>(ctx: &Ctx<'js>, given: &Object<'js>) -> rquickjs::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    for pair in given.own_props::<String, Value<'js>>(Filter::new().string().enum_only()) {
        let (name, value) = pair?;
        headers.push((name, usv_string(ctx, value)?));
    }
    Ok(headers)
}

fn compression<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Compression> {
    match usv_string(ctx, value.clone())?.as_str() {
        "" => Ok(Compression::None),
        "deflate" => Ok(Compression::Deflate),
        other => {
            // k6: its words.
            let message = format!(
                "unsupported compression algorithm '{other}', supported algorithm is 'deflate'"
            );
            Err(Exception::throw_message(ctx, &message))
        }
    }
}
