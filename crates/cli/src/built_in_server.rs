//! The built-in server as a child process, for `run --with-server`.

use std::{io, net::SocketAddr, process::Stdio, rc::Rc, sync::Arc, time::Duration};

use sockeye_engine::log::{LogLevel, LogRecord};
use sockeye_net::{
    Dialer, DialerConfig, SystemRoots, TlsConfig, TlsOptions,
    http::{self, FetchLimits},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, Command},
    time::timeout,
};
use url::Url;

use crate::{diagnostic::Diagnostic, exit_code::ExitCode};

/// A running server. Dropping it ends the process; [`BuiltInServer::stop`] lets it end in order.
#[derive(Debug)]
pub(crate) struct BuiltInServer {
    child: Child,
    /// The server stops when this is closed, also when we die.
    lifeline: ChildStdin,
    /// For `http` and `ws`.
    pub(crate) address: SocketAddr,
    /// For `https` and `wss`.
    pub(crate) tls_address: SocketAddr,
    /// The authority behind its certificates, in PEM.
    pub(crate) certificate: String,
}

impl BuiltInServer {
    /// Starts this program once more, as a server on free ports.
    ///
    /// # Errors
    /// A [`Diagnostic`] if it doesn't start or doesn't say where it is.
    pub(crate) async fn start() -> Result<Self, Diagnostic> {
        let program = std::env::current_exe().map_err(|error| failed(&error))?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--format", "json", "--stop-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        // A Ctrl-C is for the run: the server goes when the run is over.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|error| failed(&error))?;
        let (Some(lifeline), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(&"it has no pipes"));
        };
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        match timeout(START_TIMEOUT, stdout.read_line(&mut line)).await {
            Ok(read) => read.map_err(|error| failed(&error))?,
            Err(_) => return Err(failed(&"it does not say where it listens")),
        };
        let Some((address, tls_address, certificate)) = parse(&line) else {
            return Err(failed(&"it said something else than its addresses"));
        };
        Ok(Self { child, lifeline, address, tls_address, certificate })
    }

    /// Where it is, for people.
    pub(crate) fn description(&self) -> String {
        format!("{} and {} (TLS)", self.address, self.tls_address)
    }

    /// What it has counted itself, to hold against the summary. Counted as k6 counts: a client sends
    /// messages, pings and close frames, and receives messages. `None` if there were no sockets.
    pub(crate) async fn counts(&self) -> Option<LogRecord> {
        let tls = TlsConfig::new(&TlsOptions::new(SystemRoots::none())).ok()?;
        let dialer = Dialer::new(Arc::new(DialerConfig::new(tls)), Rc::default());
        let url = Url::parse(&format!("http://{}/stats", self.address)).ok()?;
        let limits = FetchLimits { timeout: STATS_TIMEOUT, ..FetchLimits::default() };
        let stats = http::fetch(&dialer, &url, limits).await.ok()?;
        let stats: serde_json::Value = serde_json::from_slice(&stats.body).ok()?;
        let count = |path: &str| stats.pointer(path).and_then(serde_json::Value::as_u64);
        let sessions = count("/sessions/opened")?;
        let sent_to_it =
            count("/received/messages")? + count("/received/pings")? + count("/received/closes")?;
        let record = LogRecord::new(LogLevel::Info, "the built-in server counted")
            .field("sessions", sessions.to_string())
            .field("msgs_sent", sent_to_it.to_string())
            .field("msgs_received", count("/sent/messages")?.to_string())
            .field("source", "server");
        (sessions > 0).then_some(record)
    }

    /// Lets it close its connections, and ends it if it takes too long.
    pub(crate) async fn stop(self) {
        let Self { mut child, lifeline, .. } = self;
        drop(lifeline);
        if timeout(STOP_TIMEOUT, child.wait()).await.is_err() {
            let _: io::Result<()> = child.kill().await;
        }
    }
}

const START_TIMEOUT: Duration = Duration::from_secs(10);
const STOP_TIMEOUT: Duration = Duration::from_secs(3);
const STATS_TIMEOUT: Duration = Duration::from_secs(3);

fn parse(line: &str) -> Option<(SocketAddr, SocketAddr, String)> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| line.get(key)?.as_str();
    Some((
        text("address")?.parse().ok()?,
        text("tlsAddress")?.parse().ok()?,
        text("certificate")?.to_owned(),
    ))
}

fn failed(reason: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::new(ExitCode::Usage, format!("failed to start the built-in server: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_one_line_is_understood() {
        let line = r#"{"address":"127.0.0.1:1","tlsAddress":"127.0.0.1:2","certificate":"PEM"}"#;
        let (address, tls_address, certificate) = parse(line).unwrap();
        assert_eq!((address.port(), tls_address.port(), certificate.as_str()), (1, 2, "PEM"));
        assert!(parse("").is_none());
        assert!(parse(r#"{"address":"127.0.0.1:1","tlsAddress":null}"#).is_none());
    }
}
