//! `k6/websockets`: WHATWG's WebSocket over `net::websocket`, with k6's parameters and samples.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/>,
//! <https://websockets.spec.whatwg.org/>

mod arguments;
mod debug;
mod deliver;
mod dial;
mod event;
mod interface;
mod params;
mod response;
mod samples;
mod socket;
mod sockets;

pub(super) use debug::WireLog;
pub(super) use interface::Module;
pub(super) use params::Params;
pub(super) use samples::{Dialled, ErrorTags, SocketSamples, report_bytes_each_second};
