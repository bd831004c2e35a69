//! The end of a run as JSON: what `handleSummary` is given, what `--summary-export` writes, and the
//! machine-readable form that both have instead if it is asked for.

mod data;
mod export;
mod machine_readable;
mod values;

pub use data::summary_data;
pub use export::{ExportError, write_summary_export};
pub use machine_readable::{RunDescription, machine_readable_summary};
pub use values::{group_id, sink_values};
