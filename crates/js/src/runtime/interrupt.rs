//! The reason why JavaScript must stop now, if there is one. Asked by the engine's interrupt
//! handler, before each pending job, and by every native that blocks.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use tokio_util::sync::CancellationToken;

/// One VU's interrupt: the token of what it runs now, or a stop that the script itself asked for.
#[derive(Debug, Default)]
pub(crate) struct Interrupt {
    token: RefCell<Rc<CancellationToken>>,
    own: Cell<bool>,
}

impl Interrupt {
    /// From now on `token` interrupts the VU.
    pub(crate) fn arm(&self, token: CancellationToken) {
        self.own.set(false);
        *self.token.borrow_mut() = Rc::new(token);
    }

    /// Interrupts the VU from within: `exec.test.abort()`.
    pub(crate) fn raise(&self) {
        self.own.set(true);
    }

    /// Whether the script itself asked for the stop.
    pub(crate) fn is_own(&self) -> bool {
        self.own.get()
    }

    /// Whether JavaScript must stop.
    pub(crate) fn is_raised(&self) -> bool {
        self.own.get() || self.token.borrow().is_cancelled()
    }

    /// The token, for waiting.
    pub(crate) fn token(&self) -> Rc<CancellationToken> {
        self.token.borrow().clone()
    }
}
