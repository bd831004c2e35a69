//! The engine with fake VUs on a paused clock: what runs when, and how runs end.
#![allow(clippy::unwrap_used, reason = "tests may")]

mod arrival_rate;
mod constant_vus;
mod fake_vu;
mod options;
mod per_vu_iterations;
mod ramping_vus;
mod scenarios;
mod scheduler;
mod segments;
mod shared_iterations;
