//! The executors: how a scenario's iterations are spread over VUs and time. One file each holds an
//! executor's fields, checks and schedule; `looping` drives the VUs of the closed model, `paced`
//! those of the open one.

mod arrival_vus;
mod config;
pub mod constant_arrival_rate;
pub mod constant_vus;
mod kind;
mod looping;
mod paced;
pub mod per_vu_iterations;
pub mod ramping_arrival_rate;
pub mod ramping_vus;
mod run;
pub mod shared_iterations;
mod slots;
mod source;

pub use arrival_vus::ArrivalVus;
pub use config::{Description, ExecutorConfig};
pub(crate) use kind::FIELDS_OF_ALL;
pub use kind::{ExecutorKind, ExecutorSpec};
pub(crate) use looping::Running;
pub(crate) use run::run;

use ExecutorKind as Kind;

/// The executors of k6, with the fields that each takes beside those that all take.
pub const TABLE: &[ExecutorSpec] = &[
    ExecutorSpec {
        kind: Kind::SharedIterations,
        name: "shared-iterations",
        fields: &["vus", "iterations", "maxDuration"],
    },
    ExecutorSpec {
        kind: Kind::PerVuIterations,
        name: "per-vu-iterations",
        fields: &["vus", "iterations", "maxDuration"],
    },
    ExecutorSpec { kind: Kind::ConstantVus, name: "constant-vus", fields: &["vus", "duration"] },
    ExecutorSpec {
        kind: Kind::RampingVus,
        name: "ramping-vus",
        fields: &["startVUs", "stages", "gracefulRampDown"],
    },
    ExecutorSpec {
        kind: Kind::ConstantArrivalRate,
        name: "constant-arrival-rate",
        fields: &["rate", "timeUnit", "duration", "preAllocatedVUs", "maxVUs"],
    },
    ExecutorSpec {
        kind: Kind::RampingArrivalRate,
        name: "ramping-arrival-rate",
        fields: &["startRate", "timeUnit", "stages", "preAllocatedVUs", "maxVUs"],
    },
];
