//! A socket's events as the script hears them.

use rquickjs::{Ctx, IntoJs as _, Value};

use super::{
    event::{Event, Failure},
    response,
    socket::{BinaryType, ReadyState, Socket},
};
use crate::{
    interop::bytes::array_buffer,
    runtime::event_loop::TaskSource,
    web::{self, EventKind, Target, fire_close, fire_filled, fire_message, fire_plain},
};

impl TaskSource for Socket {
    fn deliver(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let Some((at, event)) = self.pop() else { return Ok(()) };
        let Some(target) = self.target.borrow().clone() else { return Ok(()) };
        let is_last = matches!(event, Event::Close { .. });
        let target = target.restore(ctx)?;
        let since = at.into_std().saturating_duration_since(self.host.process.started);
        let result = self.fire(&target, since.as_secs_f64() * 1000.0, event);
        if is_last {
            self.let_go();
        }
        result
    }
}

impl Socket {
    fn fire(&self, target: &Target<'_>, time: f64, event: Event) -> rquickjs::Result<()> {
        let ctx = target.ctx();
        match event {
            Event::Text(message) => self.message(target, message.into_js(ctx)?, time),
            Event::Binary(bytes) => {
                let data = match self.binary_type.get() {
                    BinaryType::Blob => web::new_blob(ctx, bytes)?,
                    BinaryType::ArrayBuffer => array_buffer(ctx, bytes.into())?.into_value(),
                };
                self.message(target, data, time)
            }
            Event::Open(head) => {
                // The script may have closed it in the meantime.
                if self.ready_state.get() != ReadyState::Connecting {
                    return Ok(());
                }
                self.ready_state.set(ReadyState::Open);
                *self.head.borrow_mut() = Some(head);
                fire_plain(target, EventKind::Open, time)
            }
            Event::Closing => {
                self.ready_state.set(self.ready_state.get().max(ReadyState::Closing));
                Ok(())
            }
            Event::Error(failure) => self.error(target, time, &failure),
            Event::Close { code, reason, was_clean } => {
                self.ready_state.set(ReadyState::Closed);
                fire_close(target, time, (code, reason, was_clean))
            }
            Event::Ping => fire_plain(target, EventKind::Ping, time),
            Event::Pong => fire_plain(target, EventKind::Pong, time),
        }
    }

    fn message<'js>(
        &self,
        target: &Target<'js>,
        data: Value<'js>,
        time: f64,
    ) -> rquickjs::Result<()> {
        // WHATWG websockets, "when a message is received", step 1.
        if self.ready_state.get() != ReadyState::Open {
            return Ok(());
        }
        fire_message(target, data, self.origin(), time)
    }

    fn error(&self, target: &Target<'_>, time: f64, failure: &Failure) -> rquickjs::Result<()> {
        self.ready_state.set(ReadyState::Closed);
        let ctx = target.ctx();
        // WHATWG websockets, "when the WebSocket connection is closed": an event without more to it.
        let was_heard = fire_filled(target, EventKind::Error, time, |event| {
            // k6: `error` is a text.
            event.set("error", failure.error.as_str())?;
            event.set("message", failure.detail.as_str())?;
            // Ours: k6's number, and what the server said if it refused the handshake.
            event.set("errorCode", failure.code)?;
            let response = failure.response.as_ref().map(|(head, body)| {
                let body = String::from_utf8_lossy(body).into_owned();
                response::unpack(ctx, head, Some(body))
            });
            event.set(
                "response",
                response
                    .transpose()?
                    .map_or_else(|| Value::new_null(ctx.clone()), rquickjs::Object::into_value),
            )
        })?;
        if !was_heard {
            self.unheard(&failure.detail);
        }
        Ok(())
    }
}
