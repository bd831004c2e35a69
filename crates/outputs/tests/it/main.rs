//! The same samples to every output, compared with golden files. The samples, and the texts they
//! must become, were taken from runs of k6 1.1.0.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod csv;
mod json;
mod replay;
mod run;
mod summary_export;
