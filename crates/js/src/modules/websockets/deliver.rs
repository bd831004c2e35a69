//! A socket's events as the script hears them.

use rquickjs::{Array, Ctx, Function, IntoJs, Object, Value};

use super::{
    event::Event,
    socket::{BinaryType, ReadyState, Socket},
};
use crate::{
    interop::bytes::array_buffer,
    runtime::event_loop::TaskSource,
    web::{self, Target, fire_message},
};

impl TaskSource for Socket {
    fn deliver(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let Some((at, event)) = self.pop() else { return Ok(()) };
        let target = self.target.borrow().clone();
        let deliver = self.sockets.upgrade().and_then(|sockets| sockets.deliver.borrow().clone());
        let (Some(target), Some(deliver)) = (target, deliver) else { return Ok(()) };
        let is_last = matches!(event, Event::Close { .. });
        let target = target.restore(ctx)?;
        let since = at.into_std().saturating_duration_since(self.host.process.started);
        let time = since.as_secs_f64() * 1000.0;
        let result = match event {
            Event::Text(message) => self.message(&target, message.into_js(ctx)?, time),
            Event::Binary(bytes) => {
                let data = match self.binary_type.get() {
                    BinaryType::Blob => web::new_blob(ctx, bytes)?,
                    BinaryType::ArrayBuffer => array_buffer(ctx, bytes.into())?.into_value(),
                };
                self.message(&target, data, time)
            }
            event => self.other(&target, &deliver.restore(ctx)?, time, event),
        };
        if is_last {
            self.let_go();
        }
        result
    }
}

impl Socket {
    /// The hot one, without a step through our own JavaScript.
    fn message<'js>(
        &self,
        target: &Object<'js>,
        data: Value<'js>,
        time: f64,
    ) -> rquickjs::Result<()> {
        // WHATWG websockets, "when a message is received", step 1.
        if self.ready_state.get() != ReadyState::Open {
            return Ok(());
        }
        let Some(target) = Target::from_object(target) else { return Ok(()) };
        fire_message(&target, data, (&*self.origin).into_js(target.ctx())?, time)
    }

    fn other<'js>(
        &self,
        target: &Object<'js>,
        deliver: &Function<'js>,
        time: f64,
        event: Event,
    ) -> rquickjs::Result<()> {
        let ctx = target.ctx();
        let call =
            |kind: u8, what: Array<'js>| deliver.call::<_, ()>((target.clone(), kind, time, what));
        let what = Array::new(ctx.clone())?;
        match event {
            Event::Open { protocol, extensions, response } => {
                // The script may have closed it in the meantime.
                if self.ready_state.get() != ReadyState::Connecting {
                    return Ok(());
                }
                self.ready_state.set(ReadyState::Open);
                what.set(0, protocol)?;
                what.set(1, extensions)?;
                what.set(2, response)?;
                call(0, what)
            }
            Event::Closing => {
                self.ready_state.set(self.ready_state.get().max(ReadyState::Closing));
                Ok(())
            }
            Event::Error(failure) => {
                self.ready_state.set(ReadyState::Closed);
                what.set(0, failure.error)?;
                what.set(1, failure.detail)?;
                what.set(2, failure.code)?;
                if let Some((head, body)) = failure.response {
                    what.set(3, head)?;
                    what.set(4, String::from_utf8_lossy(&body).into_owned())?;
                }
                call(1, what)
            }
            Event::Close { code, reason, was_clean } => {
                self.ready_state.set(ReadyState::Closed);
                what.set(0, code)?;
                what.set(1, reason)?;
                what.set(2, was_clean)?;
                // From here on the object keeps count.
                what.set(3, self.unsent_bytes.take() as f64)?;
                call(2, what)
            }
            Event::Ping => call(3, what),
            Event::Pong => call(4, what),
            Event::Text(_) | Event::Binary(_) => Ok(()),
        }
    }
}
