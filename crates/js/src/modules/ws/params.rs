//! The second argument of `connect`.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-ws/params/>

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Filter, Object, Value};
use sockeye_metrics::TagSet;
use sockeye_net::{http::CookieJar, websocket::Compression};

use crate::{
    interop,
    modules::{http::Jar, metrics},
};

/// What a script may set for one socket.
pub(super) struct Params {
    pub(super) headers: Vec<(String, String)>,
    pub(super) tags: TagSet,
    pub(super) compression: Compression,
    /// Instead of the VU's own.
    pub(super) jar: Option<Rc<CookieJar>>,
}

impl Params {
    /// Reads the argument. `tags` are those that the socket's samples have anyway. k6: what it does
    /// not know, or is of another type, it leaves alone.
    ///
    /// # Errors
    /// An exception for tags of a wrong type and for an unknown compression; what a getter throws.
    pub(super) fn read<'js>(
        ctx: &Ctx<'js>,
        params: Option<&Value<'js>>,
        tags: TagSet,
    ) -> rquickjs::Result<Self> {
        let mut read =
            Self { headers: Vec::new(), tags, compression: Compression::None, jar: None };
        let Some(params) = params.and_then(Value::as_object) else { return Ok(read) };
        let given: Value<'js> = params.get("headers")?;
        if let Some(given) = given.as_object() {
            read.headers = headers(given)?;
        }
        let given: Value<'js> = params.get("tags")?;
        read.tags = metrics::with_tags(ctx, read.tags, Some(&given), "ws.connect()")?;
        let given: Value<'js> = params.get("jar")?;
        read.jar = given.as_object().and_then(Jar::of);
        let given: Value<'js> = params.get("compression")?;
        if !given.is_undefined() && !given.is_null() {
            read.compression = compression(ctx, &given)?;
        }
        Ok(read)
    }
}

/// Names and values as they are: the handshake refuses those that HTTP can't carry.
fn headers(given: &Object<'_>) -> rquickjs::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    for pair in given.own_props::<String, Value<'_>>(Filter::new().string().enum_only()) {
        let (name, value) = pair?;
        headers.push((name, interop::display(&value)));
    }
    Ok(headers)
}

fn compression(ctx: &Ctx<'_>, value: &Value<'_>) -> rquickjs::Result<Compression> {
    match interop::display(value).as_str() {
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
