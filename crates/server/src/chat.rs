//! The chat application: JSON events from a client, JSON events to a room.

use std::task::{Context, Poll};

use serde::{Deserialize, Serialize};

use crate::room::{Member, TooSlow};
use crate::speaker::Speaker;

/// One client in the chat.
#[derive(Debug)]
pub(crate) struct Chatter {
    /// By which the room knows it.
    name: String,
    /// `None` once it has left.
    member: Option<Member>,
}

impl Chatter {
    /// A client that just came into a room.
    pub(crate) fn new(member: Member) -> Self {
        Self { name: "anonymous".to_owned(), member: Some(member) }
    }

    /// Takes what the client said.
    pub(crate) fn hear(&mut self, text: &str, speaker: &mut Speaker<'_>) {
        match ChatCommand::parse(text) {
            Ok(ChatCommand::SetName { new_name }) if new_name.len() > MAX_NAME => {
                complain("the name is too long", speaker);
            }
            Ok(ChatCommand::SetName { new_name }) => self.name = new_name,
            Ok(ChatCommand::Say { message }) => {
                let Some(member) = &self.member else {
                    return complain("you have left the room", speaker);
                };
                let event = ChatEvent::ChatMsg { user: &self.name, message: &message };
                if let Some(said) = speaker.encode(&event.to_text()) {
                    member.say(said);
                }
            }
            Ok(ChatCommand::Leave) => self.member = None,
            Err(why) => complain(&why, speaker),
        }
    }

    /// Takes binary data, which the chat has no use for.
    pub(crate) fn hear_binary(speaker: &mut Speaker<'_>) {
        complain("invalid message: not text", speaker);
    }

    /// Passes on what the room said since the last time.
    ///
    /// # Errors
    /// [`TooSlow`] if the client has missed messages.
    pub(crate) fn poll_room(
        &mut self,
        cx: &Context<'_>,
        speaker: &mut Speaker<'_>,
    ) -> Result<(), TooSlow> {
        let Some(member) = &mut self.member else { return Ok(()) };
        while let Poll::Ready(read) = member.poll_read(cx, |said| speaker.relay(said)) {
            read?;
        }
        Ok(())
    }
}

fn complain(why: &str, speaker: &mut Speaker<'_>) {
    speaker.text(&ChatEvent::Error { message: why }.to_text());
}

/// In bytes: each message carries the name to each member.
const MAX_NAME: usize = 256;

/// What a client says to the chat.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "event", rename_all = "SCREAMING_SNAKE_CASE")]
enum ChatCommand {
    /// Takes a name.
    SetName {
        /// The name by which the room is to know this member.
        new_name: String,
    },
    /// Says something to the room.
    Say {
        /// What to say.
        message: String,
    },
    /// Leaves the room; the connection stays.
    Leave,
}

impl ChatCommand {
    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it, in words for the client.
    fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| {
            let error = error.to_string();
            // The position in a line of JSON that the client itself made is of no use to it.
            let what = error.split(" at line ").next().unwrap_or_default();
            format!("invalid message: {what}")
        })
    }
}

/// What the chat says to a client.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "SCREAMING_SNAKE_CASE")]
enum ChatEvent<'a> {
    /// A member said something.
    ChatMsg {
        /// The member's name.
        user: &'a str,
        /// What it said.
        message: &'a str,
    },
    /// What the client said was not understood or not possible.
    Error {
        /// Why.
        message: &'a str,
    },
}

impl ChatEvent<'_> {
    /// As JSON text.
    fn to_text(&self) -> String {
        serde_json::to_string(self).expect("strings always have a JSON form")
    }
}

#[cfg(test)]
mod tests {
    use super::{ChatCommand, ChatEvent};

    #[test]
    fn commands() {
        let check = |text, expect| assert_eq!(ChatCommand::parse(text), Ok(expect));
        check(
            r#"{"event":"SET_NAME","new_name":"VU 1:0"}"#,
            ChatCommand::SetName { new_name: "VU 1:0".into() },
        );
        check(
            r#"{"message":"hi","event":"SAY","more":1}"#,
            ChatCommand::Say { message: "hi".into() },
        );
        check(r#"{"event":"LEAVE"}"#, ChatCommand::Leave);
    }

    #[test]
    fn malformed_commands_are_explained() {
        let check = |text, expect| assert_eq!(ChatCommand::parse(text).unwrap_err(), expect);
        check("{", "invalid message: EOF while parsing an object");
        check("[1]", "invalid message: invalid type: integer `1`, expected variant identifier");
        check(r#"{"event":"SAY"}"#, "invalid message: missing field `message`");
        check(
            r#"{"event":"SHOUT"}"#,
            "invalid message: unknown variant `SHOUT`, expected one of `SET_NAME`, `SAY`, `LEAVE`",
        );
    }

    #[test]
    fn events() {
        let message = ChatEvent::ChatMsg { user: "a", message: "\"hi\"" }.to_text();
        assert_eq!(message, r#"{"event":"CHAT_MSG","user":"a","message":"\"hi\""}"#);
        let error = ChatEvent::Error { message: "no" }.to_text();
        assert_eq!(error, r#"{"event":"ERROR","message":"no"}"#);
    }
}
