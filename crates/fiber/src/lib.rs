//! Stackful coroutines on pooled stacks, so that a blocking call suspends a VU and not its thread
