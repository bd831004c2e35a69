//! The REST API of a running test (`--address`), in the shapes of k6's, so that what drives k6 can
//! drive sockeye.

mod documents;
mod respond;
mod run;
mod server;

pub(crate) use run::ApiRun;
pub(crate) use server::ApiServer;
