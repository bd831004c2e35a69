//! Where scripts have secrets from, but for which of them are there: that is of `config`.

mod table;
mod url;

pub(crate) use table::Table;
pub(crate) use url::{UrlSettings, UrlSource};
