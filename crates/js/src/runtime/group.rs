//! The VUs that share one runtime of the engine: each has a context and a seat, and takes its turns
//! alone.
//!
//! What the engine keeps in the runtime although it is one script's (the innermost frame, the pending
//! exception, the jobs, the stack's limit) changes hands where a VU comes and goes: at the beginning
//! and the end of a turn, and around each suspension in the middle of one. `docs/adr` says why that is
//! enough.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{
    cell::{Cell, RefCell},
    ptr,
    rc::{Rc, Weak},
};

use rquickjs::{Runtime, qjs};

use super::{
    accounts::{Accounts, Bookkeeper, COUNT, SHARED},
    context::new_context,
    engine::Limits,
    fields::{Fields, Job},
    interrupt::Interrupt,
    realm,
    seat::Seat,
};

/// Garbage in cycles may grow to half of what is alive, and to this, before it is collected between
/// two turns. A collection looks at every object of the group.
const LEAST_GARBAGE: usize = 512 << 10;

/// About what a VU's globals and modules take: no garbage, however much the heap grows by them.
const FRESH_VU: usize = 128 << 10;

/// In the middle of a turn the engine collects by itself only when the heap has grown by as much again
/// and by this: a script that makes cycles without ever waiting.
const MOST_GARBAGE_IN_A_TURN: usize = 16 << 20;

/// VUs that share a runtime. Seats keep it alive; the runtime goes with the last of them.
pub(crate) struct Group {
    /// Absent if there is one seat only: nothing needs exchanging then.
    pub(super) fields: Option<Fields>,
    capacity: usize,
    pub(super) accounts: Rc<Accounts>,
    /// Whose turn it is, for the engine's interrupt handler.
    pub(super) running: Rc<RefCell<Option<Rc<Interrupt>>>>,
    pub(super) seats: RefCell<Vec<Weak<Seat>>>,
    /// Contexts that were given up since the last collection, which frees them.
    pub(super) given_up: Cell<usize>,
    /// The heap's size at which garbage is collected.
    collect_at: Cell<usize>,
    /// The runtime as the engine's calls want it; null until there is a seat.
    pub(super) raw: Cell<*mut qjs::JSRuntime>,
    pub(super) runtime: Runtime,
}

impl Group {
    /// A runtime for one VU, or for `capacity` of them where the fields to exchange are known.
    /// `prepare` sets it up, before there is a context.
    ///
    /// # Errors
    /// When memory is out.
    pub(crate) fn new(
        limits: Limits,
        fields: Option<Fields>,
        capacity: usize,
        prepare: impl FnOnce(&Runtime),
    ) -> rquickjs::Result<Rc<Self>> {
        let accounts = Rc::new(Accounts::new(limits.memory));
        let runtime = Runtime::new_with_alloc(Bookkeeper(accounts.clone()))?;
        let running: Rc<RefCell<Option<Rc<Interrupt>>>> = Rc::default();
        let asked = running.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || {
            asked.borrow().as_ref().is_some_and(|interrupt| interrupt.is_raised())
        })));
        runtime.set_host_promise_rejection_tracker(Some(Box::new(
            |ctx, promise, reason, is_handled| {
                if let Some(seat) = realm::seat(&ctx) {
                    seat.rejections.follow(&ctx, promise, reason, is_handled);
                }
            },
        )));
        prepare(&runtime);
        let capacity = if fields.is_some() { capacity.clamp(1, COUNT - 1) } else { 1 };
        Ok(Rc::new(Self {
            fields: fields.filter(|_| capacity > 1),
            capacity,
            accounts,
            running,
            seats: RefCell::default(),
            given_up: Cell::default(),
            collect_at: Cell::new(LEAST_GARBAGE),
            raw: Cell::new(ptr::null_mut()),
            runtime,
        }))
    }

    /// Whether another VU can have a seat.
    pub(crate) fn has_room(&self) -> bool {
        self.seats.borrow().len() < self.capacity
    }

    /// A seat with a fresh context.
    ///
    /// # Errors
    /// When memory is out, or there is no room.
    pub(crate) fn seat(self: &Rc<Self>) -> rquickjs::Result<Rc<Seat>> {
        if !self.has_room() {
            return Err(rquickjs::Error::Allocation);
        }
        if self.given_up.get() > 0 {
            // So that no account begins with the garbage of another VU.
            self.collect();
        }
        let taken: Vec<usize> = self.seated().map(|seat| seat.account).collect();
        let account = (0..SHARED).find(|number| !taken.contains(number)).unwrap_or(SHARED);
        self.accounts.charge(account);
        let context = new_context(&self.runtime);
        self.accounts.charge(SHARED);
        let context = context?;
        self.raw.set(context.get_runtime_ptr());
        self.collect_at.set(self.collect_at.get() + FRESH_VU);
        self.limit_garbage_in_a_turn();
        let seat = Rc::new(Seat::new(self.clone(), account, context));
        self.seats.borrow_mut().push(Rc::downgrade(&seat));
        realm::set_seat(&seat.ctx(), &seat)?;
        Ok(seat)
    }

    fn seated(&self) -> impl Iterator<Item = Rc<Seat>> {
        let seats: Vec<_> = self.seats.borrow().iter().filter_map(Weak::upgrade).collect();
        seats.into_iter()
    }

    pub(super) fn collect_if_due(&self) {
        let given_up = self.given_up.get();
        let grown = self.accounts.total() > self.collect_at.get();
        // Each collection looks at the whole group, so contexts are freed by halves of it.
        if grown || given_up > 0 && given_up >= self.seats.borrow().len() {
            self.collect();
        }
    }

    /// Frees what is garbage, of all VUs.
    pub(super) fn collect(&self) {
        self.given_up.set(0);
        // SAFETY: the runtime is alive. What its scripts use, also those that are suspended, has
        // references from outside of the heap, so it is no garbage.
        unsafe { qjs::JS_RunGC(self.raw.get()) };
        let alive = self.accounts.total();
        self.collect_at.set(alive + (alive / 2).max(LEAST_GARBAGE));
        self.limit_garbage_in_a_turn();
    }

    fn limit_garbage_in_a_turn(&self) {
        let most = self.accounts.total().saturating_mul(2).saturating_add(MOST_GARBAGE_IN_A_TURN);
        // SAFETY: the runtime is alive; the call writes one field of it.
        unsafe { qjs::JS_SetGCThreshold(self.raw.get(), most as _) };
    }

    /// Gives each job in the runtime's list to the seat whose it is. A collection calls back for any
    /// of the VUs; jobs of contexts that are gone are freed.
    pub(super) fn hand_out_jobs(&self, fields: Fields, lender: &Seat) {
        // SAFETY: the runtime is alive.
        while let Some(job) = unsafe { fields.take_job(self.raw.get()) } {
            let context = fields.context_of(&job);
            match self.seated().find(|seat| ptr::eq(seat.raw(), context)) {
                Some(seat) => seat.jobs.borrow_mut().push_back(job),
                None => self.forget(fields, lender, job),
            }
        }
    }

    /// Frees a job that will not run.
    pub(super) fn forget(&self, fields: Fields, lender: &Seat, job: Job) {
        // SAFETY: the runtime and the lender's context are alive.
        unsafe { fields.forget(self.raw.get(), lender.raw(), job) };
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // The handlers own references to whoever owns this group.
        self.runtime.set_interrupt_handler(None);
        self.runtime.set_host_promise_rejection_tracker(None);
    }
}
