//! One request in, one response out; an upgrade leaves a note for the connection.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::reply::{Reply, body, empty, json, refuse};
use super::route::Route;
use super::{cookies, reflect};
use crate::server::Shared;
use crate::upgrade::{self, Upgrade};

/// By which door a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Without TLS.
    Http,
    /// With TLS.
    Https,
}

/// Answers a request. After a 101, `upgrade` holds what the connection is to become.
pub(crate) async fn answer(
    request: Request<Incoming>,
    scheme: Scheme,
    shared: &Shared,
    upgrade: &Mutex<Option<Upgrade>>,
) -> Reply {
    let (head, content) = request.into_parts();
    let path = head.uri.path();
    let Some(route) = Route::of(path) else {
        shared.stats.http_requests.increment();
        return refuse(StatusCode::NOT_FOUND, "no such path; `/` lists all");
    };
    if !matches!(route, Route::Stats | Route::ResetStats) {
        shared.stats.http_requests.increment();
    }
    let methods = route.methods(path);
    let opens_websocket =
        matches!(route, Route::Chat(_) | Route::Echo) && upgrade::is_extended_connect(&head);
    if !opens_websocket && !methods.is_empty() && !methods.contains(&head.method) {
        return method_not_allowed(methods);
    }
    match route {
        Route::Index => body(StatusCode::OK, "text/html; charset=utf-8", INDEX),
        Route::Chat(room) => {
            switch(upgrade::check_chat(&head, room, &shared.lobby), shared, upgrade)
        }
        Route::Echo => switch(upgrade::check_echo(&head), shared, upgrade),
        Route::Reflect => json(&reflect::request(&head, scheme)),
        Route::ReflectBody => reflect::with_body(&head, scheme, content, &shared.limits).await,
        Route::Headers => json(&reflect::headers(&head)),
        Route::Status(code) => status(code),
        Route::Delay(seconds) => match delay(seconds) {
            Some(delay) => {
                tokio::time::sleep(delay).await;
                json(&reflect::request(&head, scheme))
            }
            None => refuse(StatusCode::BAD_REQUEST, "a delay is a number of seconds up to 300"),
        },
        Route::Cookies => json(&cookies::show(&head)),
        Route::SetCookies => cookies::set(&head),
        Route::Stats => json(&shared.stats.to_json()),
        Route::ResetStats => {
            shared.stats.reset();
            empty(StatusCode::NO_CONTENT)
        }
    }
}

fn switch(
    checked: Result<(Reply, Upgrade), Box<Reply>>,
    shared: &Shared,
    upgrade: &Mutex<Option<Upgrade>>,
) -> Reply {
    match checked {
        Ok((reply, accepted)) => {
            *upgrade.lock().unwrap_or_else(PoisonError::into_inner) = Some(accepted);
            reply
        }
        Err(reply) => {
            shared.stats.sessions_rejected.increment();
            *reply
        }
    }
}

fn method_not_allowed(methods: &[Method]) -> Reply {
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    let names = names.join(", ");
    let mut reply = refuse(StatusCode::METHOD_NOT_ALLOWED, &format!("ask by {names}"));
    if let Ok(value) = HeaderValue::from_str(&names) {
        reply.headers_mut().insert(ALLOW, value);
    }
    reply
}

/// A final status of the client's choice. Informational ones are no answer in HTTP.
fn status(code: &str) -> Reply {
    let status = code.parse().ok().filter(|code| (200..=599).contains(code));
    match status.map(StatusCode::from_u16) {
        Some(Ok(status)) => empty(status),
        _ => refuse(StatusCode::BAD_REQUEST, "a status is a number from 200 to 599"),
    }
}

fn delay(seconds: &str) -> Option<Duration> {
    let delay = Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?;
    (delay <= MAX_DELAY).then_some(delay)
}

const MAX_DELAY: Duration = Duration::from_mins(5);

const INDEX: &str = "<!doctype html>
<title>sockeye built-in server</title>
<h1>sockeye built-in server</h1>
<ul>
<li><code>/ws</code>, <code>/ws/{room}</code>: a chat over WebSocket
<li><code>/echo</code>: an echo over WebSocket
<li><a href=\"/get\">/get</a>, <code>/post</code>, <code>/put</code>, <code>/patch</code>,
<code>/delete</code>, <a href=\"/headers\">/headers</a>: what was asked
<li><a href=\"/status/418\">/status/{code}</a>, <a href=\"/delay/1\">/delay/{seconds}</a>
<li><a href=\"/cookies\">/cookies</a>,
<a href=\"/cookies/set?name=value\">/cookies/set?name=value</a>
<li><a href=\"/stats\">/stats</a>, <code>POST /stats/reset</code>: what the server counted
</ul>
";
