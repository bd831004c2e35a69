//! A request to its answer.

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::{Map, Value, json};
use sockeye_engine::progress::Phase;

use super::{ApiRun, documents};

type Answer = Response<Full<Bytes>>;

/// Answers a request.
pub(super) async fn respond(request: Request<Incoming>, run: &ApiRun) -> Answer {
    let (head, body) = request.into_parts();
    let path = decoded(head.uri.path());
    let method = &head.method;
    match path.as_str() {
        // k6: it lives.
        "/" | "/ping" => text(StatusCode::OK, "ok"),
        "/v1/status" => match *method {
            Method::GET => status(run),
            Method::PATCH => match read(body).await {
                Ok(body) => change_status(&body, run),
                Err(answer) => answer,
            },
            _ => not_allowed(),
        },
        "/v1/metrics" => match *method {
            Method::GET => document(&documents::metrics(&run.summary()).into()),
            _ => not_allowed(),
        },
        "/v1/groups" => match *method {
            Method::GET => document(&documents::groups(&run.summary()).into()),
            _ => not_allowed(),
        },
        "/v1/setup" => match *method {
            Method::GET => setup_data(run),
            Method::POST => match run.run_setup().await {
                Ok(()) => setup_data(run),
                Err(detail) => error(500, "Error executing setup", &detail),
            },
            Method::PUT => match read(body).await {
                Ok(body) => change_setup_data(&body, run),
                Err(answer) => answer,
            },
            _ => not_allowed(),
        },
        "/v1/teardown" => match *method {
            Method::POST => match run.run_teardown().await {
                Ok(()) => Response::new(Full::default()),
                Err(detail) => error(500, "Error executing teardown", &detail),
            },
            _ => not_allowed(),
        },
        path => {
            let (found, what) = if let Some(id) = path.strip_prefix("/v1/metrics/") {
                (by_id(documents::metrics(&run.summary()), id), "metric")
            } else if let Some(id) = path.strip_prefix("/v1/groups/") {
                (by_id(documents::groups(&run.summary()), id), "group")
            } else {
                return text(StatusCode::NOT_FOUND, "404 page not found\n");
            };
            match (method == Method::GET, found) {
                (false, _) => not_allowed(),
                (true, Some(found)) => document(&found),
                (true, None) => {
                    error(404, "Not Found", &format!("No {what} with that ID was found"))
                }
            }
        }
    }
}

fn by_id(documents: Vec<Value>, id: &str) -> Option<Value> {
    documents.into_iter().find(|document| document["id"] == id)
}

fn status(run: &ApiRun) -> Answer {
    document(&documents::status(run))
}

/// Stops the run, or lets one that waits begin.
fn change_status(body: &[u8], run: &ApiRun) -> Answer {
    let read = serde_json::from_slice(body).map_err(|problem| problem.to_string());
    let wish = match read.and_then(|body: Value| Wish::read(&body)) {
        Ok(wish) => wish,
        Err(detail) => return error(400, "Invalid data", &detail),
    };
    if wish.stopped == Some(true) {
        run.stop();
    }
    let pausing = wish.paused.map_or(Ok(()), |paused| change_pause(paused, run));
    if let Err(detail) = pausing {
        return error(500, "Pause error", &detail);
    }
    if wish.other_vus {
        // k6: its words.
        let detail = "an externally-controlled executor needs to be configured for live configuration updates";
        return error(500, "Execution config error", detail);
    }
    status(run)
}

/// What a document wants of the status. k6: what it leaves out, or has as null, stays.
struct Wish {
    stopped: Option<bool>,
    paused: Option<bool>,
    other_vus: bool,
}

impl Wish {
    fn read(body: &Value) -> Result<Self, String> {
        let body = object(body, "the document")?;
        let data = object(member(body, "data"), "`data`")?;
        let attributes = object(member(data, "attributes"), "`attributes`")?;
        let switch = |name: &str| match member(attributes, name) {
            Value::Null => Ok(None),
            Value::Bool(value) => Ok(Some(*value)),
            other => Err(format!("`{name}` is `{other}`, and not true or false")),
        };
        let is_number = |name: &str| match member(attributes, name) {
            Value::Null => Ok(false),
            Value::Number(_) => Ok(true),
            other => Err(format!("`{name}` is `{other}`, and no number")),
        };
        Ok(Self {
            stopped: switch("stopped")?,
            paused: switch("paused")?,
            other_vus: is_number("vus")? | is_number("vus-max")?,
        })
    }
}

fn member<'a>(object: Option<&'a Map<String, Value>>, name: &str) -> &'a Value {
    object.and_then(|object| object.get(name)).unwrap_or(&Value::Null)
}

/// An object, or nothing for null.
fn object<'a>(value: &'a Value, what: &str) -> Result<Option<&'a Map<String, Value>>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Object(object) => Ok(Some(object)),
        _ => Err(format!("{what} is no object")),
    }
}

fn change_pause(paused: bool, run: &ApiRun) -> Result<(), String> {
    let waits = run.options.paused && !run.control.is_started();
    match (paused, waits) {
        (true, true) => Err("execution is already paused".to_owned()),
        (false, true) => {
            run.control.start();
            Ok(())
        }
        (_, false) => {
            // k6: its words.
            let scenarios = &run.options.scenarios;
            let first =
                scenarios.first().filter(|_| run.progress.snapshot().phase >= Phase::Scenarios);
            Err(match first {
                Some(scenario) => format!(
                    "{} executor '{}' doesn't support pause and resume operations after its start",
                    scenario.executor.kind().as_str(),
                    scenario.name
                ),
                None => {
                    "only a test that was started with the option `paused` can be paused".to_owned()
                }
            })
        }
    }
}

fn setup_data(run: &ApiRun) -> Answer {
    json_text(StatusCode::OK, documents::setup_data(run.setup_data.get().as_deref()))
}

/// The body is the data, or a document that has it.
fn change_setup_data(body: &[u8], run: &ApiRun) -> Answer {
    if body.iter().all(u8::is_ascii_whitespace) {
        run.setup_data.set(None);
        return setup_data(run);
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(body) => {
            let is_document = body.pointer("/data/type") == Some(&json!("setupData"));
            let inner = body.pointer("/data/attributes/data").filter(|_| is_document);
            run.setup_data.set(Some(&inner.unwrap_or(&body).to_string()));
            setup_data(run)
        }
        Err(problem) => error(400, "Error parsing request body", &problem.to_string()),
    }
}

/// The whole body.
async fn read(body: Incoming) -> Result<Bytes, Answer> {
    match Limited::new(body, MOST_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(problem) => Err(error(400, "Error reading request body", &problem.to_string())),
    }
}

/// Data of `setup` may be large.
const MOST_BYTES: usize = 64 << 20;

fn document(data: &Value) -> Answer {
    json_text(StatusCode::OK, format!("{{\"data\":{data}}}"))
}

fn error(status: u16, title: &str, detail: &str) -> Answer {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json_text(code, documents::error(status, title, detail).to_string())
}

fn json_text(status: StatusCode, body: String) -> Answer {
    answer(status, "application/json; charset=utf-8", body)
}

fn text(status: StatusCode, body: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", body.to_owned())
}

fn not_allowed() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    answer
}

fn answer(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// A path with its `%XX` read; what is none stays.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn paths_are_decoded() {
        for (path, text) in [
            ("/v1/metrics/a%7Bb:c%7D", "/v1/metrics/a{b:c}"),
            ("/%C3%A9%", "/é%"),
            ("/%zz%4", "/%zz%4"),
            ("/%ff", "/\u{fffd}"),
        ] {
            assert_eq!(decoded(path), text);
        }
    }
}
