//! The HTTP surface, path by path.

use std::time::{Duration, Instant};

use serde_json::json;
use sockeye_server::Limits;

use crate::running::Running;

#[tokio::test]
async fn get_says_what_was_asked() {
    let server = Running::start();
    let answer = server.request("GET", "/get?a=1&b=x%20y", "X-Mine: yes\r\nX-Mine: no\r\n").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    let said = answer.json();
    assert_eq!(said["method"], "GET");
    assert_eq!(said["url"], "http://test/get?a=1&b=x%20y");
    assert_eq!(said["args"], json!({ "a": "1", "b": "x y" }));
    assert_eq!(said["headers"]["X-Mine"], "yes, no");
    let headers = server.request("GET", "/headers", "X-Mine: yes\r\n").await.json();
    assert_eq!(headers["headers"]["X-Mine"], "yes");
}

#[tokio::test]
async fn bodies_come_back_as_text_json_and_form() {
    let server = Running::start();
    let post = async |method: &str, media_type: &str, body: &str| {
        let rest =
            format!("Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        server.request(method, &format!("/{}", method.to_lowercase()), &rest).await.json()
    };
    let said = post("POST", "application/json", r#"{"a":[1]}"#).await;
    assert_eq!(said["data"], r#"{"a":[1]}"#);
    assert_eq!(said["json"], json!({ "a": [1] }));
    let said = post("PUT", "application/x-www-form-urlencoded; charset=utf-8", "a=1&a=2").await;
    assert_eq!(said["form"], json!({ "a": ["1", "2"] }));
    assert_eq!(said["json"], json!(null));
    assert_eq!(post("DELETE", "text/plain", "").await["method"], "DELETE");
    assert_eq!(post("PATCH", "text/plain", "p").await["data"], "p");
}

#[tokio::test]
async fn statuses() {
    let server = Running::start();
    for status in [200, 204, 304, 404, 418, 503] {
        assert_eq!(server.get(&format!("/status/{status}")).await.status, status);
        assert_eq!(server.request("POST", &format!("/status/{status}"), "").await.status, status);
    }
    for wrong in ["100", "600", "x", "-1"] {
        assert_eq!(server.get(&format!("/status/{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn delays() {
    let server = Running::start();
    let started = Instant::now();
    assert_eq!(server.get("/delay/0.05").await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(50));
    for wrong in ["-1", "301", "NaN", "inf", "1e99", ""] {
        assert_eq!(server.get(&format!("/delay/{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn cookies_are_set_and_shown() {
    let server = Running::start();
    let answer = server.get("/cookies/set?name=value&other=2").await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("Location"), Some("/cookies"));
    let set: Vec<_> =
        answer.head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie")).collect();
    assert_eq!(set, ["Set-Cookie: name=value; Path=/", "Set-Cookie: other=2; Path=/"]);
    let shown = server.request("GET", "/cookies", "Cookie: name=value; other=2\r\n").await;
    assert_eq!(shown.json(), json!({ "cookies": { "name": "value", "other": "2" } }));
    for wrong in ["a=b%0d%0aX:%20y", "a=b;c", "=b", "a%20b=c"] {
        assert_eq!(server.get(&format!("/cookies/set?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let server = Running::start();
    assert_eq!(server.get("/nothing").await.status, 404);
    assert_eq!(server.get("/").await.status, 200);
    let answer = server.request("POST", "/get", "").await;
    assert_eq!((answer.status, answer.header("Allow")), (405, Some("GET, HEAD")));
    let answer = server.get("/post").await;
    assert_eq!((answer.status, answer.header("Allow")), (405, Some("POST")));
    let answer = server.request("HEAD", "/get", "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
}

#[tokio::test]
async fn connections_are_kept_for_the_next_request() {
    let server = Running::start();
    let answers = server
        .exchange(
            b"GET /status/201 HTTP/1.1\r\nHost: a\r\n\r\n\
              GET /status/202 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        )
        .await;
    assert!(answers.starts_with("HTTP/1.1 201 "), "{answers}");
    assert!(answers.contains("HTTP/1.1 202 "), "{answers}");
}

#[tokio::test]
async fn long_bodies_are_refused() {
    let server = Running::with_limits(Limits { max_body_size: 10, ..Limits::default() });
    let rest = "Content-Length: 11\r\n\r\n12345678901";
    assert_eq!(server.request("POST", "/post", rest).await.status, 413);
    let rest = "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n";
    assert_eq!(server.request("POST", "/post", rest).await.status, 413);
    let rest = "Content-Length: 10\r\n\r\n1234567890";
    assert_eq!(server.request("POST", "/post", rest).await.status, 200);
}

#[tokio::test]
async fn slow_bodies_are_refused() {
    let body_timeout = Duration::from_millis(20);
    let server = Running::with_limits(Limits { body_timeout, ..Limits::default() });
    let answer = server.request("POST", "/post", "Content-Length: 10\r\n\r\n123").await;
    assert_eq!(answer.status, 408);
}
