//! `k6/execution`, the native half: what the VU, its scenario and the run look like now.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-execution/>

use std::{rc::Rc, sync::atomic::Ordering};

use rquickjs::{Coerced, Ctx, Exception, Function, Object, Value, function::Opt};
use sockeye_engine::log::LogLevel;
use sockeye_metrics::TagSet;
use tokio::time::Instant;

use super::{metrics, native, native::NativeModule};
use crate::{
    interop,
    runtime::{exception, ffi},
    vu::{Host, Phase},
};

pub(super) struct Execution;

impl NativeModule for Execution {
    const EXPORTS: &'static [&'static str] = &[
        "vu",
        "scenario",
        "instance",
        "options",
        "fail",
        "abort",
        "label",
        "setLabel",
        "deleteLabel",
        "labelKeys",
    ];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        let function = |name: &str| -> rquickjs::Result<Function<'js>> {
            match name {
                "vu" => native::function(ctx, vu),
                "scenario" => native::function(ctx, scenario),
                "instance" => native::function(ctx, instance),
                "options" => native::function(ctx, options),
                "abort" => native::function(ctx, abort),
                "fail" => native::function(ctx, fail),
                "label" => native::function(ctx, label),
                "setLabel" => native::function(ctx, set_label),
                "deleteLabel" => native::function(ctx, delete_label),
                _ => native::function(ctx, label_keys),
            }
        };
        for name in Self::EXPORTS {
            native::set(exports, name, function(name))?;
        }
        Ok(())
    }
}

fn vu(ctx: Ctx<'_>, what: String) -> rquickjs::Result<f64> {
    let host = vu_host(&ctx)?;
    Ok(match what.as_str() {
        "idInInstance" => host.ids.in_instance as f64,
        "idInTest" => host.ids.in_test as f64,
        // k6: counted from 0, and 0 before the first.
        "iterationInInstance" => host.iterations.get().saturating_sub(1) as f64,
        "iterationInScenario" => {
            let scenario = host.scenario.borrow();
            let counts = host.iterations_by_scenario.borrow();
            let count = scenario.as_ref().and_then(|scenario| counts.get(&scenario.name));
            count.map_or(0.0, |count| count.saturating_sub(1) as f64)
        }
        _ => 0.0,
    })
}

fn scenario<'js>(ctx: Ctx<'js>, what: String) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(&ctx)?;
    let scenario = host.scenario.borrow().clone();
    // In `setup` and `teardown` there is the object, but nothing to read of it.
    if what.is_empty() && host.phase.get() == Phase::Running {
        return Ok(Value::new_undefined(ctx.clone()));
    }
    let Some(scenario) = scenario else {
        // k6: its words.
        return Err(Exception::throw_message(
            &ctx,
            "getting scenario information outside of the VU context is not supported",
        ));
    };
    let number = |number: f64| Ok(Value::new_number(ctx.clone(), number));
    let text = |text: &str| rquickjs::String::from_str(ctx.clone(), text).map(Into::into);
    match what.as_str() {
        "name" => text(&scenario.name),
        "executor" => text(scenario.executor),
        "startTime" => {
            let epoch = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap_or_default();
            let ago = Instant::now().saturating_duration_since(scenario.started);
            number(epoch.saturating_sub(ago).as_millis() as f64)
        }
        "progress" => number(scenario.progress.fraction()),
        "iterationInInstance" => number(host.ticket.get().map_or(0.0, |t| t.in_instance as f64)),
        _ => number(host.ticket.get().map_or(0.0, |t| t.in_test as f64)),
    }
}

fn instance(ctx: Ctx<'_>, what: String) -> rquickjs::Result<f64> {
    let host = running(&ctx, "getting instance information")?;
    let Some(network) = host.network() else { return Ok(0.0) };
    let status = &network.worker.shared.context.status;
    Ok(match what.as_str() {
        "iterationsInterrupted" => status.iterations_interrupted() as f64,
        "iterationsCompleted" => status.iterations_complete() as f64,
        "vusActive" => status.vus_active() as f64,
        "vusInitialized" => status.vus_initialised() as f64,
        _ => status.started().map_or(0.0, |at| at.elapsed().as_secs_f64() * 1000.0),
    })
}

fn options(ctx: Ctx<'_>) -> rquickjs::Result<Value<'_>> {
    let host = running(&ctx, "getting test options")?;
    match host.network() {
        Some(network) => ctx.json_parse(network.worker.shared.context.options.as_str()),
        None => Ok(Value::new_undefined(ctx.clone())),
    }
}

/// Stops the whole test. Nothing of the script runs after it, in this VU or in others.
fn abort(ctx: Ctx<'_>, reason: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let host = Host::of(&ctx)?;
    // k6: its words.
    let mut message = "test aborted".to_owned();
    if let Some(reason) = reason.0.filter(|reason| !reason.is_undefined()) {
        message = format!("{message}: {}", interop::display(&reason));
    }
    // k6: but for `setup` and `teardown`, it says where.
    let in_lifecycle_function = host.phase.get() == Phase::Running
        && host.scenario.borrow().is_none()
        && !host.group().is_empty();
    if !in_lifecycle_function && let Some(place) = exception::caller(&ctx, &host.process) {
        message = format!("{message} at {place}");
    }
    // What init code wants, whoever makes the VU is told.
    if let Some(network) = host.network()
        && host.phase.get() == Phase::Running
    {
        (network.worker.shared.context.abort)(message.clone());
    }
    host.interrupt.raise();
    *host.aborted.borrow_mut() = Some(message.clone());
    Err(ffi::throw_uncatchable(&ctx, &message))
}

/// Lets the test end with exit code 110. The script goes on.
fn fail(ctx: Ctx<'_>, reason: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let host = Host::of(&ctx)?;
    // k6: its words, here and below.
    if host.phase.get() == Phase::Init {
        let message = "execution.test.fail() called outside of VU context";
        return Err(Exception::throw_message(&ctx, message));
    }
    let mut message = "test marked as failed".to_owned();
    if let Some(reason) = reason.0.filter(|reason| !reason.is_undefined()) {
        message = format!("{message}: {}", interop::display(&reason));
    }
    host.process.log(LogLevel::Error, message);
    if let Some(network) = host.network() {
        network.worker.shared.context.marked_as_failed.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// The tags or the metadata of the VU: what samples are labelled with.
fn labels(host: &Host, which: &str) -> TagSet {
    match which {
        "metadata" => host.metadata().unwrap_or_default(),
        _ => host.tags(),
    }
}

fn set_labels(host: &Host, which: &str, labels: TagSet) {
    match which {
        "metadata" => host.set_metadata(Some(labels)),
        _ => host.set_tags(labels),
    }
}

fn label(ctx: Ctx<'_>, which: String, key: Coerced<String>) -> rquickjs::Result<Option<String>> {
    Ok(labels(&*vu_host(&ctx)?, &which).get(&key.0).map(str::to_owned))
}

fn set_label<'js>(
    ctx: Ctx<'js>,
    which: String,
    key: Coerced<String>,
    value: Value<'js>,
) -> rquickjs::Result<()> {
    let host = vu_host(&ctx)?;
    let Some(value) = metrics::tag_value(&value) else {
        let message = match which.as_str() {
            "metadata" => invalid_metadata(&key.0),
            _ => metrics::invalid_tag(&key.0),
        };
        return Err(Exception::throw_type(&ctx, &message));
    };
    set_labels(&host, &which, labels(&host, &which).with(&key.0, &value));
    Ok(())
}

fn delete_label(ctx: Ctx<'_>, which: String, key: Coerced<String>) -> rquickjs::Result<()> {
    let host = vu_host(&ctx)?;
    set_labels(&host, &which, labels(&host, &which).without(&key.0));
    Ok(())
}

fn label_keys(ctx: Ctx<'_>, which: String) -> rquickjs::Result<Vec<String>> {
    Ok(labels(&*vu_host(&ctx)?, &which).iter().map(|(key, _)| key.to_owned()).collect())
}

/// k6: its words.
fn invalid_metadata(key: &str) -> String {
    format!(
        "invalid value for metric metadata '{key}': only String, Boolean and Number types are accepted as a metric metadata value"
    )
}

/// The VU, if it is past its init code. k6: its words.
fn vu_host(ctx: &Ctx<'_>) -> rquickjs::Result<Rc<Host>> {
    running(ctx, "getting VU information")
}

fn running(ctx: &Ctx<'_>, what: &str) -> rquickjs::Result<Rc<Host>> {
    let host = Host::of(ctx)?;
    if host.phase.get() == Phase::Init {
        let message = format!("{what} in the init context is not supported");
        return Err(Exception::throw_message(ctx, &message));
    }
    Ok(host)
}
