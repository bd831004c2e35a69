//! The command line: what may be said, and what was. The flags that are options of a test come from
//! the engine's table.

mod definition;
mod mistake;
mod read;

pub(crate) use definition::command;
pub(crate) use read::{
    ArchiveArgs, Args, Command, DepsArgs, DepsForm, InspectArgs, NewArgs, ServeArgs, Shell, parse,
};
