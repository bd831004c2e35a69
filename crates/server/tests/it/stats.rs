//! The server's counters are what its clients did.

use serde_json::json;

use crate::client::{Client, Heard};
use crate::running::Running;

#[tokio::test]
async fn everything_is_counted_once() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    client.text("four").await;
    client.binary(b"sixsix").await;
    client.send(|connection, cx, out| connection.ping(cx, b"?", out).unwrap()).await;
    client.send(|connection, cx, out| connection.pong(cx, b"unasked", out).unwrap()).await;
    for _ in 0..3 {
        client.next().await;
    }
    client.close(1000, "").await;
    client.closed_with(1000).await;
    let _open = Client::connect(&server, "/ws").await;

    let stats = server.stats(|stats| stats["sessions"]["open"] == 1).await;
    assert_eq!(stats["sessions"], json!({ "opened": 2, "open": 1, "rejected": 0, "too_slow": 0 }));
    let mut expect = json!({
        "messages": 2, "text": 1, "binary": 1, "pings": 1, "pongs": 1, "closes": 1, "bytes": 10,
    });
    assert_eq!(stats["received"], expect);
    expect["pings"] = json!(0);
    assert_eq!(stats["sent"], expect);
    assert_eq!(stats["http"]["requests"], 2);
}

#[tokio::test]
async fn closes_of_the_server_are_counted() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?close=1000").await;
    client.closed_with(1000).await;
    let mut client = Client::connect(&server, "/echo").await;
    client.raw(&[0xff; 2]).await;
    client.closed_with(1002).await;
    let stats = server.stats(|stats| stats["sessions"]["open"] == 0).await;
    assert_eq!(stats["sent"]["closes"], 2);
    assert_eq!(stats["received"]["closes"], 1);
}

#[tokio::test]
async fn a_reset_leaves_what_is_open() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    client.text("x").await;
    assert_eq!(client.next().await, Heard::Text("x".to_owned()));
    assert_eq!(server.get("/stats/reset").await.status, 405);
    assert_eq!(server.request("POST", "/stats/reset", "").await.status, 204);
    let stats = server.stats(|_| true).await;
    assert_eq!(stats["received"]["messages"], 0);
    assert_eq!(stats["sessions"], json!({ "opened": 0, "open": 1, "rejected": 0, "too_slow": 0 }));
}
