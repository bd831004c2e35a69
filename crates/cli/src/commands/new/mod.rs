//! `sockeye new`: a first script, from a template.

mod command;
mod template;

pub(super) use command::new;

/// The built-in templates; the first is the default.
const TEMPLATES: &[(&str, &str)] = &[
    ("websocket", include_str!("websocket.js")),
    ("minimal", include_str!("minimal.js")),
    ("protocol", include_str!("protocol.js")),
];
