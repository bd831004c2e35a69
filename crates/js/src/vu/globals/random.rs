//! `Math.random`. The engine begins its numbers at the clock's microsecond: VUs that two threads make in
//! the same one would have the same numbers, and be the same user to a server.

use std::cell::Cell;

use rquickjs::{Ctx, Exception, Object};

use crate::runtime::native;

/// Lets `Math.random` begin anywhere.
///
/// # Errors
/// When the system has no randomness, or memory is out.
pub(super) fn scatter(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let seed = getrandom::u64()
        .map_err(|error| Exception::throw_message(ctx, &format!("Math.random: {error}")))?;
    begin_at(ctx, seed)
}

/// From now on `Math.random` repeats what it did after the same seed.
///
/// # Errors
/// When memory is out, or the script has no `Math`.
pub(crate) fn begin_at(ctx: &Ctx<'_>, seed: u64) -> rquickjs::Result<()> {
    let state = Cell::new(seed);
    let random = native::function(ctx, move || -> f64 { next(&state) })?;
    let math: Object<'_> = ctx.globals().get("Math")?;
    math.set("random", random.with_name("random")?)
}

/// SplitMix64 (Steele, Lea, Flood 2014), its upper 53 bits as a fraction of 1.
fn next(state: &Cell<u64>) -> f64 {
    state.set(state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
    let mut z = state.get();
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}
