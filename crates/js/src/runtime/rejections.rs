//! Promises that were rejected while nobody listened, and exceptions that were reported, not thrown.

use std::cell::RefCell;

use rquickjs::{Ctx, Persistent, Value};

/// The rejections of one VU that have no handler yet. What is still here when the jobs of a task
/// are done is unhandled (HTML, "notify about rejected promises").
#[derive(Default)]
pub(crate) struct Rejections {
    open: RefCell<Vec<(Persistent<Value<'static>>, Persistent<Value<'static>>)>>,
    /// The first exception that an event listener threw in this task (HTML, "report an exception").
    reported: RefCell<Option<Persistent<Value<'static>>>>,
}

impl Rejections {
    /// A promise was rejected without a handler, or got one afterwards.
    pub(super) fn follow<'js>(
        &self,
        ctx: &Ctx<'js>,
        promise: Value<'js>,
        reason: Value<'js>,
        is_handled: bool,
    ) {
        let promise = Persistent::save(ctx, promise);
        let mut open = self.open.borrow_mut();
        if is_handled {
            open.retain(|(known, _)| *known != promise);
        } else {
            open.push((promise, Persistent::save(ctx, reason)));
        }
    }

    /// Keeps an exception that must not stop the code it comes from, but ends the iteration.
    pub(crate) fn report<'js>(&self, ctx: &Ctx<'js>, error: Value<'js>) {
        let error = Persistent::save(ctx, error);
        self.reported.borrow_mut().get_or_insert(error);
    }

    /// The exception that was reported first; the others are forgotten.
    pub(crate) fn take_reported<'js>(&self, ctx: &Ctx<'js>) -> Option<Value<'js>> {
        let reported = self.reported.borrow_mut().take();
        reported.and_then(|error| error.restore(ctx).ok())
    }

    /// The reason of the first unhandled rejection; the others are forgotten.
    pub(crate) fn take_first<'js>(&self, ctx: &Ctx<'js>) -> Option<Value<'js>> {
        if self.open.borrow().is_empty() {
            return None;
        }
        let open = std::mem::take(&mut *self.open.borrow_mut());
        open.into_iter().next().and_then(|(_, reason)| reason.restore(ctx).ok())
    }

    /// Forgets all. Must happen before the runtime goes.
    pub(crate) fn clear(&self) {
        let open = std::mem::take(&mut *self.open.borrow_mut());
        drop(open);
        let reported = self.reported.borrow_mut().take();
        drop(reported);
    }
}
