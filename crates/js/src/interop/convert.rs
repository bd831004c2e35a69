//! Conversions as the web makes them.

use std::time::Duration;

use rquickjs::{Coerced, Value};

/// The longest delay that a timer keeps: about 24.8 days, as in browsers.
const LONGEST_DELAY: f64 = 2_147_483_647.0;

/// A number of milliseconds as a delay: what is no number, or negative, is none.
pub(crate) fn delay(value: Option<&Value<'_>>) -> rquickjs::Result<Duration> {
    let Some(value) = value else { return Ok(Duration::ZERO) };
    let millis = value.get::<Coerced<f64>>()?;
    if millis.0.is_finite() && millis.0 > 0.0 {
        Ok(Duration::from_secs_f64(millis.0.min(LONGEST_DELAY) / 1000.0))
    } else {
        Ok(Duration::ZERO)
    }
}

/// Any value as text, for messages; never throws.
pub(crate) fn display(value: &Value<'_>) -> String {
    value.get::<Coerced<String>>().map_or_else(
        |_| {
            value.ctx().catch();
            format!("a value of type {}", value.type_name())
        },
        |text| text.0,
    )
}
