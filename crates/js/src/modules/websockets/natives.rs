//! What `websockets.js` stands on.

use std::{rc::Rc, time::Duration};

use rquickjs::{
    Ctx, Exception, Function, IntoJs, Object, Persistent, Value,
    function::{Opt, Rest},
};
use sockeye_metrics::SystemTag;
use sockeye_net::websocket::ConnectRequest;
use url::Url;

use super::{
    params::{Params, is_token},
    socket::{BinaryType, Socket, Sockets},
};
use crate::{
    interop::bytes::{with_bytes, with_usv_str},
    modules::{native, native::NativeModule},
    vu::Host,
    web::Blob,
};

pub(in crate::modules) struct Natives;

/// k6: its time limit for a handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_mins(1);
/// For the answer to our close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest message that is taken, fragments together.
const MAX_MESSAGE: usize = 256 << 20;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] =
        &["bind", "connect", "send", "ping", "close", "bufferedAmount", "setBinaryType", "unheard"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        let host = Host::of(ctx)?;
        let sockets = Rc::new(Sockets::default());
        let farewell = sockets.clone();
        host.on_farewell(move || farewell.clear());

        let all = sockets.clone();
        let bind = move |ctx: Ctx<'js>, deliver: Function<'js>| {
            *all.deliver.borrow_mut() = Some(Persistent::save(&ctx, deliver));
        };
        let all = sockets.clone();
        let connect = move |ctx: Ctx<'js>,
                            target: Object<'js>,
                            url: Value<'js>,
                            protocols: Vec<String>,
                            params: Rest<Value<'js>>| {
            connect(&ctx, &all, target, &url, protocols, params.0.first())
        };
        let all = sockets.clone();
        let send = move |ctx: Ctx<'js>, id: u32, data: Value<'js>| {
            send(&ctx, all.get(id).as_deref(), data)
        };
        let all = sockets.clone();
        let ping = move |id: u32| {
            if let Some(socket) = all.get(id) {
                socket.ping();
            }
        };
        let all = sockets.clone();
        let close = move |id: u32, code: Opt<u16>, reason: Opt<String>| {
            if let Some(socket) = all.get(id) {
                socket.close(code.0, reason.0.as_deref().unwrap_or(""));
            }
        };
        let all = sockets.clone();
        let buffered_amount =
            move |id: u32| all.get(id).map_or(0.0, |socket| socket.buffered_amount() as f64);
        let all = sockets.clone();
        let unheard = move |id: u32, url: String, detail: String| {
            if let Some(socket) = all.get(id) {
                socket.unheard(&url, &detail);
            }
        };
        let set_binary_type = move |id: u32, is_blob: bool| {
            if let Some(socket) = sockets.get(id) {
                let kind = if is_blob { BinaryType::Blob } else { BinaryType::ArrayBuffer };
                socket.binary_type.set(kind);
            }
        };
        native::set(exports, "bind", Function::new(ctx.clone(), bind))?;
        native::set(exports, "connect", Function::new(ctx.clone(), connect))?;
        native::set(exports, "send", Function::new(ctx.clone(), send))?;
        native::set(exports, "ping", Function::new(ctx.clone(), ping))?;
        native::set(exports, "close", Function::new(ctx.clone(), close))?;
        native::set(exports, "bufferedAmount", Function::new(ctx.clone(), buffered_amount))?;
        native::set(exports, "unheard", Function::new(ctx.clone(), unheard))?;
        native::set(exports, "setBinaryType", Function::new(ctx.clone(), set_binary_type))
    }
}

/// Begins to connect. Returns the socket's number, its URL and its origin; or, as a string, why the
/// arguments are a `SyntaxError`.
fn connect<'js>(
    ctx: &Ctx<'js>,
    sockets: &Rc<Sockets>,
    target: Object<'js>,
    url: &Value<'js>,
    protocols: Vec<String>,
    params: Option<&Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let host = Host::running(ctx, "a WebSocket")?;
    let url = match with_usv_str(ctx, url.clone(), parse_url)? {
        Ok(url) => url,
        Err(message) => return message.into_js(ctx),
    };
    for (at, protocol) in protocols.iter().enumerate() {
        let is_repeated =
            protocols[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(protocol));
        if !is_token(protocol) || is_repeated {
            let reason = if is_repeated { "is repeated" } else { "is not a valid name" };
            return format!("the subprotocol {protocol:?} {reason}").into_js(ctx);
        }
    }
    let mut tags = host.tags();
    for tag in [SystemTag::Url, SystemTag::Name] {
        if host.has_tag(tag) {
            tags = tags.with(tag.as_str(), url.as_str());
        }
    }
    let params = Params::read(ctx, params, tags)?;
    let Some(network) = host.network() else {
        return Err(Exception::throw_message(ctx, "internal error: no network"));
    };
    let mut headers = params.headers;
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
        headers.push(("User-Agent".to_owned(), network.worker.shared.context.user_agent.clone()));
    }
    let request = ConnectRequest {
        url: url.clone(),
        protocols,
        headers,
        compression: params.compression,
        handshake_timeout: HANDSHAKE_TIMEOUT,
        close_timeout: CLOSE_TIMEOUT,
        max_message_size: MAX_MESSAGE,
        jar: Some(params.jar.unwrap_or_else(|| network.jar())),
        ..ConnectRequest::new(url.clone())
    };
    let id = Socket::connect(ctx, sockets, &host, target, request, params.tags);
    let answer = rquickjs::Array::new(ctx.clone())?;
    answer.set(0, id)?;
    answer.set(1, url.as_str())?;
    answer.set(2, url.origin().ascii_serialization())?;
    answer.into_js(ctx)
}

/// WHATWG websockets, "obtain a URL record". There is no document, so a relative URL has no base.
fn parse_url(text: &str) -> Result<Url, String> {
    let mut url =
        Url::parse(text).map_err(|error| format!("the URL {text:?} is not valid: {error}"))?;
    let scheme = match url.scheme() {
        "http" => "ws",
        "https" => "wss",
        other => other,
    }
    .to_owned();
    if url.set_scheme(&scheme).is_err() || !matches!(scheme.as_str(), "ws" | "wss") {
        return Err(format!(
            "the URL {text:?} has the scheme `{scheme}`; a WebSocket needs `ws`, `wss`, `http` or `https`"
        ));
    }
    if url.fragment().is_some() {
        return Err(format!("the URL {text:?} has a fragment, which a WebSocket can't have"));
    }
    Ok(url)
}

/// Sends a message. Returns how many bytes its payload has if it was not sent, since the socket is
/// closing or closed; -1 if it was.
fn send<'js>(ctx: &Ctx<'js>, socket: Option<&Socket>, data: Value<'js>) -> rquickjs::Result<f64> {
    let answer = |sent: bool, bytes: usize| if sent { -1.0 } else { bytes as f64 };
    if let Some(object) = data.as_object() {
        if let Some(blob) = Blob::of(object) {
            let bytes = blob.bytes();
            return Ok(answer(socket.is_some_and(|it| it.send_binary(bytes)), bytes.len()));
        }
        let sent = with_bytes(&data, |bytes| {
            answer(socket.is_some_and(|it| it.send_binary(bytes)), bytes.len())
        });
        if let Ok(sent) = sent {
            return Ok(sent);
        }
    }
    with_usv_str(ctx, data, |text| answer(socket.is_some_and(|it| it.send_text(text)), text.len()))
}
