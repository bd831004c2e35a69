//! Room for parsers that recurse as deep as a source is nested.

use std::{panic, thread};

/// Runs `work` on a source of `length` bytes, on a stack that no nesting in it can use up. Only what
/// is touched of that stack costs memory.
///
/// # Panics
/// When `work` does.
pub(super) fn with_deep_stack<T: Send>(length: usize, work: impl Fn() -> T + Sync) -> T {
    let size = LEAST.saturating_add(length.saturating_mul(BYTES_PER_CHARACTER)).min(MOST);
    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().name("parser".to_owned()).stack_size(size);
        // Where the system gives no such stack, there is still the caller's.
        thread.spawn_scoped(scope, &work).ok().map(thread::ScopedJoinHandle::join)
    });
    match outcome {
        Some(Ok(value)) => value,
        Some(Err(panic)) => panic::resume_unwind(panic),
        None => work(),
    }
}

/// Whether a source may be nested deeper than the deepest stack allows. Brackets within strings are
/// counted too, as no real source has so many more that open than that close.
pub(super) fn is_too_deep(source: &str) -> bool {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest > DEEPEST
}

/// For everything but nesting.
const LEAST: usize = 8 << 20;
/// Measured in an unoptimised build: 2,454 bytes for each `(`, the most of all that can be nested.
const BYTES_PER_CHARACTER: usize = 4 << 10;
/// The most that is asked for.
const MOST: usize = 1 << 30;
/// Measured in an unoptimised build: the costliest level, a class in a field of a class, is one
/// bracket and 6,136 bytes.
const DEEPEST: usize = MOST / (8 << 10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted() {
        assert!(!is_too_deep(&"()".repeat(DEEPEST + 1)));
        assert!(!is_too_deep(&"[".repeat(DEEPEST)));
        assert!(is_too_deep(&"[".repeat(DEEPEST + 1)));
        assert!(is_too_deep(&format!("{}{{", ")(".repeat(DEEPEST) + &"(".repeat(DEEPEST))));
    }

    #[test]
    fn the_outcome_is_the_works() {
        assert_eq!(with_deep_stack(10, || 1 + 1), 2);
    }
}
