//! HTTP over our own dialler: single requests, the script loader's GET, and the cookie jar.

mod cookies;
mod exchange;
mod fetch;

pub use cookies::{Cookie, CookieJar};
pub use exchange::{Answer, ExchangeLimits, Request, RequestHeader, RequestMethod, exchange};
pub use fetch::{FetchLimits, Fetched, fetch};
