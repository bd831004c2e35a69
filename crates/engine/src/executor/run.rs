//! From a scenario to its executor's driver.

use std::sync::Arc;

use super::{ExecutorConfig, looping::Running};
use crate::vu::VuHandle;

/// Runs a scenario to its end: its last iteration is over, its VUs are given back.
pub(crate) async fn run<V: VuHandle>(running: Arc<Running<V>>) {
    match running.scenario.executor.clone() {
        ExecutorConfig::SharedIterations(config) => config.run(&running).await,
        ExecutorConfig::PerVuIterations(config) => config.run(&running).await,
        ExecutorConfig::ConstantVus(config) => config.run(&running).await,
        ExecutorConfig::RampingVus(config) => config.run(&running).await,
        ExecutorConfig::ConstantArrivalRate(config) => config.run(&running).await,
        ExecutorConfig::RampingArrivalRate(config) => config.run(&running).await,
    }
}
