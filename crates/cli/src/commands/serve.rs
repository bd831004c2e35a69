//! `sockeye serve`: the built-in server in the foreground, until a signal or its parent ends it.

use std::{io, num::NonZeroUsize, thread};

use sockeye_server::{Server, ServerConfig};
use tokio_util::sync::CancellationToken;

use crate::{
    args::ServeArgs, diagnostic::Diagnostic, exit_code::ExitCode, process::Signals,
    ui::screen::Screen,
};

/// Serves until stopped.
///
/// # Errors
/// A [`Diagnostic`] if an address can't be had or the system refuses threads.
pub(crate) fn serve(args: &ServeArgs, screen: &Screen) -> Result<ExitCode, Diagnostic> {
    let config = ServerConfig {
        address: args.address,
        tls_address: args.tls_address,
        ..ServerConfig::default()
    };
    let server = Server::bind(config).map_err(|error| failed(&error))?;
    let shutdown = CancellationToken::new();
    // A parent tells by closing the pipe that it is gone or needs the server no more.
    let watch = if args.stop_with_stdin { watch_stdin } else { watch_signals };
    watch(shutdown.clone()).map_err(|error| failed(&error))?;
    screen.print(&announcement(&server, args.json));
    let threads = args.threads.or_else(|| thread::available_parallelism().ok());
    let threads = threads.unwrap_or(NonZeroUsize::MIN);
    server.run_on_threads(threads, &shutdown).map_err(|error| failed(&error))?;
    Ok(ExitCode::Ok)
}

/// A thread that cancels `shutdown` at the end of standard input. Nobody waits for it: the read may
/// never return.
fn watch_stdin(shutdown: CancellationToken) -> io::Result<()> {
    let watch = move || {
        // Whether it ends or fails, there is nobody left on the other side.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        shutdown.cancel();
    };
    thread::Builder::new().name("stdin".to_owned()).spawn(watch).map(drop)
}

/// A thread that cancels `shutdown` on a signal.
fn watch_signals(shutdown: CancellationToken) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    let watch = move || {
        runtime.block_on(signals.next());
        shutdown.cancel();
    };
    thread::Builder::new().name("signals".to_owned()).spawn(watch).map(drop)
}

fn announcement(server: &Server, json: bool) -> String {
    let address = server.address();
    let tls = server.tls_address();
    if json {
        let line = serde_json::json!({
            "address": address.to_string(),
            "tlsAddress": tls.map(|address| address.to_string()),
            "certificate": server.certificate_pem(),
        });
        return format!("{line}\n");
    }
    let over_tls = match tls {
        Some(tls) => format!("        https://{tls} and wss://{tls}: the same over TLS\n"),
        None => String::new(),
    };
    format!(
        "serving http://{address} (/, /get, /post, /status/CODE, /delay/SECONDS, /headers, \
         /cookies/set)\n        ws://{address}/ws (chat), ws://{address}/echo\n{over_tls}"
    )
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Diagnostic {
    Diagnostic::from_error(ExitCode::Usage, error)
}
