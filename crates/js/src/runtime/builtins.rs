//! Built-ins of the language that a context can do without until a script looks for one, or a native makes an object of
//! it. The engine adds each by a call of its own.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{Ctx, Error, Exception, Result, qjs};

use super::{late, member};

/// Built-ins that come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    TypedArrays,
    MapSet,
    Date,
    WeakRef,
    DomException,
    Base64,
}

/// All of them.
pub(super) const BUILTINS: &[Builtin] = &[
    Builtin::TypedArrays,
    Builtin::MapSet,
    Builtin::Date,
    Builtin::WeakRef,
    Builtin::DomException,
    Builtin::Base64,
];

impl Builtin {
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Its globals.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::TypedArrays => &[
                "ArrayBuffer",
                "SharedArrayBuffer",
                "DataView",
                "Int8Array",
                "Uint8Array",
                "Uint8ClampedArray",
                "Int16Array",
                "Uint16Array",
                "Int32Array",
                "Uint32Array",
                "BigInt64Array",
                "BigUint64Array",
                "Float16Array",
                "Float32Array",
                "Float64Array",
                "Atomics",
            ],
            Self::MapSet => &["Map", "Set", "WeakMap", "WeakSet"],
            Self::Date => &["Date"],
            Self::WeakRef => &["WeakRef", "FinalizationRegistry"],
            Self::DomException => &["DOMException"],
            Self::Base64 => &["atob", "btoa"],
        }
    }

    /// Puts them on the global object, which must not have them. Once a context.
    pub(super) fn add(self, ctx: &Ctx<'_>) -> Result<()> {
        if self == Self::Base64 {
            // They throw one.
            late::need(ctx, Self::DomException)?;
        }
        let ctx = ctx.as_raw().as_ptr();
        // SAFETY: the context is alive, and was made without them.
        let result = unsafe {
            match self {
                Self::TypedArrays => qjs::JS_AddIntrinsicTypedArrays(ctx),
                Self::MapSet => qjs::JS_AddIntrinsicMapSet(ctx),
                Self::Date => qjs::JS_AddIntrinsicDate(ctx),
                Self::WeakRef => qjs::JS_AddIntrinsicWeakRef(ctx),
                Self::DomException => qjs::JS_AddIntrinsicDOMException(ctx),
                Self::Base64 => qjs::JS_AddIntrinsicAToB(ctx),
            }
        };
        if result == 0 { Ok(()) } else { Err(Error::Exception) }
    }
}

/// Throws a `DOMException` of that name.
#[expect(clippy::disallowed_methods, reason = "this is what sees to it that there is the class")]
pub(crate) fn throw_dom(ctx: &Ctx<'_>, name: &str, message: &str) -> Error {
    match late::need(ctx, Builtin::DomException) {
        Ok(()) => Exception::throw_dom(ctx, name, message),
        Err(error) => {
            member::throw(ctx, &error);
            Error::Exception
        }
    }
}

#[cfg(test)]
mod tests {
    use rquickjs::{CatchResultExt as _, Context, Filter, Object, Runtime};

    use super::super::context::new_context;
    use super::*;

    fn names(globals: &Object<'_>) -> Vec<String> {
        let filter = Filter::new().string();
        let mut names: Vec<String> = globals.own_keys(filter).collect::<Result<_>>().unwrap();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_lacking_for_good() {
        let runtime = Runtime::new().unwrap();
        let full = Context::full(&runtime).unwrap();
        let mut expected = full.with(|ctx| names(&ctx.globals()));
        // Ours stands in its place.
        expected.retain(|name| name != "performance");
        let context = new_context(&runtime).unwrap();
        context.with(|ctx| {
            let globals = ctx.globals();
            for name in late::names(&[]) {
                assert!(!late::has_own(&globals, name).unwrap(), "{name} is late");
                assert!(globals.contains_key(name).unwrap(), "{name} is to come");
            }
            for builtin in BUILTINS {
                for name in builtin.names() {
                    let known: rquickjs::Value<'_> = globals.get(*name).unwrap();
                    assert!(known.is_object(), "{name} is made");
                    assert!(late::has_own(&globals, name).unwrap(), "{name} stays");
                }
            }
            assert_eq!(names(&globals), expected);
        });
    }

    #[test]
    fn a_script_finds_them_as_it_leaves_them() {
        let runtime = Runtime::new().unwrap();
        let context = new_context(&runtime).unwrap();
        context.with(|ctx| {
            let seen: String = ctx
                .eval(
                    "'use strict'; \
                     const seen = []; \
                     globalThis.Map = 1; \
                     Object.defineProperty(globalThis, 'Set', { value: 2, configurable: true }); \
                     seen.push(typeof WeakMap, Map, Set); \
                     Date = 3; \
                     seen.push(Date, delete globalThis.Date, typeof Date); \
                     seen.push('WeakRef' in globalThis, typeof FinalizationRegistry, typeof notThere); \
                     try { notThere } catch (error) { seen.push(error.name) } \
                     seen.push(delete globalThis.WeakRef, typeof WeakRef); \
                     globalThis.__proto__ = Object.prototype; \
                     seen.push(typeof Uint8Array); \
                     seen.join()",
                )
                .unwrap();
            assert_eq!(
                seen,
                "function,1,2,3,true,undefined,true,function,undefined,ReferenceError,true,undefined,undefined"
            );
            assert!(late::first(&ctx, "Map").unwrap().is_function(), "natives have the first one");
        });
    }

    /// What `script`, whose last value is a list, says in a fresh context.
    fn check(script: &str, expect: &str) {
        let runtime = Runtime::new().unwrap();
        let context = new_context(&runtime).unwrap();
        context.with(|ctx| {
            let seen: Result<String> = ctx.eval(format!("'use strict'; {script}"));
            let seen = seen.catch(&ctx).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(seen, expect, "{script}");
        });
    }

    #[test]
    fn what_a_script_has_of_its_own_stays_as_it_is() {
        // The engine ends the process if these are there when it adds its own.
        check(
            "globalThis['at' + 'ob'] = 7; globalThis['Atom' + 'ics'] = 8; \
             [typeof btoa, typeof Uint8Array, globalThis['at' + 'ob'], globalThis['Atom' + 'ics']].join()",
            "function,function,7,8",
        );
        check(
            "let read = 0; \
             Object.defineProperty(globalThis, 'Map', { get() { read++; return 1 }, configurable: true }); \
             [typeof Set, read, Map, read, typeof Object.getOwnPropertyDescriptor(globalThis, 'Map').get].join()",
            "function,0,1,1,function",
        );
        check(
            "Object.defineProperty(globalThis, 'Map', { value: 1 }); \
             const seen = []; try { Set } catch (error) { seen.push(error.name) } \
             [...seen, Map, typeof Date].join()",
            "TypeError,1,function",
        );
    }

    #[test]
    fn objects_that_inherit_from_the_global_one_have_their_own() {
        check(
            "const other = Object.create(globalThis); other.Map = 42; \
             const fixed = Object.freeze({}); \
             [other.Map, typeof Map, Object.keys(other), Reflect.set(globalThis, 'Set', 1, fixed), typeof Set].join()",
            "42,function,Map,false,function",
        );
        check("globalThis.Map = 1; [Object.keys(globalThis).includes('Map')].join()", "false");
    }

    #[test]
    fn a_global_object_that_takes_no_more_says_so() {
        check(
            "Object.preventExtensions(globalThis); \
             const seen = []; try { Map } catch (error) { seen.push(error.name, error.message.includes('`Map`')) } \
             try { Map } catch (error) { seen.push(error.name) } seen.join()",
            "TypeError,true,TypeError",
        );
    }
}
