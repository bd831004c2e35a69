//! Getting bytes out and back, timed: dialling, TLS, HTTP and WebSocket connections
