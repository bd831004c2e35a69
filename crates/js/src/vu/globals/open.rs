//! `open(path[, 'b'])`: a file's content, in init code only.

use rquickjs::{Ctx, Exception, IntoJs, Value, function::Opt};

use crate::{
    interop::bytes::array_buffer,
    runtime::{late::publish_function, native::function},
    vu::{Host, Phase},
};

pub(super) fn make(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    publish_function(ctx, "open", function(ctx, open))
}

fn open<'js>(
    ctx: Ctx<'js>,
    path: rquickjs::Coerced<String>,
    mode: Opt<rquickjs::Coerced<String>>,
) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(&ctx)?;
    if host.phase.get() != Phase::Init {
        // k6: its words.
        return Err(Exception::throw_message(
            &ctx,
            "the \"open\" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle for more information",
        ));
    }
    let path = path.0;
    if path.is_empty() {
        return Err(Exception::throw_message(&ctx, "open() can't be used with an empty filename"));
    }
    let fail = |reason: String| {
        Exception::throw_message(
            &ctx,
            &format!(
                "open(\"{path}\") failed: {reason}. Relative paths begin at the folder of the script"
            ),
        )
    };
    let url = host.process.base.join(&path).map_err(|error| fail(error.to_string()))?;
    let file = url.to_file_path().map_err(|()| fail("not a path of this machine".to_owned()))?;
    let bytes = host.process.files.open(&file).map_err(|error| fail(error.to_string()))?;
    if mode.0.is_some_and(|mode| mode.0 == "b") {
        return array_buffer(&ctx, bytes.to_vec())?.into_js(&ctx);
    }
    String::from_utf8_lossy(&bytes).into_js(&ctx)
}
