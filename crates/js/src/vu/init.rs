//! Making a VU: engine, globals, sockeye's own JavaScript, then the script's init code.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use rquickjs::{Ctx, Filter, Function, Module, Object, Persistent, Promise, Value};
use sockeye_engine::vu::{VuError, VuIds};
use sockeye_fiber::FiberPool;
use tokio_util::sync::CancellationToken;

use super::{
    globals::{self, environment},
    host::{Host, Phase},
    offload,
    process::Process,
    run::WorkerHost,
};
use crate::{
    runtime::{
        entry::Entrance, event_loop::EventLoop, exception::Thrown, ffi, late, realm,
        rejections::Rejections, seat::Seat,
    },
    web,
};

/// Functions by name: few, so a list.
type Exports = Vec<(String, Persistent<Function<'static>>)>;

/// A VU on its worker's thread.
pub(crate) struct Vu {
    pub(crate) host: Rc<Host>,
    pub(crate) entrance: Option<Entrance>,
    /// The functions that the script exports.
    pub(crate) exports: Rc<RefCell<Exports>>,
    /// `setup`'s data as this VU parsed it.
    pub(crate) setup_data: Rc<RefCell<Option<Persistent<Value<'static>>>>>,
}

impl Vu {
    /// Makes the VU in `seat` and runs the init code of the script in it, unless `stop` interrupts it.
    /// Without a worker it can only be asked for its exports.
    ///
    /// # Errors
    /// [`VuError::Script`] if init code threw, [`VuError::Interrupted`] if it was stopped.
    pub(crate) async fn init(
        process: Arc<Process>,
        worker: Option<Rc<WorkerHost>>,
        seat: Rc<Seat>,
        pool: &FiberPool,
        ids: VuIds,
        stop: CancellationToken,
    ) -> Result<Self, VuError> {
        let interrupt = seat.interrupt.clone();
        interrupt.arm(stop);
        let event_loop = Rc::new(EventLoop::default());
        let host = Rc::new(Host::new(ids, process.clone(), worker, interrupt, event_loop.clone()));
        let entrance = Entrance { pool: pool.clone(), seat, event_loop, maps: Rc::new(process) };
        let vu = Self {
            host,
            entrance: Some(entrance),
            exports: Rc::default(),
            setup_data: Rc::default(),
        };
        vu.run_init_code().await.map_err(|thrown| vu.lifecycle_error(thrown))?;
        Ok(vu)
    }

    /// The way into the VU's JavaScript.
    pub(crate) fn entrance(&self) -> &Entrance {
        self.entrance.as_ref().expect("only drop takes it")
    }

    /// Leaves the heap to the end of the process.
    pub(crate) fn leave_heap(&self) {
        std::mem::forget(self.entrance().seat.clone());
    }

    async fn run_init_code(&self) -> Result<(), Thrown> {
        let host = self.host.clone();
        let rejections = self.entrance().seat.rejections.clone();
        let namespace = self
            .entrance()
            .enter(move |ctx| {
                realm::set_host(ctx, host.clone())?;
                install_globals(ctx, &host, rejections)?;
                let entry = host.process.entry.as_str();
                Ok(Persistent::save(ctx, Module::import(ctx, entry)?))
            })
            .await?;
        // A top-level `await` may wait for timers.
        self.run_event_loop().await?;
        let exports = self.exports.clone();
        let process = self.host.process.clone();
        self.entrance()
            .enter(move |ctx| {
                let promise: Promise<'_> = namespace.restore(ctx)?;
                let Some(namespace) = promise.result::<Object<'_>>() else {
                    return Err(rquickjs::Exception::throw_message(
                        ctx,
                        "the script's top-level `await` never ends: nothing is left that could settle it",
                    ));
                };
                let namespace = script_exports(&process, namespace?);
                for name in namespace.own_keys::<String>(Filter::new().string().enum_only()) {
                    let name = name?;
                    if let Ok(function) = namespace.get::<_, Function<'_>>(name.as_str()) {
                        exports.borrow_mut().push((name, Persistent::save(ctx, function)));
                    }
                }
                Ok(())
            })
            .await?;
        self.host.phase.set(Phase::Running);
        Ok(())
    }
}

/// The exports of the script: of an ES module its namespace, of a CommonJS file `module.exports`.
pub(super) fn script_exports<'js>(process: &Process, namespace: Object<'js>) -> Object<'js> {
    let is_commonjs = process
        .store
        .get(process.entry.as_str())
        .is_some_and(|module| module.syntax == crate::loader::analyse::Syntax::CommonJs);
    if is_commonjs && let Ok(exports) = namespace.get::<_, Object<'js>>("default") {
        return exports;
    }
    namespace
}

fn install_globals(
    ctx: &Ctx<'_>,
    host: &Rc<Host>,
    rejections: Rc<Rejections>,
) -> rquickjs::Result<()> {
    let console = host.clone();
    let web_host = web::Host {
        performance_origin: host.process.started,
        kinds: host.process.kinds,
        blob_bytes: host.process.limits.memory,
        console: Rc::new(move |level, message| {
            use sockeye_engine::log::LogRecord;
            let record = LogRecord::new(level, message).field("source", "console");
            console.process.log.log(record);
        }),
        random: getrandom::fill,
        offload: offload::to_threads(host),
        report_exception: Rc::new(move |ctx, error| {
            if ffi::is_uncatchable(&error) {
                return Err(ctx.throw(error));
            }
            rejections.report(ctx, error);
            Ok(())
        }),
    };
    web::install(ctx, &web_host)?;
    late::add(ctx, globals::LATE)?;
    late::add(ctx, host.process.modules.globals)?;
    environment::install(ctx, host)?;
    web::keep_watched(ctx, &host.process.store.named())?;
    globals::prepare(ctx, host)
}

impl Drop for Vu {
    fn drop(&mut self) {
        // Values of the engine must not outlive it: the engine aborts the process over one that does.
        self.exports.borrow_mut().clear();
        self.setup_data.borrow_mut().take();
        self.host.event_loop.timers.clear_all();
        self.host.event_loop.clear_tasks();
        self.host.run_farewells();
        if let Some(entrance) = self.entrance.take() {
            entrance.seat.give_up();
        }
    }
}
