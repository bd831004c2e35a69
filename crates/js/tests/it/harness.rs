//! Runs a script on one worker and writes down what came out: console, exceptions, samples.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::Receiver,
    },
    time::Duration,
};

use sockeye_engine::{
    RunStatus,
    log::{LogRecord, LogSink},
    vu::{
        Activation, IterationEnd, IterationSource, IterationTicket, Next, ScenarioProgress,
        ScenarioRun, VuFactory, VuHandle, VuIds,
    },
};
use sockeye_js::{
    Bundle, BundleError, Fetching, JsVuFactory, Keep, Limits, LoadRequest, RunContext,
    ScriptSource, Secrets,
};
use sockeye_metrics::{MetricKind, Registry, SampleBatch, SystemTags, sample_channel};
use sockeye_net::{DialerConfig, SystemRoots, TlsConfig, TlsOptions};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What a script's header asks for: lines such as `// iterations: 2`.
pub(crate) struct Header {
    iterations: u64,
    /// After which the iteration is interrupted.
    interrupt_after: Option<Duration>,
}

impl Header {
    fn read(text: &str) -> Self {
        let value = |key: &str| {
            let prefix = format!("// {key}: ");
            text.lines()
                .take_while(|line| line.starts_with("//"))
                .find_map(|line| line.strip_prefix(&prefix))
        };
        Self {
            iterations: value("iterations").map_or(1, |n| n.parse().unwrap()),
            interrupt_after: value("interrupt-after-ms")
                .map(|ms| Duration::from_millis(ms.parse().unwrap())),
        }
    }
}

/// What was logged, a line each.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<String>>);

impl Log {
    /// All lines so far.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl LogSink for Log {
    fn log(&self, record: LogRecord) {
        let mut line = format!("{}: {}", record.level.as_str(), record.message.trim_end());
        for (key, value) in record.fields.iter().filter(|(key, _)| *key != "source") {
            write!(line, " {key}={value}").unwrap();
        }
        self.0.lock().unwrap().push(line);
    }
}

struct Count {
    left: AtomicU64,
    total: u64,
    log: Arc<Log>,
}

impl IterationSource for Count {
    fn next(&self) -> Next {
        let left = self.left.load(Ordering::Relaxed);
        let Some(less) = left.checked_sub(1) else { return Next::Exhausted };
        self.left.store(less, Ordering::Relaxed);
        Next::Run(IterationTicket { in_instance: self.total - left, in_test: self.total - left })
    }

    fn finished(&self, end: IterationEnd) {
        if end == IterationEnd::Interrupted {
            self.log.0.lock().unwrap().push("-- iteration interrupted".to_owned());
        }
    }
}

#[derive(Debug)]
struct NoProgress;

impl ScenarioProgress for NoProgress {
    fn fraction(&self) -> f64 {
        0.0
    }
}

/// Runs the script and returns what a reader would see.
pub(crate) fn run(path: &Path, env: &BTreeMap<String, String>) -> String {
    run_with_roots(path, env, Vec::new())
}

/// The same, trusting certificates given as PEM.
pub(crate) fn run_with_roots(
    path: &Path,
    env: &BTreeMap<String, String>,
    roots: Vec<String>,
) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let header = Header::read(&text);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    let folder = url::Url::from_directory_path(path.parent().unwrap()).unwrap();
    local
        .block_on(&runtime, run_script(path, header, env.clone(), roots))
        .replace(folder.as_str(), "file:///")
        .replace(folder.path(), "/")
}

/// A script, its workers, and where their samples arrive.
pub(crate) async fn start(
    path: &Path,
    log: &Arc<Log>,
    workers: usize,
    interrupt: &CancellationToken,
) -> (Arc<Registry>, JsVuFactory, Receiver<SampleBatch>) {
    load(path, log, workers, interrupt, BTreeMap::new(), Vec::new()).await.unwrap()
}

async fn load(
    path: &Path,
    log: &Arc<Log>,
    workers: usize,
    interrupt: &CancellationToken,
    env: BTreeMap<String, String>,
    roots: Vec<String>,
) -> Result<(Arc<Registry>, JsVuFactory, Receiver<SampleBatch>), BundleError> {
    let registry = Registry::new();
    let mut tls = TlsOptions::new(SystemRoots::none());
    tls.extra_roots = roots;
    let tls = TlsConfig::new(&tls).unwrap();
    let dialer = Arc::new(DialerConfig::new(tls));
    let request = LoadRequest {
        script: ScriptSource::File(path.to_owned()),
        env,
        fetching: Fetching {
            dialer: dialer.clone(),
            timeout: Duration::from_secs(5),
            builtin_jslib: true,
        },
        registry: registry.clone(),
        log: log.clone(),
        secrets: Secrets::default(),
        limits: Limits::default(),
        keep: Keep::Code,
    };
    let bundle = Bundle::load(request).await?;
    let (samples, batches) = sample_channel();
    let abort = interrupt.clone();
    let abort_log = log.clone();
    let context = RunContext {
        samples,
        status: Arc::new(RunStatus::new()),
        dialer,
        system_tags: SystemTags::default(),
        tags: BTreeMap::new(),
        options: "{}".to_owned(),
        user_agent: "sockeye-test".to_owned(),
        abort: Arc::new(move |reason| {
            abort_log.0.lock().unwrap().push(format!("-- aborted: {reason}"));
            abort.cancel();
        }),
        marked_as_failed: Arc::default(),
        heaps_end_with_process: false,
        keep_cookies: false,
        keep_connections: true,
        min_iteration_duration: Duration::ZERO,
        workers,
        ws_debug: None,
    };
    let factory = JsVuFactory::start(&bundle, context).unwrap();
    Ok((registry, factory, batches))
}

/// A scenario that runs the default function.
pub(crate) fn scenario() -> Arc<ScenarioRun> {
    Arc::new(ScenarioRun {
        name: "default".to_owned(),
        executor: "per-vu-iterations",
        exec: "default".to_owned(),
        env: BTreeMap::new(),
        tags: BTreeMap::new(),
        started: Instant::now(),
        progress: Arc::new(NoProgress),
    })
}

async fn run_script(
    path: &Path,
    header: Header,
    env: BTreeMap<String, String>,
    roots: Vec<String>,
) -> String {
    let log = Arc::new(Log::default());
    let interrupt = CancellationToken::new();
    let (registry, factory, batches) = match load(path, &log, 1, &interrupt, env, roots).await {
        Ok(started) => started,
        Err(error) => return format!("{}-- not loaded: {error}\n", lines(&log)),
    };
    if let Err(error) = factory.setup(CancellationToken::new()).await {
        log.0.lock().unwrap().push(format!("-- setup failed: {error}"));
    }
    let mut vu = factory.init(VuIds { in_instance: 1, in_test: 1 }).await.unwrap();
    let source = Arc::new(Count {
        left: AtomicU64::new(header.iterations),
        total: header.iterations,
        log: log.clone(),
    });
    let activation = Activation {
        scenario: scenario(),
        source,
        stop: CancellationToken::new(),
        interrupt: interrupt.clone(),
    };
    {
        let mut running = std::pin::pin!(vu.run(activation));
        let limit = header.interrupt_after.unwrap_or(Duration::from_secs(20));
        if tokio::time::timeout(limit, &mut running).await.is_err() {
            interrupt.cancel();
            running.await;
        }
    }
    drop(vu);
    if let Err(error) = factory.teardown(CancellationToken::new()).await {
        log.0.lock().unwrap().push(format!("-- teardown failed: {error}"));
    }
    factory.shut_down();
    let mut out = lines(&log);
    let mut totals: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    for sample in batches.iter().flatten() {
        let series = registry.series_of(sample.series);
        if ["data_sent", "data_received", "sockeye_loop_lag"].contains(&&*series.metric.name) {
            continue;
        }
        let tags: Vec<String> = series
            .tags
            .iter()
            .filter(|(key, value)| {
                !value.is_empty() && *key != "scenario" && *key != "url" && *key != "name"
            })
            .map(|(key, value)| format!("{key}:{value}"))
            .collect();
        let total =
            totals.entry(format!("{} {{{}}}", series.metric.name, tags.join(","))).or_default();
        total.0 += 1;
        // How many sockets are open at once is a matter of time.
        if series.metric.kind != MetricKind::Trend && &*series.metric.name != "ws_open" {
            total.1 += sample.value;
        }
    }
    for (series, (count, sum)) in totals {
        writeln!(out, "-- {series} samples={count} sum={sum}").unwrap();
    }
    out
}

fn lines(log: &Log) -> String {
    log.0.lock().unwrap().iter().fold(String::new(), |all, line| all + line + "\n")
}
