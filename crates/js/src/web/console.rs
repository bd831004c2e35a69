//! `console`: WHATWG Console, with k6's levels. How values look is in `console_format.rs`.

use std::{cell::RefCell, fmt::Write as _, rc::Rc, time::Instant};

use indexmap::IndexMap;
use rquickjs::{
    Ctx, Exception, FromJs as _, Object, Result, Value, atom::PredefinedAtom, convert::Coerced,
    function::Params, object::Property,
};
use sockeye_engine::log::LogLevel;

use super::{
    console_format::{arguments, text},
    lazy,
    opaque::{argument, native},
};
use crate::{interop::bytes::usv_string, runtime::late};

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let console = Object::new(ctx.clone())?;
    let sink = Rc::clone(&lazy::host(ctx)?.console);
    let state = Rc::new(Console {
        sink,
        indent: RefCell::default(),
        counts: RefCell::default(),
        timers: RefCell::default(),
    });
    // k6: `log` and `info` are one, and `warn` is what it calls a warning.
    for (name, level) in [
        ("log", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("info", LogLevel::Info),
        ("warn", LogLevel::Warning),
        ("error", LogLevel::Error),
        ("dir", LogLevel::Info),
        ("dirxml", LogLevel::Info),
    ] {
        let state = Rc::clone(&state);
        member(&console, name, move |params| {
            let line = match name {
                "dir" => text(params.ctx(), &argument(params, 0))?,
                _ => arguments(params, 0)?,
            };
            state.line(level, &line);
            Ok(())
        })?;
    }
    for (name, call) in OTHERS {
        let state = Rc::clone(&state);
        member(&console, name, move |params| call(&state, params))?;
    }
    console.prop(PredefinedAtom::SymbolToStringTag, Property::from("console").configurable())?;
    late::publish(ctx, "console", console.into_value())
}

/// What `console` remembers between calls.
struct Console {
    sink: Rc<dyn Fn(LogLevel, String)>,
    /// Two spaces for each open group.
    indent: RefCell<String>,
    counts: RefCell<IndexMap<String, u64>>,
    timers: RefCell<IndexMap<String, Instant>>,
}

impl Console {
    fn line(&self, level: LogLevel, line: &str) {
        let line = format!("{}{line}", self.indent.borrow());
        (self.sink)(level, line);
    }
}

type Call = for<'a, 'js> fn(&Console, &Params<'a, 'js>) -> Result<()>;

/// What k6 lacks, by WHATWG Console §1.
const OTHERS: [(&str, Call); 12] = [
    ("assert", assert),
    ("trace", trace),
    ("table", table),
    ("count", count),
    ("countReset", count_reset),
    ("time", time),
    ("timeLog", time_log),
    ("timeEnd", time_end),
    ("group", group),
    ("groupCollapsed", group),
    ("groupEnd", group_end),
    ("clear", clear),
];

fn assert(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    if Coerced::<bool>::from_js(params.ctx(), argument(params, 0))?.0 {
        return Ok(());
    }
    let rest = arguments(params, 1)?;
    let line = if rest.is_empty() {
        "Assertion failed".to_owned()
    } else {
        format!("Assertion failed: {rest}")
    };
    console.line(LogLevel::Error, &line);
    Ok(())
}

fn trace(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let mut line = format!("Trace: {}", arguments(params, 0)?);
    let stack = Exception::from_message(params.ctx().clone(), "")?.stack().unwrap_or_default();
    let _ = write!(line, "\n{}", stack.trim_end());
    console.line(LogLevel::Info, &line);
    Ok(())
}

/// Without columns to draw in a log line, a table is its rows, one a line.
fn table(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let data = argument(params, 0);
    let Some(rows) = data.as_object().filter(|object| !object.is_function()) else {
        console.line(LogLevel::Info, &arguments(params, 0)?);
        return Ok(());
    };
    for row in rows.props::<String, Value<'_>>() {
        let (key, row) = row?;
        let row = text(params.ctx(), &row)?;
        console.line(LogLevel::Info, &format!("{key}: {row}"));
    }
    Ok(())
}

fn count(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let label = label(params)?;
    let count = {
        let mut counts = console.counts.borrow_mut();
        let count = counts.entry(label.clone()).or_default();
        *count += 1;
        *count
    };
    console.line(LogLevel::Info, &format!("{label}: {count}"));
    Ok(())
}

fn count_reset(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let label = label(params)?;
    if console.counts.borrow_mut().swap_remove(&label).is_none() {
        console.line(LogLevel::Warning, &format!("Count for '{label}' does not exist"));
    }
    Ok(())
}

fn time(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let label = label(params)?;
    if console.timers.borrow().contains_key(&label) {
        console.line(LogLevel::Warning, &format!("Timer '{label}' already exists"));
    } else {
        console.timers.borrow_mut().insert(label, Instant::now());
    }
    Ok(())
}

fn time_log(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let label = label(params)?;
    let started = console.timers.borrow().get(&label).copied();
    elapsed(console, &label, started, &arguments(params, 1)?);
    Ok(())
}

fn time_end(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    let label = label(params)?;
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

fn group(console: &Console, params: &Params<'_, '_>) -> Result<()> {
    if !params.is_empty() {
        console.line(LogLevel::Info, &arguments(params, 0)?);
    }
    console.indent.borrow_mut().push_str("  ");
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of the table's functions")]
fn group_end(console: &Console, _: &Params<'_, '_>) -> Result<()> {
    let mut indent = console.indent.borrow_mut();
    let left = indent.len().saturating_sub(2);
    indent.truncate(left);
    Ok(())
}

/// A log cannot be cleared; the groups can.
#[expect(clippy::unnecessary_wraps, reason = "the shape of the table's functions")]
fn clear(console: &Console, _: &Params<'_, '_>) -> Result<()> {
    console.indent.borrow_mut().clear();
    Ok(())
}

fn label(params: &Params<'_, '_>) -> Result<String> {
    match argument(params, 0) {
        absent if absent.is_undefined() => Ok("default".to_owned()),
        label => usv_string(params.ctx(), label),
    }
}

fn member<'js>(
    console: &Object<'js>,
    name: &str,
    call: impl for<'a> Fn(&Params<'a, 'js>) -> Result<()> + 'js,
) -> Result<()> {
    let call = native(console.ctx(), name, 0, move |params| {
        call(&params)?;
        Ok(Value::new_undefined(params.ctx().clone()))
    })?;
    console.prop(name, Property::from(call).writable().configurable().enumerable())
}
