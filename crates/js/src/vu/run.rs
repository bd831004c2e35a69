//! What the VUs of a run share: of the whole run, and of one worker thread.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sockeye_engine::RunStatus;
use sockeye_fiber::FiberPool;
use sockeye_metrics::{
    MetricId, Sample, SampleBuffer, SampleSender, SeriesId, SystemTags, TagSet, UnixNanos,
};
use sockeye_net::{DialerConfig, WorkerBuffers};
use tokio::time::Instant;

use super::{groups::Groups, process::Process};

/// What the run gives to its VUs. Made by whoever starts the run, once its options are known.
pub struct RunContext {
    /// Where samples go.
    pub samples: SampleSender,
    /// The counters that `k6/execution` shows.
    pub status: Arc<RunStatus>,
    /// How VUs dial.
    pub dialer: Arc<DialerConfig>,
    /// Which system tags samples carry.
    pub system_tags: SystemTags,
    /// Tags of every sample: the option `tags`.
    pub tags: BTreeMap<String, String>,
    /// The resolved options as JSON, for `exec.test.options`.
    pub options: String,
    /// Sent as `User-Agent` where the script sets none.
    pub user_agent: String,
    /// Called by `exec.test.abort(reason)`.
    pub abort: Arc<dyn Fn(String) + Send + Sync>,
    /// Set by `exec.test.fail()`.
    pub marked_as_failed: Arc<AtomicBool>,
    /// Whether a VU keeps its cookies from one iteration to the next.
    pub keep_cookies: bool,
    /// Whether connections that can be used again outlive an iteration.
    pub keep_connections: bool,
    /// An iteration that is done earlier is followed by a pause.
    pub min_iteration_duration: Duration,
    /// How many worker threads run VUs.
    pub workers: usize,
    /// Whether the process ends soon after the run: the VUs' heaps are left to the system then, which takes them back
    /// at once, where freeing each object of thousands of VUs takes seconds.
    pub heaps_end_with_process: bool,
    /// Whether sockets log what passes on the wire.
    pub ws_debug: Option<WsDebug>,
}

/// What a socket logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WsDebug {
    /// The handshake, and a line for each frame without its payload.
    Headers,
    /// The beginnings of payloads too.
    Full,
}

/// The run as its workers share it.
pub(crate) struct RunShared {
    pub(crate) context: RunContext,
    /// What `setup` returned, as JSON.
    pub(crate) setup_data: Mutex<Option<Arc<str>>>,
    /// WebSocket sessions now open in all VUs: the metric `ws_open`.
    pub(crate) open_sockets: AtomicU64,
}

impl RunShared {
    pub(crate) fn setup_data(&self) -> Option<Arc<str>> {
        self.setup_data.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_setup_data(&self, data: Option<Arc<str>>) {
        *self.setup_data.lock().unwrap_or_else(PoisonError::into_inner) = data;
    }
}

/// What `setup` returned, for who looks at a run from outside.
#[derive(Clone)]
pub struct SetupData(pub(crate) Arc<RunShared>);

impl SetupData {
    /// It, as JSON, if `setup` has run.
    pub fn get(&self) -> Option<Arc<str>> {
        self.0.setup_data()
    }

    /// Makes `json` what `setup` returned. VUs that have read it before keep what they read.
    pub fn set(&self, json: Option<&str>) {
        self.0.set_setup_data(json.map(Into::into));
    }
}

/// What the VUs of one worker thread share. Not `Send`: nothing here is locked.
pub(crate) struct WorkerHost {
    pub(crate) shared: Arc<RunShared>,
    pub(crate) process: Arc<Process>,
    pub(crate) pool: FiberPool,
    pub(crate) groups: Groups,
    /// What its sockets read into and encode with, one at a time.
    pub(crate) buffers: Rc<WorkerBuffers>,
    pub(crate) samples: RefCell<SampleBuffer>,
    /// The registry's numbers that this worker has asked for, so that its lock is not on the path
    /// of a sample.
    series: RefCell<HashMap<(MetricId, TagSet), SeriesId>>,
    clock: Clock,
}

impl WorkerHost {
    pub(crate) fn new(shared: Arc<RunShared>, process: Arc<Process>, pool: FiberPool) -> Self {
        let samples = RefCell::new(SampleBuffer::new(shared.context.samples.clone()));
        Self {
            shared,
            process,
            pool,
            groups: Groups::default(),
            buffers: Rc::default(),
            samples,
            series: RefCell::default(),
            clock: Clock::start(),
        }
    }

    /// The series of `metric` with `tags`.
    pub(crate) fn series(&self, metric: MetricId, tags: &TagSet) -> SeriesId {
        let mut known = self.series.borrow_mut();
        let key = (metric, tags.clone());
        if let Some(&id) = known.get(&key) {
            return id;
        }
        // Bounded: a script that makes up tag values would otherwise keep every one of them here.
        if known.len() >= 10_000 {
            known.clear();
        }
        let id = self.process.registry.series(metric, tags);
        known.insert(key, id);
        id
    }

    /// Takes a sample of a series.
    pub(crate) fn push(
        &self,
        series: SeriesId,
        metadata: Option<&TagSet>,
        at: Instant,
        value: f64,
    ) {
        let time = self.clock.unix(at);
        let sample = Sample { series, time, value };
        self.samples.borrow_mut().push_with_metadata(sample, metadata);
    }
}

/// Turns moments of the monotonic clock, which is what is measured with, into moments of the wall
/// clock, which is what outputs want. Read once per worker, so that samples never go back in time.
#[derive(Clone, Copy, Debug)]
struct Clock {
    instant: Instant,
    unix: i64,
}

impl Clock {
    fn start() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { instant: Instant::now(), unix: i64::try_from(unix.as_nanos()).unwrap_or(i64::MAX) }
    }

    fn unix(self, at: Instant) -> UnixNanos {
        let nanos = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(0);
        UnixNanos(match at.checked_duration_since(self.instant) {
            Some(after) => self.unix.saturating_add(nanos(after)),
            None => self.unix.saturating_sub(nanos(self.instant - at)),
        })
    }
}
