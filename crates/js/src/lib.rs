//! The script: QuickJS, VUs pinned to worker threads, and the modules that a test imports
