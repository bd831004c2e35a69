//! Single requests: what is sent, and that every answer is one.

use std::time::Duration;

use sockeye_net::NetError;
use sockeye_net::http::{ExchangeLimits, Request, RequestHeader, RequestMethod, exchange};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::loopback::Loopback;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use crate::peer::{plain_dialer, read_head, web};

const LIMITS: ExchangeLimits =
    ExchangeLimits { timeout: Duration::from_secs(5), max_body_bytes: 1000 };

/// Answers with the request that it got.
fn mirror() -> Loopback {
    Loopback::start(|mut stream| async move {
        let mut heard = read_head(&mut stream).await;
        let length = heard.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
        let _ = stream.read_exact(&mut body).await;
        heard.push_str(&String::from_utf8_lossy(&body));
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{heard}", heard.len());
        let _ = stream.write_all(answer.as_bytes()).await;
    })
}

#[tokio::test]
async fn requests_have_headers_and_a_body() {
    let server = mirror();
    let url = Url::parse(&format!("http://{}/push?x=1#y", server.address)).unwrap();
    let request = Request::new(RequestMethod::POST, url)
        .unwrap()
        .header(RequestHeader::parse("X-From", "here").unwrap())
        .header(RequestHeader::parse("user-agent", "other").unwrap())
        .body("hello");
    let answer = exchange(&plain_dialer(), request, LIMITS).await.unwrap();
    let heard = String::from_utf8(answer.body).unwrap();
    let lines: Vec<&str> = heard.split("\r\n").collect();
    assert_eq!(lines.first(), Some(&"POST /push?x=1 HTTP/1.1"), "{heard}");
    let host = format!("host: {}", server.address);
    for line in ["x-from: here", "user-agent: other", "content-length: 5", "hello", &host] {
        assert_eq!(lines.iter().filter(|&&sent| sent == line).count(), 1, "{line} in {heard}");
    }
}

#[tokio::test]
async fn every_status_is_an_answer() {
    let server = web(|path| {
        let answer = "Location: /\r\nContent-Length: 3\r\n\r\nwhy";
        format!("HTTP/1.1 {} x\r\n{answer}", &path[1..]).into_bytes()
    });
    for (status, is_success) in [(200, true), (299, true), (302, false), (404, false), (503, false)]
    {
        let url = Url::parse(&format!("http://{}/{status}", server.address)).unwrap();
        let request = Request::new(RequestMethod::GET, url).unwrap();
        let answer = exchange(&plain_dialer(), request, LIMITS).await.unwrap();
        assert_eq!((answer.status, answer.is_success()), (status, is_success));
        assert_eq!(answer.body, b"why");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_left() {
    let server = Fault::NeverAnswers.serve();
    let url = Url::parse(&server.url().replace("ws:", "http:")).unwrap();
    let limits = ExchangeLimits { timeout: Duration::from_millis(50), ..LIMITS };
    let request = Request::new(RequestMethod::GET, url).unwrap();
    let error = exchange(&plain_dialer(), request, limits).await.unwrap_err();
    assert_eq!(error, NetError::RequestTimeout);
}

#[test]
fn what_can_not_be_sent_is_refused() {
    let ftp = Url::parse("ftp://a.test/").unwrap();
    assert!(Request::new(RequestMethod::GET, ftp).is_err());
    assert!(RequestMethod::parse("a b").is_none());
    assert!(RequestMethod::parse("PURGE").is_some());
    assert!(RequestHeader::parse("a b", "c").is_none());
    assert!(RequestHeader::parse("a", "b\nc").is_none());
}
