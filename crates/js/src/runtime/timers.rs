//! The timers of one VU: `setTimeout`, `setInterval`, `setImmediate`.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    time::Duration,
};

use rquickjs::{Ctx, Function, Persistent, Value, function::Args};
use tokio::time::Instant;

use super::signal::Signal;

/// What a timer was made by. k6 names it when it stops one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimerKind {
    Timeout,
    Interval,
    Immediate,
}

impl TimerKind {
    /// The name of the function.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "setTimeout",
            Self::Interval => "setInterval",
            Self::Immediate => "setImmediate",
        }
    }
}

/// A point in the life of a VU's timers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// None where there was no timer, so that nobody asks the clock for nothing.
    now: Option<Instant>,
    sequence: u64,
}

struct Timer {
    kind: TimerKind,
    every: Duration,
    /// The entry of the queue that is its own; a cleared or re-armed timer leaves stale ones.
    due: (Instant, u64),
    callback: Persistent<Function<'static>>,
    args: Vec<Persistent<Value<'static>>>,
}

/// All timers of a VU, ordered by their deadline and, where equal, by their time of setting.
#[derive(Default)]
pub(crate) struct Timers {
    /// Boxed, since a node of the map has room for several.
    by_id: RefCell<BTreeMap<u32, Box<Timer>>>,
    queue: RefCell<BinaryHeap<Reverse<(Instant, u64, u32)>>>,
    last_id: Cell<u32>,
    sequence: Cell<u64>,
}

impl Timers {
    /// Sets a timer and returns its number, from 1.
    pub(crate) fn set<'js>(
        &self,
        ctx: &Ctx<'js>,
        kind: TimerKind,
        delay: Duration,
        callback: Function<'js>,
        args: Vec<Value<'js>>,
    ) -> u32 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let due = self.queue_up(id, Instant::now() + delay);
        let timer = Timer {
            kind,
            every: delay,
            due,
            callback: Persistent::save(ctx, callback),
            args: args.into_iter().map(|arg| Persistent::save(ctx, arg)).collect(),
        };
        self.by_id.borrow_mut().insert(id, Box::new(timer));
        id
    }

    /// Forgets a timer. Unknown numbers are ignored, as on the web.
    pub(crate) fn clear(&self, id: u32) {
        let removed = self.by_id.borrow_mut().remove(&id);
        drop(removed);
        self.drop_stale();
    }

    /// Forgets all and returns what they were, for the warnings.
    pub(crate) fn clear_all(&self) -> Vec<(u32, TimerKind)> {
        self.queue.borrow_mut().clear();
        let timers = std::mem::take(&mut *self.by_id.borrow_mut());
        timers.iter().map(|(&id, timer)| (id, timer.kind)).collect()
    }

    /// Whether one is due.
    pub(crate) fn is_due(&self) -> bool {
        self.next_deadline().is_some_and(|at| at <= Instant::now())
    }

    /// When the next one is due.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.queue.borrow().peek().map(|Reverse((at, ..))| *at)
    }

    /// Waits until the next one is due, or somebody wakes.
    pub(crate) async fn wait(&self, wake: &Signal) {
        let woken = wake.wait();
        match self.next_deadline() {
            None => woken.await,
            Some(deadline) => {
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep_until(deadline) => {}
                }
            }
        }
    }

    /// What was set so far, for [`fire_next`](Self::fire_next).
    pub(crate) fn mark(&self) -> Mark {
        let now = self.next_deadline().map(|_| Instant::now());
        Mark { now, sequence: self.sequence.get() }
    }

    /// Calls the first timer that was due at the mark and set before it, if there is one: timers
    /// that are set meanwhile wait for the next turn, so that they can't keep sockets from theirs.
    /// An interval is armed anew before its callback runs, so that the callback can clear it.
    pub(crate) fn fire_next(&self, ctx: &Ctx<'_>, mark: Mark) -> Option<rquickjs::Result<()>> {
        let now = mark.now?;
        let Reverse((at, sequence, id)) = *self.queue.borrow().peek()?;
        if at > now || sequence > mark.sequence {
            return None;
        }
        self.queue.borrow_mut().pop();
        let (callback, args) = {
            let mut timers = self.by_id.borrow_mut();
            let timer = timers.get_mut(&id)?;
            if timer.kind == TimerKind::Interval {
                // A tick that was missed is made up for at once, more of them are skipped: a callback
                // slower than its interval must not pile them up.
                let next = at + timer.every;
                timer.due =
                    self.queue_up(id, next.max(now.checked_sub(timer.every).unwrap_or(next)));
                (timer.callback.clone(), timer.args.clone())
            } else {
                let timer = timers.remove(&id)?;
                (timer.callback, timer.args)
            }
        };
        self.drop_stale();
        Some(call(ctx, callback, args))
    }

    fn queue_up(&self, id: u32, at: Instant) -> (Instant, u64) {
        let sequence = self.sequence.get() + 1;
        self.sequence.set(sequence);
        self.queue.borrow_mut().push(Reverse((at, sequence, id)));
        (at, sequence)
    }

    /// Keeps the head of the queue a living timer, so that `next_deadline` tells the truth.
    fn drop_stale(&self) {
        let timers = self.by_id.borrow();
        let mut queue = self.queue.borrow_mut();
        while let Some(&Reverse((at, sequence, id))) = queue.peek() {
            if timers.get(&id).is_some_and(|timer| timer.due == (at, sequence)) {
                break;
            }
            queue.pop();
        }
    }
}

fn call(
    ctx: &Ctx<'_>,
    callback: Persistent<Function<'static>>,
    args: Vec<Persistent<Value<'static>>>,
) -> rquickjs::Result<()> {
    let callback = callback.restore(ctx)?;
    let mut call = Args::new(ctx.clone(), args.len());
    for arg in args {
        call.push_arg(arg.restore(ctx)?)?;
    }
    callback.call_arg::<Value<'_>>(call).map(drop)
}
