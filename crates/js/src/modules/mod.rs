//! TABLE of the modules that scripts can import.

mod bytes;
mod crypto;
mod csv;
mod data;
mod encoding;
mod execution;
mod fs;
mod headers;
mod http;
mod inbox;
mod k6;
mod metrics;
mod native;
mod navigator;
mod pings;
mod secrets;
mod timers;
mod unknown;
mod websockets;
mod ws;

pub(crate) use unknown::check_known;

use crate::{
    runtime::late::Late,
    vu::module::{ModuleEntry, ModuleTable},
    web::{self, LazyModule},
};

/// Every module: those in Rust, those in JavaScript with the natives they stand on.
pub(crate) static TABLE: ModuleTable = ModuleTable {
    entries: &[
        ModuleEntry { specifier: "k6", declare: native::declare::<k6::K6> },
        ModuleEntry { specifier: "k6/crypto", declare: native::declare::<crypto::Crypto> },
        ModuleEntry { specifier: "k6/encoding", declare: native::declare::<encoding::Encoding> },
        ModuleEntry { specifier: "k6/data", declare: native::declare::<data::Data> },
        ModuleEntry { specifier: "k6/secrets", declare: native::declare::<secrets::Secrets> },
        ModuleEntry { specifier: "k6/timers", declare: native::declare::<timers::Timers> },
        ModuleEntry { specifier: "k6/websockets", declare: native::declare::<websockets::Module> },
        ModuleEntry { specifier: "k6/ws", declare: native::declare::<ws::Ws> },
        ModuleEntry { specifier: "internal:csv", declare: native::declare::<csv::Natives> },
        ModuleEntry { specifier: "internal:fs", declare: native::declare::<fs::Natives> },
        ModuleEntry { specifier: "internal:web/natives", declare: web::declare_natives },
        ModuleEntry {
            specifier: "internal:execution",
            declare: native::declare::<execution::Execution>,
        },
        ModuleEntry { specifier: "internal:http", declare: native::declare::<http::Natives> },
        ModuleEntry { specifier: "internal:metrics", declare: native::declare::<metrics::Metrics> },
        ModuleEntry {
            specifier: "internal:navigator",
            declare: native::declare::<navigator::Natives>,
        },
    ],
    scripts: &[
        ("k6/execution", include_str!("execution.js")),
        ("k6/http", include_str!("http/http.js")),
        ("k6/metrics", include_str!("metrics.js")),
        ("internal:fs/file", include_str!("fs/fs.js")),
        ("k6/experimental/csv", include_str!("csv/csv.js")),
        ("k6/experimental/fs", include_str!("fs/public.js")),
        ("k6/experimental/streams", include_str!("streams.js")),
        (
            "k6/experimental/websockets",
            "export * from 'k6/websockets';\nexport { default } from 'k6/websockets';",
        ),
    ],
    globals: &[
        Late::script(&["WebSocket"], |ctx| web::run_half(ctx, &WEBSOCKET)),
        Late::script(&["Navigator", "navigator"], |ctx| web::run_half(ctx, &NAVIGATOR)),
    ],
    // k6: its words.
    warnings: &[(
        "k6/experimental/websockets",
        "k6/experimental/websockets is now part of the k6 core, and will be removed in a future release. Please change your imports to k6/websockets instead.",
    )],
    unknown: unknown::message,
};

const WEBSOCKET: LazyModule =
    LazyModule { name: "internal:global/WebSocket", source: include_str!("websockets/global.js") };

const NAVIGATOR: LazyModule =
    LazyModule { name: "internal:global/navigator", source: include_str!("navigator.js") };
