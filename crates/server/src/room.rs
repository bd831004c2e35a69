//! Chat rooms: a message is encoded once, kept in a short log that all members read at their own
//! pace, and a member that falls behind the log is told so. Knows no sockets.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

/// All rooms that have members.
#[derive(Debug, Default)]
pub(crate) struct Lobby {
    rooms: Arc<Mutex<HashMap<String, Weak<Room>>>>,
}

impl Lobby {
    /// Enters the room of this name, which is made if nobody is in it.
    pub(crate) fn enter(&self, name: &str) -> Member {
        let mut rooms = lock(&self.rooms);
        let room = rooms.get(name).and_then(Weak::upgrade).unwrap_or_else(|| {
            let room = Arc::new(Room {
                name: name.to_owned(),
                rooms: Arc::clone(&self.rooms),
                log: Mutex::default(),
            });
            rooms.insert(name.to_owned(), Arc::downgrade(&room));
            room
        });
        drop(rooms);
        let (seat, next) = lock(&room.log).sit_down();
        Member { room, seat, next }
    }
}

/// A place in a room; dropping it leaves the room.
#[derive(Debug)]
pub(crate) struct Member {
    room: Arc<Room>,
    seat: usize,
    /// The number of the first message this member has not read.
    next: u64,
}

/// A text message as all members are sent it.
#[derive(Debug)]
pub(crate) struct Said {
    /// Whole and unmasked, as servers send them.
    pub(crate) frame: Vec<u8>,
    /// The length of its text in bytes.
    pub(crate) payload_size: usize,
}

/// A member did not read fast enough, and messages it had not read are gone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooSlow;

impl Member {
    /// Says something to all members, this one included.
    pub(crate) fn say(&self, said: Said) {
        lock(&self.room.log).append(said);
    }

    /// Hands each message not yet read to `read`, or remembers whom to wake for the next one.
    ///
    /// # Errors
    /// [`TooSlow`] if unread messages are no longer in the log.
    pub(crate) fn poll_read(
        &mut self,
        cx: &Context<'_>,
        mut read: impl FnMut(&Said),
    ) -> Poll<Result<(), TooSlow>> {
        let mut log = lock(&self.room.log);
        let Some(skipped) = self.next.checked_sub(log.first) else {
            return Poll::Ready(Err(TooSlow));
        };
        if skipped as usize == log.messages.len() {
            log.wake_at_next(self.seat, cx.waker());
            return Poll::Pending;
        }
        for message in log.messages.range(skipped as usize..) {
            read(message);
        }
        self.next = log.first + log.messages.len() as u64;
        Poll::Ready(Ok(()))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        lock(&self.room.log).stand_up(self.seat);
    }
}

#[derive(Debug)]
struct Room {
    name: String,
    /// Where to strike the room off when it is empty.
    rooms: Arc<Mutex<HashMap<String, Weak<Room>>>>,
    log: Mutex<Log>,
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut rooms = lock(&self.rooms);
        // A room of the same name may have been made since the last member left this one.
        if rooms.get(&self.name).is_some_and(|room| room.strong_count() == 0) {
            rooms.remove(&self.name);
        }
    }
}

/// The last messages of a room, and the members to wake for the next one.
#[derive(Debug, Default)]
struct Log {
    messages: VecDeque<Said>,
    /// The sum of their frames' lengths, in bytes.
    size: usize,
    /// The number of the first of them, counted from the room's first.
    first: u64,
    seats: Vec<Seat>,
    free: Vec<usize>,
}

/// A member's place in the list of those to wake.
#[derive(Debug, Default)]
enum Seat {
    /// Nobody sits here, or its task is awake.
    #[default]
    Idle,
    Waiting(Waker),
}

impl Log {
    fn append(&mut self, message: Said) {
        self.size += message.frame.len();
        self.messages.push_back(message);
        while self.messages.len() > MAX_MESSAGES || self.size > MAX_SIZE {
            let Some(oldest) = self.messages.pop_front() else { break };
            self.size -= oldest.frame.len();
            self.first += 1;
        }
        for seat in &mut self.seats {
            if let Seat::Waiting(waker) = std::mem::take(seat) {
                waker.wake();
            }
        }
    }

    /// A seat, and the number of the next message.
    fn sit_down(&mut self) -> (usize, u64) {
        let seat = self.free.pop().unwrap_or_else(|| {
            self.seats.push(Seat::Idle);
            self.seats.len() - 1
        });
        (seat, self.first + self.messages.len() as u64)
    }

    fn stand_up(&mut self, seat: usize) {
        self.seats[seat] = Seat::Idle;
        self.free.push(seat);
    }

    fn wake_at_next(&mut self, seat: usize, waker: &Waker) {
        let seat = &mut self.seats[seat];
        if !matches!(seat, Seat::Waiting(known) if known.will_wake(waker)) {
            *seat = Seat::Waiting(waker.clone());
        }
    }
}

/// A panic while the lock was held has been reported; the data is whole between statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How far behind a member may be, in messages.
const MAX_MESSAGES: usize = 4096;
/// How far behind a member may be, in bytes; one message always fits.
const MAX_SIZE: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::{Lobby, MAX_MESSAGES, Member, Said, TooSlow, lock};

    fn read(member: &mut Member) -> Poll<Result<Vec<u8>, TooSlow>> {
        let mut bytes = Vec::new();
        let cx = Context::from_waker(Waker::noop());
        let ready = member.poll_read(&cx, |said| bytes.extend(&said.frame));
        ready.map(|read| read.map(|()| bytes))
    }

    fn said(text: &[u8]) -> Said {
        Said { frame: text.to_vec(), payload_size: text.len() }
    }

    #[test]
    fn each_member_hears_what_was_said_since_it_came() {
        let lobby = Lobby::default();
        let mut first = lobby.enter("a");
        first.say(said(b"1"));
        let mut second = lobby.enter("a");
        let mut elsewhere = lobby.enter("b");
        second.say(said(b"2"));
        assert_eq!(read(&mut first), Poll::Ready(Ok(b"12".to_vec())));
        assert_eq!(read(&mut first), Poll::Pending);
        assert_eq!(read(&mut second), Poll::Ready(Ok(b"2".to_vec())));
        assert_eq!(read(&mut elsewhere), Poll::Pending);
    }

    #[test]
    fn who_falls_behind_is_told() {
        let lobby = Lobby::default();
        let (mut slow, mut quick) = (lobby.enter(""), lobby.enter(""));
        for _ in 0..MAX_MESSAGES {
            quick.say(said(b"x"));
        }
        assert_eq!(read(&mut quick).map(|read| read.map(|all| all.len())), Poll::Ready(Ok(4096)));
        quick.say(said(b"x"));
        assert_eq!(read(&mut quick), Poll::Ready(Ok(b"x".to_vec())));
        assert_eq!(read(&mut slow), Poll::Ready(Err(TooSlow)));
    }

    #[test]
    fn empty_rooms_and_seats_are_forgotten() {
        let lobby = Lobby::default();
        let stays = lobby.enter("stays");
        for _ in 0..3 {
            drop(lobby.enter("stays"));
            drop(lobby.enter("goes"));
        }
        assert_eq!(lock(&lobby.rooms).len(), 1);
        assert_eq!(lock(&stays.room.log).seats.len(), 2);
    }
}
