//! Fibers as futures: the switch, polling on the parent's stack, aborting.
//!
//! A fiber suspends only in [`block_on`], and hands its parent a pointer to the future that it
//! waits for. The parent ([`Running::poll`]) polls that future on the thread's own stack and
//! switches back once it is ready or the fiber is aborted. A suspended stack is never unwound from
//! outside: whoever drops a suspended [`Running`] resumes it, and every `block_on` fails at once
//! until the function has returned.

use std::{
    cell::{Cell, RefCell},
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    ptr::NonNull,
    rc::Rc,
    task::{Context, Poll, Waker},
    thread,
};

use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::{
    Aborted, FiberError, StackConfig,
    stack::{PooledStack, Slab},
};

/// Runs functions on stacks of its own. Clones share the stacks.
#[derive(Clone, Debug)]
pub struct FiberPool {
    slab: Rc<Slab>,
}

impl FiberPool {
    /// A pool with its first stack made.
    ///
    /// # Errors
    /// [`FiberError::Memory`] and [`FiberError::MappingLimit`] when the system gives no memory.
    pub fn new(config: StackConfig) -> Result<Self, FiberError> {
        Ok(Self { slab: Slab::new(config)? })
    }

    /// `f` on a pooled stack, as a future that begins it when first polled. Takes the stack now; if
    /// there is none to be had, the future's result says so.
    pub fn run<T: 'static>(&self, f: impl FnOnce() -> T + 'static) -> Running<T> {
        let core = Rc::new(Core::default());
        let state = match self.slab.take() {
            Err(error) => State::Failed(error),
            Ok(stack) => {
                core.floor.set(stack.floor());
                let core = Rc::clone(&core);
                State::Ready(Coroutine::with_stack(stack, move |yielder, ()| {
                    core.yielder.set(Some(NonNull::from(yielder)));
                    catch_unwind(AssertUnwindSafe(f))
                }))
            }
        };
        Running { core, state }
    }

    /// Usable bytes of each stack.
    pub fn usable_stack(&self) -> usize {
        self.slab.stack_size()
    }

    /// Gives the kernel back the memory of free stacks, but for the `keep` most recently used. One
    /// system call per stack: for quiet moments such as the end of a ramp-down.
    pub fn trim(&self, keep: usize) {
        self.slab.trim(keep);
    }
}

/// A function on its fiber; the output is what it returns. A panic of the function resumes in
/// whoever polls.
///
/// Dropping it while the function is suspended aborts it: `block_on` inside returns [`Aborted`] at
/// once and whenever it is called again, and the drop returns when the function has. A panic on
/// that way is swallowed.
#[must_use = "a fiber does nothing unless polled"]
pub struct Running<T> {
    core: Rc<Core>,
    state: State<T>,
}

enum State<T> {
    /// There was no stack.
    Failed(FiberError),
    /// Not begun, or to be resumed.
    Ready(Fiber<T>),
    /// Suspended until what it waits for is ready.
    Suspended(Fiber<T>, Wait),
    /// Over, or its poll is under way.
    Done,
}

type Fiber<T> = Coroutine<(), Wait, thread::Result<T>, PooledStack>;

/// The future that a suspended fiber waits for: a closure on the fiber's stack that polls it.
type Wait = NonNull<Poller<'static>>;

type Poller<'a> = dyn FnMut(&mut Context<'_>) -> Poll<()> + 'a;

impl<T> Running<T> {
    /// What ends the fiber early.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle { core: Rc::clone(&self.core) }
    }
}

impl<T> Future for Running<T> {
    type Output = Result<T, FiberError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { core, state } = &mut *self;
        let mut fiber = match std::mem::replace(state, State::Done) {
            State::Failed(error) => return Poll::Ready(Err(error)),
            State::Ready(fiber) if core.aborted.get() => {
                drop(fiber); // not begun: drops the function with what it captured
                return Poll::Ready(Err(FiberError::Aborted));
            }
            State::Ready(fiber) => fiber,
            State::Suspended(fiber, wait) => {
                if core.wait(wait, cx).is_pending() {
                    *state = State::Suspended(fiber, wait);
                    return Poll::Pending;
                }
                fiber
            }
            State::Done => panic!("a fiber is polled after its end"),
        };
        loop {
            match core.resume(&mut fiber) {
                CoroutineResult::Return(Ok(value)) => return Poll::Ready(Ok(value)),
                CoroutineResult::Return(Err(payload)) => {
                    drop(fiber);
                    resume_unwind(payload)
                }
                CoroutineResult::Yield(wait) => {
                    if core.wait(wait, cx).is_pending() {
                        *state = State::Suspended(fiber, wait);
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        let State::Suspended(mut fiber, _) = std::mem::replace(&mut self.state, State::Done) else {
            return;
        };
        self.core.aborted.set(true);
        while let CoroutineResult::Yield(_) = self.core.resume(&mut fiber) {}
    }
}

impl<T> fmt::Debug for Running<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("aborted", &self.core.aborted.get()).finish_non_exhaustive()
    }
}

/// Ends a fiber early, from elsewhere on its thread.
#[derive(Clone, Debug)]
pub struct AbortHandle {
    core: Rc<Core>,
}

impl AbortHandle {
    /// Makes the `block_on` in which the fiber is suspended, and every later one, return
    /// [`Aborted`]; a fiber that has not begun never will. The fiber learns of it when its
    /// [`Running`] is polled next, and is woken for that.
    pub fn abort(&self) {
        self.core.aborted.set(true);
        if let Some(waker) = self.core.waker.take() {
            waker.wake();
        }
    }

    /// Whether the fiber was aborted.
    pub fn is_aborted(&self) -> bool {
        self.core.aborted.get()
    }
}

/// Suspends the calling fiber until `future` is ready. The future is polled on the thread's own
/// stack, not on the fiber's; it is dropped on the fiber's.
///
/// A panic of the future resumes here.
///
/// # Errors
/// [`Aborted`] if the fiber is being ended, or unwinds from a panic.
///
/// # Panics
/// Outside a fiber.
pub fn block_on<F: Future>(future: F) -> Result<F::Output, Aborted> {
    let Some(core) = CURRENT.get() else {
        panic!("`block_on` of a fiber is called outside of one");
    };
    // SAFETY: `Core::resume` holds the core while its fiber runs, and we run on that fiber.
    let core = unsafe { core.as_ref() };
    // A suspended panic would count as a panic of whatever else runs on the thread meanwhile.
    if core.aborted.get() || thread::panicking() {
        return Err(Aborted);
    }
    let yielder = core.yielder.get().expect("set when the fiber began");
    let mut future = pin!(future);
    let mut output = None;
    let mut poll =
        |cx: &mut Context<'_>| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => {
                output = Some(Ok(value));
                Poll::Ready(())
            }
            Err(payload) => {
                output = Some(Err(payload));
                Poll::Ready(())
            }
        };
    let wait: NonNull<Poller<'_>> = NonNull::from(&mut poll);
    // SAFETY: only the lifetime changes. The parent uses the pointer only while this fiber is
    // suspended in the call below, that is while `poll` and what it borrows stay where they are.
    let wait = unsafe { std::mem::transmute::<NonNull<Poller<'_>>, Wait>(wait) };
    // SAFETY: the yielder lives at the bottom of this fiber's stack, on which we run.
    unsafe { yielder.as_ref() }.suspend(wait);
    match output {
        Some(Ok(value)) => Ok(value),
        Some(Err(payload)) => resume_unwind(payload),
        None => Err(Aborted),
    }
}

/// Whether the caller runs on a fiber.
pub fn in_fiber() -> bool {
    CURRENT.get().is_some()
}

/// Whether the caller runs on a fiber that is being ended.
pub fn is_aborted() -> bool {
    // SAFETY: as in `block_on`.
    CURRENT.get().is_some_and(|core| unsafe { core.as_ref() }.aborted.get())
}

/// Bytes left on the calling fiber's stack; none outside a fiber.
pub fn remaining_stack() -> Option<usize> {
    let here = 0u8;
    let core = CURRENT.get()?;
    // SAFETY: as in `block_on`.
    let floor = unsafe { core.as_ref() }.floor.get();
    Some((&raw const here).addr().saturating_sub(floor))
}

/// What a fiber, its `Running` and its abort handles share.
#[derive(Default)]
struct Core {
    aborted: Cell<bool>,
    /// Of the last poll that found the fiber suspended.
    waker: RefCell<Option<Waker>>,
    /// Set by the fiber when it begins; lives on its stack.
    yielder: Cell<Option<NonNull<Yielder<(), Wait>>>>,
    /// The lowest usable address of its stack.
    floor: Cell<usize>,
}

impl Core {
    /// Polls what the fiber waits for; ready as well when the fiber is aborted.
    fn wait(&self, mut wait: Wait, cx: &mut Context<'_>) -> Poll<()> {
        if self.aborted.get() {
            return Poll::Ready(());
        }
        match &mut *self.waker.borrow_mut() {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        // SAFETY: the fiber that gave the pointer is suspended in `block_on`, so the closure lives,
        // and nobody else uses it: `Running` is borrowed for this poll.
        let poll = unsafe { wait.as_mut() };
        poll(cx)
    }

    /// Switches to the fiber until it suspends or returns. Keeps `CURRENT` right on both sides.
    fn resume<T>(&self, fiber: &mut Fiber<T>) -> CoroutineResult<Wait, thread::Result<T>> {
        struct Restore(Option<NonNull<Core>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        let _restore = Restore(CURRENT.replace(Some(NonNull::from(self))));
        fiber.resume(())
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("aborted", &self.aborted.get()).finish_non_exhaustive()
    }
}

thread_local! {
    /// The fiber that runs on this thread now. It says what the thread is doing, as the stack
    /// pointer does, and so can only belong to the thread.
    static CURRENT: Cell<Option<NonNull<Core>>> = const { Cell::new(None) };
}
