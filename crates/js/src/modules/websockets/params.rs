//! The third argument of the constructor.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/params/>

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Filter, Value};
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

/// The keys that are known, for the message about one that is not.
const KEYS: [&str; 4] = ["headers", "tags", "jar", "compression"];

impl Params {
    /// Reads the argument. `tags` are those that the socket's samples have anyway.
    ///
    /// # Errors
    /// A `TypeError` that names the key. k6: an unknown one too.
    pub(super) fn read<'js>(
        ctx: &Ctx<'js>,
        params: Option<&Value<'js>>,
        tags: TagSet,
    ) -> rquickjs::Result<Self> {
        let mut read =
            Self { headers: Vec::new(), tags, compression: Compression::None, jar: None };
        let Some(params) = params.filter(|params| !params.is_undefined() && !params.is_null())
        else {
            return Ok(read);
        };
        let Some(params) = params.as_object() else {
            return Err(Exception::throw_type(ctx, "the WebSocket params must be an object"));
        };
        for key in params.own_keys::<String>(Filter::new().string().enum_only()) {
            let key = key?;
            let value: Value<'js> = params.get(key.as_str())?;
            if value.is_undefined() || value.is_null() {
                continue;
            }
            match key.as_str() {
                "headers" => read.headers = headers(ctx, &value)?,
                "tags" => {
                    if !value.is_object() {
                        return Err(wrong_type(ctx, "tags", "an object", &value));
                    }
                    read.tags = metrics::with_tags(ctx, read.tags, Some(&value), "the WebSocket")?;
                }
                "compression" => read.compression = compression(ctx, &value)?,
                "jar" => match value.as_object().and_then(Jar::of) {
                    Some(jar) => read.jar = Some(jar),
                    None => return Err(wrong_type(ctx, "jar", "a CookieJar of `k6/http`", &value)),
                },
                _ => return Err(unknown(ctx, &key)),
            }
        }
        Ok(read)
    }
}

fn headers<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Vec<(String, String)>> {
    let Some(object) = value.as_object() else {
        return Err(wrong_type(ctx, "headers", "an object", value));
    };
    let mut headers = Vec::new();
    for pair in object.own_props::<String, Value<'js>>(Filter::new().string().enum_only()) {
        let (name, value) = pair?;
        let value = interop::display(&value);
        if !is_token(&name) || value.contains(['\r', '\n', '\0']) {
            let message = format!("the WebSocket header {name:?} is not one that HTTP can carry");
            return Err(Exception::throw_type(ctx, &message));
        }
        headers.push((name, value));
    }
    Ok(headers)
}

fn compression<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Compression> {
    match interop::display(value).as_str() {
        "" => Ok(Compression::None),
        "deflate" => Ok(Compression::Deflate),
        other => {
            let message =
                format!("unsupported compression algorithm {other:?}: the only one is \"deflate\"");
            Err(Exception::throw_type(ctx, &message))
        }
    }
}

/// RFC 9110 §5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn wrong_type(ctx: &Ctx<'_>, key: &str, expected: &str, value: &Value<'_>) -> rquickjs::Error {
    let message =
        format!("the WebSocket param `{key}` must be {expected}, not {}", interop::display(value));
    Exception::throw_type(ctx, &message)
}

fn unknown(ctx: &Ctx<'_>, key: &str) -> rquickjs::Error {
    let near = KEYS
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, key), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let hint = match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("the params are {}", KEYS.map(|key| format!("`{key}`")).join(", ")),
    };
    Exception::throw_type(ctx, &format!("unknown WebSocket param `{key}`: {hint}"))
}
