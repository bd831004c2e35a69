//! The built-in target of examples, benches and tests: a real chat, echo and HTTP server
