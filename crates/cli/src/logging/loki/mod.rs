//! `--log-output loki`: records that go to a Loki by its push API, in batches, from a thread of
//! their own. <https://grafana.com/docs/k6/latest/using-k6/k6-options/reference/#loki>

mod body;
mod pusher;
mod queue;
mod settings;

pub(crate) use pusher::{DialLoki, Loki};
pub(crate) use settings::LokiSettings;
