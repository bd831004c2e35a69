//! The driver of one WebSocket: stream ↔ `ws::Connection` ↔ application, in one task. Each turn
//! reads what is there, lets the application answer, and writes all answers at once.

use std::future::Future;
use std::io;
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::sync::PoisonError;
use std::task::{Context, Poll};

use sockeye_ws::{CloseCode, Config, Connection, Event, Role, State};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::application::Application;
use crate::chat::Chatter;
use crate::echo::Pushes;
use crate::held::Held;
use crate::outbox::Outbox;
use crate::server::Worker;
use crate::speaker::Speaker;
use crate::stats::{Present, Stats};
use crate::upgrade::Upgrade;

/// Runs a session until its connection ends; `unread` came before it began.
pub(crate) async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    unread: &[u8],
    upgrade: Upgrade,
    worker: Worker,
) {
    let shutdown = worker.shared.shutdown.clone();
    let mut shutdown = pin!(shutdown.cancelled());
    let mut session = Session::new(stream, upgrade, worker);
    session.receive(&mut unread.to_vec());
    std::future::poll_fn(|cx| {
        if session.is_open() && shutdown.as_mut().poll(cx).is_ready() {
            session.close(CloseCode::GOING_AWAY, "the server is going away");
        }
        session.poll(cx)
    })
    .await;
}

struct Session<S> {
    stream: S,
    worker: Worker,
    /// Reads frames, answers control frames, and knows how far closing is.
    incoming: Connection,
    /// Encodes messages. Of its own, so that the application can answer while it borrows a
    /// message from `incoming`; compression has separate states for each direction anyway.
    outgoing: Connection,
    application: Application,
    outbox: Outbox,
    ending: Ending,
    /// What a peer must do in time, and until when. Only there while we wait for it.
    deadline: Option<(Duty, Pin<Box<Sleep>>)>,
    /// Dropped as soon as nothing more is said or heard.
    present: Option<Present>,
}

/// The end of the TCP connection.
#[derive(PartialEq, Eq)]
enum Ending {
    /// Not yet.
    No,
    /// Our side is about to be shut down: the server ends first (RFC 6455 §7.1.1).
    ShuttingDown,
    /// It is, and what still comes is thrown away: closing with unread bytes would send a RST,
    /// which can destroy the close frame before the peer has read it.
    Draining,
}

/// Whether a further read is worth a try before the stream wakes us.
#[derive(PartialEq, Eq)]
enum More {
    Perhaps,
    NotNow,
}

/// What a peer owes us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Duty {
    /// To read what we send.
    Read,
    /// To close.
    Close,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    fn new(stream: S, upgrade: Upgrade, worker: Worker) -> Self {
        let shared = &worker.shared;
        let limits = &shared.limits;
        let (max_message_size, deflate, application, close) = match upgrade {
            Upgrade::Chat(member) => {
                let chatter = Application::Chat(Chatter::new(member));
                (limits.max_chat_message_size, None, chatter, None)
            }
            Upgrade::Echo(plan, deflate) => {
                let pushes = plan.push.map(|(count, period)| Pushes::new(count, period));
                let held = plan.delay.map(|delay| Box::new(Held::new(delay)));
                let echo = Application::Echo { pushes, held };
                (limits.max_message_size, deflate, echo, plan.close)
            }
        };
        let config = Config { role: Role::Server, max_message_size, deflate };
        shared.stats.sessions_opened.increment();
        let present = shared.stats.sessions_open.enter();
        let mut session = Self {
            stream,
            incoming: Connection::new(config),
            outgoing: Connection::new(config),
            application,
            outbox: Outbox::default(),
            ending: Ending::No,
            deadline: None,
            present: Some(present),
            worker,
        };
        if let Some((code, reason)) = close {
            session.close(code, &reason);
        }
        session
    }

    fn is_open(&self) -> bool {
        self.incoming.state() == State::Open
    }

    /// Begins the closing handshake, unless it has begun.
    fn close(&mut self, code: CloseCode, reason: &str) {
        if !self.is_open() {
            return;
        }
        let mut codec = self.worker.codec.lock().unwrap_or_else(PoisonError::into_inner);
        let out = self.outbox.bytes();
        if self.incoming.close(&mut codec.writing, Some(code), reason, out).is_ok() {
            self.worker.shared.stats.sent.closes.increment();
        }
    }

    /// One turn. Ready when the connection is over and may be dropped.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Ok(more) = self.poll_receive(cx) else {
                // The peer ended without a close frame, but may still read what it is owed.
                let _ = self.outbox.poll_flush(&mut self.stream, cx);
                return Poll::Ready(());
            };
            self.poll_application(cx);
            let waiting = self.outbox.unwritten();
            let flushed = match self.outbox.poll_flush(&mut self.stream, cx) {
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => true,
                Poll::Pending => false,
            };
            if self.outbox.unwritten() < waiting && self.owes(Duty::Read) {
                self.deadline = None;
            }
            if !flushed || more == More::NotNow || self.holds_much() {
                break;
            }
            if self.incoming.state().is_finished() {
                if self.ending == Ending::No {
                    self.ending = Ending::ShuttingDown;
                    self.present = None;
                    self.application = Application::Over;
                }
                if self.poll_end(cx).is_ready() {
                    return Poll::Ready(());
                }
                break;
            }
        }
        self.poll_deadline(cx)
    }

    /// Whether so many answers wait for their time that nothing is read until some have gone. A
    /// timer wakes the session then.
    fn holds_much(&self) -> bool {
        self.is_open() && self.application.held_bytes() >= HIGH_WATER
    }

    /// Reads all there is, or until the answers fill the outbox: who does not read is not read.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> io::Result<More> {
        while self.outbox.unwritten() < HIGH_WATER
            && !self.holds_much()
            && !self.incoming.state().is_finished()
        {
            // On the stack, so that an idle session owns no buffer.
            let mut storage = [MaybeUninit::uninit(); READ_SIZE];
            let mut buffer = ReadBuf::uninit(&mut storage);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer)? {
                Poll::Pending => return Ok(More::NotNow),
                Poll::Ready(()) if buffer.filled().is_empty() => {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Poll::Ready(()) => self.receive(buffer.filled_mut()),
            }
        }
        Ok(More::Perhaps)
    }

    /// Takes bytes of the peer; answers go to the outbox in the order in which they were caused.
    fn receive(&mut self, input: &mut [u8]) {
        if input.is_empty() {
            return;
        }
        let may_speak = self.is_open();
        let heard = Instant::now();
        let stats = &self.worker.shared.stats;
        let application = &mut self.application;
        let mut codec = self.worker.codec.lock().unwrap_or_else(PoisonError::into_inner);
        let codec = &mut *codec;
        let mut speaker = Speaker {
            connection: &mut self.outgoing,
            cx: &mut codec.writing,
            out: self.outbox.bytes(),
            stats,
        };
        // Pongs and the echo of a close frame, and where among the answers each pong belongs.
        let mut automatic = Vec::new();
        let mut pongs = Vec::new();
        let result =
            self.incoming.receive(&mut codec.reading, input, &mut automatic, &mut |event| {
                count_received(&event, stats);
                if !may_speak {
                    return;
                }
                match event {
                    Event::Ping(payload) => {
                        stats.sent.pongs.increment();
                        pongs.push((speaker.out.len(), CONTROL_HEADER + payload.len()));
                    }
                    Event::Pong(_) => {}
                    Event::Close { .. } => stats.sent.closes.increment(),
                    Event::Text(text) => application.hear_text(text, heard, &mut speaker),
                    Event::Binary(data) => application.hear_binary(data, heard, &mut speaker),
                }
            });
        if result.is_err() && may_speak {
            stats.sent.closes.increment();
        }
        merge(self.outbox.bytes(), &automatic, &pongs);
    }

    /// Lets the application say what is due, and if there is room what it has to say unasked.
    fn poll_application(&mut self, cx: &mut Context<'_>) {
        if !self.is_open() {
            return;
        }
        let has_room = self.outbox.unwritten() < HIGH_WATER;
        let mut codec = self.worker.codec.lock().unwrap_or_else(PoisonError::into_inner);
        let mut speaker = Speaker {
            connection: &mut self.outgoing,
            cx: &mut codec.writing,
            out: self.outbox.bytes(),
            stats: &self.worker.shared.stats,
        };
        // Whatever is held is bounded by itself, and its timer is what reads on.
        self.application.poll_held(cx, &mut speaker);
        let kept_up =
            if has_room { self.application.poll_unasked(cx, &mut speaker) } else { Ok(()) };
        drop(codec);
        if kept_up.is_err() {
            self.worker.shared.stats.sessions_too_slow.increment();
            self.close(CloseCode::POLICY_VIOLATION, "too slow for this room");
        }
    }

    /// Ends the TCP connection once all is said. Ready when the peer has ended it too.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.ending == Ending::ShuttingDown {
            match Pin::new(&mut self.stream).poll_shutdown(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => self.ending = Ending::Draining,
            }
        }
        loop {
            let mut storage = [MaybeUninit::uninit(); READ_SIZE];
            let mut buffer = ReadBuf::uninit(&mut storage);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
            }
        }
    }

    /// Gives up on a peer that does not do its duty in time.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let limits = &self.worker.shared.limits;
        let (duty, limit) = match self.incoming.state() {
            State::Open if self.outbox.is_empty() => {
                self.deadline = None;
                return Poll::Pending;
            }
            State::Open => (Duty::Read, limits.stall_timeout),
            _ => (Duty::Close, limits.close_timeout),
        };
        if !self.owes(duty) {
            self.deadline = Some((duty, Box::pin(tokio::time::sleep(limit))));
        }
        match &mut self.deadline {
            Some((_, sleep)) => sleep.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }

    fn owes(&self, duty: Duty) -> bool {
        self.deadline.as_ref().is_some_and(|(owed, _)| *owed == duty)
    }
}

fn count_received(event: &Event<'_>, stats: &Stats) {
    let received = &stats.received;
    match event {
        Event::Text(text) => {
            received.text.increment();
            received.bytes.add(text.len());
        }
        Event::Binary(data) => {
            received.binary.increment();
            received.bytes.add(data.len());
        }
        Event::Ping(_) => received.pings.increment(),
        Event::Pong(_) => received.pongs.increment(),
        Event::Close { .. } => received.closes.increment(),
    }
}

/// Puts automatic replies among the answers: the n-th pong, whose length is known, where the n-th
/// ping came, and the rest (a close frame) at the end.
fn merge(answers: &mut Vec<u8>, automatic: &[u8], pongs: &[(usize, usize)]) {
    let Some(&(first, _)) = pongs.first() else { return answers.extend_from_slice(automatic) };
    let rest = answers.split_off(first);
    let (mut rest, mut position, mut automatic) = (&*rest, first, automatic);
    for &(next, length) in pongs {
        let (before, after) = rest.split_at(next - position);
        let (pong, others) = automatic.split_at_checked(length).unwrap_or((automatic, &[]));
        answers.extend_from_slice(before);
        answers.extend_from_slice(pong);
        (rest, position, automatic) = (after, next, others);
    }
    answers.extend_from_slice(rest);
    answers.extend_from_slice(automatic);
}

/// As much as one call reads; 16 messages of 1 kB.
const READ_SIZE: usize = 16 << 10;
/// Once this much waits to be written, or for its time, nothing is read.
const HIGH_WATER: usize = 256 << 10;
/// RFC 6455 §5.2: two bytes, for servers do not mask and control frames are short.
const CONTROL_HEADER: usize = 2;

#[cfg(test)]
mod tests {
    use super::merge;

    #[test]
    fn pongs_stay_where_their_pings_came() {
        let check = |answers: &str, automatic: &str, pongs: &[(usize, usize)], expect: &str| {
            let mut merged = answers.as_bytes().to_vec();
            merge(&mut merged, automatic.as_bytes(), pongs);
            assert_eq!(String::from_utf8(merged).unwrap(), expect);
        };
        check("", "pqc", &[(0, 1), (0, 1)], "pqc");
        check("ab", "c", &[], "abc");
        check("ab", "ppqc", &[(1, 2), (2, 1)], "appbqc");
        check("ab", "pq", &[(0, 1), (0, 1)], "pqab");
    }
}
