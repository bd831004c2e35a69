//! A handler that writes down what it hears, and ways to wait for it.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::Instant;

use sockeye_net::Dialer;
use sockeye_net::websocket::{
    Closed, ConnectFailure, ConnectRequest, Handler, Opened, Socket, SocketEvent, connect,
};
use tokio::sync::Notify;
use tokio::task::LocalSet;
use url::Url;

/// Runs a test where sockets can be started.
pub(crate) fn local<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, test)
}

pub(crate) async fn open(dialer: &Dialer, url: &str) -> Result<Opened, ConnectFailure> {
    connect(dialer, ConnectRequest::new(Url::parse(url).unwrap())).await
}

/// A started socket and what it has heard.
pub(crate) struct Session {
    pub(crate) socket: Socket,
    heard: Rc<RefCell<Heard>>,
    news: Rc<Notify>,
}

#[derive(Default)]
struct Heard {
    events: Vec<String>,
    closed: Option<Closed>,
    last: Option<Instant>,
    dropped: bool,
}

impl Session {
    pub(crate) fn start(opened: Opened) -> Self {
        Self::start_with(opened, |_, _| ())
    }

    /// Also calls `react` with the socket and the text of each event.
    pub(crate) fn start_with(opened: Opened, react: impl Fn(&Socket, &str) + 'static) -> Self {
        let heard = Rc::default();
        let news = Rc::default();
        let own = Rc::new(RefCell::new(None));
        let recorder = Recorder {
            heard: Rc::clone(&heard),
            news: Rc::clone(&news),
            own: Rc::clone(&own),
            react: Box::new(react),
        };
        let socket = opened.start(Box::new(recorder));
        own.replace(Some(socket.clone()));
        Self { socket, heard, news }
    }

    pub(crate) async fn connect(dialer: &Dialer, url: &str) -> Self {
        Self::start(open(dialer, url).await.unwrap())
    }

    /// What was heard so far, but for the end.
    pub(crate) fn events(&self) -> Vec<String> {
        self.heard.borrow().events.clone()
    }

    /// Waits until so many events were heard.
    pub(crate) async fn hear(&self, count: usize) -> Vec<String> {
        while self.heard.borrow().events.len() < count && self.heard.borrow().closed.is_none() {
            self.news.notified().await;
        }
        self.events()
    }

    /// Waits for the end, and until the handler is gone.
    pub(crate) async fn closed(&self) -> Closed {
        while !self.heard.borrow().dropped {
            self.news.notified().await;
        }
        self.heard.borrow().closed.clone().unwrap()
    }
}

type React = Box<dyn Fn(&Socket, &str)>;

struct Recorder {
    heard: Rc<RefCell<Heard>>,
    news: Rc<Notify>,
    own: Rc<RefCell<Option<Socket>>>,
    react: React,
}

impl Handler for Recorder {
    fn on_event(&mut self, event: SocketEvent<'_>, at: Instant) {
        let text = match event {
            SocketEvent::Text(text) => format!("text {text}"),
            SocketEvent::Binary(data) => format!("binary {} bytes", data.len()),
            SocketEvent::Ping(payload) => format!("ping {}", String::from_utf8_lossy(payload)),
            SocketEvent::Pong(payload) => format!("pong {}", String::from_utf8_lossy(payload)),
            SocketEvent::Closing => "closing".to_owned(),
            SocketEvent::Closed(closed) => {
                let before = self.heard.borrow_mut().closed.replace(closed);
                assert_eq!(before, None, "closed twice");
                return;
            }
        };
        {
            let mut heard = self.heard.borrow_mut();
            assert!(heard.closed.is_none(), "{text} after the end");
            assert!(heard.last <= Some(at), "time runs backwards");
            heard.last = Some(at);
            heard.events.push(text.clone());
        }
        self.news.notify_waiters();
        self.news.notify_one();
        if let Some(socket) = &*self.own.borrow() {
            (self.react)(socket, &text);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.heard.borrow_mut().dropped = true;
        self.news.notify_one();
    }
}
