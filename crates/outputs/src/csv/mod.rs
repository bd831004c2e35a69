//! `--out csv`: one line per sample, in k6's columns.

mod output;
mod settings;

pub use output::CsvOutput;
pub(crate) use output::open;
