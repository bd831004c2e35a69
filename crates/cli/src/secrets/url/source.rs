//! The thread that asks a server for secrets: each once, as fast as it may.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError, mpsc as blocking},
    thread,
    time::{Duration, Instant},
};

use sockeye_js::SecretSource;
use sockeye_net::{
    ByteCount, Dialer, DialerConfig, NetError,
    http::{ExchangeLimits, Request, exchange},
};
use tokio::{
    sync::{OnceCell, mpsc},
    task::{LocalSet, spawn_local},
    time::sleep,
};

use super::{answer::secret, pace::Pace, settings::UrlSettings};

/// A source of secrets on a server.
pub(crate) struct UrlSource {
    settings: Arc<UrlSettings>,
    dialer: Arc<DialerConfig>,
    /// The way to its thread, once something was asked.
    questions: Mutex<Option<mpsc::UnboundedSender<Question>>>,
}

struct Question {
    key: String,
    answer: blocking::Sender<Result<String, String>>,
}

impl UrlSource {
    /// Starts nothing before the first secret is asked for.
    pub(crate) fn new(settings: UrlSettings, dialer: Arc<DialerConfig>) -> Self {
        Self { settings: Arc::new(settings), dialer, questions: Mutex::default() }
    }

    fn ask(&self, question: Question) -> Result<(), String> {
        let mut questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match &*questions {
            Some(sender) => sender,
            None => questions.insert(self.start()?),
        };
        sender.send(question).map_err(|_| "its thread has ended".to_owned())
    }

    fn start(&self) -> Result<mpsc::UnboundedSender<Question>, String> {
        let (sender, questions) = mpsc::unbounded_channel();
        let (settings, dialer) = (Arc::clone(&self.settings), Arc::clone(&self.dialer));
        // Of its own, for who asks is blocked meanwhile.
        let started = thread::Builder::new().name("secrets".to_owned()).spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
            {
                LocalSet::new().block_on(&runtime, answer_all(settings, dialer, questions));
            }
        });
        started.map(|_| sender).map_err(|error| error.to_string())
    }
}

impl SecretSource for UrlSource {
    fn get(&self, key: &str) -> Result<String, String> {
        let (answer, answered) = blocking::channel();
        let result = self
            .ask(Question { key: key.to_owned(), answer })
            .and_then(|()| answered.recv().unwrap_or_else(|_| Err("the run is over".to_owned())));
        result.map_err(|why| format!("failed to get the secret {key:?}: {why}"))
    }

    fn let_go(&self) {
        // Its thread ends with this, and what it still does; the next question starts another.
        drop(self.questions.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

async fn answer_all(
    settings: Arc<UrlSettings>,
    dialer: Arc<DialerConfig>,
    mut questions: mpsc::UnboundedReceiver<Question>,
) {
    let asker = Rc::new(Asker {
        pace: RefCell::new(Pace::new(settings.per_minute, settings.burst)),
        settings,
        // What it counts belongs to no VU.
        dialer: Dialer::new(dialer, ByteCount::new().into()),
        known: RefCell::default(),
    });
    while let Some(Question { key, answer }) = questions.recv().await {
        let asker = Rc::clone(&asker);
        spawn_local(async move {
            // Who asked may be gone.
            let _ = answer.send(asker.get(&key).await);
        });
    }
}

struct Asker {
    settings: Arc<UrlSettings>,
    dialer: Dialer,
    pace: RefCell<Pace>,
    /// The secrets that were asked for; who asks for one that is on its way waits for it.
    known: RefCell<BTreeMap<String, Rc<OnceCell<String>>>>,
}

impl Asker {
    async fn get(&self, key: &str) -> Result<String, String> {
        let secret = Rc::clone(self.known.borrow_mut().entry(key.to_owned()).or_default());
        let fetch = || with_retries(&self.settings, jitter, async || self.fetch(key).await);
        secret.get_or_try_init(fetch).await.cloned()
    }

    async fn fetch(&self, key: &str) -> Result<String, Failure> {
        let settings = &self.settings;
        let request =
            Request::new(settings.method.clone(), settings.url(key).map_err(Failure::last)?)
                .map_err(|error| Failure::last(error.to_string()))?;
        let request = settings.headers.iter().cloned().fold(request, Request::header);
        let wait = self.pace.borrow_mut().reserve(Instant::now());
        sleep(wait).await;
        let limits = ExchangeLimits { timeout: settings.timeout, max_body_bytes: MAX_ANSWER };
        let answer = exchange(&self.dialer, request, limits).await.map_err(|error| Failure {
            is_worth_another: !matches!(error, NetError::BodyTooLarge { .. }),
            why: error.to_string(),
        })?;
        if answer.is_success() {
            return secret(answer.body, &settings.response_path).map_err(Failure::last);
        }
        let why = format!("the server answered with status {}", answer.status);
        Err(Failure { is_worth_another: matches!(answer.status, 429 | 500..), why })
    }
}

/// A request that brought no secret.
struct Failure {
    is_worth_another: bool,
    why: String,
}

impl Failure {
    fn last(why: String) -> Self {
        Self { is_worth_another: false, why }
    }
}

/// Makes `attempt` until it succeeds, or another would be of no use or is one too many.
async fn with_retries<T>(
    settings: &UrlSettings,
    jitter: impl Fn() -> Duration,
    attempt: impl AsyncFn() -> Result<T, Failure>,
) -> Result<T, String> {
    let mut retries = 0;
    loop {
        let failure = match attempt().await {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        if !failure.is_worth_another || retries == settings.max_retries {
            return Err(failure.why);
        }
        retries += 1;
        sleep(backoff(settings.backoff, retries).saturating_add(jitter())).await;
    }
}

/// The base to the power of the number of the retry, in seconds.
fn backoff(base: Duration, retry: u32) -> Duration {
    let seconds = base.as_secs_f64().powi(i32::try_from(retry).unwrap_or(i32::MAX));
    Duration::try_from_secs_f64(seconds).unwrap_or(MAX_BACKOFF).min(MAX_BACKOFF)
}

/// Up to a second, so that not all who failed together come back together.
fn jitter() -> Duration {
    let millis = getrandom::u32().unwrap_or_default() % 1000;
    Duration::from_millis(u64::from(millis))
}

const MAX_BACKOFF: Duration = Duration::from_hours(1);
const MAX_ANSWER: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use sockeye_net::SystemRoots;
    use sockeye_testkit::loopback::Loopback;

    use super::*;
    use crate::{config::loader_dialer, process::Process};

    /// Attempts that fail with these statuses, and then succeed: how many there were, after how long
    /// it ended, and how.
    async fn attempts(settings: &str, failures: &[bool]) -> (usize, u64, Result<(), String>) {
        let text = format!("urlTemplate=http://a/{{key}}{settings}");
        let nowhere = std::path::Path::new("/nowhere");
        let settings = UrlSettings::read(&text, &BTreeMap::new(), nowhere).unwrap();
        let made = Cell::new(0);
        let began = tokio::time::Instant::now();
        let jitter = || Duration::from_millis(500);
        let result = with_retries(&settings, jitter, async || {
            let at = made.replace(made.get() + 1);
            match failures.get(at) {
                Some(&is_worth_another) => {
                    Err(Failure { is_worth_another, why: format!("failure {at}") })
                }
                None => Ok(()),
            }
        });
        let result = result.await;
        let took = u64::try_from(began.elapsed().as_millis()).unwrap();
        (made.get(), took, result)
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_tried_again() {
        assert_eq!(attempts("", &[]).await, (1, 0, Ok(())));
        assert_eq!(attempts("", &[true, true]).await, (3, 3000, Ok(())));
        let error = |at| Err(format!("failure {at}"));
        assert_eq!(attempts("", &[true, false]).await, (2, 1500, error(1)));
        assert_eq!(attempts("", &[true; 9]).await, (4, 4500, error(3)));
        assert_eq!(attempts(",maxRetries=0", &[true; 9]).await, (1, 0, error(0)));
        // 2 and 4 seconds, and the jitter.
        let slower = ",retryBackoff=2s,maxRetries=2";
        assert_eq!(attempts(slower, &[true; 9]).await, (3, 7000, error(2)));
    }

    #[test]
    fn who_waits_when_the_run_is_over_is_let_go() {
        let (asked, is_asked) = blocking::channel();
        let server = Loopback::start(move |_stream| {
            let _ = asked.send(());
            std::future::pending()
        });
        let text = format!("urlTemplate=http://{}/{{key}},timeout=1h", server.address);
        let nowhere = std::path::Path::new("/nowhere");
        let settings = UrlSettings::read(&text, &BTreeMap::new(), nowhere).unwrap();
        let dialer = loader_dialer(&Process::default(), &SystemRoots::none()).unwrap();
        let source = UrlSource::new(settings, dialer);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| source.get("a"));
            is_asked.recv().unwrap();
            source.let_go();
            let error = waiting.join().unwrap().unwrap_err();
            assert_eq!(error, "failed to get the secret \"a\": the run is over");
        });
    }

    #[test]
    fn backing_off_has_an_end() {
        assert_eq!(backoff(Duration::from_secs(100), 400), MAX_BACKOFF);
        assert_eq!(backoff(Duration::ZERO, 3), Duration::ZERO);
    }
}
