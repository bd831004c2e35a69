//! The listener: connections in, requests to their answers.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use super::{ApiRun, respond};
use crate::{diagnostic::Diagnostic, exit_code::ExitCode};

/// The API before there is a run to speak of. Requests wait.
#[derive(Debug)]
pub(crate) struct ApiServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl ApiServer {
    /// Listens. An address without a host means all of the machine's.
    ///
    /// # Errors
    /// A [`Diagnostic`] if the address can't be had, such as because another run has it.
    pub(crate) async fn bind(address: &str) -> Result<Self, Diagnostic> {
        let full =
            if address.starts_with(':') { format!("0.0.0.0{address}") } else { address.to_owned() };
        let failed = |error: std::io::Error| {
            // k6: its words.
            Diagnostic::new(ExitCode::ApiServer, "Error from API server")
                .field("error", format!("listen tcp {address}: {error}"))
                .hint("use another `--address`, such as localhost:0 for any free port")
        };
        let listener = TcpListener::bind(&full).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers from now on, until the result is dropped.
    pub(crate) fn serve(self, run: ApiRun) -> Serving {
        Serving(tokio::spawn(accept(self.listener, Arc::new(run))))
    }
}

/// The API at work.
#[derive(Debug)]
pub(crate) struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn accept(listener: TcpListener, run: Arc<ApiRun>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() < MOST_CONNECTIONS => {
                    connections.spawn(serve(stream, Arc::clone(&run)));
                }
                Ok(_) => {}
                // Such as no more files: not at once again.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Those who control a test are few.
const MOST_CONNECTIONS: usize = 256;

async fn serve(stream: TcpStream, run: Arc<ApiRun>) {
    let service = service_fn(|request: Request<Incoming>| {
        let run = Arc::clone(&run);
        async move { Ok::<_, Infallible>(respond::respond(request, &run).await) }
    });
    // An error is the client's: bytes that are no HTTP, a reset, a head that never ends.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
