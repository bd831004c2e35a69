//! As many fibers as a large test suspends at once.

use std::time::Duration;

use sockeye_fiber::block_on;
use tokio::time::{Instant, sleep};

use crate::with_pool;

#[test]
fn twenty_thousand_fibers_sleep_at_once() {
    with_pool(async |pool| {
        let start = Instant::now();
        let fibers: Vec<_> = (0..20_000u64)
            .map(|n| {
                tokio::task::spawn_local(pool.run(move || {
                    block_on(sleep(Duration::from_secs(10))).unwrap();
                    n
                }))
            })
            .collect();
        let mut sum = 0;
        for fiber in fibers {
            sum += fiber.await.unwrap().unwrap();
        }
        assert_eq!(sum, (0..20_000).sum());
        assert_eq!(start.elapsed().as_secs(), 10);
        pool.trim(16);
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    });
}
