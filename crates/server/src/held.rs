//! Answers of an echo that are held for a while before they are sent, in the order of their
//! messages.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::speaker::Speaker;
use crate::stats::Stats;

/// The answers of one session. As all wait equally long, the oldest is the next to be sent.
#[derive(Debug)]
pub(crate) struct Held {
    delay: Duration,
    answers: VecDeque<Answer>,
    /// Of all answers, with what keeping them takes.
    bytes: usize,
    /// Ends when the oldest answer is due.
    timer: Pin<Box<Sleep>>,
    /// When the last message was read.
    last_heard: Option<Instant>,
}

#[derive(Debug)]
struct Answer {
    heard: Instant,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Binary(Vec<u8>),
}

impl Held {
    /// Holds nothing yet, and each answer this long.
    pub(crate) fn new(delay: Duration) -> Self {
        let timer = Box::pin(tokio::time::sleep(delay));
        Self { delay, answers: VecDeque::new(), bytes: 0, timer, last_heard: None }
    }

    /// Holds a text message that was read at `heard`.
    pub(crate) fn text(&mut self, text: &str, heard: Instant, stats: &Stats) {
        self.hold(Answer { heard, content: Content::Text(text.to_owned()) }, stats);
    }

    /// Holds a binary message that was read at `heard`.
    pub(crate) fn binary(&mut self, data: &[u8], heard: Instant, stats: &Stats) {
        self.hold(Answer { heard, content: Content::Binary(data.to_owned()) }, stats);
    }

    /// How much memory the answers take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Sends what is due and records how long it was really held; wakes the task for the rest.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, speaker: &mut Speaker<'_>) {
        while let Some(oldest) = self.answers.front() {
            let due = oldest.heard + self.delay;
            if Instant::now() < due {
                if self.timer.deadline() != due {
                    self.timer.as_mut().reset(due);
                }
                if self.timer.as_mut().poll(cx).is_pending() {
                    return;
                }
            }
            if let Some(answer) = self.answers.pop_front() {
                self.bytes -= answer.bytes();
                match &answer.content {
                    Content::Text(text) => speaker.text(text),
                    Content::Binary(data) => speaker.binary(data),
                }
                speaker.stats.held.record(answer.heard.elapsed());
            }
        }
        // A burst of long ago is no reason to keep its memory.
        self.answers.shrink_to(KEPT_ROOM);
    }

    fn hold(&mut self, answer: Answer, stats: &Stats) {
        if let Some(last) = self.last_heard.replace(answer.heard) {
            stats.turn.record(answer.heard.duration_since(last));
        }
        self.bytes += answer.bytes();
        self.answers.push_back(answer);
    }
}

impl Answer {
    fn bytes(&self) -> usize {
        let content = match &self.content {
            Content::Text(text) => text.len(),
            Content::Binary(data) => data.len(),
        };
        size_of::<Self>() + content
    }
}

/// Answers that find room without an allocation.
const KEPT_ROOM: usize = 32;
