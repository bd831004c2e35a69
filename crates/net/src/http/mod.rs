//! HTTP over our own dialler: a small GET for the script loader, and the cookie jar.

mod cookies;
mod fetch;

pub use cookies::{Cookie, CookieJar};
pub use fetch::{FetchLimits, Fetched, fetch};
