//! Scripts run whole: each `.js` or `.ts` file under `scripts/` with what it must print beside it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write their files, and a test that can't go on should say where"
)]

mod groups;
mod harness;
mod remote;
mod scripts;
mod sleepers;
mod websockets;
mod ws;
