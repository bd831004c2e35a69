//! QuickJS without k6: making a runtime for a group of contexts, entering
//! one on a fiber, timers, pending operations,
//! rejections, exceptions. Knows nothing of scripts' modules or of VUs.

mod accounts;
pub(crate) mod builtins;
pub(crate) mod bytecode;
pub(crate) mod call;
pub(crate) mod context;
pub(crate) mod engine;
pub(crate) mod entry;
pub(crate) mod event_loop;
pub(crate) mod exception;
pub(crate) mod ffi;
pub(crate) mod fields;
pub(crate) mod group;
#[cfg(test)]
mod group_tests;
pub(crate) mod interrupt;
pub(crate) mod late;
pub(crate) mod member;
pub(crate) mod native;
pub(crate) mod pending;
mod probe;
pub(crate) mod realm;
mod rehearsal;
pub(crate) mod rejections;
pub(crate) mod seat;
pub(crate) mod signal;
pub(crate) mod timers;
