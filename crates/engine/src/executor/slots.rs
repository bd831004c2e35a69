//! Places for VUs that come and go: each takes a VU when it is filled and gives it back when it is
//! retired and its iteration is over. One that is filled again before keeps its VU.

use std::sync::Arc;

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{looping::Running, source::Endless};
use crate::{
    AbortReason,
    graceful::Stops,
    vu::{ActivationEnd, VuHandle},
};

/// The places of one scenario, filled from the first and retired from the last.
pub(super) struct Slots<V> {
    running: Arc<Running<V>>,
    wishes: Vec<watch::Sender<Wish>>,
    filled: usize,
    tasks: JoinSet<()>,
}

/// What is wanted of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// A VU that loops.
    Fill,
    /// None; an iteration that runs is interrupted at this moment.
    Retire(Instant),
}

impl<V: VuHandle> Slots<V> {
    pub(super) fn new(running: Arc<Running<V>>) -> Self {
        Self { running, wishes: Vec::new(), filled: 0, tasks: JoinSet::new() }
    }

    /// Fills places until there are `vus`.
    pub(super) fn fill_to(&mut self, vus: u64) {
        while (self.filled as u64) < vus {
            if let Some(wish) = self.wishes.get(self.filled) {
                wish.send_replace(Wish::Fill);
            } else {
                let (wish, receiver) = watch::channel(Wish::Fill);
                self.wishes.push(wish);
                self.tasks.spawn(Slot { running: self.running.clone(), wish: receiver }.run());
            }
            self.filled += 1;
        }
    }

    /// Retires places until no more than `vus` are filled.
    pub(super) fn retire_above(&mut self, vus: u64, interrupt_at: Instant) {
        while self.filled as u64 > vus {
            self.filled -= 1;
            self.wishes[self.filled].send_replace(Wish::Retire(interrupt_at));
        }
    }

    /// Waits until all VUs are given back, which needs that all places are retired or the run was
    /// told to end.
    pub(super) async fn join(mut self) {
        self.wishes.clear();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                self.running.control.abort(AbortReason::of_task(&error));
            }
        }
    }
}

struct Slot<V> {
    running: Arc<Running<V>>,
    wish: watch::Receiver<Wish>,
}

impl<V: VuHandle> Slot<V> {
    async fn run(mut self) {
        let running = self.running.clone();
        let stopped = running.control.stopped();
        while self.wanted().await {
            let mut vu = tokio::select! {
                biased;
                () = stopped.cancelled() => return,
                _ = self.wish.wait_for(|wish| *wish != Wish::Fill) => continue,
                vu = running.pool.take() => match vu {
                    Some(vu) => vu,
                    None => return,
                },
            };
            running.counters.vu_activated();
            let end = self.loop_vu(&mut vu).await;
            running.counters.vu_deactivated();
            running.give_back(vu, end);
        }
    }

    /// Waits until a VU is wanted here. False when none will be, or the run was told to end.
    async fn wanted(&mut self) -> bool {
        let fill = self.wish.wait_for(|wish| *wish == Wish::Fill);
        matches!(self.running.control.stopped().run_until_cancelled(fill).await, Some(Ok(_)))
    }

    async fn loop_vu(&mut self, vu: &mut V) -> ActivationEnd {
        let running = self.running.clone();
        let stopped = running.control.stopped();
        let source = Arc::new(Endless(running.counters.clone()));
        loop {
            let stops = Stops::below(stopped);
            let mut run = std::pin::pin!(vu.run(running.activation(source.clone(), &stops)));
            let mut may_change = true;
            let end = loop {
                let wish = *self.wish.borrow_and_update();
                let interrupt_at = match wish {
                    Wish::Fill => None,
                    Wish::Retire(at) => {
                        stops.stop.cancel();
                        Some(at)
                    }
                };
                let time_is_up = async {
                    match interrupt_at {
                        Some(at) => sleep_until(at).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    end = &mut run => break end,
                    changed = self.wish.changed(), if may_change => may_change = changed.is_ok(),
                    () = time_is_up => {
                        stops.interrupt.cancel();
                        break run.await;
                    }
                }
            };
            let wanted_again = *self.wish.borrow() == Wish::Fill && !stopped.is_cancelled();
            if end != ActivationEnd::Stopped || !wanted_again {
                return end;
            }
        }
    }
}
