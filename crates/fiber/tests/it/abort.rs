//! Aborting and dropping fibers at each stage of their lives.

use std::{cell::RefCell, future::pending, rc::Rc, time::Duration};

use sockeye_fiber::{Aborted, FiberError, block_on, is_aborted};
use tokio::time::sleep;

use crate::with_pool;

type Log = Rc<RefCell<Vec<&'static str>>>;

/// A fiber's function that waits for ever and records how it is ended.
fn waiter(log: &Log) -> impl FnOnce() -> Result<(), Aborted> + 'static {
    struct Local(Log);
    impl Drop for Local {
        fn drop(&mut self) {
            self.0.borrow_mut().push("local dropped");
        }
    }
    let log = Rc::clone(log);
    move || {
        let _local = Local(Rc::clone(&log));
        log.borrow_mut().push("began");
        let first = block_on(pending::<()>());
        assert_eq!(first, Err(Aborted));
        assert!(is_aborted());
        log.borrow_mut().push("aborted");
        block_on(async { unreachable!("a later wait is not even polled") })
    }
}

#[test]
fn abort_wakes_a_suspended_fiber() {
    let log = Log::default();
    with_pool(async |pool| {
        let fiber = pool.run(waiter(&log));
        let abort = fiber.abort_handle();
        let fiber = tokio::task::spawn_local(fiber);
        sleep(Duration::from_secs(1)).await;
        assert_eq!(*log.borrow(), ["began"]);
        abort.abort();
        assert!(abort.is_aborted());
        assert_eq!(fiber.await.unwrap().unwrap(), Err(Aborted));
    });
    assert_eq!(*log.borrow(), ["began", "aborted", "local dropped"]);
}

#[test]
fn drop_while_suspended_runs_the_function_to_its_end() {
    let log = Log::default();
    with_pool(async |pool| {
        tokio::select! {
            biased;
            _ = pool.run(waiter(&log)) => unreachable!("it waits for ever"),
            () = sleep(Duration::from_secs(1)) => {}
        }
        assert_eq!(*log.borrow(), ["began", "aborted", "local dropped"]);
        // The stack is whole again.
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    });
}

#[test]
fn a_fiber_aborted_before_its_start_never_begins() {
    let log = Log::default();
    with_pool(async |pool| {
        let fiber = pool.run(waiter(&log));
        fiber.abort_handle().abort();
        assert!(matches!(fiber.await, Err(FiberError::Aborted)));
    });
    assert!(log.borrow().is_empty());
}

#[test]
fn a_fiber_that_aborts_itself_cannot_wait_any_more() {
    with_pool(async |pool| {
        let own = Rc::new(RefCell::new(None::<sockeye_fiber::AbortHandle>));
        let handle = Rc::clone(&own);
        let fiber = pool.run(move || {
            handle.borrow().as_ref().unwrap().abort();
            block_on(async { 1 })
        });
        own.replace(Some(fiber.abort_handle()));
        assert_eq!(fiber.await.unwrap(), Err(Aborted));
    });
}

#[test]
fn dropping_the_executor_ends_its_fibers() {
    let log = Log::default();
    with_pool(async |pool| {
        tokio::task::spawn_local(pool.run(waiter(&log)));
        tokio::task::yield_now().await;
    });
    assert_eq!(*log.borrow(), ["began", "aborted", "local dropped"]);
}
