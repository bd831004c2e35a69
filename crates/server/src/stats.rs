//! What the server counted: the other side's view of a load test, shown by `/stats`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::durations::Durations;

/// Counters of one server, written by all of its connections.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// WebSocket sessions that were opened.
    pub(crate) sessions_opened: Counter,
    /// WebSocket sessions open now.
    pub(crate) sessions_open: Gauge,
    /// Upgrade requests that were refused.
    pub(crate) sessions_rejected: Counter,
    /// Members of a room dropped because they did not keep up.
    pub(crate) sessions_too_slow: Counter,
    /// From clients.
    pub(crate) received: Traffic,
    /// To clients; counted when handed to the socket's buffer.
    pub(crate) sent: Traffic,
    /// How long answers were held that a client asked to be held: from the read of their message
    /// to the socket's buffer.
    pub(crate) held: Durations,
    /// Of the same clients: from the read of a message to the read of the next of its session.
    pub(crate) turn: Durations,
    /// HTTP requests, upgrades included, those for `/stats` not.
    pub(crate) http_requests: Counter,
    /// TCP connections accepted.
    pub(crate) connections_accepted: Counter,
    /// TCP connections open now.
    pub(crate) connections_open: Gauge,
    /// TCP connections turned away for want of room.
    pub(crate) connections_refused: Counter,
    /// Bytes read from all sockets, TLS and HTTP included.
    pub(crate) wire_received: Counter,
    /// Bytes written to all sockets, TLS and HTTP included.
    pub(crate) wire_sent: Counter,
}

/// WebSocket messages and control frames in one direction.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Text messages.
    pub(crate) text: Counter,
    /// Binary messages.
    pub(crate) binary: Counter,
    /// Ping frames.
    pub(crate) pings: Counter,
    /// Pong frames.
    pub(crate) pongs: Counter,
    /// Close frames.
    pub(crate) closes: Counter,
    /// Payload bytes of text and binary messages, uncompressed.
    pub(crate) bytes: Counter,
}

impl Stats {
    /// The JSON shape of `/stats`.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "sessions": {
                "opened": self.sessions_opened.value(),
                "open": self.sessions_open.value(),
                "rejected": self.sessions_rejected.value(),
                "too_slow": self.sessions_too_slow.value(),
            },
            "received": self.received.to_json(),
            "sent": self.sent.to_json(),
            "held_ms": self.held.to_json(),
            "turn_ms": self.turn.to_json(),
            "http": { "requests": self.http_requests.value() },
            "connections": {
                "accepted": self.connections_accepted.value(),
                "open": self.connections_open.value(),
                "refused": self.connections_refused.value(),
                "bytes_received": self.wire_received.value(),
                "bytes_sent": self.wire_sent.value(),
            },
        })
    }

    /// Sets all to zero but what is open now.
    pub(crate) fn reset(&self) {
        for counter in [
            &self.sessions_opened,
            &self.sessions_rejected,
            &self.sessions_too_slow,
            &self.http_requests,
            &self.connections_accepted,
            &self.connections_refused,
            &self.wire_received,
            &self.wire_sent,
        ] {
            counter.reset();
        }
        self.received.reset();
        self.sent.reset();
        self.held.reset();
        self.turn.reset();
    }
}

impl Traffic {
    fn to_json(&self) -> Value {
        let (text, binary) = (self.text.value(), self.binary.value());
        json!({
            "messages": text + binary,
            "text": text,
            "binary": binary,
            "pings": self.pings.value(),
            "pongs": self.pongs.value(),
            "closes": self.closes.value(),
            "bytes": self.bytes.value(),
        })
    }

    fn reset(&self) {
        for counter in
            [&self.text, &self.binary, &self.pings, &self.pongs, &self.closes, &self.bytes]
        {
            counter.reset();
        }
    }
}

/// A number that only grows, until it is reset.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub(crate) fn increment(&self) {
        self.add(1);
    }

    /// Many more.
    pub(crate) fn add(&self, count: usize) {
        // Relaxed: no other memory is published by a counter.
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// The count so far.
    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// How many of something there are now.
#[derive(Debug, Default)]
pub(crate) struct Gauge(Arc<AtomicU64>);

impl Gauge {
    /// One more, until the returned value is dropped.
    pub(crate) fn enter(&self) -> Present {
        self.0.fetch_add(1, Ordering::Relaxed);
        Present(Arc::clone(&self.0))
    }

    /// How many there are now.
    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One of those that a [`Gauge`] counts.
#[derive(Debug)]
pub(crate) struct Present(Arc<AtomicU64>);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
