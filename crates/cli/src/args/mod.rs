//! The command line: what may be said, and what was. The flags that are options of a test come from
//! the engine's table.

mod definition;
mod mistake;
mod read;

pub(crate) use read::{Args, Command, InspectArgs, ServeArgs, parse};
