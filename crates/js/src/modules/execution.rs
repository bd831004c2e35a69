//! `k6/execution`, the native half: what the VU, its scenario and the run look like now.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-execution/>

use std::sync::atomic::Ordering;

use rquickjs::{Coerced, Ctx, Exception, Function, Object, Value, function::Opt};
use sockeye_engine::log::LogLevel;
use tokio::time::Instant;

use super::{metrics, native, native::NativeModule};
use crate::{interop, runtime::ffi, vu::Host};

pub(super) struct Execution;

impl NativeModule for Execution {
    const EXPORTS: &'static [&'static str] = &[
        "vu",
        "scenario",
        "instance",
        "options",
        "fail",
        "abort",
        "tag",
        "setTag",
        "deleteTag",
        "tagKeys",
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
                "tag" => native::function(ctx, tag),
                "setTag" => native::function(ctx, set_tag),
                "deleteTag" => native::function(ctx, delete_tag),
                _ => native::function(ctx, tag_keys),
            }
        };
        for name in Self::EXPORTS {
            native::set(exports, name, function(name))?;
        }
        Ok(())
    }
}

fn vu(ctx: Ctx<'_>, what: String) -> rquickjs::Result<f64> {
    let host = Host::of(&ctx)?;
    Ok(match what.as_str() {
        "idInInstance" => host.ids.in_instance as f64,
        "idInTest" => host.ids.in_test as f64,
        // k6: counted from 0, and 0 before the first.
        "iterationInInstance" => host.iterations.get().saturating_sub(1) as f64,
        _ => {
            let scenario = host.scenario.borrow();
            let Some(scenario) = &*scenario else {
                return Err(Exception::throw_message(
                    &ctx,
                    "getting scenario information outside of the VU context is not supported",
                ));
            };
            let counts = host.iterations_by_scenario.borrow();
            counts.get(&scenario.name).map_or(0.0, |count| count.saturating_sub(1) as f64)
        }
    })
}

fn scenario<'js>(ctx: Ctx<'js>, what: String) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(&ctx)?;
    let scenario = host.scenario.borrow().clone();
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
    let host = Host::running(&ctx, "exec.instance")?;
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
    let host = Host::running(&ctx, "exec.test.options")?;
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
    if let Some(network) = host.network() {
        (network.worker.shared.context.abort)(message.clone());
    }
    host.interrupt.raise();
    *host.aborted.borrow_mut() = Some(message.clone());
    Err(ffi::throw_uncatchable(&ctx, &message))
}

/// Lets the test end with exit code 110. The script goes on.
fn fail(ctx: Ctx<'_>, reason: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let host = Host::running(&ctx, "exec.test.fail()")?;
    let reason = reason.0.map(|reason| interop::display(&reason)).unwrap_or_default();
    // k6: its words.
    host.process.log(LogLevel::Error, format!("test marked as failed: {reason}"));
    if let Some(network) = host.network() {
        network.worker.shared.context.marked_as_failed.store(true, Ordering::Relaxed);
    }
    Ok(())
}

fn tag(ctx: Ctx<'_>, key: Coerced<String>) -> rquickjs::Result<Option<String>> {
    Ok(Host::of(&ctx)?.tags().get(&key.0).map(str::to_owned))
}

fn set_tag<'js>(ctx: Ctx<'js>, key: Coerced<String>, value: Value<'js>) -> rquickjs::Result<()> {
    let host = Host::running(&ctx, "exec.vu.metrics.tags")?;
    let Some(value) = metrics::tag_value(&value) else {
        return Err(Exception::throw_type(&ctx, &metrics::invalid_tag(&key.0)));
    };
    host.set_tags(host.tags().with(&key.0, &value));
    Ok(())
}

fn delete_tag(ctx: Ctx<'_>, key: Coerced<String>) -> rquickjs::Result<()> {
    let host = Host::running(&ctx, "exec.vu.metrics.tags")?;
    host.set_tags(host.tags().without(&key.0));
    Ok(())
}

fn tag_keys(ctx: Ctx<'_>) -> rquickjs::Result<Vec<String>> {
    Ok(Host::of(&ctx)?.tags().iter().map(|(key, _)| key.to_owned()).collect())
}
