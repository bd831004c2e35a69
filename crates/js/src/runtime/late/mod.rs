//! Globals that are made when a script first looks for one: most scripts never do, and thousands of VUs would each
//! hold them. An object between the global one and `Object.prototype` is asked for what the global object lacks; until
//! then a late global costs a VU nothing.

mod asked;
mod globals;
mod property;

pub(super) use globals::install;
pub(crate) use globals::{
    Late, add, first, is_made, names, need, prepare, publish, publish_function,
};
pub(crate) use property::{Taken, has_own, is_own, put_back, take};
