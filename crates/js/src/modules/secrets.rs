//! `k6/secrets`: what must not be in a script, nor in a log.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-secrets/>

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Function, Object, Value, function::Opt};

use super::{native, native::NativeModule};
use crate::{
    interop,
    secrets::Secrets as Sources,
    vu::{Host, to_threads},
    web::host::{Finish, Offload},
};

pub(super) struct Secrets;

impl NativeModule for Secrets {
    const EXPORTS: &'static [&'static str] = &["get", "source"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        let offload = to_threads(&Host::of(ctx)?);
        native::set(exports, "get", getter(ctx, Sources::DEFAULT.to_owned(), offload.clone()))?;
        let source = move |ctx: Ctx<'js>, name: Opt<Value<'js>>| {
            let source = Object::new(ctx.clone())?;
            // k6: without a name it is the default one; a name that is none shows when a secret is got.
            let name = name.0.filter(|name| !name.is_undefined());
            let name = name.map_or(Sources::DEFAULT.to_owned(), |name| interop::display(&name));
            native::set(&source, "get", getter(&ctx, name, offload.clone()))?;
            Ok::<_, rquickjs::Error>(source)
        };
        native::set(exports, "source", native::function(ctx, source))
    }
}

/// `get(key)` of one source: a promise of the secret.
fn getter<'js>(
    ctx: &Ctx<'js>,
    source: String,
    offload: Offload,
) -> rquickjs::Result<Function<'js>> {
    let source: Rc<str> = source.into();
    let get = move |ctx: Ctx<'js>, key: Opt<Value<'js>>| {
        let key = key.0.map(|key| interop::display(&key)).unwrap_or_default();
        let (promise, resolve, reject) = ctx.promise()?;
        let process = Host::of(&ctx)?.process.clone();
        let source = source.to_string();
        let work = move || {
            let secret = process.secrets.get(&source, &key);
            let finish: Finish = Box::new(move |ctx, resolve, reject| match secret {
                Ok(secret) => resolve.call((secret,)),
                Err(why) => {
                    let error = Exception::from_message(ctx.clone(), &why)?;
                    reject.call((error,))
                }
            });
            finish
        };
        offload(&ctx, Box::new(work), resolve, reject)?;
        Ok::<_, rquickjs::Error>(promise)
    };
    native::function(ctx, get)
}
