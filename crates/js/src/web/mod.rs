//! The web platform's globals. Shape is JavaScript, and lives beside the natives that do the work.
//!
//! [`install`] runs in a fresh context, before any script. The JavaScript halves import their natives as
//! `internal:web/natives` when one of them first runs; no `internal:` specifier may resolve for a script.

mod abort;
mod blob;
mod blob_memory;
mod clone;
mod clone_leaf;
mod console;
mod console_format;
mod crypto;
mod dispatch;
mod encoding;
mod event;
mod event_class;
mod event_kinds;
mod event_target;
mod half;
pub(crate) mod host;
mod idl;
mod install;
mod kind;
mod lazy;
pub(crate) mod opaque;
mod performance;
mod url;

pub(crate) use blob::{Blob, new_blob};
pub(crate) use dispatch::{fire_close, fire_filled, fire_message, fire_plain};
pub(crate) use event_class::{EventKind, Target};
pub(crate) use event_target::handler;
pub(crate) use half::{blob_interface, construct_target, half, shown, target_interface};
pub(crate) use host::Host;
pub(crate) use install::install;
pub(crate) use kind::Kinds;
pub(crate) use lazy::{LazyModule, WATCHED, declare_natives, keep_watched, run as run_half};

use crate::runtime::late::Late;

/// The globals, each made when a script or a native first looks for it.
pub(crate) const LATE: &[Late] = &[
    Late::native(&["EventTarget"], event_target::make),
    Late::native(&["Event"], event::make),
    Late::native(&["CustomEvent"], event_kinds::make_custom),
    Late::native(&["MessageEvent"], event_kinds::make_message),
    Late::native(&["CloseEvent"], event_kinds::make_close),
    Late::native(&["ErrorEvent"], event_kinds::make_error),
    Late::native(&["AbortController"], abort::make_controller),
    Late::native(&["AbortSignal"], abort::make_signal),
    Late::native(&["Performance", "performance"], performance::make),
    Late::native(&["Blob"], blob::make),
    Late::native(&["File"], blob::make_file),
    Late::native(&["structuredClone"], clone::make),
    Late::native(&["TextEncoder"], encoding::make_encoder),
    Late::native(&["TextDecoder"], encoding::make_decoder),
    Late::native(&["Crypto", "crypto"], crypto::make),
    Late::native(&["console"], console::make),
    Late::script(&["URL", "URLSearchParams"], |ctx| run_half(ctx, &URL)),
    Late::script(
        &[
            "ByteLengthQueuingStrategy",
            "CountQueuingStrategy",
            "ReadableByteStreamController",
            "ReadableStream",
            "ReadableStreamBYOBReader",
            "ReadableStreamBYOBRequest",
            "ReadableStreamDefaultController",
            "ReadableStreamDefaultReader",
            "TransformStream",
            "TransformStreamDefaultController",
            "WritableStream",
            "WritableStreamDefaultController",
            "WritableStreamDefaultWriter",
        ],
        |ctx| run_half(ctx, &STREAMS),
    ),
    Late::script(&["TextDecoderStream", "TextEncoderStream"], |ctx| run_half(ctx, &TEXT_STREAMS)),
    Late::script(&["CryptoKey", "SubtleCrypto"], |ctx| run_half(ctx, &crypto::SUBTLE)),
];

const URL: LazyModule = LazyModule { name: "internal:web/url", source: include_str!("url.js") };

/// Streams, which `Blob` asks for too.
const STREAMS: LazyModule =
    LazyModule { name: "internal:web/streams", source: include_str!("streams/streams.js") };

const TEXT_STREAMS: LazyModule =
    LazyModule { name: "internal:web/streams/text", source: include_str!("streams/text.js") };

/// What the halves and our modules import, as (specifier, source); loaded with them.
pub(crate) const PARTS: &[(&str, &str)] = &[
    ("internal:web/idl", include_str!("idl.js")),
    ("internal:web/crypto/algorithms", include_str!("crypto/algorithms.js")),
    ("internal:web/crypto/jwk", include_str!("crypto/jwk.js")),
    ("internal:web/crypto/key", include_str!("crypto/key.js")),
    ("internal:web/crypto/schemes", include_str!("crypto/schemes.js")),
    ("internal:web/crypto/subtle", include_str!("crypto/subtle.js")),
    ("internal:web/streams/buffers", include_str!("streams/buffers.js")),
    ("internal:web/streams/byte_control", include_str!("streams/byte_control.js")),
    ("internal:web/streams/byte_controller", include_str!("streams/byte_controller.js")),
    ("internal:web/streams/default_control", include_str!("streams/default_control.js")),
    ("internal:web/streams/from", include_str!("streams/from.js")),
    ("internal:web/streams/iterator", include_str!("streams/iterator.js")),
    ("internal:web/streams/pipe", include_str!("streams/pipe.js")),
    ("internal:web/streams/promises", include_str!("streams/promises.js")),
    ("internal:web/streams/pull_control", include_str!("streams/pull_control.js")),
    ("internal:web/streams/readable", include_str!("streams/readable.js")),
    ("internal:web/streams/readable_record", include_str!("streams/readable_record.js")),
    ("internal:web/streams/readers", include_str!("streams/readers.js")),
    ("internal:web/streams/strategies", include_str!("streams/strategies.js")),
    ("internal:web/streams/tee", include_str!("streams/tee.js")),
    ("internal:web/streams/transform", include_str!("streams/transform.js")),
    ("internal:web/streams/writable", include_str!("streams/writable.js")),
    ("internal:web/streams/writable_control", include_str!("streams/writable_control.js")),
    ("internal:web/streams/writable_record", include_str!("streams/writable_record.js")),
];

#[cfg(test)]
mod tests;
