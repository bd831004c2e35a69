//! k6's archives: a script, all that it imports and opens, its options and its variables, in one tar
//! file. Read and written here; k6 runs what we write.

mod name;
mod read;
mod write;

pub(crate) use read::{Archive, looks_like_tar};
pub(crate) use write::{Contents, write};
