//! `console`: WHATWG Console, with k6's levels. How values look is in `console_format.rs`.

use std::{cell::RefCell, fmt::Write as _, rc::Rc, time::Instant};

use indexmap::IndexMap;
use rquickjs::{
    Ctx, Exception, FromJs as _, Object, Result, Value, atom::PredefinedAtom, convert::Coerced,
    object::Property,
};
use sockeye_engine::log::LogLevel;

use super::{
    console_format::{arguments, text},
    lazy,
    opaque::argument,
};
use crate::{
    interop::bytes::usv_string,
    runtime::{
        call::Call,
        late,
        member::{self, Member, method},
    },
};

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let console = Object::new(ctx.clone())?;
    member::define(&console, MEMBERS)?;
    console.prop(PredefinedAtom::SymbolToStringTag, Property::from("console").configurable())?;
    late::publish(ctx, "console", console.into_value())
}

static MEMBERS: &[Member] = &[
    // k6: `log` and `info` are one, and `warn` is what it calls a warning.
    method(c"log", 0, |call| print(&call, LogLevel::Info)),
    method(c"debug", 0, |call| print(&call, LogLevel::Debug)),
    method(c"info", 0, |call| print(&call, LogLevel::Info)),
    method(c"warn", 0, |call| print(&call, LogLevel::Warning)),
    method(c"error", 0, |call| print(&call, LogLevel::Error)),
    method(c"dir", 0, |call| with(&call, dir)),
    method(c"dirxml", 0, |call| print(&call, LogLevel::Info)),
    // What k6 lacks, by WHATWG Console §1.
    method(c"assert", 0, |call| with(&call, assert)),
    method(c"trace", 0, |call| with(&call, trace)),
    method(c"table", 0, |call| with(&call, table)),
    method(c"count", 0, |call| with(&call, count)),
    method(c"countReset", 0, |call| with(&call, count_reset)),
    method(c"time", 0, |call| with(&call, time)),
    method(c"timeLog", 0, |call| with(&call, time_log)),
    method(c"timeEnd", 0, |call| with(&call, time_end)),
    method(c"group", 0, |call| with(&call, group)),
    method(c"groupCollapsed", 0, |call| with(&call, group)),
    method(c"groupEnd", 0, |call| with(&call, group_end)),
    method(c"clear", 0, |call| with(&call, clear)),
];

/// Does something with the console of the VU. Without a value, as all of `console`.
fn with<'js>(
    call: &Call<'_, 'js>,
    act: impl FnOnce(&Console, &Call<'_, 'js>) -> Result<()>,
) -> Result<Value<'js>> {
    act(&*lazy::console(call.ctx())?, call)?;
    Ok(Value::new_undefined(call.ctx().clone()))
}

fn print<'js>(call: &Call<'_, 'js>, level: LogLevel) -> Result<Value<'js>> {
    with(call, |console, call| {
        console.line(level, &arguments(call, 0)?);
        Ok(())
    })
}

fn dir(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    console.line(LogLevel::Info, &text(call.ctx(), &argument(call, 0))?);
    Ok(())
}

/// What `console` remembers between calls.
pub(super) struct Console {
    sink: Rc<dyn Fn(LogLevel, String)>,
    /// Two spaces for each open group.
    indent: RefCell<String>,
    counts: RefCell<IndexMap<String, u64>>,
    timers: RefCell<IndexMap<String, Instant>>,
}

impl Console {
    pub(super) fn new(sink: Rc<dyn Fn(LogLevel, String)>) -> Self {
        let (indent, counts, timers) = Default::default();
        Self { sink, indent, counts, timers }
    }

    fn line(&self, level: LogLevel, line: &str) {
        let line = format!("{}{line}", self.indent.borrow());
        (self.sink)(level, line);
    }
}

fn assert(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    if Coerced::<bool>::from_js(call.ctx(), argument(call, 0))?.0 {
        return Ok(());
    }
    let rest = arguments(call, 1)?;
    let line = if rest.is_empty() {
        "Assertion failed".to_owned()
    } else {
        format!("Assertion failed: {rest}")
    };
    console.line(LogLevel::Error, &line);
    Ok(())
}

fn trace(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let mut line = format!("Trace: {}", arguments(call, 0)?);
    let stack = Exception::from_message(call.ctx().clone(), "")?.stack().unwrap_or_default();
    let _ = write!(line, "\n{}", stack.trim_end());
    console.line(LogLevel::Info, &line);
    Ok(())
}

/// Without columns to draw in a log line, a table is its rows, one a line.
fn table(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let data = argument(call, 0);
    let Some(rows) = data.as_object().filter(|object| !object.is_function()) else {
        console.line(LogLevel::Info, &arguments(call, 0)?);
        return Ok(());
    };
    for row in rows.props::<String, Value<'_>>() {
        let (key, row) = row?;
        let row = text(call.ctx(), &row)?;
        console.line(LogLevel::Info, &format!("{key}: {row}"));
    }
    Ok(())
}

fn count(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let label = label(call)?;
    let count = {
        let mut counts = console.counts.borrow_mut();
        let count = counts.entry(label.clone()).or_default();
        *count += 1;
        *count
    };
    console.line(LogLevel::Info, &format!("{label}: {count}"));
    Ok(())
}

fn count_reset(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let label = label(call)?;
    if console.counts.borrow_mut().swap_remove(&label).is_none() {
        console.line(LogLevel::Warning, &format!("Count for '{label}' does not exist"));
    }
    Ok(())
}

fn time(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let label = label(call)?;
    if console.timers.borrow().contains_key(&label) {
        console.line(LogLevel::Warning, &format!("Timer '{label}' already exists"));
    } else {
        console.timers.borrow_mut().insert(label, Instant::now());
    }
    Ok(())
}

fn time_log(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let label = label(call)?;
    let started = console.timers.borrow().get(&label).copied();
    elapsed(console, &label, started, &arguments(call, 1)?);
    Ok(())
}

fn time_end(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    let label = label(call)?;
    let started = console.timers.borrow_mut().swap_remove(&label);
    elapsed(console, &label, started, "");
    Ok(())
}

fn elapsed(console: &Console, label: &str, started: Option<Instant>, rest: &str) {
    let Some(started) = started else {
        console.line(LogLevel::Warning, &format!("Timer '{label}' does not exist"));
        return;
    };
    let millis = started.elapsed().as_micros() as f64 / 1e3;
    let space = if rest.is_empty() { "" } else { " " };
    console.line(LogLevel::Info, &format!("{label}: {millis}ms{space}{rest}"));
}

fn group(console: &Console, call: &Call<'_, '_>) -> Result<()> {
    if call.len() > 0 {
        console.line(LogLevel::Info, &arguments(call, 0)?);
    }
    console.indent.borrow_mut().push_str("  ");
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of what `with` takes")]
fn group_end(console: &Console, _: &Call<'_, '_>) -> Result<()> {
    let mut indent = console.indent.borrow_mut();
    let left = indent.len().saturating_sub(2);
    indent.truncate(left);
    Ok(())
}

/// A log cannot be cleared; the groups can.
#[expect(clippy::unnecessary_wraps, reason = "the shape of what `with` takes")]
fn clear(console: &Console, _: &Call<'_, '_>) -> Result<()> {
    console.indent.borrow_mut().clear();
    Ok(())
}

fn label(call: &Call<'_, '_>) -> Result<String> {
    match argument(call, 0) {
        absent if absent.is_undefined() => Ok("default".to_owned()),
        label => usv_string(call.ctx(), label),
    }
}
