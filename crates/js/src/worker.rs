//! A core's thread: a single-threaded tokio, its VUs, its sample buffer. Commands come in, and what
//! a VU does between two of them never leaves the thread.

use std::{rc::Rc, sync::Arc, thread, time::Duration};

use sockeye_engine::{
    log::LogLevel,
    vu::{Activation, ActivationEnd, VuError, VuIds},
};
use sockeye_fiber::{FiberPool, StackConfig};
use tokio::{
    sync::{mpsc, oneshot},
    task::LocalSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    loop_lag,
    vu::{
        Vu, groups,
        process::Process,
        run::{RunShared, WorkerHost},
        summary::Summarized,
    },
};

/// A thread's own stack: the parsers of `require` run on it. Only what is touched costs memory.
const THREAD_STACK: usize = 8 << 20;

/// How often samples are handed over when few are taken.
const FLUSH_EVERY: Duration = Duration::from_millis(50);

/// What a worker can be told.
pub(crate) enum WorkerCommand {
    /// Make a VU; the answer is the way to it.
    Init(VuIds, oneshot::Sender<Result<VuSender, VuError>>),
    /// Run `setup` in a VU of its own.
    Setup(CancellationToken, oneshot::Sender<Result<(), VuError>>),
    /// Run `teardown` in a VU of its own.
    Teardown(CancellationToken, oneshot::Sender<Result<(), VuError>>),
    /// Run `handleSummary` with this JSON, in a VU of its own.
    HandleSummary(Arc<str>, CancellationToken, oneshot::Sender<Result<Summarized, VuError>>),
}

/// What a VU can be told. It ends when nobody can tell it anything any more.
pub(crate) enum VuCommand {
    /// Run iterations.
    Run(Activation, oneshot::Sender<ActivationEnd>),
}

/// The way to a VU. Boxed, since a channel has room for many from the beginning.
pub(crate) type VuSender = mpsc::UnboundedSender<Box<VuCommand>>;

/// One worker thread. Dropping its sender ends it, once its VUs are gone.
pub(crate) struct Worker {
    pub(crate) commands: mpsc::UnboundedSender<WorkerCommand>,
    /// Interrupts init code that is still at work when the run is over.
    over: CancellationToken,
    thread: thread::JoinHandle<()>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system's, when it gives no thread.
    pub(crate) fn start(
        number: usize,
        shared: Arc<RunShared>,
        process: Arc<Process>,
    ) -> std::io::Result<Self> {
        let (commands, inbox) = mpsc::unbounded_channel();
        let over = CancellationToken::new();
        let stop = over.clone();
        let thread = thread::Builder::new()
            .name(format!("vus-{number}"))
            .stack_size(THREAD_STACK)
            .spawn(move || run(number, shared, process, inbox, stop))?;
        Ok(Self { commands, over, thread })
    }

    /// Waits for the end of the thread; its samples are handed over then.
    pub(crate) fn join(self) {
        self.over.cancel();
        drop(self.commands);
        let _ = self.thread.join();
    }
}

fn run(
    number: usize,
    shared: Arc<RunShared>,
    process: Arc<Process>,
    mut inbox: mpsc::UnboundedReceiver<WorkerCommand>,
    stop: CancellationToken,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return process.log(LogLevel::Error, format!("a worker thread can't start: {error}"));
        }
    };
    let stacks = StackConfig { size: process.limits.stack, ..StackConfig::default() };
    let pool = match FiberPool::new(stacks) {
        Ok(pool) => pool,
        Err(error) => {
            return process.log(LogLevel::Error, format!("a worker thread has no stacks: {error}"));
        }
    };
    let worker = Rc::new(WorkerHost::new(shared, process, pool));
    let local = LocalSet::new();
    let flusher = worker.clone();
    local.spawn_local(async move {
        loop {
            tokio::time::sleep(FLUSH_EVERY).await;
            flusher.samples.borrow_mut().flush();
        }
    });
    local.spawn_local(loop_lag::watch(worker.clone(), number));
    local.block_on(&runtime, async move {
        let mut vus = tokio::task::JoinSet::new();
        while let Some(command) = inbox.recv().await {
            let worker = worker.clone();
            match command {
                WorkerCommand::Init(ids, reply) => {
                    vus.spawn_local(init(worker, ids, stop.clone(), reply));
                }
                WorkerCommand::Setup(interrupt, reply) => {
                    vus.spawn_local(async move {
                        let _ = reply.send(setup(worker, interrupt).await);
                    });
                }
                WorkerCommand::Teardown(interrupt, reply) => {
                    vus.spawn_local(async move {
                        let _ = reply.send(teardown(worker, interrupt).await);
                    });
                }
                WorkerCommand::HandleSummary(data, interrupt, reply) => {
                    vus.spawn_local(async move {
                        let _ = reply.send(handle_summary(worker, data, interrupt).await);
                    });
                }
            }
        }
        while vus.join_next().await.is_some() {}
        worker.samples.borrow_mut().flush();
    });
}

async fn init(
    worker: Rc<WorkerHost>,
    ids: VuIds,
    stop: CancellationToken,
    reply: oneshot::Sender<Result<VuSender, VuError>>,
) {
    let made = async {
        let seat = worker.groups.seat(&worker.process)?;
        Vu::init(worker.process.clone(), Some(worker.clone()), seat, &worker.pool, ids, stop).await
    };
    let vu = match made.await {
        Ok(vu) => vu,
        Err(error) => return drop(reply.send(Err(error))),
    };
    let (sender, mut inbox) = mpsc::unbounded_channel();
    if reply.send(Ok(sender)).is_err() {
        return;
    }
    while let Some(command) = inbox.recv().await {
        let VuCommand::Run(activation, reply) = *command;
        let end = vu.activate(activation).await;
        // Seen by whoever waits for the end of the VU's work: its samples are on their way first.
        worker.samples.borrow_mut().flush();
        let _ = reply.send(end);
    }
    if worker.shared.context.heaps_end_with_process {
        vu.leave_heap();
    }
}

/// k6: `setup` and `teardown` run in a VU with number 0.
const LIFECYCLE_VU: VuIds = VuIds { in_instance: 0, in_test: 0 };

async fn setup(worker: Rc<WorkerHost>, interrupt: CancellationToken) -> Result<(), VuError> {
    let vu = lifecycle_vu(&worker, &interrupt).await?;
    if !vu.has("setup") {
        return Ok(());
    }
    let data = vu.setup(interrupt).await;
    // Its samples come before those of the iterations, wherever these run.
    worker.samples.borrow_mut().flush();
    worker.shared.set_setup_data(data?.map(Into::into));
    Ok(())
}

async fn teardown(worker: Rc<WorkerHost>, interrupt: CancellationToken) -> Result<(), VuError> {
    let vu = lifecycle_vu(&worker, &interrupt).await?;
    if vu.has("teardown") { vu.teardown(interrupt).await } else { Ok(()) }
}

async fn handle_summary(
    worker: Rc<WorkerHost>,
    data: Arc<str>,
    interrupt: CancellationToken,
) -> Result<Summarized, VuError> {
    let vu = lifecycle_vu(&worker, &interrupt).await?;
    vu.handle_summary(data, interrupt).await
}

async fn lifecycle_vu(
    worker: &Rc<WorkerHost>,
    interrupt: &CancellationToken,
) -> Result<Vu, VuError> {
    let (process, pool, stop) = (worker.process.clone(), &worker.pool, interrupt.clone());
    // It lives for one function: its runtime goes with it.
    let seat = groups::seat_alone(&process)?;
    Vu::init(process, Some(worker.clone()), seat, pool, LIFECYCLE_VU, stop).await
}
