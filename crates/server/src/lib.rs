//! The built-in target of examples, benches and tests: a real chat, echo and HTTP server that
//! knows nothing of the load generator.
//!
//! ```no_run
//! # async fn example() -> Result<(), sockeye_server::ServerError> {
//! use sockeye_server::{Server, ServerConfig};
//! use tokio_util::sync::CancellationToken;
//!
//! let server = Server::bind(ServerConfig::default())?;
//! println!("ws://{}/ws", server.address());
//! let shutdown = CancellationToken::new();
//! server.run(shutdown).await // … until someone cancels the token.
//! # }
//! ```
//!
//! | path | what it does |
//! | --- | --- |
//! | `/ws`, `/ws/{room}`, `/ws?room=` | chat: `SET_NAME {new_name}`, `SAY {message}`, `LEAVE`; the room hears `CHAT_MSG {user, message}`; bad input is told `ERROR {message}` |
//! | `/echo` | sends each message back, compressed where permessage-deflate was offered; `?close=CODE&reason=` closes at once, `?push=N&interval=MS` sends N messages unasked, `?delay=MS` holds each answer that long |
//! | `/`, `/get`, `/post`, `/put`, `/patch`, `/delete`, `/headers` | say in JSON what was asked |
//! | `/status/{code}`, `/delay/{seconds}` | answer with that status, that late |
//! | `/cookies`, `/cookies/set?name=value` | show and set cookies |
//! | `/stats`, `POST /stats/reset` | what the server counted, to compare with what a client counted; `held_ms`: how long answers were really held, from the read of the message to the write of the answer; `turn_ms`: of the same sessions, from the read of a message to the read of the next |
//!
//! All of it is spoken over HTTP/1.1 and over HTTP/2: without TLS to clients that begin with HTTP/2's
//! preface, with TLS to those that ask for `h2` by ALPN. Over HTTP/2, WebSockets are opened as RFC
//! 8441 has it.
#![forbid(unsafe_code)]

mod config;
mod server;

mod authority;
mod connection;
mod counted;

mod http;
mod http2;
mod upgrade;

mod session;

mod application;
mod chat;
mod echo;
mod held;
mod outbox;
mod room;
mod speaker;

mod durations;
mod error;
mod stats;

pub use config::{Limits, ServerConfig};
pub use error::ServerError;
pub use server::Server;
