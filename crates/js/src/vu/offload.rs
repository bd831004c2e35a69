//! Work that takes long, done on threads of its own while the VU waits: the natives' way to keep their promises without
//! holding up the other VUs of the worker.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use rquickjs::{Ctx, Function, Persistent};

use super::{Host, resources::Resource};
use crate::{
    runtime::{event_loop::TaskSource, pending::PendingOp},
    web::host::{Finish, Offload},
};

/// For the globals of a VU. Without a worker, as when only the options are read, the work is done at once.
pub(crate) fn to_threads(host: &Rc<Host>) -> Offload {
    let waiting = Rc::new(Waiting { host: Rc::downgrade(host), entries: RefCell::default() });
    let farewell = Rc::downgrade(&waiting);
    host.on_farewell(move || {
        if let Some(waiting) = farewell.upgrade() {
            waiting.entries.borrow_mut().clear();
        }
    });
    Rc::new(move |ctx, work, resolve, reject| {
        let host = waiting.host.upgrade().filter(|host| host.network().is_some());
        let Some(host) = host else { return work()(ctx, resolve, reject) };
        let errand = Rc::new(Errand { id: Cell::new(0), waiting: waiting.clone() });
        errand.id.set(host.resources.add(errand.clone()));
        let promise = Promise {
            resolve: Persistent::save(ctx, resolve),
            reject: Persistent::save(ctx, reject),
            operation: host.event_loop.operation(),
        };
        waiting.entries.borrow_mut().insert(errand.id.get(), promise);
        tokio::task::spawn_local(async move {
            // A panic of the work drops the promise, and lets the iteration end.
            match tokio::task::spawn_blocking(work).await {
                Ok(finish) => errand.done(finish),
                Err(_) => drop(errand.forget()),
            }
        });
        Ok(())
    })
}

/// What is under way, by the numbers that the VU's resources have.
struct Waiting {
    host: std::rc::Weak<Host>,
    entries: RefCell<BTreeMap<u64, Promise>>,
}

struct Promise {
    resolve: Persistent<Function<'static>>,
    reject: Persistent<Function<'static>>,
    operation: PendingOp,
}

struct Errand {
    id: Cell<u64>,
    waiting: Rc<Waiting>,
}

impl Errand {
    fn done(self: Rc<Self>, finish: Finish) {
        // Whoever ended the iteration meanwhile has taken the promise.
        if let Some(Promise { resolve, reject, operation }) = self.forget() {
            let finish = RefCell::new(Some((finish, resolve, reject)));
            operation.complete(Rc::new(Delivery(finish)));
        }
    }

    /// Takes it out of everything that knows of it.
    fn forget(&self) -> Option<Promise> {
        let promise = self.waiting.entries.borrow_mut().remove(&self.id.get());
        if let Some(host) = self.waiting.host.upgrade() {
            host.resources.remove(self.id.get());
        }
        promise
    }
}

impl Resource for Errand {
    fn shut_down(&self) {
        drop(self.forget());
    }

    fn abort(&self) {
        drop(self.forget());
    }
}

type Settlement = (Finish, Persistent<Function<'static>>, Persistent<Function<'static>>);

struct Delivery(RefCell<Option<Settlement>>);

impl TaskSource for Delivery {
    fn deliver(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let settlement = self.0.borrow_mut().take();
        match settlement {
            Some((finish, resolve, reject)) => {
                finish(ctx, resolve.restore(ctx)?, reject.restore(ctx)?)
            }
            None => Ok(()),
        }
    }
}
