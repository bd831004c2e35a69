//! Running the iterations of an activation, and the samples of each.

use sockeye_engine::{
    log::{LogLevel, LogRecord},
    vu::{Activation, ActivationEnd, IterationEnd, IterationTicket, Next},
};
use sockeye_metrics::SystemTag;
use tokio::time::Instant;

use super::{Vu, lifecycle::Argument};
use crate::runtime::exception::Thrown;

impl Vu {
    /// Runs iterations until the source has no more or the activation is stopped.
    pub(crate) async fn activate(&self, activation: Activation) -> ActivationEnd {
        let scenario = activation.scenario.clone();
        self.host.interrupt.arm(activation.interrupt.clone());
        *self.host.scenario.borrow_mut() = Some(scenario.clone());
        self.begin_scenario_tags(&scenario);
        if self.refresh_environment().await.is_err() {
            return ActivationEnd::Stopped;
        }
        let end = loop {
            if activation.stop.is_cancelled() || activation.interrupt.is_cancelled() {
                break ActivationEnd::Stopped;
            }
            let ticket = match activation.source.next() {
                Next::Run(ticket) => ticket,
                Next::Wait(at) => {
                    // Boxed: VUs that never wait for a moment need no room for it.
                    let wait = Box::pin(tokio::time::sleep_until(at));
                    Box::pin(activation.stop.run_until_cancelled(wait)).await;
                    continue;
                }
                Next::Exhausted => break ActivationEnd::Exhausted,
            };
            let end = self.iterate(&scenario.exec, ticket).await;
            activation.source.finished(end);
            if self.host.interrupt.is_own() {
                // The script aborted the test, and whoever stops the others has not come to it yet.
                break ActivationEnd::Stopped;
            }
            // Iterations that never wait must still let the other VUs of the thread run.
            tokio::task::yield_now().await;
        };
        *self.host.scenario.borrow_mut() = None;
        self.host.ticket.set(None);
        end
    }

    async fn iterate(&self, exec: &str, ticket: IterationTicket) -> IterationEnd {
        let host = &self.host;
        let number = host.iterations.get();
        host.iterations.set(number + 1);
        if let Some(scenario) = &*host.scenario.borrow() {
            let mut counts = host.iterations_by_scenario.borrow_mut();
            match counts.get_mut(&scenario.name) {
                Some(count) => *count += 1,
                None => drop(counts.insert(scenario.name.clone(), 1)),
            }
        }
        host.ticket.set(Some(ticket));
        host.leave_groups();
        host.set_system_metadata(SystemTag::Iter, number);
        if let Some(network) = host.network()
            && !network.worker.shared.context.keep_cookies
        {
            network.reset_jar();
        }
        let started = Instant::now();
        let result = self.call(exec, Argument::Iteration(number)).await.map(drop);
        let ended = Instant::now();
        // The tags of the VU stay as the script left them, for this scenario.
        host.leave_groups();
        let tags = host.tags();
        self.report_bytes();
        let end = match result {
            Ok(()) => IterationEnd::Complete,
            Err(Thrown::Interrupted) => IterationEnd::Interrupted,
            Err(thrown) => {
                self.log_thrown(thrown);
                IterationEnd::Complete
            }
        };
        // k6: the iteration that aborts the test is counted as interrupted, and still sampled.
        if end == IterationEnd::Complete || host.interrupt.is_own() {
            let builtin = *host.process.registry.builtin();
            let millis = (ended - started).as_secs_f64() * 1000.0;
            host.sample(builtin.iteration_duration, &tags, ended, millis);
            host.sample(builtin.iterations, &tags, ended, 1.0);
        }
        if end == IterationEnd::Complete {
            self.rest(started).await;
        }
        end
    }

    /// Waits out the least duration of an iteration that began at `started`. k6: after its samples
    /// were taken.
    async fn rest(&self, started: Instant) {
        let Some(network) = self.host.network() else { return };
        let least = network.worker.shared.context.min_iteration_duration;
        if started.elapsed() < least {
            let interrupt = self.host.interrupt.token();
            tokio::select! {
                () = tokio::time::sleep_until(started + least) => {}
                () = interrupt.cancelled() => {}
            }
        }
    }

    /// k6: its fields and their order.
    fn log_thrown(&self, thrown: Thrown) {
        let scenario = self.host.scenario.borrow().clone();
        let (executor, name) = match &scenario {
            Some(scenario) => (scenario.executor, scenario.name.as_str()),
            None => ("", ""),
        };
        let record = |message: String| {
            LogRecord::new(LogLevel::Error, message)
                .field("executor", executor)
                .field("scenario", name)
        };
        let record = match thrown {
            Thrown::Interrupted => return,
            Thrown::Error(text) => record(text).field("source", "stacktrace"),
            Thrown::Rejection(text) => record(format!("Uncaught (in promise) {text}")),
        };
        self.host.process.log.log(record);
    }
}
