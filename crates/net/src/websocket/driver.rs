//! The only loop of a socket: stream ↔ `ws::Connection` ↔ handles and handler. One task per
//! socket; each turn reads what is there, hands out events, then writes all that is queued.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use sockeye_ws::{Event, ProtocolError, State};
use tokio::io::ReadBuf;
use tokio::time::Sleep;

use super::event::{Closed, Handler, SocketEvent};
use super::shared::{Protocol, Shared};
use crate::error::{NetError, Operation};
use crate::trace::Peers;

/// The task of one socket. Ends when the TCP connection has, after [`SocketEvent::Closed`].
pub(super) struct Driver {
    shared: Rc<Shared>,
    handler: Box<dyn Handler>,
    peers: Peers,
    /// What came in the same packets as the response to the handshake, and when.
    first_bytes: Option<(Vec<u8>, Instant)>,
    close_timeout: Duration,
    /// Runs while the connection is closing; made when that begins.
    deadline: Option<Pin<Box<Sleep>>>,
    phase: Phase,
    /// Set when writing failed; what is still there to be read is read.
    write_error: Option<NetError>,
}

enum Phase {
    /// The peer may still say something that matters.
    Talking,
    /// The peer broke the protocol; the connection is failed as soon as the messages that came in
    /// good order before that could be answered.
    Failing(Failing),
    /// All is said: flush, then wait for the peer to end the TCP connection.
    Ending(Ending),
}

struct Failing {
    error: ProtocolError,
    at: Instant,
    /// Over when the other tasks of this thread had their turn.
    grace: Pin<Box<dyn Future<Output = ()>>>,
}

struct Ending {
    closed: Closed,
    /// Whether we end our side as soon as all is written. A server that shook hands is given the
    /// chance to go first (RFC 6455 §7.1.1), so that it keeps the TIME_WAIT and not we.
    shut_down: bool,
}

impl Driver {
    pub(super) fn new(
        shared: Rc<Shared>,
        handler: Box<dyn Handler>,
        peers: Peers,
        first_bytes: (Vec<u8>, Instant),
        close_timeout: Duration,
    ) -> Self {
        Self {
            shared,
            handler,
            peers,
            first_bytes: Some(first_bytes),
            close_timeout,
            deadline: None,
            phase: Phase::Talking,
            write_error: None,
        }
    }

    /// One turn: the end of the socket, if it has come.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<(Closed, Instant)> {
        if self.shared.is_aborted() {
            return Poll::Ready((Closed::abnormal(None), Instant::now()));
        }
        self.shared.encode_deferred();
        if let Phase::Failing(failing) = &mut self.phase {
            if failing.grace.as_mut().poll(cx).is_pending() {
                self.write(cx);
                return self.check_time(cx);
            }
            let &mut Failing { error, at, .. } = failing;
            self.fail(error, at);
        }
        if let Some((mut bytes, at)) = self.first_bytes.take() {
            self.hear(&mut bytes, at);
        }
        if let Poll::Ready(end) = self.read(cx) {
            return Poll::Ready(end);
        }
        if self.shared.is_aborted() {
            return Poll::Ready((Closed::abnormal(None), Instant::now()));
        }
        self.write(cx);
        self.check_time(cx)
    }

    /// Reads until nothing is there, or others should have a turn.
    fn read(&mut self, cx: &mut Context<'_>) -> Poll<(Closed, Instant)> {
        let mut buffer = self.shared.buffers.take_read();
        let mut reads_left = READS_PER_TURN;
        let end = loop {
            if self.shared.is_aborted() || self.is_paused() {
                break Poll::Pending;
            }
            if matches!(self.phase, Phase::Failing(..)) {
                cx.waker().wake_by_ref();
                break Poll::Pending;
            }
            if reads_left == 0 {
                yield_to_timers(cx);
                break Poll::Pending;
            }
            reads_left -= 1;
            let mut target = ReadBuf::new(&mut buffer);
            let Poll::Ready(result) = self.shared.poll_read(cx, &mut target) else {
                break Poll::Pending;
            };
            let at = Instant::now();
            match result {
                Ok(()) if !target.filled().is_empty() => self.hear(target.filled_mut(), at),
                Ok(()) => break Poll::Ready((self.end_of_stream(None), at)),
                Err(error) => break Poll::Ready((self.end_of_stream(Some(&error)), at)),
            }
        };
        self.shared.buffers.return_read(buffer);
        end
    }

    /// Once all is said, what still comes is thrown away: it may.
    fn is_paused(&self) -> bool {
        self.shared.is_paused() && matches!(self.phase, Phase::Talking)
    }

    /// Takes bytes that were read at `at`.
    fn hear(&mut self, bytes: &mut [u8], at: Instant) {
        // RFC 6455 §1.4: after the close frame, data is discarded.
        if bytes.is_empty() || matches!(self.phase, Phase::Ending(_)) {
            return;
        }
        let result = {
            let (shared, handler) = (&*self.shared, &mut self.handler);
            let mut protocol = shared.protocol.borrow_mut();
            let Protocol { connection, outbox, .. } = &mut *protocol;
            let mut queue = outbox.take().unwrap_or_else(|| shared.buffers.take_outbox());
            let mut codec = shared.buffers.take_codec().unwrap_or_default();
            if queue.unwritten().len() > MAX_BACKLOG_FOR_PONGS {
                connection.hold_pongs();
            }
            let sink = &mut |event: Event<'_>| {
                if shared.is_aborted() {
                    return;
                }
                let event = match event {
                    Event::Text(text) => SocketEvent::Text(text),
                    Event::Binary(data) => SocketEvent::Binary(data),
                    Event::Ping(payload) => SocketEvent::Ping(payload),
                    Event::Pong(payload) => SocketEvent::Pong(payload),
                    Event::Close { .. } => SocketEvent::Closing,
                };
                handler.on_event(event, at);
            };
            let out = queue.bytes_mut();
            let result = connection.receive_until_error(&mut codec, bytes, out, sink);
            shared.buffers.return_codec(codec);
            shared.keep(outbox, queue);
            result
        };
        self.shared.encode_deferred();
        if let Err(error) = result {
            self.phase = Phase::Failing(Failing { error, at, grace: Box::pin(grace()) });
        } else if let Some((code, reason)) = self.received_close() {
            let closed = Closed { code, reason, was_clean: true, error: None };
            self.end(Ending { closed, shut_down: false });
        }
    }

    /// Fails the connection (RFC 6455 §7.1.7) for what was read at `at`.
    fn fail(&mut self, error: ProtocolError, at: Instant) {
        self.shared.fail(error);
        self.end(Ending { closed: failed(error), shut_down: true });
        self.handler.on_event(SocketEvent::Closing, at);
    }

    fn received_close(&self) -> Option<(Option<u16>, String)> {
        let protocol = self.shared.protocol.borrow();
        let (code, reason) = protocol.connection.received_close()?;
        Some((code.map(sockeye_ws::CloseCode::as_u16), reason.to_owned()))
    }

    fn end(&mut self, ending: Ending) {
        self.phase = Phase::Ending(ending);
        // From here on only the peer's FIN is missing; a peer that forgets it is not waited for
        // as long as one that owes us a close frame.
        let wait = self.close_timeout.min(PEER_FIN_TIMEOUT);
        self.deadline = Some(Box::pin(tokio::time::sleep(wait)));
    }

    /// The peer ended the TCP connection, or it broke.
    fn end_of_stream(&mut self, error: Option<&io::Error>) -> Closed {
        if let Some(closed) = self.phase.known_end() {
            return closed;
        }
        let state = self.shared.protocol.borrow().connection.state();
        let error = match error {
            // TLS without close_notify is as good as FIN.
            Some(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                Some(self.peers.error(Operation::Read, error))
            }
            // We had said that we are done: this is not how to end it, but no failure.
            _ if state != State::Open => None,
            _ => self.write_error.take().or(Some(NetError::AbnormalClosure)),
        };
        Closed::abnormal(error)
    }

    /// Writes what is queued; an error is kept for when reading ends.
    fn write(&mut self, cx: &mut Context<'_>) {
        if self.write_error.is_some() {
            return;
        }
        let mut result = self.shared.poll_write_queue(cx);
        if matches!(result, Poll::Ready(Ok(()))) && self.shared.release_pong() {
            result = self.shared.poll_write_queue(cx);
        }
        if let (Poll::Ready(Ok(())), Phase::Ending(Ending { shut_down: true, .. })) =
            (&result, &self.phase)
        {
            result = self.shared.poll_shutdown(cx);
        }
        if let Poll::Ready(Err(error)) = result {
            self.write_error = Some(self.peers.error(Operation::Write, &error));
            // Nobody reads what is queued. Reading tells soon that the connection is dead; if
            // not, time does.
            self.shared.protocol.borrow_mut().outbox = None;
            if self.deadline.is_none() {
                let wait = self.close_timeout.min(PEER_FIN_TIMEOUT);
                self.deadline = Some(Box::pin(tokio::time::sleep(wait)));
            }
        }
    }

    /// Starts the time limit when closing begins, and ends the socket when it is up.
    fn check_time(&mut self, cx: &mut Context<'_>) -> Poll<(Closed, Instant)> {
        if self.deadline.is_none() {
            if self.shared.protocol.borrow().connection.state() == State::Open {
                return Poll::Pending;
            }
            self.deadline = Some(Box::pin(tokio::time::sleep(self.close_timeout)));
        }
        if let Some(deadline) = &mut self.deadline {
            ready!(deadline.as_mut().poll(cx));
        }
        let known = self.phase.known_end();
        let closed = known.unwrap_or_else(|| Closed::abnormal(self.write_error.take()));
        Poll::Ready((closed, Instant::now()))
    }
}

impl Phase {
    /// How the socket ends, once that is settled.
    fn known_end(&self) -> Option<Closed> {
        match self {
            Self::Talking => None,
            Self::Failing(failing) => Some(failed(failing.error)),
            Self::Ending(ending) => Some(ending.closed.clone()),
        }
    }
}

/// One turn of the others for what they had begun, and one for what they have heard since.
async fn grace() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

fn failed(error: ProtocolError) -> Closed {
    let close_code = error.close_code().as_u16();
    Closed::abnormal(Some(NetError::Protocol { reason: error.to_string(), close_code }))
}

impl Future for Driver {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        self.shared.set_awake();
        let turn = self.turn(cx);
        match turn {
            Poll::Ready((closed, at)) => Poll::Ready(End { closed, at }),
            Poll::Pending => {
                self.shared.set_waiting(cx.waker());
                Poll::Pending
            }
        }
    }
}

/// How a driver ended.
pub(super) struct End {
    closed: Closed,
    at: Instant,
}

/// Runs a driver to its end: the stream is gone before the handler hears of it.
pub(super) async fn drive(mut driver: Driver) {
    let End { closed, at } = Pin::new(&mut driver).await;
    let Driver { shared, mut handler, .. } = driver;
    shared.finish();
    handler.on_event(SocketEvent::Closed(closed), at);
}

/// Wakes the task when the thread has looked at its timers and other sockets. A plain wake-up would
/// put it into the queue of the `LocalSet`, which runs dozens of turns before that.
fn yield_to_timers(cx: &mut Context<'_>) {
    let pending = pin!(tokio::task::yield_now()).poll(cx);
    debug_assert!(pending.is_pending(), "it is ready when it is woken");
}

/// So that a socket with a torrent of data leaves the thread to others now and then.
const READS_PER_TURN: usize = 16;
/// How much output may wait before only the latest ping is answered, so that a peer that sends
/// pings and does not read costs no memory. Reading itself never waits for writing: an echo
/// server that waits in turn for us would never come to an end.
const MAX_BACKLOG_FOR_PONGS: usize = 64 * 1024;
/// How long the peer may take to end the TCP connection once all is said; what Chrome waits.
const PEER_FIN_TIMEOUT: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;

    use tokio::net::UdpSocket;
    use tokio::task::{LocalSet, spawn_local};

    use super::*;

    #[test]
    fn a_torrent_lets_the_thread_look_at_its_sockets() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        LocalSet::new().block_on(&runtime, async {
            let turns = Rc::new(Cell::new(0));
            let counter = turns.clone();
            let torrent = spawn_local(poll_fn(move |cx| {
                counter.set(counter.get() + 1);
                yield_to_timers(cx);
                Poll::<()>::Pending
            }));
            let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
            let address = socket.local_addr().unwrap();
            std::net::UdpSocket::bind(("127.0.0.1", 0)).unwrap().send_to(&[1], address).unwrap();
            socket.readable().await.unwrap();
            torrent.abort();
            assert!(turns.get() < 10, "{} turns", turns.get());
        });
    }
}
