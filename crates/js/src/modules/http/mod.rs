//! `k6/http`. Of it there are the cookie jars, which sockets use too; the client is still to come.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-http/>

mod jar;
mod natives;

pub(super) use jar::Jar;
pub(super) use natives::Natives;
