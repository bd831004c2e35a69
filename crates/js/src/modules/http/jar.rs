//! `CookieJar`.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-http/cookiejar/>

use std::rc::Rc;

use rquickjs::{Class, Coerced, Ctx, Exception, Object, Result, Value};
use sockeye_net::http::{Cookie, CookieJar};
use url::Url;

use crate::{
    interop,
    modules::native,
    runtime::call::Call,
    runtime::member::{Member, method},
    web::opaque::{Interface, Opaque, Shape, argument, construct, dictionary, receiver},
};

/// The payload of a `CookieJar` object.
pub(in crate::modules) struct Jar(Rc<CookieJar>);

impl Interface for Jar {
    const NAME: &'static str = "CookieJar";
}

impl Jar {
    /// The jar behind an object, if it is a `CookieJar`.
    pub(in crate::modules) fn of(object: &Object<'_>) -> Option<Rc<CookieJar>> {
        Class::<Opaque<Self>>::from_object(object).map(|jar| jar.borrow().0.0.clone())
    }

    /// An object over a jar.
    pub(super) fn wrap<'js>(ctx: &Ctx<'js>, jar: Rc<CookieJar>) -> Result<Value<'js>> {
        Ok(native::instance(ctx, Opaque(Self(jar)))?.into_value())
    }

    /// The class.
    pub(super) fn class<'js>(ctx: &Ctx<'js>) -> Result<Shape<'js>> {
        let prototype = native::prototype::<Opaque<Self>>(ctx)?;
        Shape::with_prototype(ctx, Self::NAME, 0, prototype, |params| {
            construct(&params, Self(Rc::new(CookieJar::new())))
        })?
        .members(WEB_SOCKET)
    }
}

static WEB_SOCKET: &[Member] = &[
    method(c"set", 3, |params| set(&params)),
    method(c"cookiesForURL", 1, |params| cookies_for_url(&params)),
    method(c"clear", 1, |params| {
        jar(&params)?.clear(&url(&params)?);
        Ok(undefined(&params))
    }),
    method(c"delete", 2, |params| {
        jar(&params)?.delete(&url(&params)?, &text(&params, 1));
        Ok(undefined(&params))
    }),
];

fn set<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let (jar, url) = (jar(params)?, url(params)?);
    let mut cookie = Cookie { name: text(params, 1), value: text(params, 2), ..Cookie::default() };
    if let Some(options) = dictionary(ctx, &argument(params, 3))? {
        let option = |key: &str| -> Result<Option<Value<'js>>> {
            let value: Value<'js> = options.get(key)?;
            Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
        };
        let word = |key: &str| -> Result<Option<String>> {
            Ok(option(key)?.map(|value| interop::display(&value)).filter(|text| !text.is_empty()))
        };
        let flag = |key: &str| -> Result<bool> {
            option(key)?.map_or(Ok(false), |value| Ok(value.get::<Coerced<bool>>()?.0))
        };
        cookie.domain = word("domain")?;
        cookie.path = word("path")?;
        cookie.expires = word("expires")?;
        cookie.max_age_seconds = match option("max_age")? {
            Some(seconds) => Some(seconds.get::<Coerced<i64>>()?.0),
            None => None,
        };
        cookie.secure = flag("secure")?;
        cookie.http_only = flag("http_only")?;
    }
    jar.set(&url, &cookie).map_err(|error| Exception::throw_message(ctx, &error.to_string()))?;
    Ok(Value::new_bool(ctx.clone(), true))
}

fn cookies_for_url<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let cookies = Object::new(ctx.clone())?;
    for (name, value) in jar(params)?.cookies_for(&url(params)?) {
        let mut values: Vec<String> = cookies.get::<_, Option<_>>(&name)?.unwrap_or_default();
        values.push(value);
        cookies.set(name, values)?;
    }
    Ok(cookies.into_value())
}

fn jar(params: &Call<'_, '_>) -> Result<Rc<CookieJar>> {
    Ok(receiver::<Jar>(params)?.borrow().0.0.clone())
}

fn url(params: &Call<'_, '_>) -> Result<Url> {
    let text = text(params, 0);
    Url::parse(&text).map_err(|error| {
        Exception::throw_message(params.ctx(), &format!("the URL {text:?} is not valid: {error}"))
    })
}

fn text(params: &Call<'_, '_>, index: usize) -> String {
    interop::display(&argument(params, index))
}

fn undefined<'js>(params: &Call<'_, 'js>) -> Value<'js> {
    Value::new_undefined(params.ctx().clone())
}
