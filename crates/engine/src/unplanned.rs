//! VUs that are made during the run, for scenarios that miss them.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use crate::{
    Plan, RunStatus,
    pool::VuPool,
    vu::{VuError, VuFactory, VuIds},
};

/// Makes the VUs beyond those that were planned, up to the most that the plan allows.
pub(crate) struct UnplannedVus<V> {
    left: AtomicU64,
    made: AtomicU64,
    planned: u64,
    make: Make<V>,
    numbers: Box<dyn Fn(u64) -> VuIds + Send + Sync>,
    status: Arc<RunStatus>,
    pool: Arc<VuPool<V>>,
}

type Make<V> = Box<dyn Fn(VuIds) -> Making<V> + Send + Sync>;
type Making<V> = Pin<Box<dyn Future<Output = Result<V, VuError>> + Send>>;

impl<V: Send + 'static> UnplannedVus<V> {
    /// For VUs that `factory` makes; `numbers` has those of the n-th VU of this process, from 1.
    pub(crate) fn new<F: VuFactory<Vu = V>>(
        plan: &Plan,
        factory: Arc<F>,
        numbers: impl Fn(u64) -> VuIds + Send + Sync + 'static,
        status: Arc<RunStatus>,
        pool: Arc<VuPool<V>>,
    ) -> Self {
        let make = move |ids| {
            let factory = factory.clone();
            Box::pin(async move { factory.init(ids).await }) as Making<V>
        };
        Self {
            left: AtomicU64::new(plan.max_vus() - plan.planned_vus()),
            made: AtomicU64::new(0),
            planned: plan.planned_vus(),
            make: Box::new(make),
            numbers: Box::new(numbers),
            status,
            pool,
        }
    }

    /// One more VU. k6: made as long as more may be made; then one that another scenario left.
    /// Dropping the future leaves no VU behind.
    pub(crate) async fn one_more(&self) -> Result<Option<V>, VuError> {
        let may_make = self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
        if !may_make {
            return Ok(self.pool.take().await);
        }
        let number = self.planned + 1 + self.made.fetch_add(1, Relaxed);
        let vu = (self.make)((self.numbers)(number)).await?;
        self.status.vu_initialised();
        self.pool.add_one();
        Ok(Some(vu))
    }
}
