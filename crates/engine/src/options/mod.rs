//! Options: each source (configuration file, script, environment, flags) is read into a layer, the
//! layers become one set of options with every default applied.
//!
//! ```
//! use sockeye_engine::options::{self, Source};
//!
//! let exported = serde_json::json!({ "vus": 2, "duration": "10s" });
//! let script = options::from_json(Source::Script, &exported)?;
//! let flags = options::from_flags([("duration", vec!["20s".to_owned()])])?;
//! let resolved =
//!     options::resolve(vec![(Source::Script, script.layer), (Source::Flags, flags.layer)])?;
//! assert_eq!(resolved.options.scenarios[0].executor.duration().as_secs(), 20);
//! # Ok::<(), options::OptionsError>(())
//! ```

mod duration;
mod error;
mod layer;
mod nearest;
mod notice;
mod origins;
mod read;
mod resolve;
mod scenarios;
mod segments;
mod shape;
mod shortcuts;
mod spec;
mod table;
mod text;
mod thresholds;
mod values;

pub use duration::{DurationError, GoDuration, SignedDuration};
pub use error::{OptionsError, ReadError};
pub use layer::{Reading, Source, from_env, from_flags, from_json, layered};
pub use nearest::nearest;
pub use notice::Notice;
pub use origins::Origins;
pub use resolve::{Options, Resolved, resolve};
pub use spec::{Flag, FlagValue, Group, OptionSpec};
pub use table::{OptionsLayer, TABLE};
pub use thresholds::ThresholdSpec;
pub use values::{Dns, Entries, SecretSources, TlsVersion, Variables};
