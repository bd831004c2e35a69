//! `k6/experimental/csv`: records of a file of `k6/experimental/fs`, all at once or one after the other.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/csv/>

mod natives;
mod records;

pub(super) use natives::Natives;
