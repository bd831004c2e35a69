//! What can go wrong with a fiber.

use std::io;

/// Why a fiber did not run.
#[derive(Debug, thiserror::Error)]
pub enum FiberError {
    /// The pool is at its configured limit.
    #[error("all {max_stacks} fiber stacks are in use")]
    StackExhausted {
        /// [`StackConfig::max_stacks`](crate::StackConfig::max_stacks) of the pool.
        max_stacks: usize,
    },
    /// One more stack would bring the process near the kernel's limit of mappings, at which
    /// ordinary allocation fails too.
    #[error(
        "no more fiber stacks: the process has {mappings} memory mappings and the kernel allows {limit} (vm.max_map_count)"
    )]
    MappingLimit {
        /// Mappings that the process has.
        mappings: usize,
        /// `vm.max_map_count`.
        limit: usize,
    },
    /// The kernel gave no memory for stacks, or did not protect it.
    #[error("map memory for fiber stacks")]
    Memory(#[source] io::Error),
    /// The fiber was aborted before it began.
    #[error("the fiber was aborted before it began")]
    Aborted,
}

/// The fiber is being ended: whoever waited must return to its caller without waiting again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fiber was aborted")]
pub struct Aborted;
