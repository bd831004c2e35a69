//! The chat room: names, broadcast, leaving, rooms, errors, slow members.

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::client::{Client, Heard};
use crate::running::Running;
use sockeye_server::Limits;

async fn say(client: &mut Client, message: &str) {
    client.text(&json!({ "event": "SAY", "message": message }).to_string()).await;
}

async fn name(client: &mut Client, name: &str) {
    client.text(&json!({ "event": "SET_NAME", "new_name": name }).to_string()).await;
}

async fn heard(client: &mut Client) -> Value {
    match client.next().await {
        Heard::Text(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn message(user: &str, message: &str) -> Value {
    json!({ "event": "CHAT_MSG", "user": user, "message": message })
}

#[tokio::test]
async fn all_members_hear_what_one_says() {
    let server = Running::start();
    let mut ann = Client::connect(&server, "/ws").await;
    let mut bob = Client::connect(&server, "/ws").await;
    name(&mut ann, "Ann").await;
    say(&mut ann, "I'm saying \"hé\"").await;
    for client in [&mut ann, &mut bob] {
        assert_eq!(heard(client).await, message("Ann", "I'm saying \"hé\""));
    }
    say(&mut bob, "who?").await;
    for client in [&mut ann, &mut bob] {
        assert_eq!(heard(client).await, message("anonymous", "who?"));
    }
}

#[tokio::test]
async fn who_left_stays_connected_but_hears_nothing() {
    let server = Running::start();
    let mut ann = Client::connect(&server, "/ws").await;
    let mut bob = Client::connect(&server, "/ws").await;
    ann.text(r#"{"event":"LEAVE"}"#).await;
    // Her error also tells that LEAVE was processed.
    say(&mut ann, "still here?").await;
    let error = json!({ "event": "ERROR", "message": "you have left the room" });
    assert_eq!(heard(&mut ann).await, error);
    say(&mut bob, "she is gone").await;
    assert_eq!(heard(&mut bob).await, message("anonymous", "she is gone"));
    ann.close(1000, "").await;
    ann.closed_with(1000).await;
}

#[tokio::test]
async fn malformed_input_is_an_error_for_its_sender_only() {
    let server = Running::start();
    let mut ann = Client::connect(&server, "/ws").await;
    let mut bob = Client::connect(&server, "/ws").await;
    for text in ["", "nonsense", "{}", "[]", r#"{"event":"SAY","message":7}"#] {
        ann.text(text).await;
        let error = heard(&mut ann).await;
        assert_eq!(error["event"], "ERROR", "{text}");
        assert!(error["message"].as_str().unwrap().starts_with("invalid message: "), "{error}");
    }
    ann.binary(b"{}").await;
    assert_eq!(heard(&mut ann).await["event"], "ERROR");
    name(&mut ann, &"n".repeat(257)).await;
    assert_eq!(heard(&mut ann).await["message"], "the name is too long");
    say(&mut ann, "sorry").await;
    assert_eq!(heard(&mut bob).await, message("anonymous", "sorry"));
}

#[tokio::test]
async fn rooms_do_not_hear_each_other() {
    let server = Running::start();
    let mut common = Client::connect(&server, "/ws").await;
    let mut by_path = Client::connect(&server, "/ws/one").await;
    let mut by_query = Client::connect(&server, "/ws?room=one").await;
    let mut other = Client::connect(&server, "/ws?room=two").await;
    say(&mut by_path, "in one").await;
    assert_eq!(heard(&mut by_path).await, message("anonymous", "in one"));
    assert_eq!(heard(&mut by_query).await, message("anonymous", "in one"));
    for (client, text) in [(&mut common, "in common"), (&mut other, "in two")] {
        say(client, text).await;
        assert_eq!(heard(client).await, message("anonymous", text));
    }
}

#[tokio::test]
async fn threads_share_their_rooms() {
    let server = Running::on_threads(3, Limits::default());
    let mut members = Vec::new();
    for _ in 0..30 {
        members.push(Client::connect(&server, "/ws").await);
    }
    for index in 0..members.len() {
        say(&mut members[index], &index.to_string()).await;
        for member in &mut members {
            assert_eq!(heard(member).await, message("anonymous", &index.to_string()));
        }
    }
}

#[tokio::test]
async fn a_crowd_hears_everything_in_order() {
    let server = Running::start();
    let mut members = Vec::new();
    for _ in 0..100 {
        members.push(Client::connect(&server, "/ws").await);
    }
    let mut speaker = Client::connect(&server, "/ws").await;
    for index in 0..100 {
        say(&mut speaker, &index.to_string()).await;
    }
    for member in &mut members {
        for index in 0..100 {
            assert_eq!(heard(member).await, message("anonymous", &index.to_string()));
        }
    }
    let stats = server.stats(|_| true).await;
    assert_eq!(stats["received"]["text"], 100);
    assert_eq!(stats["sent"]["text"], 101 * 100);
}

#[tokio::test]
async fn a_member_that_does_not_read_is_dropped() {
    let server = Running::start();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut slow = Client::with(stream, "/ws", &[], None).await;
    let mut quick = Client::connect(&server, "/ws").await;
    let long = "x".repeat(60_000);
    // The log's worth, and what the kernel buffers on the way to the slow one.
    for _ in 0..400 {
        say(&mut quick, &long).await;
        assert_eq!(heard(&mut quick).await, message("anonymous", &long));
    }
    let mut count = 0;
    let end = loop {
        match slow.next().await {
            Heard::Text(_) => count += 1,
            other => break other,
        }
    };
    assert_eq!(end, Heard::Close(Some(1008), "too slow for this room".to_owned()));
    assert!(count < 400, "{count}");
    assert_eq!(server.stats(|_| true).await["sessions"]["too_slow"], 1);
    say(&mut quick, "gone").await;
    assert_eq!(heard(&mut quick).await, message("anonymous", "gone"));
}
