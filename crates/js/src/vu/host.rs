//! What a native function finds behind its context: the VU it runs in.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
};

use rquickjs::{Ctx, Exception};
use sockeye_engine::vu::{IterationTicket, ScenarioRun, VuIds};
use sockeye_metrics::{MetricId, SystemTag, TagSet};
use sockeye_net::{ByteCount, Dialer, http::CookieJar};
use tokio::time::Instant;

use super::{process::Process, resources::Resources, run::WorkerHost};
use crate::runtime::{event_loop::EventLoop, interrupt::Interrupt, realm};

/// Where the VU is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its init code runs.
    Init,
    /// Init code has run; iterations, `setup` or `teardown` may run.
    Running,
}

/// One VU as its natives see it.
pub(crate) struct Host {
    pub(crate) ids: VuIds,
    pub(crate) process: Arc<Process>,
    /// Absent in the VU that only reads the script's options.
    worker: Option<Network>,
    pub(crate) event_loop: Rc<EventLoop>,
    pub(crate) interrupt: Rc<Interrupt>,
    pub(crate) resources: Resources,
    pub(crate) phase: Cell<Phase>,
    /// The tags of every sample that the VU takes now.
    tags: RefCell<TagSet>,
    /// What is said of each sample beside its tags; `None` where that is nothing.
    metadata: RefCell<Option<TagSet>>,
    /// `::a::b` inside `group('a')` and `group('b')`.
    group: RefCell<String>,
    pub(crate) scenario: RefCell<Option<Arc<ScenarioRun>>>,
    pub(crate) ticket: Cell<Option<IterationTicket>>,
    /// Iterations begun in this VU: `__ITER` is one less.
    pub(crate) iterations: Cell<u64>,
    /// The same for each scenario that used the VU.
    pub(crate) iterations_by_scenario: RefCell<BTreeMap<String, u64>>,
    /// Set by `exec.test.abort()`: why.
    pub(crate) aborted: RefCell<Option<String>>,
    /// Run before the engine goes, by modules that keep values of it.
    farewells: RefCell<Vec<Box<dyn FnOnce()>>>,
}

/// A VU's way to the network, and its worker.
pub(crate) struct Network {
    pub(crate) worker: Rc<WorkerHost>,
    pub(crate) dialer: Dialer,
    pub(crate) bytes: Rc<ByteCount>,
    /// Sockets whose wire was logged, of all modules.
    pub(crate) sockets_shown: Cell<u32>,
    /// Made when somebody asks for it.
    jar: RefCell<Option<Rc<CookieJar>>>,
}

impl Network {
    /// The cookies of the VU.
    pub(crate) fn jar(&self) -> Rc<CookieJar> {
        self.jar.borrow_mut().get_or_insert_default().clone()
    }

    /// Gives the VU an empty jar. k6: at the start of each iteration.
    pub(crate) fn reset_jar(&self) {
        *self.jar.borrow_mut() = None;
    }
}

impl Host {
    pub(crate) fn new(
        ids: VuIds,
        process: Arc<Process>,
        worker: Option<Rc<WorkerHost>>,
        interrupt: Rc<Interrupt>,
        event_loop: Rc<EventLoop>,
    ) -> Self {
        let worker = worker.map(|worker| {
            let bytes = Rc::new(ByteCount::default());
            let dialer = Dialer::with_buffers(
                worker.shared.context.dialer.clone(),
                bytes.clone(),
                worker.buffers.clone(),
            );
            let (sockets_shown, jar) = (Cell::default(), RefCell::default());
            Network { worker, dialer, bytes, sockets_shown, jar }
        });
        Self {
            ids,
            process,
            worker,
            event_loop,
            interrupt,
            resources: Resources::default(),
            phase: Cell::new(Phase::Init),
            tags: RefCell::default(),
            metadata: RefCell::default(),
            group: RefCell::default(),
            scenario: RefCell::default(),
            ticket: Cell::default(),
            iterations: Cell::default(),
            iterations_by_scenario: RefCell::default(),
            aborted: RefCell::default(),
            farewells: RefCell::default(),
        }
    }

    /// The VU of a context.
    pub(crate) fn of(ctx: &Ctx<'_>) -> rquickjs::Result<Rc<Self>> {
        realm::host(ctx)
    }

    /// The VU of a context, for what can't be done in init code.
    ///
    /// # Errors
    /// An exception that names `what`.
    pub(crate) fn running(ctx: &Ctx<'_>, what: &str) -> rquickjs::Result<Rc<Self>> {
        let host = Self::of(ctx)?;
        if host.phase.get() == Phase::Init || host.worker.is_none() {
            let message = format!(
                "{what} can't be used in the init context: move it into the default function, `setup` or another function that a scenario executes"
            );
            return Err(Exception::throw_message(ctx, &message));
        }
        Ok(host)
    }

    /// The worker and the network. Only the VU that reads the options has none, and nothing that
    /// runs there asks.
    pub(crate) fn network(&self) -> Option<&Network> {
        self.worker.as_ref()
    }

    /// The tags of every sample taken now.
    pub(crate) fn tags(&self) -> TagSet {
        self.tags.borrow().clone()
    }

    /// Changes the tags of the samples from now on.
    pub(crate) fn set_tags(&self, tags: TagSet) {
        *self.tags.borrow_mut() = tags;
    }

    /// The metadata of every sample taken now.
    pub(crate) fn metadata(&self) -> Option<TagSet> {
        self.metadata.borrow().clone()
    }

    /// Changes the metadata of the samples from now on.
    pub(crate) fn set_metadata(&self, metadata: Option<TagSet>) {
        *self.metadata.borrow_mut() = metadata.filter(|metadata| !metadata.is_empty());
    }

    /// Sets what a system tag says that differs too much to be a tag of a series.
    pub(crate) fn set_system_metadata(&self, tag: SystemTag, value: u64) {
        if self.has_tag(tag) {
            let metadata = self.metadata().unwrap_or_default();
            self.set_metadata(Some(metadata.with(tag.as_str(), &value.to_string())));
        }
    }

    /// The path of the group that the VU is in.
    pub(crate) fn group(&self) -> String {
        self.group.borrow().clone()
    }

    /// Enters or leaves a group.
    pub(crate) fn set_group(&self, path: &str) {
        path.clone_into(&mut self.group.borrow_mut());
        if self.has_tag(SystemTag::Group) {
            let tags = self.tags().with(SystemTag::Group.as_str(), path);
            self.set_tags(tags);
        }
    }

    /// Leaves all groups that the VU is in.
    pub(crate) fn leave_groups(&self) {
        if !self.group.borrow().is_empty() {
            self.set_group("");
        }
    }

    /// Has `farewell` run before the engine goes: the place to let go of its values.
    pub(crate) fn on_farewell(&self, farewell: impl FnOnce() + 'static) {
        self.farewells.borrow_mut().push(Box::new(farewell));
    }

    /// Runs what [`on_farewell`](Self::on_farewell) was given.
    pub(crate) fn run_farewells(&self) {
        let farewells = std::mem::take(&mut *self.farewells.borrow_mut());
        for farewell in farewells {
            farewell();
        }
    }

    /// Whether a system tag is on.
    pub(crate) fn has_tag(&self, tag: SystemTag) -> bool {
        self.worker
            .as_ref()
            .is_some_and(|network| network.worker.shared.context.system_tags.has(tag))
    }

    /// Takes a sample, if the VU is part of a run.
    pub(crate) fn sample(&self, metric: MetricId, tags: &TagSet, at: Instant, value: f64) {
        if let Some(network) = &self.worker {
            let series = network.worker.series(metric, tags);
            network.worker.push(series, self.metadata.borrow().as_ref(), at, value);
        }
    }

    /// The tags with which a function of the script begins: those of the run, then those given.
    pub(crate) fn base_tags<'a>(
        &self,
        more: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> TagSet {
        let Some(network) = &self.worker else { return TagSet::empty() };
        let pair = |(key, value): (&'a String, &'a String)| (key.as_str(), value.as_str());
        let run = &network.worker.shared.context.tags;
        let run: TagSet = run.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        run.with_all(more.into_iter().map(pair))
    }
}
