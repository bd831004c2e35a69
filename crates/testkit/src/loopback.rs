//! A TCP server on the loopback interface with a thread of its own, stopped when dropped.
//! What it does with a connection is the caller's.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::oneshot;

/// A running loopback server. Dropping it ends its connections and joins its thread.
#[derive(Debug)]
pub struct Loopback {
    /// Where it listens: 127.0.0.1 and a port of the system's choice.
    pub address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Loopback {
    /// Listens and hands each connection to `serve`, each in a task of its own.
    ///
    /// # Panics
    /// If the machine gives no loopback port or no thread: a test cannot go on without.
    pub fn start<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener =
            std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
        listener.set_nonblocking(true).expect("a listener can be made non-blocking");
        let address = listener.local_addr().expect("a bound listener has an address");
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("loopback peer".to_owned())
            .spawn(move || {
                let runtime = runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a current-thread runtime can be built");
                runtime.block_on(async {
                    let listener =
                        TcpListener::from_std(listener).expect("the runtime takes the listener");
                    tokio::select! {
                        () = accept(listener, count, serve) => {}
                        // Err: the sender was dropped, which is the signal.
                        _ = stopped => {}
                    }
                });
            })
            .expect("a thread can be started");
        Self { address, accepted, stop: Some(stop), thread: Some(thread) }
    }

    /// How many connections were accepted so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Acquire)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the peer's thread has printed itself; a second one here would abort.
            let _ = thread.join();
        }
    }
}

async fn accept<F>(
    listener: TcpListener,
    accepted: Arc<AtomicUsize>,
    serve: impl Fn(TcpStream) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors or a connection that died in the queue: take the next one.
            tokio::task::yield_now().await;
            continue;
        };
        accepted.fetch_add(1, Ordering::AcqRel);
        tokio::spawn(serve(stream));
    }
}
