//! The HTTP/2 connections of one virtual user: who asks first dials, the others wait for it.

use std::cell::RefCell;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::rc::Rc;

use tokio::sync::Notify;

use super::link::{Dialled, Link, Seat, dial};
use crate::dial::Dialer;
use crate::error::NetError;
use crate::identity::ClientIdentity;
use crate::stream::Stream;
use crate::target::Target;
use crate::trace::{Peers, Step, Trace};

/// The HTTP/2 connections of one virtual user. They stay open while the pool lives.
#[derive(Default)]
pub struct Http2Pool {
    places: RefCell<Vec<Place>>,
}

/// What is known of one server.
struct Place {
    key: Key,
    /// It does not announce RFC 8441, so it is not asked again.
    is_http1: bool,
    links: Vec<Rc<Link>>,
    dialing: Option<Rc<Dialing>>,
}

/// Sockets share a connection if none of this differs.
#[derive(Clone, PartialEq)]
struct Key {
    host: String,
    port: u16,
    tls: bool,
    unix_socket: Option<PathBuf>,
    local_ip: Option<IpAddr>,
    identity: Option<ClientIdentity>,
}

/// A dial that others wait for.
#[derive(Default)]
struct Dialing {
    over: Notify,
    error: RefCell<Option<NetError>>,
}

/// Where a socket can be opened.
pub(super) enum Way {
    /// On this connection.
    Http2(Seat),
    /// Over HTTP/1.1; on this connection if there is one.
    Http1(Option<(Stream, Peers)>),
}

impl Http2Pool {
    /// No connections.
    pub fn new() -> Self {
        Self::default()
    }

    /// Finds room for a socket, and connects if there is none.
    ///
    /// # Errors
    /// Those of dialling; also to those who waited for it.
    pub(super) async fn way(
        &self,
        dialer: &Dialer,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<Way, NetError> {
        let key = Key::of(target);
        loop {
            let other = match self.seat_or_turn(&key) {
                Turn::Go(way) => return Ok(way),
                Turn::Dial(turn) => return turn.dial(dialer, target, trace).await,
                Turn::Wait(other) => other,
            };
            trace.step = Step::Waiting;
            other.over.notified().await;
            if let Some(error) = &*other.error.borrow() {
                return Err(error.clone());
            }
        }
    }

    fn seat_or_turn(&self, key: &Key) -> Turn<'_> {
        let mut places = self.places.borrow_mut();
        let at = places.iter().position(|place| place.key == *key);
        let at = at.unwrap_or_else(|| {
            places.push(Place::new(key.clone()));
            places.len() - 1
        });
        let place = &mut places[at];
        if place.is_http1 {
            return Turn::Go(Way::Http1(None));
        }
        place.links.retain(|link| link.is_alive());
        if let Some(seat) = place.links.iter().find_map(Link::take_seat) {
            return Turn::Go(Way::Http2(seat));
        }
        if let Some(dialing) = &place.dialing {
            return Turn::Wait(Rc::clone(dialing));
        }
        place.dialing = Some(Rc::default());
        Turn::Dial(DialTurn { pool: self, key: key.clone() })
    }

    fn with_place(&self, key: &Key, change: impl FnOnce(&mut Place)) {
        if let Some(place) = self.places.borrow_mut().iter_mut().find(|place| place.key == *key) {
            change(place);
        }
    }
}

enum Turn<'a> {
    Go(Way),
    Dial(DialTurn<'a>),
    Wait(Rc<Dialing>),
}

/// The right to dial. Others may when it is dropped.
struct DialTurn<'a> {
    pool: &'a Http2Pool,
    key: Key,
}

impl DialTurn<'_> {
    async fn dial(
        self,
        dialer: &Dialer,
        target: &Target,
        trace: &mut Trace,
    ) -> Result<Way, NetError> {
        let dialled = dial(dialer, target, trace).await;
        let link = match dialled {
            Ok(Dialled::Http2(link)) => link,
            Ok(Dialled::Http1(stream)) => {
                self.pool.with_place(&self.key, |place| place.is_http1 = true);
                return Ok(Way::Http1(stream));
            }
            Err(error) => {
                self.pool.with_place(&self.key, |place| {
                    if let Some(dialing) = &place.dialing {
                        dialing.error.replace(Some(error.clone()));
                    }
                });
                return Err(error);
            }
        };
        // Ours before those who wait for it. A server that allows not even one stream takes no
        // WebSockets.
        let seat = link.take_seat();
        self.pool.with_place(&self.key, |place| match seat {
            Some(_) => place.links.push(link),
            None => place.is_http1 = true,
        });
        Ok(seat.map_or(Way::Http1(None), Way::Http2))
    }
}

impl Drop for DialTurn<'_> {
    fn drop(&mut self) {
        self.pool.with_place(&self.key, |place| {
            if let Some(dialing) = place.dialing.take() {
                dialing.over.notify_waiters();
            }
        });
    }
}

impl Place {
    fn new(key: Key) -> Self {
        Self { key, is_http1: false, links: Vec::new(), dialing: None }
    }
}

impl Key {
    fn of(target: &Target) -> Self {
        Self {
            host: target.host.clone(),
            port: target.port,
            tls: target.tls,
            unix_socket: target.unix_socket.clone(),
            local_ip: target.local_ip,
            identity: target.identity.clone(),
        }
    }
}

impl fmt::Debug for Http2Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http2Pool").finish_non_exhaustive()
    }
}
