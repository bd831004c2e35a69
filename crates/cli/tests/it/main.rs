//! The program as a user meets it: what it prints, and how it ends.

mod api;
mod commands;
mod deps;
mod examples;
mod handle_summary;
mod harness;
mod loki;
mod network;
mod run;
mod scripts;
mod secrets;
mod serve;
mod usage;
mod wire;
