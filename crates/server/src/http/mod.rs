//! The small HTTP surface: routes, and what each of them answers.

mod answer;
mod cookies;
mod reflect;
mod reply;
mod route;

pub(crate) use answer::{Scheme, answer};
pub(crate) use reply::{Reply, empty, header, refuse};
