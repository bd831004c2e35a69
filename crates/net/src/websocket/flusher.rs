//! Writes what the sockets of a worker thread have sent. A socket's own task would do it as well, but
//! waking each task costs more than to write.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{self, Poll, Waker};

use tokio::task::coop::unconstrained;

use super::shared::Shared;
use crate::buffers::WorkerBuffers;

/// The sockets of one worker thread that have something to write, and the task that does it: when the
/// tasks that were ready before it had their turn, so that one write has all that a turn sent, and the
/// writes of many sockets follow each other.
#[derive(Default)]
pub(crate) struct Flusher {
    waiting: RefCell<VecDeque<Rc<Shared>>>,
    /// None until the task has begun.
    waker: RefCell<Option<Waker>>,
    is_running: Cell<bool>,
}

impl Flusher {
    /// Begins the task, if it has not. Needs a `LocalSet` or a `LocalRuntime`.
    pub(super) fn start(buffers: &Rc<WorkerBuffers>) {
        if !buffers.flusher.is_running.replace(true) {
            let running = Running(Rc::downgrade(buffers));
            tokio::task::spawn_local(unconstrained(
                async move { poll_fn(|cx| running.turn(cx)).await },
            ));
        }
    }

    /// Writes for this socket soon. False if there is no task to do it.
    pub(super) fn add(&self, socket: &Rc<Shared>) -> bool {
        let waker = self.waker.borrow();
        let Some(waker) = &*waker else { return false };
        let mut waiting = self.waiting.borrow_mut();
        if waiting.is_empty() {
            waker.wake_by_ref();
        }
        waiting.push_back(Rc::clone(socket));
        true
    }
}

/// The task. It ends with its runtime, or when nobody has the buffers any more and it looks.
struct Running(Weak<WorkerBuffers>);

impl Running {
    fn turn(&self, cx: &mut task::Context<'_>) -> Poll<()> {
        let Some(buffers) = self.0.upgrade() else { return Poll::Ready(()) };
        let flusher = &buffers.flusher;
        flusher.waker.borrow_mut().get_or_insert_with(|| cx.waker().clone());
        for _ in 0..SOCKETS_PER_TURN {
            let next = flusher.waiting.borrow_mut().pop_front();
            let Some(socket) = next else { return Poll::Pending };
            socket.flush();
        }
        if !flusher.waiting.borrow().is_empty() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(buffers) = self.0.upgrade() {
            buffers.flusher.waker.take();
            buffers.flusher.waiting.take();
            buffers.flusher.is_running.set(false);
        }
    }
}

/// So that the thread looks at its timers and sockets now and then.
const SOCKETS_PER_TURN: usize = 64;
