//! One QuickJS runtime and context with the limits that keep a script from taking the process down.

use std::rc::Rc;

use rquickjs::{Context, Runtime};

use super::interrupt::Interrupt;

/// How much a VU may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of heap.
    pub memory: usize,
    /// Bytes of stack for each entry into JavaScript.
    pub stack: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, stack: 256 << 10 }
    }
}

/// Kept free below the engine's own stack limit for the natives that JavaScript calls. With 8 KiB
/// some deep recursions crashed, with 12 KiB none did.
const NATIVE_RESERVE: usize = 24 << 10;

/// A runtime with one context. The order of the fields is the order of their drop.
pub(crate) struct Engine {
    pub(crate) context: Context,
    pub(crate) runtime: Runtime,
}

impl Engine {
    /// A fresh engine that stops when `interrupt` is raised.
    pub(crate) fn new(
        limits: Limits,
        usable_stack: usize,
        interrupt: Rc<Interrupt>,
    ) -> rquickjs::Result<Self> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(limits.memory);
        runtime.set_max_stack_size(usable_stack.saturating_sub(NATIVE_RESERVE));
        runtime.set_interrupt_handler(Some(Box::new(move || interrupt.is_raised())));
        let context = Context::full(&runtime)?;
        Ok(Self { context, runtime })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The handlers own references to whoever owns this engine.
        self.runtime.set_interrupt_handler(None);
        self.runtime.set_host_promise_rejection_tracker(None);
    }
}
