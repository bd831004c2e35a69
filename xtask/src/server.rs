//! The server that both programs talk to: `sockeye serve`, or one that runs already.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub(crate) struct Server {
    address: String,
    tls_address: String,
    /// Ours to stop, if we started it.
    child: Option<Child>,
}

impl Server {
    pub(crate) fn already_at(address: String) -> Self {
        Self { address, tls_address: String::new(), child: None }
    }

    /// Starts `sockeye serve` on a free port.
    pub(crate) fn start(sockeye: &Path) -> Result<Self, String> {
        Self::start_serving(Command::new(sockeye), sockeye, &[])
    }

    /// The same on one core only.
    pub(crate) fn start_on_core(sockeye: &Path, core: usize) -> Result<Self, String> {
        let mut command = Command::new("taskset");
        command.args(["-c", &core.to_string()]).arg(sockeye);
        Self::start_serving(command, sockeye, &[])
    }

    /// The same at an address of ours.
    pub(crate) fn start_at(sockeye: &Path, address: &str) -> Result<Self, String> {
        Self::start_serving(Command::new(sockeye), sockeye, &["--address", address])
    }

    fn start_serving(
        mut command: Command,
        sockeye: &Path,
        arguments: &[&str],
    ) -> Result<Self, String> {
        let mut child = command
            .args(["serve", "--format", "json"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("failed to start {} serve: {error}", sockeye.display()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            // An unreadable line is an empty one, and has no address either.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let announced: Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |key: &str| announced[key].as_str().unwrap_or_default().to_owned();
        let server =
            Self { address: text("address"), tls_address: text("tlsAddress"), child: Some(child) };
        if server.address.is_empty() {
            Err("serve printed no address".to_owned())
        } else {
            Ok(server)
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Its process, if it is ours.
    pub(crate) fn process(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    pub(crate) fn ws_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// With a certificate that nobody trusts; none for a server that runs already.
    pub(crate) fn wss_url(&self) -> String {
        format!("wss://{}", self.tls_address)
    }

    /// What it counted.
    ///
    /// # Errors
    /// A message when it does not answer, or not with JSON.
    pub(crate) fn stats(&self) -> Result<Value, String> {
        let failed = |why: &dyn std::fmt::Display| format!("{}/stats: {why}", self.http_url());
        let mut answer = String::new();
        let asked = TcpStream::connect(&self.address).and_then(|mut stream| {
            let host = &self.address;
            write!(stream, "GET /stats HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
            stream.read_to_string(&mut answer)
        });
        asked.map_err(|error| failed(&error))?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(|| failed(&"no answer"))?;
        serde_json::from_str(body).map_err(|error| failed(&error))
    }

    pub(crate) fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
