//! A piece of work whose result settles a promise: at once, or on a thread for what takes long.

use rquickjs::{Array, Ctx, Function, IntoJs as _, Result, Value};

use super::material::{self, Material};
use crate::{
    interop::bytes::array_buffer,
    runtime::builtins::throw_dom,
    web::host::{Finish, Offload},
};

/// What an operation gives.
pub(super) enum Output {
    Bytes(Vec<u8>),
    Parts(Vec<Vec<u8>>),
    Truth(bool),
    Key(Material),
    /// The private one first.
    Pair(Material, Material),
}

/// Why an operation gives nothing: a `DOMException`'s name and message.
#[derive(Debug)]
pub(super) struct Failure {
    name: &'static str,
    message: String,
}

impl Failure {
    /// "OperationError": the operation did not work.
    pub(super) fn operation(message: impl ToString) -> Self {
        Self { name: "OperationError", message: message.to_string() }
    }

    /// "DataError": what was given is not what it should be.
    pub(super) fn data(message: impl ToString) -> Self {
        Self { name: "DataError", message: message.to_string() }
    }

    /// "NotSupportedError".
    pub(super) fn unsupported(message: impl ToString) -> Self {
        Self { name: "NotSupportedError", message: message.to_string() }
    }
}

pub(super) type Outcome = std::result::Result<Output, Failure>;

/// Work that needs no JavaScript.
pub(super) struct Job {
    work: Box<dyn FnOnce() -> Outcome + Send>,
    is_long: bool,
}

impl Job {
    /// Work that is done sooner than a thread would begin it.
    pub(super) fn short(work: impl FnOnce() -> Outcome + Send + 'static) -> Self {
        Self { work: Box::new(work), is_long: false }
    }

    /// Work that would hold up the other VUs of the thread.
    pub(super) fn long(work: impl FnOnce() -> Outcome + Send + 'static) -> Self {
        Self { work: Box::new(work), is_long: true }
    }

    /// The one or the other, by the number of bytes to work on.
    pub(super) fn on_bytes(length: usize, work: impl FnOnce() -> Outcome + Send + 'static) -> Self {
        Self { work: Box::new(work), is_long: length > MOST_AT_ONCE }
    }

    /// Does it; the promise is settled with what comes of it.
    pub(super) fn run<'js>(self, ctx: &Ctx<'js>, offload: &Offload) -> Result<Value<'js>> {
        let (promise, resolve, reject) = ctx.promise()?;
        let work = self.work;
        if self.is_long {
            let work = move || {
                let outcome = work();
                let finish: Finish =
                    Box::new(move |ctx, resolve, reject| settle(ctx, outcome, &resolve, &reject));
                finish
            };
            offload(ctx, Box::new(work), resolve, reject)?;
        } else {
            settle(ctx, work(), &resolve, &reject)?;
        }
        Ok(promise.into_value())
    }
}

/// A millisecond or so of hashing.
const MOST_AT_ONCE: usize = 256 << 10;

fn settle<'js>(
    ctx: &Ctx<'js>,
    outcome: Outcome,
    resolve: &Function<'js>,
    reject: &Function<'js>,
) -> Result<()> {
    match outcome {
        Ok(output) => resolve.call((value(ctx, output)?,)),
        Err(failure) => {
            let error = throw_dom(ctx, failure.name, &failure.message);
            if !error.is_exception() {
                return Err(error);
            }
            reject.call((ctx.catch(),))
        }
    }
}

fn value<'js>(ctx: &Ctx<'js>, output: Output) -> Result<Value<'js>> {
    match output {
        Output::Bytes(bytes) => array_buffer(ctx, bytes)?.into_js(ctx),
        Output::Truth(truth) => truth.into_js(ctx),
        Output::Key(key) => material::wrap(ctx, key),
        Output::Parts(parts) => {
            let array = Array::new(ctx.clone())?;
            for (index, part) in parts.into_iter().enumerate() {
                array.set(index, array_buffer(ctx, part)?)?;
            }
            array.into_js(ctx)
        }
        Output::Pair(private, public) => {
            let array = Array::new(ctx.clone())?;
            array.set(0, material::wrap(ctx, private)?)?;
            array.set(1, material::wrap(ctx, public)?)?;
            array.into_js(ctx)
        }
    }
}
