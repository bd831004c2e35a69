//! What a session does with messages: one of the applications, behind one face.

use std::task::Context;

use tokio::time::Instant;

use crate::chat::Chatter;
use crate::echo::Pushes;
use crate::held::Held;
use crate::room::TooSlow;
use crate::speaker::Speaker;

/// The application of one session.
pub(crate) enum Application {
    Chat(Chatter),
    Echo {
        pushes: Option<Pushes>,
        held: Option<Box<Held>>,
    },
    /// Nothing is said or heard any more.
    Over,
}

impl Application {
    /// Takes a text message that was read at `heard`.
    pub(crate) fn hear_text(&mut self, text: &str, heard: Instant, speaker: &mut Speaker<'_>) {
        match self {
            Self::Chat(chatter) => chatter.hear(text, speaker),
            Self::Echo { held: Some(held), .. } => held.text(text, heard, speaker.stats),
            Self::Echo { held: None, .. } => speaker.text(text),
            Self::Over => {}
        }
    }

    /// Takes a binary message that was read at `heard`.
    pub(crate) fn hear_binary(&mut self, data: &[u8], heard: Instant, speaker: &mut Speaker<'_>) {
        match self {
            Self::Chat(_) => Chatter::hear_binary(speaker),
            Self::Echo { held: Some(held), .. } => held.binary(data, heard, speaker.stats),
            Self::Echo { held: None, .. } => speaker.binary(data),
            Self::Over => {}
        }
    }

    /// How many bytes it keeps that wait for their time.
    pub(crate) fn held_bytes(&self) -> usize {
        match self {
            Self::Echo { held: Some(held), .. } => held.bytes(),
            _ => 0,
        }
    }

    /// Says what it was told before and is due now.
    pub(crate) fn poll_held(&mut self, cx: &mut Context<'_>, speaker: &mut Speaker<'_>) {
        if let Self::Echo { held: Some(held), .. } = self {
            held.poll(cx, speaker);
        }
    }

    /// Says what it has to say unasked.
    ///
    /// # Errors
    /// [`TooSlow`] if the client has missed messages of its room.
    pub(crate) fn poll_unasked(
        &mut self,
        cx: &mut Context<'_>,
        speaker: &mut Speaker<'_>,
    ) -> Result<(), TooSlow> {
        match self {
            Self::Chat(chatter) => chatter.poll_room(cx, speaker),
            Self::Echo { pushes: Some(pushes), .. } => {
                pushes.poll(cx, speaker);
                Ok(())
            }
            Self::Echo { pushes: None, .. } | Self::Over => Ok(()),
        }
    }
}
