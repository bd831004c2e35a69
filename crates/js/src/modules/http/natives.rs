//! What `http.js` stands on.

use rquickjs::{Ctx, Exception, Object, Value};

use super::Jar;
use crate::{
    modules::{native, native::NativeModule},
    vu::Host,
};

pub(in crate::modules) struct Natives;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] = &["CookieJar", "cookieJar"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        exports.set("CookieJar", Jar::class(ctx)?.into_constructor())?;
        native::set(exports, "cookieJar", native::function(ctx, cookie_jar))
    }
}

/// The jar of the VU, which its sockets use where they are given none.
fn cookie_jar(ctx: Ctx<'_>) -> rquickjs::Result<Value<'_>> {
    let host = Host::running(&ctx, "http.cookieJar()")?;
    match host.network() {
        Some(network) => Jar::wrap(&ctx, network.jar()),
        None => Err(Exception::throw_message(&ctx, "internal error: no network")),
    }
}
