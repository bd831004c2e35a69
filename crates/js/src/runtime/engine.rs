//! How much of the engine a VU may use.

/// How much a VU may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of heap.
    pub memory: usize,
    /// Bytes of stack for each entry into JavaScript.
    pub stack: usize,
    /// How many VUs share a runtime of the engine, and with it what is the same for all of them. 16
    /// have nearly all of the gain; more would make each collection of their garbage longer.
    pub group: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, stack: 256 << 10, group: 16 }
    }
}
