//! The sockets of one VU.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use rquickjs::{Function, Persistent};

use super::socket::Socket;

/// The sockets of a VU that its scripts can still name, and the function that makes an event of
/// what happened.
#[derive(Default)]
pub(super) struct Sockets {
    pub(super) by_id: RefCell<BTreeMap<u32, Rc<Socket>>>,
    pub(super) last_id: Cell<u32>,
    /// Whether the task runs that reports their bytes.
    pub(super) reporting: Cell<bool>,
    pub(super) deliver: RefCell<Option<Persistent<Function<'static>>>>,
}

impl Sockets {
    /// The socket of that number, while it is not closed.
    pub(super) fn get(&self, id: u32) -> Option<Rc<Socket>> {
        self.by_id.borrow().get(&id).cloned()
    }

    /// Whether each is closed.
    pub(super) fn are_gone(&self) -> bool {
        self.by_id.borrow().is_empty()
    }

    /// Lets go of all values of the engine.
    pub(super) fn clear(&self) {
        let sockets = std::mem::take(&mut *self.by_id.borrow_mut());
        for socket in sockets.values() {
            socket.let_go();
        }
        let deliver = self.deliver.borrow_mut().take();
        drop(deliver);
    }
}
