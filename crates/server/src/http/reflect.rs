//! Answers that say what was asked: method, URL, query, headers, body.

use std::collections::BTreeMap;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderName};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::answer::Scheme;
use super::reply::{self, Reply, header, refuse};
use crate::config::Limits;

/// Method, URL, query and headers of a request.
pub(super) fn request(head: &Parts, scheme: Scheme) -> Value {
    let scheme = match scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    // HTTP/2 has it in the URI (RFC 9113 §8.3.1).
    let authority = head.uri.authority().map(Authority::as_str);
    let host = header(&head.headers, &HOST).or(authority).unwrap_or_default();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    json!({
        "method": head.method.as_str(),
        "url": format!("{scheme}://{host}{target}"),
        "args": fields(head.uri.query().unwrap_or_default().as_bytes()),
        "headers": header_map(head),
    })
}

/// The same with the body: as text, and as JSON or form fields if it is that.
pub(super) async fn with_body(
    head: &Parts,
    scheme: Scheme,
    content: Incoming,
    limits: &Limits,
) -> Reply {
    let read = Limited::new(content, limits.max_body_size).collect();
    let data = match tokio::time::timeout(limits.body_timeout, read).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long");
        }
        Ok(Err(_)) => return refuse(StatusCode::BAD_REQUEST, "the body is broken"),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "the body is too slow"),
    };
    let mut answer = request(head, scheme);
    add_body(&mut answer, head, &data);
    reply::json(&answer)
}

/// The headers alone.
pub(super) fn headers(head: &Parts) -> Value {
    json!({ "headers": header_map(head) })
}

fn add_body(answer: &mut Value, head: &Parts, data: &Bytes) {
    let media_type = header(&head.headers, &CONTENT_TYPE).unwrap_or_default();
    let form = match media_type.split(';').next() {
        Some(kind) if kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") => {
            fields(data)
        }
        _ => Value::Object(Map::new()),
    };
    answer["data"] = String::from_utf8_lossy(data).into();
    answer["json"] = serde_json::from_slice(data).unwrap_or(Value::Null);
    answer["form"] = form;
}

fn header_map(head: &Parts) -> Value {
    let mut map = BTreeMap::<String, String>::new();
    for (name, value) in &head.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        map.entry(title_case(name))
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    json!(map)
}

/// `content-type` as people write it: `Content-Type`.
fn title_case(name: &HeaderName) -> String {
    let mut at_word_start = true;
    let letters = name.as_str().chars().map(|letter| {
        let cased = if at_word_start { letter.to_ascii_uppercase() } else { letter };
        at_word_start = letter == '-';
        cased
    });
    letters.collect()
}

/// Form fields; one that is given twice becomes a list.
fn fields(encoded: &[u8]) -> Value {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        let value = Value::from(value);
        match fields.get_mut(name.as_ref()) {
            None => {
                fields.insert(name.into_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(single) => *single = json!([single.take(), value]),
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fields;

    #[test]
    fn repeated_fields_become_lists() {
        assert_eq!(
            fields(b"a=1&b=%20x&a=2&a=3&c"),
            json!({"a": ["1", "2", "3"], "b": " x", "c": ""})
        );
    }
}
