//! `k6/experimental/fs`: files whose bytes exist once for all VUs, each VU with a position of its own.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/fs/>

mod natives;

pub(super) use natives::{Natives, OpenFile};
