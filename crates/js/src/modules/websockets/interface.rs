//! The `WebSocket` interface (WHATWG websockets §3), with k6's third argument, `ping()`, and the events
//! `ping` and `pong`. An object's Rust half is its [`Socket`].

use std::rc::Rc;

use rquickjs::{Ctx, Exception, IntoJs as _, Object, Value};
use sockeye_metrics::SystemTag;
use sockeye_net::websocket::{ConnectRequest, parse_url};

use super::{
    arguments::{close_code, protocols},
    params::{Params, is_token},
    response,
    socket::{BinaryType, ReadyState, Socket},
    sockets::Sockets,
};
use crate::{
    interop::bytes::{check_buffer_source, container, usv_string, with_buffer, with_usv_str},
    modules::native::NativeModule,
    runtime::builtins::throw_dom,
    runtime::call::Call,
    runtime::member::{Member, accessor, getter, method},
    vu::Host,
    web::{
        Blob, EventKind, Target, blob_interface, construct_target, half, handler,
        opaque::{argument, new_target, require},
        shown, target_interface,
    },
};

/// `k6/websockets`.
pub(in crate::modules) struct Module;

impl NativeModule for Module {
    const EXPORTS: &'static [&'static str] = &["Blob", "WebSocket"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        exports.set("Blob", blob_interface(ctx)?)?;
        exports.set("WebSocket", interface(ctx)?)
    }
}

const NAME: &str = "WebSocket";

/// The numbers are the standard's.
const STATES: [(&str, i32); 4] = [
    ("CONNECTING", ReadyState::Connecting as i32),
    ("OPEN", ReadyState::Open as i32),
    ("CLOSING", ReadyState::Closing as i32),
    ("CLOSED", ReadyState::Closed as i32),
];

fn interface<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
    let sockets = Rc::new(Sockets::default());
    let farewell = sockets.clone();
    Host::of(ctx)?.on_farewell(move || farewell.clear());

    let shape = target_interface(ctx, NAME, 1, move |call| connect(&call, &sockets))?
        .members(WEB_SOCKET)?
        .constants(&STATES)?;
    Ok(shape.into_constructor().into_value())
}

static WEB_SOCKET: &[Member] = &[
    handler(c"onopen", EventKind::Open),
    handler(c"onmessage", EventKind::Message),
    handler(c"onerror", EventKind::Error),
    handler(c"onclose", EventKind::Close),
    handler(c"onping", EventKind::Ping),
    handler(c"onpong", EventKind::Pong),
    getter(c"url", |call| socket(&call)?.1.url.as_ref().into_js(call.ctx())),
    getter(c"readyState", |call| {
        let state = socket(&call)?.1.ready_state.get();
        Ok(Value::new_int(call.ctx().clone(), state as i32))
    }),
    getter(c"protocol", |call| {
        let (_, socket) = socket(&call)?;
        let head = socket.head.borrow();
        head.as_ref().map_or("", |head| &head.protocol).into_js(call.ctx())
    }),
    getter(c"extensions", |call| {
        let (_, socket) = socket(&call)?;
        let head = socket.head.borrow();
        head.as_ref().map_or("", |head| &head.extensions).into_js(call.ctx())
    }),
    getter(c"bufferedAmount", |call| {
        let bytes = socket(&call)?.1.buffered_amount();
        Ok(Value::new_number(call.ctx().clone(), bytes as f64))
    }),
    // Ours: status and headers of the server's 101; null until then.
    getter(c"response", |call| {
        let (target, socket) = socket(&call)?;
        let head = socket.head.borrow();
        match &*head {
            Some(head) => shown(&target, || response::unpack(call.ctx(), &head.response, None)),
            None => Ok(Value::new_null(call.ctx().clone())),
        }
    }),
    accessor(
        c"binaryType",
        |call| {
            let kind = match socket(&call)?.1.binary_type.get() {
                BinaryType::Blob => "blob",
                BinaryType::ArrayBuffer => "arraybuffer",
            };
            kind.into_js(call.ctx())
        },
        |call| {
            let (_, socket) = socket(&call)?;
            let kind = with_usv_str(call.ctx(), argument(&call, 0), |text| match text {
                "blob" => Some(BinaryType::Blob),
                "arraybuffer" => Some(BinaryType::ArrayBuffer),
                // Web IDL: a value that the enumeration does not have is ignored.
                _ => None,
            })?;
            if let Some(kind) = kind {
                socket.binary_type.set(kind);
            }
            Ok(undefined(&call))
        },
    ),
    method(c"send", 1, |call| send(&call)),
    method(c"ping", 0, |call| ping(&call)),
    method(c"close", 0, |call| close(&call)),
];

/// The object and its half. The brand check, so it comes first everywhere.
fn socket<'js>(call: &Call<'_, 'js>) -> rquickjs::Result<(Target<'js>, Rc<Socket>)> {
    half(call, NAME)
}

/// The constructor. Web IDL: arguments are converted from left to right.
fn connect<'js>(call: &Call<'_, 'js>, sockets: &Rc<Sockets>) -> rquickjs::Result<Value<'js>> {
    let ctx = call.ctx();
    new_target(call, NAME)?;
    require(call, 1)?;
    let url = with_usv_str(ctx, argument(call, 0), parse_url)?;
    let protocols = protocols(ctx, &argument(call, 1))?;
    let host = Host::running(ctx, "a WebSocket")?;
    let url = url.map_err(|error| syntax_error(ctx, &error.to_string()))?;
    for (at, protocol) in protocols.iter().enumerate() {
        let is_repeated =
            protocols[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(protocol));
        if !is_token(protocol) || is_repeated {
            let reason = if is_repeated { "is repeated" } else { "is not a valid name" };
            return Err(syntax_error(ctx, &format!("the subprotocol {protocol:?} {reason}")));
        }
    }
    let mut tags = host.tags();
    for tag in [SystemTag::Url, SystemTag::Name] {
        if host.has_tag(tag) {
            tags = tags.with(tag.as_str(), url.as_str());
        }
    }
    let params = Params::read(ctx, call.arg(2).as_ref(), tags)?;
    let Some(network) = host.network() else {
        return Err(Exception::throw_message(ctx, "internal error: no network"));
    };
    let socket = Rc::new(Socket::new(sockets, &host, url.as_str(), params.max_buffered_bytes));
    let target = construct_target(call, socket.clone())?;
    let tags = params.tags.clone();
    let http2 = params.http2.then(|| sockets.http2(&host));
    let request = ConnectRequest { protocols, http2, ..params.into_request(network, url) };
    socket.connect(&target, sockets, request, tags);
    Ok(target.into_inner().into_value())
}

fn send<'js>(call: &Call<'_, 'js>) -> rquickjs::Result<Value<'js>> {
    let (_, socket) = socket(call)?;
    require(call, 1)?;
    let (ctx, data) = (call.ctx(), argument(call, 0));
    // False if the socket is connecting, which is found out after the conversion of the data.
    let can_be_sent = |payload_bytes: usize, send: &dyn Fn() -> bool| {
        if socket.ready_state.get() == ReadyState::Connecting {
            return false;
        }
        if !send() {
            // It is closing or closed, or full. WHATWG websockets: the bytes stay in
            // `bufferedAmount` for ever.
            socket.unsent_bytes.set(socket.unsent_bytes.get() + payload_bytes as u64);
        }
        true
    };
    let binary = |bytes: &[u8]| can_be_sent(bytes.len(), &|| socket.send_binary(bytes));
    let sent = if let Some(blob) = data.as_object().and_then(Blob::of) {
        binary(blob.bytes())
    } else if container(&data).is_some() {
        check_buffer_source(ctx, &data)?;
        // Web IDL: of a detached buffer, no bytes.
        with_buffer(&data, binary).map_err(|no_bytes| no_bytes.throw(ctx))?
    } else {
        // A SharedArrayBuffer too: without [AllowShared] it is an object like any other.
        with_usv_str(ctx, data, |text| can_be_sent(text.len(), &|| socket.send_text(text)))?
    };
    if !sent {
        let message = "the WebSocket is still connecting: send in its `open` event";
        return Err(throw_dom(ctx, "InvalidStateError", message));
    }
    Ok(undefined(call))
}

/// k6: sends a ping frame; `ws_ping` is the time until its pong.
fn ping<'js>(call: &Call<'_, 'js>) -> rquickjs::Result<Value<'js>> {
    let (_, socket) = socket(call)?;
    if socket.ready_state.get() != ReadyState::Open {
        let message = "the WebSocket is not open: ping after its `open` event";
        return Err(throw_dom(call.ctx(), "InvalidStateError", message));
    }
    socket.ping();
    Ok(undefined(call))
}

fn close<'js>(call: &Call<'_, 'js>) -> rquickjs::Result<Value<'js>> {
    let (_, socket) = socket(call)?;
    let ctx = call.ctx();
    let given = |at: usize| Some(argument(call, at)).filter(|value| !value.is_undefined());
    let code = given(0).map(|code| close_code(ctx, code)).transpose()?;
    let reason = given(1).map(|reason| usv_string(ctx, reason)).transpose()?;
    if let Some(code) = code.filter(|code| !matches!(code, 1000 | 3000..=4999)) {
        let message = format!("the close code must be 1000 or between 3000 and 4999, not {code}");
        return Err(throw_dom(ctx, "InvalidAccessError", &message));
    }
    let reason = reason.unwrap_or_default();
    if reason.len() > 123 {
        let message = "the close reason must not exceed 123 bytes of UTF-8";
        return Err(syntax_error(ctx, message));
    }
    if socket.ready_state.get() < ReadyState::Closing {
        // WHATWG websockets, "close the WebSocket": a reason without a code goes with 1000.
        let code = code.or((!reason.is_empty()).then_some(1000));
        socket.close(code, &reason);
    }
    Ok(undefined(call))
}

fn syntax_error(ctx: &Ctx<'_>, message: &str) -> rquickjs::Error {
    throw_dom(ctx, "SyntaxError", message)
}

fn undefined<'js>(call: &Call<'_, 'js>) -> Value<'js> {
    Value::new_undefined(call.ctx().clone())
}
