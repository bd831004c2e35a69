//! Panics cross from stack to stack and harm nobody else.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use sockeye_fiber::{Aborted, block_on};
use tokio::time::sleep;

use crate::with_pool;

#[test]
fn a_panic_in_a_fiber_resumes_in_its_parent() {
    with_pool(async |pool| {
        let fiber = pool.run(|| {
            block_on(sleep(Duration::from_secs(1))).unwrap();
            panic!("boom");
        });
        let error = tokio::task::spawn_local(fiber).await.unwrap_err();
        assert_eq!(*error.into_panic().downcast_ref::<&str>().unwrap(), "boom");
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    });
}

#[test]
fn a_panic_of_the_awaited_future_resumes_in_the_fiber() {
    with_pool(async |pool| {
        let fiber = pool.run(|| {
            let wait = || block_on(poll_fn(|_| -> Poll<()> { panic!("in the future") }));
            let payload = catch_unwind(AssertUnwindSafe(wait)).unwrap_err();
            block_on(async {}).unwrap();
            *payload.downcast_ref::<&str>().unwrap()
        });
        assert_eq!(fiber.await.unwrap(), "in the future");
    });
}

#[test]
fn a_fiber_does_not_wait_while_it_unwinds() {
    struct WaitsOnDrop;
    impl Drop for WaitsOnDrop {
        fn drop(&mut self) {
            assert_eq!(block_on(async {}), Err(Aborted));
        }
    }
    with_pool(async |pool| {
        let fiber = pool.run(|| {
            let _local = WaitsOnDrop;
            panic!("boom");
        });
        assert!(tokio::task::spawn_local(fiber).await.unwrap_err().is_panic());
    });
}

#[test]
fn a_panic_during_drop_is_swallowed() {
    with_pool(async |pool| {
        let mut fiber = Box::pin(pool.run(|| {
            block_on(std::future::pending::<()>()).expect("aborted");
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(fiber.as_mut().poll(&mut cx).is_pending());
        drop(fiber);
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    });
}

#[test]
fn block_on_outside_a_fiber_panics_with_a_clear_text() {
    let payload = catch_unwind(|| block_on(async {})).unwrap_err();
    assert_eq!(
        *payload.downcast_ref::<&str>().unwrap(),
        "`block_on` of a fiber is called outside of one"
    );
    let mut ready = pin!(async { 1 });
    assert!(ready.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
}
