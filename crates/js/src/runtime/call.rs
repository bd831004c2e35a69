//! What a native was called with.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{Ctx, Value, function::Params, qjs};

/// A call of a native: its receiver and its arguments, as they came.
pub(crate) struct Call<'a, 'js> {
    ctx: Ctx<'js>,
    source: Source<'a, 'js>,
}

enum Source<'a, 'js> {
    /// From the engine itself.
    Engine { this: qjs::JSValue, arguments: &'a [qjs::JSValue] },
    /// By way of rquickjs, which constructors and functions with a state take.
    Library(Params<'a, 'js>),
}

impl<'a, 'js> From<Params<'a, 'js>> for Call<'a, 'js> {
    fn from(params: Params<'a, 'js>) -> Self {
        Self { ctx: params.ctx().clone(), source: Source::Library(params) }
    }
}

impl<'a, 'js> Call<'a, 'js> {
    /// # Safety
    /// The values are alive for `'a`, in that context.
    pub(super) unsafe fn from_raw(
        ctx: Ctx<'js>,
        this: qjs::JSValue,
        arguments: &'a [qjs::JSValue],
    ) -> Self {
        Self { ctx, source: Source::Engine { this, arguments } }
    }

    pub(crate) fn ctx(&self) -> &Ctx<'js> {
        &self.ctx
    }

    /// The receiver, or `new.target` in a call of a constructor with `new`.
    pub(crate) fn this(&self) -> Value<'js> {
        match &self.source {
            Source::Engine { this, .. } => self.value(*this),
            Source::Library(params) => params.this(),
        }
    }

    /// The argument at `index`, if it was passed.
    pub(crate) fn arg(&self, index: usize) -> Option<Value<'js>> {
        match &self.source {
            Source::Engine { arguments, .. } => {
                arguments.get(index).map(|value| self.value(*value))
            }
            Source::Library(params) => params.arg(index),
        }
    }

    /// How many arguments were passed.
    pub(crate) fn len(&self) -> usize {
        match &self.source {
            Source::Engine { arguments, .. } => arguments.len(),
            Source::Library(params) => params.len(),
        }
    }

    /// Whether it was called with `new`.
    pub(crate) fn is_constructor(&self) -> bool {
        matches!(&self.source, Source::Library(params) if params.is_constructor())
    }

    /// The constructor that was called, `undefined` for a member.
    pub(crate) fn function(&self) -> Value<'js> {
        match &self.source {
            Source::Engine { .. } => Value::new_undefined(self.ctx.clone()),
            Source::Library(params) => params.function(),
        }
    }

    fn value(&self, raw: qjs::JSValue) -> Value<'js> {
        // SAFETY: the value is alive, see `from_raw`, and a reference of its own is made of it.
        unsafe {
            let owned = qjs::JS_DupValue(self.ctx.as_raw().as_ptr(), raw);
            Value::from_raw(self.ctx.clone(), owned)
        }
    }
}
