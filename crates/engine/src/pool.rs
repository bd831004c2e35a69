//! The VUs that no scenario uses now. Scenarios take them and give them back.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::sync::Semaphore;

/// Idle VUs. k6: the one that was idle for longest is taken first.
#[derive(Debug)]
pub(crate) struct VuPool<V> {
    idle: Mutex<VecDeque<V>>,
    /// One permit for each idle VU; closed when there is none and never will be.
    available: Semaphore,
    /// Idle or lent out.
    alive: AtomicUsize,
}

impl<V> VuPool<V> {
    pub(crate) fn new(vus: Vec<V>) -> Self {
        Self {
            available: Semaphore::new(vus.len()),
            alive: AtomicUsize::new(vus.len()),
            idle: Mutex::new(vus.into()),
        }
    }

    /// The next idle VU, once there is one. `None` if no VU is left at all. Dropping the future
    /// takes nothing.
    pub(crate) async fn take(&self) -> Option<V> {
        self.available.acquire().await.ok()?.forget();
        self.idle().pop_front()
    }

    /// Counts a VU that was made later and is lent out.
    pub(crate) fn add_one(&self) {
        self.alive.fetch_add(1, Relaxed);
    }

    /// Returns a VU that can be used again.
    pub(crate) fn give(&self, vu: V) {
        self.idle().push_back(vu);
        self.available.add_permits(1);
    }

    /// Drops a VU that can't. Returns whether it was the last.
    pub(crate) fn discard(&self, vu: V) -> bool {
        drop(vu);
        let last = self.alive.fetch_sub(1, Relaxed) == 1;
        if last {
            self.available.close();
        }
        last
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, VecDeque<V>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
