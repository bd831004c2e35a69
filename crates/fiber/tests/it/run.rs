//! Values, nesting, timers, the size of a stack.

use std::{cell::Cell, rc::Rc, time::Duration};

use sockeye_fiber::{
    Aborted, FiberError, FiberPool, StackConfig, block_on, in_fiber, remaining_stack,
};
use tokio::time::{Instant, sleep};

use crate::{on_paused_clock, with_pool};

#[test]
fn a_function_returns_its_value() {
    let value = with_pool(async |pool| {
        assert!(!in_fiber());
        pool.run(|| {
            assert!(in_fiber());
            "done".to_owned()
        })
        .await
    });
    assert_eq!(value.unwrap(), "done");
}

#[test]
fn block_on_waits_for_timers_and_lets_others_run() {
    with_pool(async |pool| {
        let start = Instant::now();
        let fibers: Vec<_> = (1..=3u64)
            .map(|n| {
                tokio::task::spawn_local(pool.run(move || {
                    for _ in 0..10 {
                        block_on(sleep(Duration::from_secs(n))).unwrap();
                    }
                    n
                }))
            })
            .collect();
        for (n, fiber) in (1..).zip(fibers) {
            assert_eq!(fiber.await.unwrap().unwrap(), n);
            assert_eq!(start.elapsed().as_secs(), 10 * n);
        }
    });
}

#[test]
fn a_future_may_borrow_from_the_fiber_and_is_polled_outside_it() {
    with_pool(async |pool| {
        let sum = pool.run(|| {
            let numbers = vec![1, 2, 3];
            let sum = block_on(async {
                assert!(!in_fiber(), "polled on the thread's own stack");
                tokio::task::yield_now().await;
                numbers.iter().sum::<i32>()
            });
            assert!(in_fiber());
            (sum, numbers)
        });
        assert_eq!(sum.await.unwrap(), (Ok(6), vec![1, 2, 3]));
    });
}

#[test]
fn fibers_nest() {
    with_pool(async |pool| {
        let inner_pool = pool.clone();
        let outer = pool.run(move || {
            let inner = inner_pool.run(|| {
                block_on(sleep(Duration::from_secs(1)))?;
                Ok::<_, Aborted>(20)
            });
            let inner = block_on(inner).unwrap().unwrap()?;
            Ok::<_, Aborted>(inner + block_on(async { 1 })?)
        });
        assert_eq!(outer.await.unwrap(), Ok(21));
    });
}

#[test]
fn a_function_that_never_began_is_dropped_with_what_it_captured() {
    with_pool(async |pool| {
        let token = Rc::new(());
        let held = Rc::clone(&token);
        drop(pool.run(move || drop(held)));
        assert_eq!(Rc::strong_count(&token), 1);
    });
}

#[test]
fn a_full_pool_says_so_and_recovers() {
    let pool = FiberPool::new(StackConfig { max_stacks: 1, ..StackConfig::default() }).unwrap();
    on_paused_clock(async {
        let first = pool.run(|| block_on(sleep(Duration::from_secs(1))));
        let second = pool.run(|| ());
        assert!(matches!(second.await, Err(FiberError::StackExhausted { max_stacks: 1 })));
        first.await.unwrap().unwrap();
        pool.run(|| ()).await.unwrap();
    });
}

#[test]
fn a_stack_is_as_deep_as_it_says() {
    let size = 512 * 1024;
    let pool = FiberPool::new(StackConfig { size, ..StackConfig::default() }).unwrap();
    assert_eq!(pool.usable_stack(), size);
    let deepest = Rc::new(Cell::new(usize::MAX));
    let seen = Rc::clone(&deepest);
    on_paused_clock(pool.run(move || {
        let top = remaining_stack().unwrap();
        assert!((size - 4096..size).contains(&top), "{top}");
        recurse(&seen);
    }))
    .unwrap();
    assert!(deepest.get() < 16 * 1024, "{} bytes left", deepest.get());
    assert_eq!(remaining_stack(), None);
}

/// Calls itself until less than 16 KiB are left, with a frame of a kilobyte that is really written.
fn recurse(deepest: &Cell<usize>) -> u8 {
    let frame = std::hint::black_box([1u8; 1024]);
    let left = remaining_stack().expect("on a fiber");
    deepest.set(left);
    if left < 16 * 1024 { frame[0] } else { recurse(deepest).wrapping_add(frame[1023]) }
}
