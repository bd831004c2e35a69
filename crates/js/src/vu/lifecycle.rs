//! Running one exported function until nothing is left to do: the part that iterations, `setup` and
//! `teardown` share.

use std::{cell::RefCell, pin::pin, rc::Rc, sync::Arc, time::Duration};

use rquickjs::{Function, Persistent, Value};
use sockeye_engine::{
    log::LogLevel,
    vu::{ScenarioRun, VuError},
};
use sockeye_metrics::SystemTag;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Vu, deep_json, globals::environment, setup_data};
use crate::runtime::exception::Thrown;

/// How long a peer has to answer the closing of a socket that the end of an iteration cuts off.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a function is called with.
pub(crate) enum Argument {
    /// Nothing: `setup()`.
    None,
    /// What `setup` returned: `teardown(data)`.
    SetupData,
    /// The same for the iteration of this number, which becomes `__ITER`: `default(data)`.
    Iteration(u64),
    /// What this JSON text says, which is kept: `handleSummary(data)`.
    Json(Arc<str>, Parsed),
}

/// What JSON text was parsed to, once it was.
pub(crate) type Parsed = Rc<RefCell<Option<Persistent<Value<'static>>>>>;

impl Vu {
    /// Calls the exported function `name` and runs the event loop until nothing is registered on
    /// it. k6: the iteration is over then, whether or not the function's promise has settled.
    ///
    /// # Errors
    /// What the function or one of its callbacks threw. Timers, sockets and tasks are gone then.
    pub(crate) async fn call(
        &self,
        name: &str,
        argument: Argument,
    ) -> Result<Persistent<Value<'static>>, Thrown> {
        let result = self.call_and_wait(name, argument).await;
        if result.is_err() {
            self.cut_off().await;
        }
        result
    }

    async fn call_and_wait(
        &self,
        name: &str,
        argument: Argument,
    ) -> Result<Persistent<Value<'static>>, Thrown> {
        let Some(function) = self.exported(name) else {
            return Err(Thrown::Error(format!("the script exports no function `{name}`\n")));
        };
        let iteration = match argument {
            Argument::Iteration(number) => Some(number),
            _ => None,
        };
        let data = match argument {
            Argument::None => None,
            Argument::SetupData | Argument::Iteration(_) => Some((
                self.setup_data.clone(),
                self.host.network().and_then(|network| network.worker.shared.setup_data()),
            )),
            Argument::Json(text, parsed) => Some((parsed, Some(text))),
        };
        let value = self
            .entrance()
            .enter(move |ctx| {
                if let Some(number) = iteration {
                    environment::set_iteration(ctx, number)?;
                }
                let function: Function<'_> = function.restore(ctx)?;
                let result: Value<'_> = match data {
                    None => function.call(())?,
                    Some((parsed, json)) => {
                        let known = parsed.borrow().clone();
                        let data = match (known, json) {
                            (Some(known), _) => known.restore(ctx)?,
                            (None, Some(json)) => {
                                let data = deep_json::parse(ctx, &json)?;
                                *parsed.borrow_mut() = Some(Persistent::save(ctx, data.clone()));
                                data
                            }
                            (None, None) => Value::new_undefined(ctx.clone()),
                        };
                        function.call((data,))?
                    }
                };
                Ok(Persistent::save(ctx, result))
            })
            .await?;
        self.run_event_loop().await?;
        Ok(value)
    }

    /// Runs until nothing is registered on the event loop, or the VU is interrupted.
    pub(super) async fn run_event_loop(&self) -> Result<(), Thrown> {
        let event_loop = &self.host.event_loop;
        let interrupt = self.host.interrupt.token();
        let mut interrupted = pin!(interrupt.cancelled());
        while !event_loop.is_empty() {
            if !event_loop.is_ready() {
                tokio::select! {
                    biased;
                    () = &mut interrupted => return Err(Thrown::Interrupted),
                    () = event_loop.wait() => {}
                }
            }
            if self.host.interrupt.is_raised() {
                return Err(Thrown::Interrupted);
            }
            if event_loop.is_ready() {
                self.entrance().run_ready().await?;
                // A VU that always has something to do must let the others of its thread go on.
                if event_loop.is_ready() {
                    tokio::task::yield_now().await;
                }
            }
        }
        Ok(())
    }

    /// Ends what the function left behind: timers with k6's warning, sockets with a goodbye.
    async fn cut_off(&self) {
        for (id, kind) in self.host.event_loop.timers.clear_all() {
            // k6: its words.
            let message = format!(
                "{} {id} was stopped because the VU iteration was interrupted",
                kind.as_str()
            );
            self.host.process.log(LogLevel::Warning, message);
        }
        self.host.event_loop.clear_tasks();
        self.host.resources.end_all(GOODBYE).await;
        self.host.event_loop.clear_tasks();
        self.entrance().seat.rejections.clear();
    }

    /// Runs `setup()` and returns its result as JSON, nothing of `undefined`.
    pub(crate) async fn setup(
        &self,
        interrupt: CancellationToken,
    ) -> Result<Option<String>, VuError> {
        self.host.interrupt.arm(interrupt);
        self.begin_lifecycle_function("::setup");
        let value = self.call("setup", Argument::None).await;
        self.report_bytes();
        let value = value.map_err(|thrown| match thrown {
            Thrown::Rejection(text) => VuError::SetupData(text),
            thrown => self.lifecycle_error(thrown),
        })?;
        let json = self.entrance().enter(move |ctx| setup_data::json(ctx, value)).await;
        json.map_err(|thrown| self.lifecycle_error(thrown))?.map_err(VuError::SetupData)
    }

    /// Runs `teardown(data)`.
    pub(crate) async fn teardown(&self, interrupt: CancellationToken) -> Result<(), VuError> {
        self.host.interrupt.arm(interrupt);
        self.begin_lifecycle_function("::teardown");
        let done = self.call("teardown", Argument::SetupData).await;
        self.report_bytes();
        done.map(drop).map_err(|thrown| self.lifecycle_error(thrown))
    }

    /// Whether the script exports that function.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.exported(name).is_some()
    }

    fn exported(&self, name: &str) -> Option<Persistent<Function<'static>>> {
        let exports = self.exports.borrow();
        exports.iter().find(|(known, _)| known == name).map(|(_, function)| function.clone())
    }

    fn begin_lifecycle_function(&self, group: &str) {
        self.host.set_tags(self.host.base_tags([]));
        self.host.set_metadata(None);
        // k6: as if they were the first iteration of a VU without a number.
        self.host.set_system_metadata(SystemTag::Iter, 0);
        self.host.set_group(group);
    }

    /// What was thrown in init code, `setup` or `teardown`, for the engine. The evaluation of a module
    /// is a promise, but what it throws is the script's exception.
    pub(super) fn lifecycle_error(&self, thrown: Thrown) -> VuError {
        match thrown {
            Thrown::Error(text) | Thrown::Rejection(text) => VuError::Script(text),
            Thrown::Interrupted => match self.host.aborted.borrow_mut().take() {
                Some(reason) => VuError::Aborted(reason),
                None => VuError::Interrupted,
            },
        }
    }

    /// Takes the samples of what was sent and received since the last time.
    pub(crate) fn report_bytes(&self) {
        let Some(network) = self.host.network() else { return };
        let (sent, received) = network.bytes.take();
        let builtin = *self.host.process.registry.builtin();
        let (now, tags) = (Instant::now(), self.host.tags());
        self.host.sample(builtin.data_sent, &tags, now, sent as f64);
        self.host.sample(builtin.data_received, &tags, now, received as f64);
    }

    /// Makes `__ENV` that of the scenario that begins.
    pub(crate) async fn refresh_environment(&self) -> Result<(), Thrown> {
        let host = self.host.clone();
        self.entrance().enter(move |ctx| environment::set_env(ctx, &host)).await
    }

    /// The tags with which the VU begins its time in a scenario.
    pub(crate) fn begin_scenario_tags(&self, scenario: &ScenarioRun) {
        let mut tags = self.host.base_tags(&scenario.tags);
        if self.host.has_tag(SystemTag::Scenario) {
            tags = tags.with(SystemTag::Scenario.as_str(), &scenario.name);
        }
        self.host.set_tags(tags);
        self.host.set_group("");
        self.host.set_metadata(None);
        self.host.set_system_metadata(SystemTag::Vu, self.host.ids.in_test);
    }
}
