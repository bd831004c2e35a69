//! What `csv.js` stands on. A failure is returned as text, where a script gets a `TypeError` for nothing else.

use std::cell::RefCell;

use rquickjs::{Class, Ctx, Exception, IntoJs, Object, Result, Value};

use super::records::{Choice, Records};
use crate::{
    modules::{data, fs::OpenFile, native, native::NativeModule},
    vu::{
        Host,
        shared_arrays::{Claim, SharedArray},
    },
    web::opaque::{Interface, Opaque},
};

pub(in crate::modules) struct Natives;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] = &["parse", "begin", "next", "isInit"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> Result<()> {
        native::set(exports, "parse", native::function(ctx, parse))?;
        native::set(exports, "begin", native::function(ctx, begin))?;
        native::set(exports, "next", native::function(ctx, next))?;
        let is_init = |ctx: Ctx<'js>| {
            Ok::<_, rquickjs::Error>(Host::of(&ctx)?.phase.get() == crate::vu::Phase::Init)
        };
        native::set(exports, "isInit", native::function(ctx, is_init))
    }
}

/// The payload of the object by which the JavaScript half holds a parser.
struct Parser(RefCell<Records>);

impl Interface for Parser {
    const NAME: &'static str = "Parser";
}

/// A shared array of all records, from where the file is to its end. Every VU that asks for the same gets the same.
fn parse<'js>(
    ctx: Ctx<'js>,
    file: Value<'js>,
    delimiter: String,
    as_objects: bool,
    from_line: usize,
    to_line: usize,
) -> Result<Value<'js>> {
    let choice = choice(&delimiter, as_objects, from_line, to_line);
    let (path, bytes, at) = OpenFile::with(&ctx, &file, |file| {
        (file.path.clone(), file.bytes.clone(), file.at.replace(file.bytes.len()))
    })?;
    let host = Host::of(&ctx)?;
    let arrays = &host.process.shared_arrays;
    // No script can name an array so.
    let name = format!("\0csv {choice:?} {at} {path}");
    let array = match arrays.claim(&name) {
        Claim::Ready(array) => array,
        Claim::Mine => {
            let made = Records::begin(bytes, at, choice)
                .map_err(|reason| format!("failed to create a new parser; reason: {reason}"))
                .and_then(collect);
            match arrays.settle(&name, made) {
                Ok(array) => array,
                Err(message) => return message.into_js(&ctx),
            }
        }
    };
    data::proxy(&ctx, array)
}

fn collect(mut records: Records) -> std::result::Result<SharedArray, String> {
    let mut array = SharedArray::default();
    while let Some(json) = records.next_json()? {
        array.push(&json);
    }
    array.shrink();
    Ok(array)
}

/// A parser that begins where the file is.
fn begin<'js>(
    ctx: Ctx<'js>,
    file: Value<'js>,
    delimiter: String,
    as_objects: bool,
    from_line: usize,
    to_line: usize,
) -> Result<Value<'js>> {
    let choice = choice(&delimiter, as_objects, from_line, to_line);
    let begun = OpenFile::with(&ctx, &file, |file| {
        Records::begin(file.bytes.clone(), file.at.get(), choice)
    })?;
    match begun {
        Ok(records) => {
            let prototype = Object::new_proto(ctx.clone(), None)?;
            let parser = Parser(RefCell::new(records));
            Ok(Class::instance_proto(Opaque(parser), prototype)?.into_value())
        }
        Err(reason) => format!("failed to create a new parser; reason: {reason}").into_js(&ctx),
    }
}

/// The next record, `undefined` after the last, a text for a fault.
fn next<'js>(ctx: Ctx<'js>, parser: Value<'js>) -> Result<Value<'js>> {
    let parser = parser.as_object().and_then(Class::<Opaque<Parser>>::from_object);
    let parser = parser.ok_or_else(|| Exception::throw_type(&ctx, "this is not a Parser"))?;
    let json = parser.borrow().0.0.borrow_mut().next_json();
    match json {
        Ok(Some(json)) => ctx.json_parse(json),
        Ok(None) => Ok(Value::new_undefined(ctx.clone())),
        Err(message) => message.into_js(&ctx),
    }
}

fn choice(delimiter: &str, as_objects: bool, from_line: usize, to_line: usize) -> Choice {
    let delimiter = delimiter.bytes().next().unwrap_or(b',');
    Choice { delimiter, as_objects, from_line, to_line }
}
