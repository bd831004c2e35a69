//! A VU's event loop: tasks that are ready, timers, operations under way. It has nothing to do when
//! all three are empty, and then the iteration is over.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use rquickjs::Ctx;

use super::{pending::PendingOp, signal::Signal, timers::Timers};

/// Something to do in JavaScript: the next ready event of a source that keeps its own queue, so that
/// an event costs no allocation here.
pub(crate) type Task = Rc<dyn TaskSource>;

/// A source of events, such as a socket. It is pushed once for each event that is ready.
pub(crate) trait TaskSource {
    /// Delivers the oldest event.
    fn deliver(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()>;
}

/// One VU's event loop. Single-threaded; shared by reference count with what feeds it.
#[derive(Default)]
pub(crate) struct EventLoop {
    tasks: RefCell<VecDeque<Task>>,
    operations: Cell<usize>,
    wake: Signal,
    /// `setTimeout` and friends.
    pub(crate) timers: Timers,
}

impl EventLoop {
    /// Makes a task ready.
    pub(crate) fn push(&self, task: Task) {
        self.tasks.borrow_mut().push_back(task);
        self.wake.set();
    }

    /// Registers an operation that keeps the iteration alive.
    pub(crate) fn operation(self: &Rc<Self>) -> PendingOp {
        PendingOp::new(self.clone())
    }

    /// The oldest ready task.
    pub(crate) fn pop(&self) -> Option<Task> {
        self.tasks.borrow_mut().pop_front()
    }

    /// Whether a task or a timer is due now.
    pub(crate) fn is_ready(&self) -> bool {
        !self.tasks.borrow().is_empty() || self.timers.is_due()
    }

    /// Whether nothing is registered at all: k6's condition for the end of an iteration.
    pub(crate) fn is_empty(&self) -> bool {
        self.operations.get() == 0
            && self.tasks.borrow().is_empty()
            && self.timers.next_deadline().is_none()
    }

    /// Waits until a task was pushed, an operation ended or the next timer is due.
    pub(crate) async fn wait(&self) {
        self.timers.wait(&self.wake).await;
    }

    /// Drops what was ready but not run.
    pub(crate) fn clear_tasks(&self) {
        // The drop of a task may push another.
        while let Some(task) = self.pop() {
            drop(task);
        }
    }

    pub(super) fn begin_operation(&self) {
        self.operations.set(self.operations.get() + 1);
    }

    pub(super) fn end_operation(&self) {
        self.operations.set(self.operations.get() - 1);
        self.wake.set();
    }
}
