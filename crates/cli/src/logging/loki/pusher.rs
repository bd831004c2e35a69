//! The thread that pushes: what it is given never waits for it.

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use sockeye_engine::log::{LogLevel, LogRecord};
use sockeye_net::{
    ByteCount, Dialer, DialerConfig,
    http::{ExchangeLimits, Request, RequestHeader, RequestMethod, exchange},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::MissedTickBehavior,
};
use url::Url;

use super::{
    body::body,
    queue::{Entry, Queue},
    settings::LokiSettings,
};

/// How a Loki at this URL is reached. Called on the pushing thread.
pub(crate) type DialLoki = Box<dyn FnOnce(&Url) -> Result<Arc<DialerConfig>, String> + Send>;

/// Where troubles with a Loki are told: not in the log that goes there.
type Complain = Box<dyn Fn(LogRecord) + Send>;

/// A Loki that gets records.
pub(crate) struct Loki {
    settings: Arc<LokiSettings>,
    queue: Arc<Mutex<Queue>>,
    thread: Mutex<Option<Thread>>,
}

struct Thread {
    /// Says, when it is dropped, that no more will come.
    end: oneshot::Sender<()>,
    handle: JoinHandle<()>,
}

impl Loki {
    /// Starts pushing.
    ///
    /// # Errors
    /// If there is no thread for it.
    pub(crate) fn start(
        settings: LokiSettings,
        dial: DialLoki,
        complain: Complain,
    ) -> io::Result<Self> {
        let settings = Arc::new(settings);
        let queue = Arc::<Mutex<Queue>>::default();
        let (end, ended) = oneshot::channel();
        let pusher =
            Pusher { settings: Arc::clone(&settings), queue: Arc::clone(&queue), complain };
        let handle = thread::Builder::new()
            .name("loki".to_owned())
            .spawn(move || pusher.run(dial, ended))?;
        Ok(Self { settings, queue, thread: Mutex::new(Some(Thread { end, handle })) })
    }

    /// Takes a record for the next push. Never waits for one.
    pub(crate) fn push(&self, record: LogRecord) {
        let at = jiff::Timestamp::now().as_nanosecond();
        locked(&self.queue).push(Entry { at, record }, self.settings.limit);
    }

    /// Pushes what is left, within a time limit, and tells what was lost.
    pub(crate) fn finish(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Thread { end, handle }) = thread {
            drop(end);
            // A panic there has printed itself.
            let _ = handle.join();
        }
    }
}

impl fmt::Debug for Loki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loki").field("url", &self.settings.url.as_str()).finish_non_exhaustive()
    }
}

struct Pusher {
    settings: Arc<LokiSettings>,
    queue: Arc<Mutex<Queue>>,
    complain: Complain,
}

/// What became of the records of all periods, but for those that were above the limit.
#[derive(Default)]
struct Counts {
    /// Records that were to be pushed.
    taken: u64,
    pushed: u64,
    /// The last trouble that was told.
    trouble: Option<String>,
}

impl Pusher {
    fn run(self, dial: DialLoki, ended: oneshot::Receiver<()>) {
        let counts = Mutex::new(Counts::default());
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                runtime.block_on(self.push_all(dial, ended, &counts));
                // A name that is still being looked up must not keep the program.
                runtime.shutdown_background();
            }
            Err(error) => self.tell_trouble(&counts, error.to_string()),
        }
        self.tell_losses(&counts);
    }

    async fn push_all(
        &self,
        dial: DialLoki,
        mut ended: oneshot::Receiver<()>,
        counts: &Mutex<Counts>,
    ) {
        let (batches, waiting) = mpsc::channel(MOST_BATCHES);
        let (last_taken, at_last) = oneshot::channel();
        let take = async {
            let mut ticks = tokio::time::interval(self.settings.period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.tick().await;
            loop {
                tokio::select! {
                    biased;
                    _ = &mut ended => break,
                    _ = ticks.tick() => {
                        if let Some(batch) = self.batch(counts) {
                            // One that finds no room is lost, which the counts show.
                            let _ = batches.try_send(batch);
                        }
                    }
                }
            }
            let _ = last_taken.send(());
            if let Some(batch) = self.batch(counts) {
                let _ = batches.send(batch).await;
            }
            drop(batches);
        };
        let work = async { tokio::join!(take, self.push_batches(dial, waiting, counts)) };
        let too_late = async {
            let _ = at_last.await;
            tokio::time::sleep(LAST_PUSHES).await;
        };
        tokio::select! {
            _ = work => {}
            () = too_late => {
                self.tell_trouble(counts, "it takes longer than the end of the run".to_owned());
            }
        }
    }

    /// The records of the period that ends now.
    fn batch(&self, counts: &Mutex<Counts>) -> Option<Vec<Entry>> {
        let batch = locked(&self.queue).take(self.settings.limit, self.settings.period);
        locked(counts).taken += batch.len() as u64;
        (!batch.is_empty()).then_some(batch)
    }

    async fn push_batches(
        &self,
        dial: DialLoki,
        mut batches: mpsc::Receiver<Vec<Entry>>,
        counts: &Mutex<Counts>,
    ) {
        let mut dial = Some(dial);
        let mut dialer = None;
        while let Some(batch) = batches.recv().await {
            if let Some(dial) = dial.take() {
                match dial(&self.settings.url) {
                    // What it counts belongs to no VU.
                    Ok(config) => dialer = Some(Dialer::new(config, ByteCount::new().into())),
                    Err(reason) => self.tell_trouble(counts, reason),
                }
            }
            let Some(dialer) = &dialer else { continue };
            match self.push(dialer, &batch).await {
                Ok(()) => locked(counts).pushed += batch.len() as u64,
                Err(reason) => self.tell_trouble(counts, reason),
            }
        }
    }

    async fn push(&self, dialer: &Dialer, batch: &[Entry]) -> Result<(), String> {
        let began = Instant::now();
        let body = body(batch, &self.settings);
        let (marshalling, size) = (began.elapsed(), body.len());
        let request = Request::new(RequestMethod::POST, self.settings.url.clone())
            .map_err(|error| error.to_string())?;
        let json = RequestHeader::parse("Content-Type", "application/json");
        let headers = json.into_iter().chain(self.settings.headers.iter().cloned());
        let request = headers.fold(request.body(body), Request::header);
        let began = Instant::now();
        let answer = exchange(dialer, request, LIMITS).await.map_err(|error| error.to_string())?;
        if self.settings.profile {
            let count = batch.len();
            let message = format!(
                "marshalling={marshalling:?} sending={:?} count={count} final_size={size}",
                began.elapsed()
            );
            (self.complain)(LogRecord::new(LogLevel::Info, message));
        }
        // k6: its words. A redirect is no failure there; here, where nothing was kept, it is one.
        if answer.is_success() {
            return Ok(());
        }
        let reason = String::from_utf8_lossy(&answer.body);
        Err(format!("got {} from loki: {}", answer.status, reason.trim()))
    }

    /// Says once what goes wrong, not with each push.
    fn tell_trouble(&self, counts: &Mutex<Counts>, reason: String) {
        let mut counts = locked(counts);
        if counts.trouble.as_ref() != Some(&reason) {
            let record = LogRecord::new(LogLevel::Error, "Error while sending logs to loki");
            (self.complain)(record.field("error", &reason));
            counts.trouble = Some(reason);
        }
    }

    fn tell_losses(&self, counts: &Mutex<Counts>) {
        let counts = locked(counts);
        let over_limit = locked(&self.queue).dropped();
        let lost = counts.taken - counts.pushed;
        let mut parts = Vec::new();
        if over_limit > 0 {
            parts.push(format!("{over_limit} that were above its limit"));
        }
        if lost > 0 {
            parts.push(format!("{lost} that could not be sent"));
        }
        if !parts.is_empty() {
            let message = format!("log output `loki` missed messages: {}", parts.join(", "));
            (self.complain)(LogRecord::new(LogLevel::Warning, message));
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many periods may wait for a Loki that is slow.
const MOST_BATCHES: usize = 16;

/// What one push may cost.
const LIMITS: ExchangeLimits =
    ExchangeLimits { timeout: Duration::from_secs(10), max_body_bytes: 64 * 1024 };

/// How long the program may wait for its last pushes.
const LAST_PUSHES: Duration = Duration::from_secs(3);
