//! One document by GET, for the script loader. Not the client that scripts use.

use std::time::Duration;

use http::header::LOCATION;
use url::Url;

use super::exchange::{Answer, Request, RequestMethod, exchange_untimed, invalid};
use crate::dial::Dialer;
use crate::error::NetError;

/// A document, and where it was in the end.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The URL after redirects.
    pub url: Url,
    /// The document.
    pub body: Vec<u8>,
}

/// What a fetch may cost.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// For everything together, redirects included.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How large the document may be.
    pub max_body_bytes: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            max_redirects: 10,
            max_body_bytes: 64 * 1024 * 1024,
        }
    }
}

/// Gets a document from an `http` or `https` URL, following redirects. Dropping the future closes
/// the connection.
///
/// # Errors
/// Those of dialling, [`NetError::RequestTimeout`], [`NetError::UnexpectedStatus`] for anything
/// but a 2xx in the end, [`NetError::TooManyRedirects`], [`NetError::BodyTooLarge`], and those of
/// a peer that does not speak HTTP.
pub async fn fetch(dialer: &Dialer, url: &Url, limits: FetchLimits) -> Result<Fetched, NetError> {
    let whole = follow(dialer, url.clone(), limits);
    tokio::time::timeout(limits.timeout, whole).await.unwrap_or(Err(NetError::RequestTimeout))
}

async fn follow(dialer: &Dialer, mut url: Url, limits: FetchLimits) -> Result<Fetched, NetError> {
    for _ in 0..=limits.max_redirects {
        let request = Request::new(RequestMethod::GET, url.clone())?;
        let answer = exchange_untimed(dialer, request, limits.max_body_bytes).await?;
        match redirect(&url, &answer)? {
            Some(next) => url = next,
            None if answer.is_success() => return Ok(Fetched { url, body: answer.body }),
            None => return Err(NetError::UnexpectedStatus { status: answer.status }),
        }
    }
    Err(NetError::TooManyRedirects { limit: limits.max_redirects })
}

/// Where the answer from `url` sends us, if it does.
fn redirect(url: &Url, answer: &Answer) -> Result<Option<Url>, NetError> {
    let (301 | 302 | 303 | 307 | 308, Some(location)) =
        (answer.status, answer.headers.get(LOCATION))
    else {
        return Ok(None);
    };
    let next = location.to_str().ok().and_then(|location| url.join(location).ok());
    next.map(Some).ok_or_else(|| invalid(url, "redirects to an invalid location"))
}
