//! Stackful coroutines on pooled stacks, so that a blocking call (`sleep`, `ws.connect`) suspends a
//! VU's whole JavaScript stack and not its thread. Knows no JavaScript and no timer.
//!
//! A function given to [`FiberPool::run`] runs on a stack of its own. Inside it, [`block_on`] waits
//! for a future like a blocking call; outside, the whole is a future, [`Running`], that any
//! single-threaded executor drives:
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use sockeye_fiber::{FiberPool, StackConfig, block_on};
//!
//! let pool = FiberPool::new(StackConfig::default())?;
//! let answer = pool.run(|| {
//!     // Not an async function, yet it waits, and the thread goes on with other work meanwhile.
//!     let yielded = block_on(async { tokio::task::yield_now().await; 41 });
//!     yielded.map(|n| n + 1)
//! });
//! assert_eq!(answer.await?, Ok(42));
//! # Ok::<_, sockeye_fiber::FiberError>(()) }).unwrap();
//! ```
//!
//! Nothing here is `Send`: a fiber lives and dies on the thread that made its pool. Hold no
//! `RefCell` borrow, tracing span or runtime guard over a `block_on`: other code of the thread runs
//! meanwhile.
#![allow(unsafe_code, reason = "switching stacks and mapping them is what this crate is for")]

mod error;
mod fiber;
mod stack;

pub use error::{Aborted, FiberError};
pub use fiber::{AbortHandle, FiberPool, Running, block_on, in_fiber, is_aborted, remaining_stack};
pub use stack::StackConfig;
