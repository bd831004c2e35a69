//! What `websockets.js` stands on.

use std::rc::Rc;

use rquickjs::{
    Ctx, Exception, Function, IntoJs, Object, Persistent, Value,
    function::{Opt, Rest},
};
use sockeye_metrics::SystemTag;
use sockeye_net::websocket::{ConnectRequest, parse_url};

use super::{
    params::{Params, is_token},
    response,
    socket::{BinaryType, ReadyState, Socket},
    sockets::Sockets,
};
use crate::{
    interop::bytes::{check_buffer_source, container, with_buffer, with_usv_str},
    modules::{native, native::NativeModule},
    vu::Host,
    web::Blob,
};

pub(in crate::modules) struct Natives;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] = &[
        "bind",
        "connect",
        "send",
        "ping",
        "close",
        "readyState",
        "bufferedAmount",
        "setBinaryType",
        "unheard",
        "response",
    ];

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
        let send =
            move |ctx: Ctx<'js>, id: u32, data: Value<'js>| send(&ctx, all.get(id).as_ref(), data);
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
        let ready_state =
            move |id: u32| all.get(id).map_or(ReadyState::Closed, |it| it.ready_state.get()) as u8;
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
        native::set(exports, "bind", native::function(ctx, bind))?;
        native::set(exports, "connect", native::function(ctx, connect))?;
        native::set(exports, "send", native::function(ctx, send))?;
        native::set(exports, "ping", native::function(ctx, ping))?;
        native::set(exports, "close", native::function(ctx, close))?;
        let response = |ctx: Ctx<'js>, packed: String, body: Opt<String>| {
            response::unpack(&ctx, &packed, body.0)
        };
        native::set(exports, "response", native::function(ctx, response))?;
        native::set(exports, "readyState", native::function(ctx, ready_state))?;
        native::set(exports, "bufferedAmount", native::function(ctx, buffered_amount))?;
        native::set(exports, "unheard", native::function(ctx, unheard))?;
        native::set(exports, "setBinaryType", native::function(ctx, set_binary_type))
    }
}

/// Begins to connect. Returns the socket's number and its URL; or, as a string, why the
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
        Err(error) => return error.to_string().into_js(ctx),
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
    let limits = (params.tags.clone(), params.max_buffered_bytes);
    let http2 = params.http2.then(|| sockets.http2(&host));
    let request = ConnectRequest { protocols, http2, ..params.into_request(network, url.clone()) };
    let id = Socket::connect(ctx, sockets, &host, target, request, limits);
    let answer = rquickjs::Array::new(ctx.clone())?;
    answer.set(0, id)?;
    answer.set(1, url.as_str())?;
    answer.into_js(ctx)
}

/// Sends a message. Returns how many bytes its payload has if it was not sent, since the socket is
/// closing or closed, or is full; -1 if it was.
///
/// # Errors
/// What converting the data throws; only then an `InvalidStateError` if the socket is connecting.
fn send<'js>(
    ctx: &Ctx<'js>,
    socket: Option<&Rc<Socket>>,
    data: Value<'js>,
) -> rquickjs::Result<f64> {
    let answer = |bytes: usize, send: &dyn Fn(&Rc<Socket>) -> bool| match socket {
        Some(socket) if socket.ready_state.get() == ReadyState::Connecting => None,
        Some(socket) if send(socket) => Some(-1.0),
        _ => Some(bytes as f64),
    };
    let binary = |bytes: &[u8]| answer(bytes.len(), &|socket| socket.send_binary(bytes));
    let sent = if let Some(blob) = data.as_object().and_then(Blob::of) {
        binary(blob.bytes())
    } else if container(&data).is_some() {
        check_buffer_source(ctx, &data)?;
        // Web IDL: of a detached buffer, no bytes.
        with_buffer(&data, binary).map_err(|no_bytes| no_bytes.throw(ctx))?
    } else {
        // A SharedArrayBuffer too: without [AllowShared] it is an object like any other.
        with_usv_str(ctx, data, |text| answer(text.len(), &|socket| socket.send_text(text)))?
    };
    sent.ok_or_else(|| {
        let message = "the WebSocket is still connecting: send in its `open` event";
        Exception::throw_dom(ctx, "InvalidStateError", message)
    })
}
