//! Fibers on a real executor, with time that tokio makes up.

mod abort;
mod many;
mod panic;
mod run;

use std::future::Future;

use sockeye_fiber::{FiberPool, StackConfig};

/// Runs `test` with a fresh pool on a paused clock.
fn with_pool<T>(test: impl AsyncFnOnce(FiberPool) -> T) -> T {
    let pool = FiberPool::new(StackConfig::default()).expect("memory for a stack");
    on_paused_clock(test(pool))
}

fn on_paused_clock<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(tokio::task::LocalSet::new().run_until(test))
}
