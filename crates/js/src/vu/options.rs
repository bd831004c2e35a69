//! The script's `options` as JSON.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Coerced, Ctx, Module, Promise, Value};

use super::{Vu, init::script_exports};
use crate::runtime::{exception::Thrown, native::function};

/// `options` as JSON text, `None` if the script exports none; or which of them JSON can't say, such
/// as the NaN that a missing variable makes: a run without it would be another test.
pub(crate) type OptionsText = Result<Option<String>, String>;

impl Vu {
    /// The script's `options`.
    pub(crate) async fn options(&self) -> Result<OptionsText, Thrown> {
        let process = self.host.process.clone();
        self.entrance()
            .enter(move |ctx| {
                let promise: Promise<'_> = Module::import(ctx, process.entry.as_str())?;
                let namespace = script_exports(&process, promise.finish()?);
                let options: Value<'_> = namespace.get("options")?;
                if options.is_undefined() || options.is_null() {
                    return Ok(Ok(None));
                }
                stringify(ctx, options)
            })
            .await
    }
}

fn stringify<'js>(ctx: &Ctx<'js>, options: Value<'js>) -> rquickjs::Result<OptionsText> {
    let unsayable = Rc::new(RefCell::new(None));
    let found = unsayable.clone();
    let look = move |key: Coerced<String>, value: Value<'js>| {
        if let Some(what) = beyond_json(&value) {
            let key = key.0;
            let name =
                if key.is_empty() { "options".to_owned() } else { format!("option `{key}`") };
            found.borrow_mut().get_or_insert(format!("{name} in the script: {what}"));
        }
        value
    };
    let look = function(ctx, look)?;
    let text = ctx.json_stringify_replacer(options, look)?;
    if let Some(unsayable) = unsayable.take() {
        return Ok(Err(unsayable));
    }
    text.map(|text| text.to_string()).transpose().map(Ok)
}

/// What JSON would leave out or make `null` of, in words.
pub(super) fn beyond_json(value: &Value<'_>) -> Option<&'static str> {
    let number = value.as_float().filter(|number| !number.is_finite());
    match number {
        Some(number) if number.is_nan() => Some("it is `NaN`, not a number"),
        Some(_) => Some("it is an infinite number"),
        None if value.is_function() => Some("it is a function"),
        None if value.is_symbol() => Some("it is a symbol"),
        None => None,
    }
}
