//! QuickJS without k6: making a runtime, entering it on a fiber, timers, pending operations,
//! rejections, exceptions. Knows nothing of scripts' modules or of VUs.

pub(crate) mod bytecode;
pub(crate) mod engine;
pub(crate) mod entry;
pub(crate) mod event_loop;
pub(crate) mod exception;
pub(crate) mod ffi;
pub(crate) mod interrupt;
pub(crate) mod pending;
pub(crate) mod rejections;
pub(crate) mod timers;
