//! Parsing and serialising URLs and queries, for `url.js`: WHATWG URL by way of the `url` crate.

use std::cell::RefCell;

use rquickjs::{Array, Class, Exception, IntoJs as _, Object, Result, Value};
use url::{Url, form_urlencoded, quirks};

use super::opaque::{Interface, Opaque, argument, native};
use crate::runtime::call::Call;
use crate::{interop::bytes::usv_string, runtime::native::instance};

/// A URL record that scripts change through the attributes of `URL`.
struct Record(RefCell<Url>);

impl Interface for Record {
    const NAME: &'static str = "URL";
}

pub(super) fn install(natives: &Object<'_>) -> Result<()> {
    let ctx = natives.ctx();
    natives.set("urlParse", native(ctx, "urlParse", 2, |params| parse(&params))?)?;
    natives.set("urlGet", native(ctx, "urlGet", 2, |params| get(&params))?)?;
    natives.set("urlSet", native(ctx, "urlSet", 3, |params| set(&params))?)?;
    natives.set("urlSetQuery", native(ctx, "urlSetQuery", 2, |params| set_query(&params))?)?;
    natives.set("queryParse", native(ctx, "queryParse", 1, |params| query_parse(&params))?)?;
    natives
        .set("querySerialize", native(ctx, "querySerialize", 1, |params| query_serialize(&params))?)
}

/// (url, base or undefined) → record, or null when either cannot be parsed.
fn parse<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let url = usv_string(ctx, argument(params, 0))?;
    let base = argument(params, 1);
    let url = if base.is_undefined() {
        Url::parse(&url)
    } else {
        Url::parse(&usv_string(ctx, base)?).and_then(|base| base.join(&url))
    };
    match url {
        Ok(url) => Ok(instance(ctx, Opaque(Record(RefCell::new(url))))?.into_value()),
        Err(_) => Ok(Value::new_null(ctx.clone())),
    }
}

/// (record, part) → text. The parts are numbered as in `url.js`.
fn get<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let record = record(params)?;
    let record = record.borrow();
    let url = record.0.0.borrow();
    let origin;
    let part = match part(params) {
        0 => quirks::href(&url),
        1 => {
            origin = quirks::origin(&url);
            &origin
        }
        2 => quirks::protocol(&url),
        3 => quirks::username(&url),
        4 => quirks::password(&url),
        5 => quirks::host(&url),
        6 => quirks::hostname(&url),
        7 => quirks::port(&url),
        8 => quirks::pathname(&url),
        9 => quirks::search(&url),
        _ => quirks::hash(&url),
    };
    part.into_js(ctx)
}

/// (record, part, text) → whether the text was acceptable. Only `href` ever says no: the others then keep what they are.
fn set<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let text = usv_string(ctx, argument(params, 2))?;
    let record = record(params)?;
    let record = record.borrow();
    let mut url = record.0.0.borrow_mut();
    let mut good = true;
    // WHATWG URL §6.1: what a setter cannot parse it ignores.
    let _ = match part(params) {
        0 => {
            good = quirks::set_href(&mut url, &text).is_ok();
            Ok(())
        }
        2 => quirks::set_protocol(&mut url, &text),
        3 => quirks::set_username(&mut url, &text),
        4 => quirks::set_password(&mut url, &text),
        5 => quirks::set_host(&mut url, &text),
        6 => quirks::set_hostname(&mut url, &text),
        7 => quirks::set_port(&mut url, &text),
        8 => {
            quirks::set_pathname(&mut url, &text);
            Ok(())
        }
        9 => {
            quirks::set_search(&mut url, &text);
            Ok(())
        }
        _ => {
            quirks::set_hash(&mut url, &text);
            Ok(())
        }
    };
    Ok(Value::new_bool(ctx.clone(), good))
}

/// (record, serialised query): WHATWG URL §6.2 "update steps". An empty query is no query.
fn set_query<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let query = usv_string(params.ctx(), argument(params, 1))?;
    let record = record(params)?;
    record
        .borrow()
        .0
        .0
        .borrow_mut()
        .set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    Ok(Value::new_undefined(params.ctx().clone()))
}

/// (text without its question mark) → names and values in turn.
fn query_parse<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let text = usv_string(ctx, argument(params, 0))?;
    let list = Array::new(ctx.clone())?;
    for (index, (name, value)) in form_urlencoded::parse(text.as_bytes()).enumerate() {
        list.set(2 * index, name.as_ref())?;
        list.set(2 * index + 1, value.as_ref())?;
    }
    Ok(list.into_value())
}

/// (names and values in turn) → `application/x-www-form-urlencoded`.
fn query_serialize<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let list: Array<'js> = argument(params, 0).get()?;
    let mut out = form_urlencoded::Serializer::new(String::new());
    for index in (0..list.len()).step_by(2) {
        out.append_pair(
            &usv_string(ctx, list.get(index)?)?,
            &usv_string(ctx, list.get(index + 1)?)?,
        );
    }
    out.finish().into_js(ctx)
}

fn record<'js>(params: &Call<'_, 'js>) -> Result<Class<'js, Opaque<Record>>> {
    argument(params, 0)
        .as_object()
        .and_then(Class::<Opaque<Record>>::from_object)
        .ok_or_else(|| Exception::throw_type(params.ctx(), "illegal invocation: this is not a URL"))
}

fn part(params: &Call<'_, '_>) -> i32 {
    argument(params, 1).as_int().unwrap_or_default()
}
