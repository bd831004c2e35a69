//! `k6/data`: `SharedArray`, an array whose elements exist once for all VUs.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-data/>

mod construct;
mod frozen;
mod proxy;

pub(super) use construct::Data;
pub(in crate::modules) use proxy::proxy;
