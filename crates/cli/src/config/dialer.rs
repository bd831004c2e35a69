//! How connections of a run are opened.

use std::sync::Arc;

use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink},
    options::Options,
};
use sockeye_net::{DialerConfig, Hosts, LocalPorts, Resolver, SystemRoots, TlsConfig, TlsOptions};

use super::{Mistakes, network, tls, tls::tls_options};
use crate::{
    built_in_server::BuiltInServer, diagnostic::Diagnostic, exit_code::ExitCode, logging::DialLoki,
    process::Process,
};

/// How modules are fetched: as the system does it, whatever the test does with names.
///
/// # Errors
/// A [`Diagnostic`] if TLS can't be set up.
pub(crate) fn loader_dialer(
    process: &Process,
    roots: &SystemRoots,
) -> Result<Arc<DialerConfig>, Diagnostic> {
    let tls = TlsConfig::new(&TlsOptions::new(roots.clone())).map_err(|error| failed(&error))?;
    Ok(Arc::new(DialerConfig { proxies: network::proxies(process), ..DialerConfig::new(tls) }))
}

/// How a Loki is reached that gets the log: as the system does it.
pub(crate) fn loki_dialer(process: &Process) -> DialLoki {
    let process = process.clone();
    Box::new(move |url| {
        // Reading the authorities takes a moment, so only who needs them does.
        let roots = match url.scheme() {
            "https" => tls::system_roots(&process, &Unheard),
            _ => SystemRoots::none(),
        };
        loader_dialer(&process, &roots).map_err(|error| error.message)
    })
}

/// A run says by itself what it can't read of the authorities.
struct Unheard;

impl LogSink for Unheard {
    fn log(&self, _record: LogRecord) {}
}

/// How VUs dial.
///
/// # Errors
/// A [`Diagnostic`] for an option's value that means nothing, or if TLS can't be set up.
pub(crate) fn dialer(
    options: &Options,
    process: &Process,
    roots: SystemRoots,
    server: Option<&BuiltInServer>,
    mistakes: &Mistakes<'_>,
    log: &dyn LogSink,
) -> Result<Arc<DialerConfig>, Diagnostic> {
    let mut tls = tls_options(options, process, roots, mistakes)?;
    let unavailable = tls.cipher_suites.unavailable().join("`, `");
    if !unavailable.is_empty() {
        let message =
            format!("cipher suites that sockeye does not have are not offered: `{unavailable}`");
        log.log(LogRecord::new(LogLevel::Warning, message));
    }
    tls.extra_roots.extend(server.map(|server| server.certificate.clone()));
    let hosts = match server {
        Some(server) => Hosts::everything(server.address, server.tls_address),
        None => network::hosts(options, mistakes)?,
    };
    let tls = TlsConfig::new(&tls).map_err(|error| failed(&error))?;
    let mut config = DialerConfig::new(tls);
    config.hosts = hosts;
    config.resolver = Resolver::new(network::dns(options));
    config.blocked = network::blocked(options, mistakes)?;
    config.local_ips = network::local_ips(options, mistakes)?;
    config.local_ports = LocalPorts::of_system();
    if server.is_none() {
        config.proxies = network::proxies(process);
    }
    Ok(Arc::new(config))
}

fn failed(error: &sockeye_net::TlsConfigError) -> Diagnostic {
    Diagnostic::from_error(ExitCode::Usage, error)
}
