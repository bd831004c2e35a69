//! TABLE: which metric stands under which heading, and which do not appear.

use sockeye_metrics::MetricSummary;

use super::SummaryMode;

/// The headings of metrics, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Custom,
    Http,
    Execution,
    Network,
    Browser,
    Grpc,
    WebSocket,
}

impl Heading {
    pub(super) const ALL: [Self; 7] = [
        Self::Custom,
        Self::Http,
        Self::Execution,
        Self::Network,
        Self::Browser,
        Self::Grpc,
        Self::WebSocket,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "CUSTOM",
            Self::Http => "HTTP",
            Self::Execution => "EXECUTION",
            Self::Network => "NETWORK",
            Self::Browser => "BROWSER",
            Self::Grpc => "GRPC",
            Self::WebSocket => "WEBSOCKET",
        }
    }

    /// Where a metric stands; `None` if it is not shown.
    // k6: but for HTTP and NETWORK it looks at the beginning of a name, so a script's own
    // `ws_latency` stands with the WebSocket metrics.
    pub(super) fn of(metric: &MetricSummary, mode: SummaryMode) -> Option<Self> {
        let name = &*metric.metric.name;
        let begins = |prefix: &str| name.starts_with(prefix);
        match name {
            // Checks have their own lines; the time of a group is that of its contents.
            "checks" | "group_duration" => None,
            "http_reqs" | "http_req_duration" | "http_req_failed" => Some(Self::Http),
            // The parts of a request are for the full summary.
            "http_req_blocked"
            | "http_req_connecting"
            | "http_req_tls_handshaking"
            | "http_req_sending"
            | "http_req_waiting"
            | "http_req_receiving" => (mode == SummaryMode::Full).then_some(Self::Http),
            // What k6 does not have is for the full summary too: the compact one stays as k6's.
            "ws_open"
            | "ws_errors"
            | "ws_connect_dns"
            | "ws_connect_tcp"
            | "ws_connect_tls"
            | "ws_connect_upgrade"
            | "ws_msg_size_sent"
            | "ws_msg_size_received" => (mode == SummaryMode::Full).then_some(Self::WebSocket),
            "sockeye_loop_lag" => (mode == SummaryMode::Full).then_some(Self::Execution),
            "data_sent" | "data_received" => Some(Self::Network),
            "iteration_duration" | "dropped_iterations" => Some(Self::Execution),
            _ if begins("vus") || begins("iterations") => Some(Self::Execution),
            _ if begins("browser_") => Some(Self::Browser),
            _ if begins("grpc_") => Some(Self::Grpc),
            _ if begins("ws_") => Some(Self::WebSocket),
            _ => Some(Self::Custom),
        }
    }
}
