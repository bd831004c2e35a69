//! The way into JavaScript: on a fiber, so that a blocking call suspends only this VU, and with the
//! jobs drained after each task as HTML's event loop does (and k6's).

use std::{future::Future, rc::Rc};

use rquickjs::Ctx;
use sockeye_fiber::{FiberPool, block_on};

use super::{
    event_loop::EventLoop,
    exception::{self, SourceMaps, Thrown},
    ffi,
    seat::{self, Seat},
};

/// What all entries of a VU need. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Entrance {
    pub(crate) pool: FiberPool,
    pub(crate) seat: Rc<Seat>,
    pub(crate) event_loop: Rc<EventLoop>,
    pub(crate) maps: Rc<dyn SourceMaps>,
}

impl Entrance {
    /// Runs `body` in the VU's context, then its jobs. The body's own result is returned even when
    /// a job failed afterwards only if no promise was left rejected.
    ///
    /// # Errors
    /// What was thrown; [`Thrown::Interrupted`] once the VU's interrupt is raised. A fault of the
    /// fiber (no stack to be had, a panic) is an error with its text.
    pub(crate) async fn enter<T: 'static>(
        &self,
        body: impl for<'js> FnOnce(&Ctx<'js>) -> rquickjs::Result<T> + 'static,
    ) -> Result<T, Thrown> {
        let this = self.clone();
        self.on_fiber(move |ctx| {
            let result = this.settle(ctx, body(ctx));
            this.check_jobs(ctx)?;
            result
        })
        .await
    }

    /// Runs every task and timer that is ready, each followed by its jobs. Stops at the first that
    /// throws.
    pub(crate) async fn run_ready(&self) -> Result<(), Thrown> {
        let this = self.clone();
        let mark = this.event_loop.timers.mark();
        self.on_fiber(move |ctx| {
            loop {
                let result = if let Some(task) = this.event_loop.pop() {
                    task.deliver(ctx)
                } else if let Some(result) = this.event_loop.timers.fire_next(ctx, mark) {
                    result
                } else {
                    return Ok(());
                };
                this.settle(ctx, result)?;
                this.check_jobs(ctx)?;
            }
        })
        .await
    }

    async fn on_fiber<T: 'static>(
        &self,
        body: impl for<'js> FnOnce(&Ctx<'js>) -> Result<T, Thrown> + 'static,
    ) -> Result<T, Thrown> {
        let seat = self.seat.clone();
        let running = self.pool.run(move || seat.turn(body));
        let abort = running.abort_handle();
        let token = self.seat.interrupt.token();
        let mut running = std::pin::pin!(running);
        let done = tokio::select! {
            biased;
            done = &mut running => done,
            () = token.cancelled() => {
                abort.abort();
                running.await
            }
        };
        match done {
            Ok(result) => result,
            Err(fault) => Err(Thrown::Error(format!("internal error: {fault}\n"))),
        }
    }

    fn settle<T>(&self, ctx: &Ctx<'_>, result: rquickjs::Result<T>) -> Result<T, Thrown> {
        result.map_err(|error| match error {
            rquickjs::Error::Exception => exception::take(ctx, &*self.maps),
            other => {
                ctx.catch();
                Thrown::Error(format!("{other}\n"))
            }
        })
    }

    /// Drains the jobs, then looks for a rejection that nobody handled.
    fn check_jobs(&self, ctx: &Ctx<'_>) -> Result<(), Thrown> {
        loop {
            if self.seat.interrupt.is_raised() {
                return Err(Thrown::Interrupted);
            }
            if !self.seat.run_job(ctx) {
                break;
            }
        }
        if let Some(error) = self.seat.rejections.take_reported(ctx) {
            return Err(Thrown::Error(exception::describe(&error, &*self.maps)));
        }
        match self.seat.rejections.take_first(ctx) {
            Some(reason) => Err(Thrown::Rejection(exception::describe(&reason, &*self.maps))),
            None => Ok(()),
        }
    }
}

/// Blocks the VU, and nothing else, until `future` is done.
///
/// # Errors
/// An exception that the script can't catch once the VU is interrupted.
pub(crate) fn block<F: Future>(ctx: &Ctx<'_>, future: F) -> rquickjs::Result<F::Output> {
    seat::suspended(ctx, || block_on(future))
        .map_err(|_| ffi::throw_uncatchable(ctx, "interrupted"))
}
