//! `--out json`: one JSON object per line, in k6's format.

mod line;
mod output;

pub use output::JsonOutput;
pub(crate) use output::open;
