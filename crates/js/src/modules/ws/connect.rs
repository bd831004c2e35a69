//! `connect(url, [params], callback)`: from its arguments to the response that it returns.

use std::{net::IpAddr, rc::Rc};

use rquickjs::{Ctx, Exception, Function, Object, Value, function::Rest};
use sockeye_metrics::{SystemTag, TagSet};
use sockeye_net::websocket::{self, ConnectFailure, ConnectRequest, Opened};
use tokio::time::Instant;
use url::{ParseError, Url};

use super::{params, response, session::Session};
use crate::{
    interop::bytes::usv_string,
    modules::{
        native,
        native::NativeModule,
        websockets::{Dialled, ErrorTags, SocketSamples, WireLog},
    },
    runtime::entry,
    vu::{
        Host,
        host::{Network, Phase},
    },
};

pub(in crate::modules) struct Ws;

impl NativeModule for Ws {
    const EXPORTS: &'static [&'static str] = &["connect"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        native::set(exports, "connect", native::function(ctx, connect))
    }
}

fn connect<'js>(ctx: Ctx<'js>, arguments: Rest<Value<'js>>) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(&ctx)?;
    let Some(network) = host.network().filter(|_| host.phase.get() != Phase::Init) else {
        // k6: its words.
        let message = "using websockets in the init context is not supported";
        return Err(Exception::throw_message(&ctx, message));
    };
    let (url, params, callback) = split(&ctx, &arguments.0)?;
    let text = usv_string(&ctx, url.clone())?;
    let params = params::read(&ctx, params, tags(&host, &text))?;
    let tags = params.tags.clone();
    let max_buffered_bytes = params.max_buffered_bytes;
    let parsed = parse(&text);
    let needs_lookup = parsed
        .as_ref()
        .is_ok_and(|url| url.domain().is_some_and(|name| name.parse::<IpAddr>().is_err()));
    let dial = Dial { host: &host, network, tags: &tags, needs_lookup, started: Instant::now() };
    let url = match parsed {
        Ok(url) => url,
        Err(message) => {
            dial.failed(None);
            return refused(&ctx, network, &message, response::without(&ctx, &message)?);
        }
    };
    let mut request = params.into_request(network, url);
    request.tap = WireLog::for_socket(&host, request.url.as_str());
    match dial.run(&ctx, request)? {
        Ok(opened) => {
            let samples = dial.opened(&opened);
            let answer = response::of_opened(&ctx, &text, &opened.response)?;
            Session::start(&host, opened, samples, max_buffered_bytes).run(&ctx, &callback)?;
            Ok(answer)
        }
        Err(failure) => {
            dial.failed(Some(&failure));
            let answer = response::of_failure(&ctx, &failure)?;
            refused(&ctx, network, &failure.error.to_string(), answer)
        }
    }
}

/// The URL, the params if there are any, and the callback. k6: the messages, and that what comes
/// third is the callback where there are three.
fn split<'a, 'js>(
    ctx: &Ctx<'js>,
    arguments: &'a [Value<'js>],
) -> rquickjs::Result<(&'a Value<'js>, Option<&'a Value<'js>>, Function<'js>)> {
    let (url, params, callback) = match arguments {
        [url, callback] => (url, None, callback),
        [url, params, callback, ..] => (url, Some(params), callback),
        _ => {
            let message = "invalid number of arguments to ws.connect";
            return Err(Exception::throw_message(ctx, message));
        }
    };
    let Some(callback) = callback.as_function() else {
        let message = "last argument to ws.connect must be a function";
        return Err(Exception::throw_message(ctx, message));
    };
    Ok((url, params, callback.clone()))
}

/// k6: the URL in the tags is the script's own text.
fn tags(host: &Host, url: &str) -> TagSet {
    let mut tags = host.tags();
    for tag in [SystemTag::Url, SystemTag::Name] {
        if host.has_tag(tag) {
            tags = tags.with(tag.as_str(), url);
        }
    }
    tags
}

/// k6: its words, and only these two schemes: `http` and `https` are not taken for them here.
fn parse(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "ws" | "wss") => Ok(url),
        Ok(_) | Err(ParseError::RelativeUrlWithoutBase) => {
            Err("malformed ws or wss URL".to_owned())
        }
        Err(error) => Err(format!("parse {text:?}: {error}")),
    }
}

/// k6: a socket that can't be had is a response, and an exception only with the option `throw`.
fn refused<'js>(
    ctx: &Ctx<'js>,
    network: &Network,
    message: &str,
    response: Value<'js>,
) -> rquickjs::Result<Value<'js>> {
    let options = &network.worker.shared.context.options;
    let options: serde_json::Value = serde_json::from_str(options).unwrap_or_default();
    if options["throw"] == true {
        return Err(Exception::throw_message(ctx, message));
    }
    Ok(response)
}

/// One attempt, and its samples.
struct Dial<'a> {
    host: &'a Rc<Host>,
    network: &'a Network,
    tags: &'a TagSet,
    /// Whether the URL has a name and not an address.
    needs_lookup: bool,
    started: Instant,
}

impl Dial<'_> {
    /// Blocks the VU until there is a connection, or none to be had.
    fn run(
        &self,
        ctx: &Ctx<'_>,
        request: ConnectRequest,
    ) -> rquickjs::Result<Result<Opened, ConnectFailure>> {
        let dialled = entry::block(ctx, websocket::connect(&self.network.dialer, request));
        if dialled.is_err() {
            self.failed(None);
        }
        dialled
    }

    fn opened(&self, opened: &Opened) -> SocketSamples {
        let dialled = Dialled {
            response: Some(&opened.response),
            subprotocol: &opened.protocol,
            remote: opened.remote,
            timings: Some(&opened.timings),
            ..self.dialled()
        };
        let tags = dialled.sample(self.host, &self.network.worker, self.tags);
        SocketSamples::opened(self.host, &self.network.worker, tags, &dialled)
    }

    fn failed(&self, failure: Option<&ConnectFailure>) {
        let dialled = Dialled {
            response: failure.and_then(|failure| failure.response.as_ref()),
            remote: failure.and_then(|failure| failure.remote),
            timings: failure.map(|failure| &failure.timings),
            ..self.dialled()
        };
        let worker = &self.network.worker;
        let tags = dialled.sample(self.host, worker, self.tags);
        // k6: a session that never began has a duration too.
        let millis = (dialled.ended - self.started).as_secs_f64() * 1000.0;
        let metric = worker.process.registry.builtin().ws_session_duration;
        self.host.sample(metric, &tags, dialled.ended, millis);
        if let Some(failure) = failure {
            ErrorTags::of(&failure.error).sample(self.host, worker, &tags, dialled.ended);
        }
    }

    fn dialled(&self) -> Dialled<'_> {
        Dialled {
            started: self.started,
            ended: Instant::now(),
            response: None,
            subprotocol: "",
            remote: None,
            needs_lookup: self.needs_lookup,
            timings: None,
        }
    }
}
