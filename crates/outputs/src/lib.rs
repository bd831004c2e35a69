//! Where results go: one file per kind of output, and the table of their names. Knows metrics only,
//! nothing of the engine or of scripts.
//!
//! ```
//! use sockeye_outputs::{OpenContext, open};
//!
//! let context = OpenContext::new(Box::new(|| Box::new(std::io::sink())));
//! assert_eq!(open("json=out.json", &context)?.description(), "json (out.json)");
//! assert_eq!(
//!     open("jsn", &context).err().unwrap().to_string(),
//!     "invalid output type 'jsn', available types are: csv, json"
//! );
//! # Ok::<(), sockeye_outputs::OpenError>(())
//! ```
#![forbid(unsafe_code)]

mod csv;
mod json;
mod json_text;
mod open;
mod summary;
mod target;
mod time_text;

pub use csv::CsvOutput;
pub use json::JsonOutput;
pub use open::{OpenContext, OpenError, OpenStdout, Variables, open};
pub use summary::{
    ExportError, RunDescription, group_id, machine_readable_summary, sink_values, summary_data,
    write_summary_export,
};

use open::Constructor;

/// TABLE: the name after `--out` and how such an output is made.
const TABLE: &[(&str, Constructor)] = &[("csv", csv::open), ("json", json::open)];
