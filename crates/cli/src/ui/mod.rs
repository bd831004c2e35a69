//! What a person sees: the header, progress lines, the summary.

pub(crate) mod header;
pub(crate) mod live;
pub(crate) mod number;
pub(crate) mod printable;
pub(crate) mod progress;
pub(crate) mod screen;
pub(crate) mod style;
pub(crate) mod summary;
