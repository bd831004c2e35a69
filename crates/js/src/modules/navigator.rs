//! What `navigator.js` says of the run and the machine.

use rquickjs::{Ctx, Object};

use super::native::NativeModule;
use crate::vu::Host;

pub(super) struct Natives;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] = &["hardwareConcurrency", "userAgent"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        let host = Host::of(ctx)?;
        // HTML §8.10.1.1: the value of the header `User-Agent`. The VU that only reads the options
        // sends none.
        let user_agent = host.network().map_or("", |it| &it.worker.shared.context.user_agent);
        exports.set("userAgent", user_agent)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        exports.set("hardwareConcurrency", threads as f64)
    }
}
