//! What an iteration has opened and must not outlive it: sockets.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use tokio::sync::Notify;

/// Something with a peer.
pub(crate) trait Resource {
    /// Says goodbye to the peer; the script hears no more of it.
    fn shut_down(&self);

    /// Ends at once, without waiting for the peer.
    fn abort(&self);
}

/// The open resources of a VU.
#[derive(Default)]
pub(crate) struct Resources {
    open: RefCell<BTreeMap<u64, Rc<dyn Resource>>>,
    last: Cell<u64>,
    gone: Notify,
}

impl Resources {
    /// Adds one; it must be [removed](Self::remove) when it is over.
    pub(crate) fn add(&self, resource: Rc<dyn Resource>) -> u64 {
        let id = self.last.get() + 1;
        self.last.set(id);
        self.open.borrow_mut().insert(id, resource);
        id
    }

    /// Forgets one that is over.
    pub(crate) fn remove(&self, id: u64) {
        let removed = self.open.borrow_mut().remove(&id);
        drop(removed);
        self.gone.notify_one();
    }

    /// Ends all: politely, and by force what is not gone after `grace`.
    pub(crate) async fn end_all(&self, grace: Duration) {
        for resource in self.all() {
            resource.shut_down();
        }
        let _ = tokio::time::timeout(grace, self.emptied()).await;
        for resource in self.all() {
            resource.abort();
        }
        self.emptied().await;
    }

    async fn emptied(&self) {
        while !self.open.borrow().is_empty() {
            self.gone.notified().await;
        }
    }

    fn all(&self) -> Vec<Rc<dyn Resource>> {
        self.open.borrow().values().cloned().collect()
    }
}
