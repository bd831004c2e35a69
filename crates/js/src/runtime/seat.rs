//! One VU's place in a group: its context, its turns, and what it takes along when it is suspended in
//! the middle of one.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{cell::RefCell, collections::VecDeque, ptr, rc::Rc};

use rquickjs::{Context, Ctx, qjs};
use sockeye_fiber::remaining_stack;

use super::{
    accounts::SHARED,
    fields::{Fields, Job},
    group::Group,
    interrupt::Interrupt,
    realm,
    rejections::Rejections,
};

/// Kept free below the engine's own stack limit for the natives that JavaScript calls. With 8 KiB
/// some deep recursions crashed, with 12 KiB none did.
const NATIVE_RESERVE: usize = 24 << 10;

/// One VU's place in a group.
pub(crate) struct Seat {
    pub(super) account: usize,
    /// What ends the VU's scripts.
    pub(crate) interrupt: Rc<Interrupt>,
    pub(crate) rejections: Rc<Rejections>,
    /// The VU's jobs while it is not its turn.
    pub(super) jobs: RefCell<VecDeque<Job>>,
    context: Context,
    /// Dropped last.
    group: Rc<Group>,
}

impl Seat {
    pub(super) fn new(group: Rc<Group>, account: usize, context: Context) -> Self {
        Self {
            account,
            interrupt: Rc::default(),
            rejections: Rc::default(),
            jobs: RefCell::default(),
            context,
            group,
        }
    }

    /// Runs `body` in the VU's context, on the fiber of the caller. No other turn of the group is
    /// under way then, unless it is [suspended].
    pub(crate) fn turn<T>(&self, body: impl for<'js> FnOnce(&Ctx<'js>) -> T) -> T {
        let _turn = Turn::begin(self);
        body(&self.ctx())
    }

    /// Runs the VU's first job. False if there is none.
    pub(crate) fn run_job(&self, ctx: &Ctx<'_>) -> bool {
        let runtime = self.group.raw.get();
        // SAFETY: the runtime is alive.
        let context = unsafe { qjs::JS_GetPendingJobContext(runtime) };
        if let Some(fields) = self.group.fields
            && !context.is_null()
            && !ptr::eq(context, self.raw())
        {
            self.group.hand_out_jobs(fields, self);
            self.put_jobs(fields);
        }
        ctx.execute_pending_job()
    }

    /// Lets go of what natives keep for the context, and of the jobs that will never run. Values that
    /// others keep of it must be gone by then; no script may run afterwards.
    pub(crate) fn give_up(&self) {
        self.rejections.clear();
        realm::end(&self.ctx());
    }

    /// The heap of the whole group in bytes, and how many objects live there.
    #[cfg(test)]
    pub(crate) fn heap(&self) -> (usize, i64) {
        self.group.collect();
        (self.group.accounts.total(), self.group.runtime.memory_usage().obj_count)
    }

    pub(super) fn ctx(&self) -> Ctx<'_> {
        // SAFETY: the context is alive as long as the seat. The lock that rquickjs would hold while it
        // is used keeps other threads out, and only this one has the group; nothing of rquickjs that
        // is called while scripts run asks for it.
        unsafe { Ctx::from_raw(self.context.as_raw()) }
    }

    pub(super) fn raw(&self) -> *mut qjs::JSContext {
        self.context.as_raw().as_ptr()
    }

    /// Makes it the VU's turn.
    fn arrive(&self) {
        *self.group.running.borrow_mut() = Some(self.interrupt.clone());
        self.group.accounts.charge(self.account);
        let runtime = self.group.raw.get();
        // SAFETY: the runtime is alive; the calls write its idea of the stack.
        unsafe {
            if let Some(stack) = remaining_stack() {
                let usable = stack.saturating_sub(NATIVE_RESERVE).max(1);
                qjs::JS_SetMaxStackSize(runtime, usable as _);
            }
            qjs::JS_UpdateStackTop(runtime);
        }
        if let Some(fields) = self.group.fields {
            self.put_jobs(fields);
        }
    }

    /// Ends the VU's turn.
    fn leave(&self) {
        self.group.collect_if_due();
        if let Some(fields) = self.group.fields {
            self.group.hand_out_jobs(fields, self);
        }
        self.group.accounts.charge(SHARED);
        *self.group.running.borrow_mut() = None;
    }

    fn put_jobs(&self, fields: Fields) {
        for job in self.jobs.borrow_mut().drain(..) {
            // SAFETY: the runtime is alive and the job its own.
            unsafe { fields.put_job(self.group.raw.get(), job) };
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.give_up();
        self.group.seats.borrow_mut().retain(|seat| seat.strong_count() > 0);
        if let Some(fields) = self.group.fields {
            for job in std::mem::take(&mut *self.jobs.borrow_mut()) {
                self.group.forget(fields, self, job);
            }
            self.group.hand_out_jobs(fields, self);
        }
        self.group.given_up.set(self.group.given_up.get() + 1);
    }
}

/// A VU's turn, from the entry of its fiber to the end.
struct Turn<'a>(&'a Seat);

impl<'a> Turn<'a> {
    fn begin(seat: &'a Seat) -> Self {
        seat.arrive();
        Self(seat)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let group = &self.0.group;
        // Only what broke off in the middle, by a panic of ours, leaves something here.
        // SAFETY: the runtime and the context are alive, and no script runs.
        unsafe {
            if qjs::JS_HasException(self.0.raw()) {
                qjs::JS_FreeValue(self.0.raw(), qjs::JS_GetException(self.0.raw()));
            }
            if let Some(fields) = group.fields {
                fields.replace_frame(group.raw.get(), ptr::null_mut());
                fields.replace_in_trace(group.raw.get(), 0);
            }
        }
        self.0.leave();
    }
}

/// Calls `wait`, in which the fiber is suspended and other VUs have their turns.
pub(super) fn suspended<T>(ctx: &Ctx<'_>, wait: impl FnOnce() -> T) -> T {
    let Some(seat) = realm::seat(ctx) else { return wait() };
    let _away = Away::leave(&seat);
    wait()
}

/// What a VU takes with it from the middle of a script.
struct Away<'a> {
    seat: &'a Seat,
    frame: *mut u8,
    in_trace: u8,
    exception: Option<qjs::JSValue>,
}

impl<'a> Away<'a> {
    fn leave(seat: &'a Seat) -> Self {
        let group = &seat.group;
        let mut away = Self { seat, frame: ptr::null_mut(), in_trace: 0, exception: None };
        // SAFETY: the runtime and the context are alive, and the script of this very context runs.
        unsafe {
            if qjs::JS_HasException(seat.raw()) {
                away.exception = Some(qjs::JS_GetException(seat.raw()));
            }
            if let Some(fields) = group.fields {
                away.frame = fields.replace_frame(group.raw.get(), ptr::null_mut());
                away.in_trace = fields.replace_in_trace(group.raw.get(), 0);
            }
        }
        seat.leave();
        away
    }
}

impl Drop for Away<'_> {
    fn drop(&mut self) {
        let group = &self.seat.group;
        self.seat.arrive();
        // SAFETY: as in `leave`; the frame is where it was, on this fiber's stack.
        unsafe {
            if let Some(fields) = group.fields {
                fields.replace_frame(group.raw.get(), self.frame);
                fields.replace_in_trace(group.raw.get(), self.in_trace);
            }
            if let Some(exception) = self.exception.take() {
                qjs::JS_Throw(self.seat.raw(), exception);
            }
        }
    }
}
