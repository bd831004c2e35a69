//! What the handles of a socket, its task and the worker's flusher share: the codec, the queue and the
//! stream.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll, Waker, ready};

use sockeye_ws::{CloseCode, Connection, Context, ProtocolError};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};

use super::outbox::Outbox;
use crate::buffers::WorkerBuffers;
use crate::stream::Stream;

/// One socket, as its handles, its task and the flusher see it.
pub(super) struct Shared {
    pub(super) buffers: Rc<WorkerBuffers>,
    /// Borrowed while bytes are decoded, and so while the handler hears events.
    pub(super) protocol: RefCell<Protocol>,
    /// What was submitted while the codec was busy, in order; the task encodes it.
    deferred: RefCell<Vec<Deferred>>,
    buffered: Cell<u64>,
    aborted: Cell<bool>,
    /// Set while the owner wants to hear no more for now.
    paused: Cell<bool>,
    /// Set when the socket's task has ended.
    finished: Cell<bool>,
    /// True from a wake-up until the task has nothing left to do, so that many sends in a row
    /// wake it once, and its own handler never does.
    awake: Cell<bool>,
    /// Set while the worker's flusher is to write what is queued.
    flushes: Cell<bool>,
    waker: RefCell<Option<Waker>>,
    /// Who waits until less is queued.
    drained: RefCell<Option<Waker>>,
}

/// The codec, what it has written, and where that goes.
pub(super) struct Protocol {
    pub(super) connection: Connection,
    /// None while nothing is queued.
    pub(super) outbox: Option<Box<Outbox>>,
    /// None once the socket is gone.
    stream: Option<Stream>,
}

/// Something to be encoded.
#[derive(Clone, Copy)]
pub(super) enum Command<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping(&'a [u8]),
    Close(Option<CloseCode>, &'a str),
}

enum Deferred {
    Text(Box<str>),
    Binary(Box<[u8]>),
    Ping(Box<[u8]>),
    Close(Option<CloseCode>, Box<str>),
}

impl Shared {
    pub(super) fn new(connection: Connection, stream: Stream, buffers: Rc<WorkerBuffers>) -> Self {
        Self {
            buffers,
            protocol: RefCell::new(Protocol { connection, outbox: None, stream: Some(stream) }),
            deferred: RefCell::default(),
            buffered: Cell::new(0),
            aborted: Cell::new(false),
            paused: Cell::new(false),
            finished: Cell::new(false),
            // The task is polled once before it waits for anything.
            awake: Cell::new(true),
            flushes: Cell::new(false),
            waker: RefCell::new(None),
            drained: RefCell::new(None),
        }
    }

    /// Drops the connection when the task has its turn.
    pub(super) fn abort(&self) {
        self.aborted.set(true);
        self.wake();
    }

    pub(super) fn pause(&self) {
        self.paused.set(true);
    }

    pub(super) fn resume(&self) {
        if self.paused.replace(false) {
            self.wake();
        }
    }

    pub(super) fn buffered(&self) -> u64 {
        self.buffered.get()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished.get()
    }

    /// Wakes when something was written, or the socket is gone.
    pub(super) fn wake_when_drained(&self, waker: &Waker) {
        *self.drained.borrow_mut() = Some(waker.clone());
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.aborted.get()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused.get()
    }

    fn has_deferred(&self) -> bool {
        !self.deferred.borrow().is_empty()
    }

    /// Encodes what was submitted while the codec was busy.
    pub(super) fn encode_deferred(&self) {
        if !self.has_deferred() {
            return;
        }
        for command in self.deferred.take() {
            let encoded = self.encode_command(command.as_command());
            debug_assert!(encoded, "the codec is free between turns");
        }
    }

    fn shrink_buffered(&self, bytes: u64) {
        self.buffered.set(self.buffered.get() - bytes);
        if bytes > 0 {
            self.wake_drained();
        }
    }

    fn wake_drained(&self) {
        if let Some(waker) = self.drained.take() {
            waker.wake();
        }
    }

    /// The task is at work.
    pub(super) fn set_awake(&self) {
        self.awake.set(true);
    }

    /// The task is about to wait.
    pub(super) fn set_waiting(&self, waker: &Waker) {
        let mut known = self.waker.borrow_mut();
        match &mut *known {
            Some(known) => known.clone_from(waker),
            None => *known = Some(waker.clone()),
        }
        self.awake.set(false);
    }

    /// The socket is gone: what is sent from now on goes nowhere.
    pub(super) fn finish(&self) {
        self.finished.set(true);
        self.deferred.take();
        // It would keep the ended task's memory for as long as a handle lives.
        self.waker.take();
        let mut protocol = self.protocol.borrow_mut();
        (protocol.outbox, protocol.stream) = (None, None);
        drop(protocol);
        self.wake_drained();
    }

    pub(super) fn grow_buffered(&self, bytes: usize) {
        self.buffered.set(self.buffered.get() + bytes as u64);
    }

    pub(super) fn submit(self: &Rc<Self>, command: Command<'_>) {
        if self.finished.get() {
            return;
        }
        // Order: what waits goes first.
        if self.has_deferred() || !self.encode_command(command) {
            self.deferred.borrow_mut().push(command.to_deferred());
        } else if !self.awake.get()
            && !matches!(command, Command::Close(..))
            && (self.flushes.get() || self.buffers.flusher.add(self))
        {
            self.flushes.set(true);
            return;
        }
        self.wake();
    }

    /// Writes what is queued. The task need not run for it, unless there is more to do.
    pub(super) fn flush(&self) {
        self.flushes.set(false);
        // The task will do it, or did.
        if self.awake.get() || self.finished.get() {
            return;
        }
        let Some(waker) = self.waker.borrow().clone() else { return };
        match self.poll_write_queue(&mut task::Context::from_waker(&waker)) {
            Poll::Ready(Ok(())) if !self.protocol.borrow().connection.holds_pongs() => {}
            // The task is woken when there is room again.
            Poll::Pending => {}
            Poll::Ready(_) => self.wake(),
        }
    }

    pub(super) fn poll_read(
        &self,
        cx: &mut task::Context<'_>,
        target: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.protocol.borrow_mut().stream {
            Some(stream) => Pin::new(stream).poll_read(cx, target),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Writes until the queue is empty.
    pub(super) fn poll_write_queue(&self, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        let Protocol { outbox, stream, .. } = &mut *self.protocol.borrow_mut();
        let Some(stream) = stream else { return Poll::Ready(Ok(())) };
        loop {
            let Some(queue) = outbox else { return Poll::Ready(Ok(())) };
            // TLS keeps what it has encrypted; only after a flush is it with the kernel.
            ready!(Pin::new(&mut *stream).poll_flush(cx))?;
            self.shrink_buffered(queue.release());
            if queue.unwritten().is_empty() {
                if let Some(queue) = outbox.take() {
                    self.buffers.return_outbox(queue);
                }
                return Poll::Ready(Ok(()));
            }
            let written = ready!(Pin::new(&mut *stream).poll_write(cx, queue.unwritten()))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            queue.advance(written);
        }
    }

    pub(super) fn poll_shutdown(&self, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.protocol.borrow_mut().stream {
            Some(stream) => Pin::new(stream).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    /// False if the codec is busy.
    fn encode_command(&self, command: Command<'_>) -> bool {
        self.encode_with(|connection, codec, queue| {
            let out = queue.bytes_mut();
            // The only error left is that the connection is closing, when nothing is to be sent.
            match command {
                Command::Text(text) => {
                    if connection.send_text(codec, text, out).is_ok() {
                        queue.mark_message(text.len() as u64);
                    }
                }
                Command::Binary(data) => {
                    if connection.send_binary(codec, data, out).is_ok() {
                        queue.mark_message(data.len() as u64);
                    }
                }
                Command::Ping(payload) => {
                    let _ = connection.ping(codec, payload, out);
                }
                Command::Close(code, reason) => {
                    let _ = connection.close(codec, code, reason, out);
                }
            }
        })
    }

    /// Fails the connection (RFC 6455 §7.1.7).
    pub(super) fn fail(&self, error: ProtocolError) {
        let failed = self.encode_with(|connection, codec, queue| {
            connection.fail(codec, error, queue.bytes_mut());
        });
        debug_assert!(failed, "the codec is free between turns");
    }

    /// Answers the latest ping, if its pong was held back; whether it was.
    pub(super) fn release_pong(&self) -> bool {
        let holds = self.protocol.borrow().connection.holds_pongs();
        holds
            && self.encode_with(|connection, codec, queue| {
                connection.release_pong(codec, queue.bytes_mut());
            })
    }

    /// Lends `work` the codec and the queue; false if the codec is busy.
    fn encode_with(&self, work: impl FnOnce(&mut Connection, &mut Context, &mut Outbox)) -> bool {
        let Ok(mut protocol) = self.protocol.try_borrow_mut() else { return false };
        let Some(mut codec) = self.buffers.take_codec() else { return false };
        let Protocol { connection, outbox, .. } = &mut *protocol;
        let mut queue = outbox.take().unwrap_or_else(|| self.buffers.take_outbox());
        work(connection, &mut codec, &mut queue);
        self.keep(outbox, queue);
        self.buffers.return_codec(codec);
        true
    }

    /// Puts a queue back into its place, or into the worker's pool if it is empty.
    pub(super) fn keep(&self, place: &mut Option<Box<Outbox>>, queue: Box<Outbox>) {
        if queue.unwritten().is_empty() {
            self.buffers.return_outbox(queue);
        } else {
            *place = Some(queue);
        }
    }

    fn wake(&self) {
        if !self.awake.replace(true)
            && let Some(waker) = &*self.waker.borrow()
        {
            waker.wake_by_ref();
        }
    }
}

impl Command<'_> {
    fn to_deferred(self) -> Deferred {
        match self {
            Self::Text(text) => Deferred::Text(text.into()),
            Self::Binary(data) => Deferred::Binary(data.into()),
            Self::Ping(payload) => Deferred::Ping(payload.into()),
            Self::Close(code, reason) => Deferred::Close(code, reason.into()),
        }
    }
}

impl Deferred {
    fn as_command(&self) -> Command<'_> {
        match self {
            Self::Text(text) => Command::Text(text),
            Self::Binary(data) => Command::Binary(data),
            Self::Ping(payload) => Command::Ping(payload),
            Self::Close(code, reason) => Command::Close(*code, reason),
        }
    }
}
