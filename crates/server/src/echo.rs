//! The echo application, and the helpers for tests that a query can ask of it.

use std::borrow::Cow;
use std::task::{Context, Poll};
use std::time::Duration;

use sockeye_ws::CloseCode;
use tokio::time::{Interval, MissedTickBehavior};

use crate::speaker::Speaker;

/// What the query of an echo asks for.
#[derive(Debug, Default)]
pub(crate) struct EchoPlan {
    /// Close at once, with this code and reason.
    pub(crate) close: Option<(CloseCode, String)>,
    /// Send this many messages unasked, this far apart.
    pub(crate) push: Option<(u64, Duration)>,
    /// Hold each answer this long.
    pub(crate) delay: Option<Duration>,
}

impl EchoPlan {
    /// Reads `close=CODE`, `reason=TEXT`, `push=COUNT`, `interval=MILLISECONDS`,
    /// `delay=MILLISECONDS`; other fields are none of ours.
    ///
    /// # Errors
    /// Which field is wrong, in words for the client.
    pub(crate) fn from_query<'a>(
        query: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    ) -> Result<Self, &'static str> {
        let (mut code, mut reason, mut push, mut interval) = (None, String::new(), None, 1000);
        let mut delay = None;
        for (name, value) in query {
            match name.as_ref() {
                "close" => {
                    let number: u16 = value.parse().map_err(|_| "`close` is a close code")?;
                    code = Some(
                        CloseCode::try_from(number)
                            .map_err(|_| "`close` is a code that may not be sent")?,
                    );
                }
                "reason" if value.len() > MAX_REASON => return Err("`reason` is too long"),
                "reason" => reason = value.into_owned(),
                "push" => push = Some(value.parse().map_err(|_| "`push` is a number")?),
                "interval" => {
                    interval = value.parse().map_err(|_| "`interval` is in milliseconds")?;
                }
                "delay" => {
                    let read = value.parse().map(Duration::from_millis).ok();
                    let read = read.filter(|delay| *delay <= MAX_DELAY);
                    delay = Some(read.ok_or("`delay` is in milliseconds, up to 300000")?);
                }
                _ => {}
            }
        }
        let interval = Duration::from_millis(interval.max(1));
        let close = code.map(|code| (code, reason));
        Ok(Self { close, push: push.map(|count| (count, interval)), delay })
    }
}

/// Messages that an echo sends unasked.
#[derive(Debug)]
pub(crate) struct Pushes {
    sent: u64,
    count: u64,
    interval: Interval,
}

impl Pushes {
    /// Begins with the first message at once.
    pub(crate) fn new(count: u64, period: Duration) -> Self {
        let mut interval = tokio::time::interval(period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { sent: 0, count, interval }
    }

    /// Sends what is due.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, speaker: &mut Speaker<'_>) {
        while self.sent < self.count {
            let Poll::Ready(_) = self.interval.poll_tick(cx) else { return };
            self.sent += 1;
            speaker.text(&format!("push {}", self.sent));
        }
    }
}

/// RFC 6455 §5.5: 125 bytes for a control frame, two of them for the code.
const MAX_REASON: usize = 123;
/// As much as `/delay` allows.
const MAX_DELAY: Duration = Duration::from_mins(5);
