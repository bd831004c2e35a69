//! `k6`: `check`, `fail`, `group`, `randomSeed`, `sleep`.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6/>

use std::time::Duration;

use rquickjs::{
    Coerced, Ctx, Error, Exception, Filter, Function, Object, Value,
    function::{Constructor, Opt},
};
use sockeye_metrics::SystemTag;
use tokio::time::Instant;

use super::{metrics, native, native::NativeModule};
use crate::{
    interop,
    runtime::entry,
    vu::{Host, globals::random::begin_at},
};

pub(super) struct K6;

impl NativeModule for K6 {
    const EXPORTS: &'static [&'static str] = &["check", "fail", "group", "randomSeed", "sleep"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        native::set(exports, "check", native::function(ctx, check))?;
        native::set(exports, "fail", native::function(ctx, fail))?;
        native::set(exports, "group", native::function(ctx, group))?;
        native::set(exports, "randomSeed", native::function(ctx, random_seed))?;
        native::set(exports, "sleep", native::function(ctx, sleep))
    }
}

fn check<'js>(
    ctx: Ctx<'js>,
    value: Opt<Value<'js>>,
    sets: Opt<Value<'js>>,
    tags: Opt<Value<'js>>,
) -> rquickjs::Result<bool> {
    let host = Host::running(&ctx, "check()")?;
    let Some(sets) = sets.0 else {
        return Err(Exception::throw_message(&ctx, "no checks provided to `check`"));
    };
    if sets.is_null() || sets.is_undefined() {
        return Err(Exception::throw_type(&ctx, "Cannot convert undefined or null to object"));
    }
    // Text has its characters for members, numbers and truths have none.
    let Some(sets) = to_object(&ctx, sets)? else { return Ok(true) };
    let value = value.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    let tags = metrics::tags_or(&ctx, host.tags(), tags.0.as_ref(), "")?;
    let at = Instant::now();
    let metric = host.process.registry.builtin().checks;
    let mut all = true;
    for name in sets.own_keys::<String>(Filter::new().string().enum_only()) {
        let name = name?;
        refuse_path_separator(&ctx, &name)?;
        let condition: Value<'js> = sets.get(name.as_str())?;
        let result = match condition.as_function() {
            Some(function) if is_async(function)? => {
                // k6: its words.
                return Err(Exception::throw_message(
                    &ctx,
                    "the built-in check() does not support async functions as arguments. Use the JavaScript utils library as a replacement. Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info",
                ));
            }
            Some(function) => function.call::<_, Value<'js>>((value.clone(),)),
            None => Ok(condition),
        };
        let passed = match &result {
            Ok(result) => result.get::<Coerced<bool>>()?.0,
            Err(_) => false,
        };
        let tags = if host.has_tag(SystemTag::Check) {
            tags.with(SystemTag::Check.as_str(), &name)
        } else {
            tags.clone()
        };
        host.sample(metric, &tags, at, f64::from(u8::from(passed)));
        all &= passed;
        result?;
    }
    Ok(all)
}

fn to_object<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Option<Object<'js>>> {
    match value.as_string() {
        Some(text) => {
            let constructor: Constructor<'js> = ctx.globals().get("String")?;
            constructor.construct((text.clone(),)).map(Some)
        }
        None => Ok(value.into_object()),
    }
}

fn fail(ctx: Ctx<'_>, reason: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let reason = reason.0.filter(|reason| !reason.is_undefined());
    let reason = reason.map(|reason| interop::display(&reason)).unwrap_or_default();
    Err(Exception::throw_message(&ctx, &reason))
}

fn group<'js>(
    ctx: Ctx<'js>,
    name: Opt<Value<'js>>,
    body: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let host = Host::running(&ctx, "group()")?;
    let name = name.0.filter(|name| !name.is_undefined() && !name.is_null());
    let name = name.map(|name| name.get::<Coerced<String>>()).transpose()?;
    let name = name.map_or_else(String::new, |name| name.0);
    refuse_path_separator(&ctx, &name)?;
    let Some(body) = body.0.as_ref().and_then(Value::as_function) else {
        return Err(Exception::throw_message(
            &ctx,
            "group() requires a callback as a second argument",
        ));
    };
    if is_async(body)? {
        // k6: its words.
        return Err(Exception::throw_message(
            &ctx,
            "group() does not support async functions as arguments, please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info",
        ));
    }
    let outer = host.group();
    // k6: one without a name is the root again, but in another group.
    if !(outer.is_empty() && name.is_empty()) {
        host.set_group(&format!("{outer}::{name}"));
    }
    let started = Instant::now();
    let result = body.call(());
    let ended = Instant::now();
    let millis = (ended - started).as_secs_f64() * 1000.0;
    host.sample(host.process.registry.builtin().group_duration, &host.tags(), ended, millis);
    host.set_group(&outer);
    result
}

fn sleep(ctx: Ctx<'_>, seconds: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let seconds = match seconds.0 {
        Some(seconds) => seconds.get::<Coerced<f64>>()?.0,
        None => 0.0,
    };
    if !seconds.is_finite() || seconds <= 0.0 {
        // A yield: others of this thread go on, and the timer's millisecond is saved.
        return entry::block(&ctx, tokio::task::yield_now());
    }
    let duration = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    entry::block(&ctx, tokio::time::sleep(duration))
}

/// From now on `Math.random` repeats what it did after the same seed.
fn random_seed(ctx: Ctx<'_>, seed: Coerced<f64>) -> rquickjs::Result<()> {
    begin_at(&ctx, seed.0.to_bits())
}

/// k6: the parts of a group's path are joined by `::`.
fn refuse_path_separator(ctx: &Ctx<'_>, name: &str) -> Result<(), Error> {
    if name.contains("::") {
        return Err(Exception::throw_message(ctx, "group and check names may not contain '::'"));
    }
    Ok(())
}

pub(super) fn is_async(function: &Function<'_>) -> rquickjs::Result<bool> {
    let constructor: Option<Object<'_>> = function.get("constructor")?;
    match constructor {
        Some(constructor) => {
            Ok(constructor.get::<_, Coerced<String>>("name")?.0 == "AsyncFunction")
        }
        None => Ok(false),
    }
}
