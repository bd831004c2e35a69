//! The engine's VUs: messages to worker threads.

use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicU64};

use sockeye_engine::vu::{Activation, ActivationEnd, VuError, VuFactory, VuHandle, VuIds};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{
    bundle::Bundle,
    finale::SummaryHandler,
    vu::{
        process::Process,
        run::{RunContext, RunShared, SetupData},
    },
    worker::{VuCommand, VuSender, Worker, WorkerCommand},
};

/// Makes the VUs of one run. VU n lives on worker n modulo the number of workers, for ever.
pub struct JsVuFactory {
    workers: Mutex<Vec<Worker>>,
    inboxes: Vec<mpsc::UnboundedSender<WorkerCommand>>,
    has_setup: bool,
    has_teardown: bool,
    has_handle_summary: bool,
    shared: Arc<RunShared>,
    process: Arc<Process>,
}

impl JsVuFactory {
    /// Starts the worker threads.
    ///
    /// # Errors
    /// The system's, when it gives no thread.
    pub fn start(bundle: &Bundle, context: RunContext) -> std::io::Result<Self> {
        let count = context.workers.max(1);
        let shared = Arc::new(RunShared {
            context,
            setup_data: Mutex::default(),
            open_sockets: AtomicU64::default(),
        });
        let exports = |function| bundle.exports().iter().any(|name| name == function);
        let workers = (0..count)
            .map(|number| Worker::start(number, shared.clone(), bundle.process.clone()))
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Self {
            inboxes: workers.iter().map(|worker| worker.commands.clone()).collect(),
            workers: Mutex::new(workers),
            has_setup: exports("setup"),
            has_teardown: exports("teardown"),
            has_handle_summary: exports("handleSummary"),
            shared,
            process: bundle.process.clone(),
        })
    }

    /// The way to the script's `handleSummary`, if it has one. It outlives the factory.
    pub fn summary_handler(&self) -> Option<SummaryHandler> {
        let handler = || SummaryHandler::new(self.shared.clone(), self.process.clone());
        self.has_handle_summary.then(handler)
    }

    /// What `setup` returns. It outlives the factory.
    pub fn setup_data(&self) -> SetupData {
        SetupData(self.shared.clone())
    }

    /// Ends the worker threads and waits for them. All VUs must be dropped before. Every sample has
    /// been handed over afterwards.
    pub fn shut_down(self) {
        drop(self.inboxes);
        // A thread that waits for a secret would hold up its worker's end.
        self.process.secrets.let_go();
        let workers =
            std::mem::take(&mut *self.workers.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in workers {
            worker.join();
        }
    }

    async fn ask<T>(
        &self,
        worker: usize,
        command: impl FnOnce(oneshot::Sender<Result<T, VuError>>) -> WorkerCommand,
    ) -> Result<T, VuError> {
        let (reply, answer) = oneshot::channel();
        let gone = || VuError::Fault("a worker thread is gone; see the log above".to_owned());
        let inbox = &self.inboxes[worker % self.inboxes.len()];
        inbox.send(command(reply)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl VuFactory for JsVuFactory {
    type Vu = JsVu;

    async fn init(&self, ids: VuIds) -> Result<JsVu, VuError> {
        let worker = usize::try_from(ids.in_instance).unwrap_or(0);
        let commands = self.ask(worker, |reply| WorkerCommand::Init(ids, reply)).await?;
        Ok(JsVu { ids, commands })
    }

    async fn setup(&self, interrupt: CancellationToken) -> Result<(), VuError> {
        if !self.has_setup {
            return Ok(());
        }
        self.ask(0, |reply| WorkerCommand::Setup(interrupt, reply)).await
    }

    async fn teardown(&self, interrupt: CancellationToken) -> Result<(), VuError> {
        if !self.has_teardown {
            return Ok(());
        }
        self.ask(0, |reply| WorkerCommand::Teardown(interrupt, reply)).await
    }
}

/// The way to one VU. Dropping it ends the VU.
pub struct JsVu {
    ids: VuIds,
    commands: VuSender,
}

impl VuHandle for JsVu {
    fn ids(&self) -> VuIds {
        self.ids
    }

    async fn run(&mut self, activation: Activation) -> ActivationEnd {
        let (reply, answer) = oneshot::channel();
        if self.commands.send(Box::new(VuCommand::Run(activation, reply))).is_err() {
            return ActivationEnd::Broken;
        }
        answer.await.unwrap_or(ActivationEnd::Broken)
    }
}
