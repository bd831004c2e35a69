//! The sockets of one VU.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use sockeye_net::websocket::Http2Pool;

use super::socket::Socket;
use crate::vu::Host;

/// The sockets of a VU that events can still come from.
#[derive(Default)]
pub(super) struct Sockets {
    pub(super) by_id: RefCell<BTreeMap<u32, Rc<Socket>>>,
    pub(super) last_id: Cell<u32>,
    /// Whether the task runs that reports their bytes.
    pub(super) reporting: Cell<bool>,
    /// The connections of those that asked for HTTP/2, and in which iteration the first did.
    http2: RefCell<Option<(u64, Rc<Http2Pool>)>>,
}

impl Sockets {
    /// Whether the task that reports bytes has a socket left to do it for. If not, the next socket
    /// begins another.
    pub(super) fn go_on_reporting(&self) -> bool {
        self.reporting.set(!self.by_id.borrow().is_empty());
        self.reporting.get()
    }

    /// The HTTP/2 connections of the VU. They outlive an iteration, unless the options say that
    /// none does.
    pub(super) fn http2(&self, host: &Host) -> Rc<Http2Pool> {
        let iteration = host.iterations.get();
        let keeps =
            host.network().is_some_and(|network| network.worker.shared.context.keep_connections);
        let mut known = self.http2.borrow_mut();
        match &*known {
            Some((first, pool)) if keeps || *first == iteration => pool.clone(),
            _ => known.insert((iteration, Rc::default())).1.clone(),
        }
    }

    /// Lets go of all values of the engine.
    pub(super) fn clear(&self) {
        let sockets = std::mem::take(&mut *self.by_id.borrow_mut());
        for socket in sockets.values() {
            socket.let_go();
        }
    }
}
