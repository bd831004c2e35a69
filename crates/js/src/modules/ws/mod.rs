//! `k6/ws`, the older of k6's WebSocket modules: `connect` keeps its VU until the socket is closed,
//! and calls the script's handlers meanwhile.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-ws/>

mod connect;
mod params;
mod response;

mod event;
mod farewell;
mod object;
mod session;

pub(super) use connect::Ws;
