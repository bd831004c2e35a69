//! TABLE of the metrics that exist without a script's doing.

use crate::{MetricId, MetricKind, ValueKind};
use MetricKind::{Counter, Gauge, Rate, Trend};
use ValueKind::{Data, Default, Time};

macro_rules! builtin {
    ($($(#[$doc:meta])* $field:ident: $kind:expr, $value:expr;)*) => {
        /// The numbers of the built-in metrics: the same in every registry, since they are
        /// registered first and in this order.
        #[derive(Clone, Copy, Debug)]
        pub struct Builtin {
            $($(#[$doc])* pub $field: MetricId,)*
        }

        /// Name, kind and unit of each, in the order of registration.
        pub(crate) const TABLE: &[(&str, MetricKind, ValueKind)] =
            &[$((stringify!($field), $kind, $value),)*];

        impl Builtin {
            pub(crate) fn numbered() -> Self {
                let mut next = 0;
                let mut number = || {
                    next += 1;
                    MetricId(next - 1)
                };
                Self { $($field: number(),)* }
            }
        }
    };
}

builtin! {
    /// VUs now active.
    vus: Gauge, Default;
    /// VUs initialised.
    vus_max: Gauge, Default;
    /// Whole iterations run.
    iterations: Counter, Default;
    /// How long whole iterations took.
    iteration_duration: Trend, Time;
    /// Iterations that could not start: no idle VU, or time was up.
    dropped_iterations: Counter, Default;
    /// Results of `check`.
    checks: Rate, Default;
    /// How long groups took.
    group_duration: Trend, Time;
    /// Bytes written to the network.
    data_sent: Counter, Data;
    /// Bytes read from the network.
    data_received: Counter, Data;
    /// WebSocket sessions started, failed dials among them.
    ws_sessions: Counter, Default;
    /// WebSocket messages sent.
    ws_msgs_sent: Counter, Default;
    /// WebSocket messages received.
    ws_msgs_received: Counter, Default;
    /// From a ping to its pong.
    ws_ping: Trend, Time;
    /// From the dial to the end of the session.
    ws_session_duration: Trend, Time;
    /// How long dial and handshake took.
    ws_connecting: Trend, Time;
    /// WebSocket sessions now open, in all VUs.
    ws_open: Gauge, Default;
    /// Failed dials, refused handshakes and sessions that broke.
    ws_errors: Counter, Default;
    /// Finding an address for a WebSocket's host.
    ws_connect_dns: Trend, Time;
    /// A WebSocket's TCP handshake.
    ws_connect_tcp: Trend, Time;
    /// A WebSocket's TLS handshake.
    ws_connect_tls: Trend, Time;
    /// From the upgrade request to the head of its answer.
    ws_connect_upgrade: Trend, Time;
    /// Payloads of the WebSocket messages sent.
    ws_msg_size_sent: Trend, Data;
    /// Payloads of the WebSocket messages received.
    ws_msg_size_received: Trend, Data;
    /// HTTP requests made.
    http_reqs: Counter, Default;
    /// Requests that failed.
    http_req_failed: Rate, Default;
    /// Sending, waiting and receiving together.
    http_req_duration: Trend, Time;
    /// Waiting for a free connection.
    http_req_blocked: Trend, Time;
    /// Opening the TCP connection.
    http_req_connecting: Trend, Time;
    /// The TLS handshake.
    http_req_tls_handshaking: Trend, Time;
    /// Writing the request.
    http_req_sending: Trend, Time;
    /// From the request's last byte to the answer's first.
    http_req_waiting: Trend, Time;
    /// Reading the answer.
    http_req_receiving: Trend, Time;
    /// How late the event loop of a worker thread is: our own delay.
    sockeye_loop_lag: Trend, Time;
}
