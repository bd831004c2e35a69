//! What kind of object a value is, by the engine's own mark and not by what a script may have made of its properties.
#![expect(unsafe_code, reason = "the engine answers only by calls on raw values")]

use rquickjs::{Ctx, Object, Result, Value, qjs};

/// The kinds that structured cloning tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An ordinary object.
    Plain,
    Array,
    Date,
    RegExp,
    Map,
    Set,
    Error,
    DomException,
    /// A `Boolean`, `Number`, `String` or `BigInt` object.
    Wrapper,
    /// Anything else: functions, proxies, promises, weak collections, objects of natives.
    Other,
}

/// The marks that the engine has no question for, learnt from objects made before any script ran: the same in all
/// contexts of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds {
    plain: qjs::JSClassID,
    dom_exception: qjs::JSClassID,
    wrappers: [qjs::JSClassID; 4],
}

impl Kinds {
    /// Learns them in a context where no script has run.
    ///
    /// # Errors
    /// When memory is out.
    pub(crate) fn learn(ctx: &Ctx<'_>) -> Result<Self> {
        let class = |source: &str| Ok::<_, rquickjs::Error>(class_id(&ctx.eval(source)?));
        Ok(Self {
            plain: class_id(Object::new(ctx.clone())?.as_value()),
            dom_exception: class("new DOMException")?,
            wrappers: [
                class("Object(false)")?,
                class("Object(0)")?,
                class("Object('')")?,
                class("Object(0n)")?,
            ],
        })
    }

    pub(super) fn of(self, object: &Object<'_>) -> Kind {
        if object.is_function() || object.is_proxy() {
            return Kind::Other;
        }
        let class = class_id(object.as_value());
        let raw = object.as_raw();
        if class == self.plain {
            return Kind::Plain;
        }
        // SAFETY: these only look at the class of a live value.
        let (date, regexp, map, set) = unsafe {
            (qjs::JS_IsDate(raw), qjs::JS_IsRegExp(raw), qjs::JS_IsMap(raw), qjs::JS_IsSet(raw))
        };
        match () {
            () if object.is_array() => Kind::Array,
            () if class == self.dom_exception => Kind::DomException,
            () if object.is_error() => Kind::Error,
            () if date => Kind::Date,
            () if regexp => Kind::RegExp,
            () if map => Kind::Map,
            () if set => Kind::Set,
            () if self.wrappers.contains(&class) => Kind::Wrapper,
            () => Kind::Other,
        }
    }
}

fn class_id(value: &Value<'_>) -> qjs::JSClassID {
    // SAFETY: this only looks at the class of a live value.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
}
