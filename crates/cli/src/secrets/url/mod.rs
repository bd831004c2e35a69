//! The source `url`: secrets that a server has.
//! <https://grafana.com/docs/k6/latest/using-k6/secret-source/url/>

mod answer;
mod pace;
mod settings;
mod source;

pub(crate) use settings::UrlSettings;
pub(crate) use source::UrlSource;
