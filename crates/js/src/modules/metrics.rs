//! `k6/metrics`, the native half: registering metrics in init code, taking samples in iterations.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-metrics/>

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Coerced, Ctx, Exception, Filter, Object, Value, function::Opt};
use sockeye_engine::log::LogLevel;
use sockeye_metrics::{MetricId, MetricKind, TagSet, ValueKind};
use tokio::time::Instant;

use super::{native, native::NativeModule};
use crate::{
    interop,
    vu::{Host, Phase},
};

pub(super) struct Metrics;

impl NativeModule for Metrics {
    const EXPORTS: &'static [&'static str] = &["register", "add"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        // The metrics of this VU, by the numbers that its metric objects hold.
        let known: Rc<RefCell<Vec<MetricId>>> = Rc::default();
        let register_in = known.clone();
        let register =
            move |ctx: Ctx<'js>, kind: u8, name: Value<'js>, is_time: Opt<Value<'js>>| {
                let id = register(&ctx, kind, &name, is_time.0.as_ref())?;
                let mut known = register_in.borrow_mut();
                known.push(id);
                Ok::<_, rquickjs::Error>(known.len() - 1)
            };
        let add = move |ctx: Ctx<'js>, at: usize, value: Value<'js>, tags: Opt<Value<'js>>| {
            let id = known.borrow()[at];
            add(&ctx, id, &value, tags.0.as_ref())
        };
        native::set(exports, "register", native::function(ctx, register))?;
        native::set(exports, "add", native::function(ctx, add))
    }
}

fn register<'js>(
    ctx: &Ctx<'js>,
    kind: u8,
    name: &Value<'js>,
    is_time: Option<&Value<'js>>,
) -> rquickjs::Result<MetricId> {
    let host = Host::of(ctx)?;
    if host.phase.get() != Phase::Init {
        // k6: its words.
        return Err(Exception::throw_message(ctx, "metrics must be declared in the init context"));
    }
    let kind = match kind {
        0 => MetricKind::Counter,
        1 => MetricKind::Gauge,
        2 => MetricKind::Rate,
        _ => MetricKind::Trend,
    };
    let is_time = match is_time {
        Some(flag) => flag.get::<Coerced<bool>>()?.0,
        None => false,
    };
    let value = if is_time { ValueKind::Time } else { ValueKind::Default };
    let name = interop::display(name);
    host.process
        .registry
        .register(&name, kind, value)
        .map_err(|error| Exception::throw_message(ctx, &error.to_string()))
}

fn add<'js>(
    ctx: &Ctx<'js>,
    metric: MetricId,
    value: &Value<'js>,
    tags: Option<&Value<'js>>,
) -> rquickjs::Result<bool> {
    let host = Host::running(ctx, "a metric")?;
    let name = || host.process.registry.metric(metric).name;
    let warn = |message: String| host.process.log(LogLevel::Warning, message);
    if value.is_undefined() {
        // k6: its words, here and below.
        warn(format!(
            "no value was provided for metric '{}', a number or a boolean value is expected",
            name()
        ));
        return Ok(false);
    }
    let number = match value.as_number() {
        Some(number) => number,
        None if value.is_null() => f64::NAN,
        None => value.get::<Coerced<f64>>().map_or(f64::NAN, |number| number.0),
    };
    if number.is_nan() {
        warn(format!(
            "'{}' is an invalid value for metric '{}', a number or a boolean value is expected",
            interop::display(value),
            name()
        ));
        return Ok(false);
    }
    let tags = match tags {
        None => host.tags(),
        tags => with_tags(ctx, host.tags(), tags, &format!("the '{}' custom metric", name()))?,
    };
    host.sample(metric, &tags, Instant::now(), number);
    Ok(true)
}

/// `base` with the tags of an object that a script gave for `what`. What is no object gives none.
pub(super) fn with_tags(
    ctx: &Ctx<'_>,
    base: TagSet,
    tags: Option<&Value<'_>>,
    what: &str,
) -> rquickjs::Result<TagSet> {
    tags_or(ctx, base, tags, &format!("cannot add tags for {what}: "))
}

/// As [`with_tags`], with the words that the message about a tag begins with.
pub(super) fn tags_or(
    ctx: &Ctx<'_>,
    base: TagSet,
    tags: Option<&Value<'_>>,
    beginning: &str,
) -> rquickjs::Result<TagSet> {
    let Some(tags) = tags.and_then(Value::as_object) else { return Ok(base) };
    let mut all = base;
    for key in tags.own_keys::<String>(Filter::new().string().enum_only()) {
        let key = key?;
        let value: Value<'_> = tags.get(key.as_str())?;
        let Some(value) = tag_value(&value) else {
            let message = format!("{beginning}{}", invalid_tag(&key));
            return Err(Exception::throw_message(ctx, &message));
        };
        all = all.with(&key, &value);
    }
    Ok(all)
}

/// A tag's value as text, if it is of a type that k6 takes.
pub(super) fn tag_value(value: &Value<'_>) -> Option<String> {
    (value.is_string() || value.is_bool() || value.is_number()).then(|| interop::display(value))
}

/// k6: its words.
pub(super) fn invalid_tag(key: &str) -> String {
    format!(
        "invalid value for metric tag '{key}': only String, Boolean and Number types are accepted as a metric tag values"
    )
}
