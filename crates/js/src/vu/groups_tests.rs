//! What is left of a VU when it has gone: nothing.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use sockeye_engine::{
    log::{LogRecord, LogSink},
    vu::VuIds,
};
use sockeye_fiber::{FiberPool, StackConfig};
use sockeye_metrics::Registry;
use sockeye_net::{DialerConfig, SystemRoots, TlsConfig, TlsOptions};
use tokio_util::sync::CancellationToken;

use super::{Vu, groups::Groups, process::Process};
use crate::{Bundle, Fetching, Keep, Limits, LoadRequest, ScriptSource, Secrets};

/// Uses what natives keep values for, and closes cycles through all of it.
const SCRIPT: &str = "
    import ws from 'k6/ws';
    import http from 'k6/http';
    import exec from 'k6/execution';
    import { WebSocket } from 'k6/websockets';
    import { check, group, randomSeed, sleep } from 'k6';
    import { Counter } from 'k6/metrics';
    import { setTimeout as later } from 'k6/timers';
    import * as streams from 'k6/experimental/streams';
    const all = [globalThis, ws, http, exec, WebSocket, check, group, sleep, later, streams];
    randomSeed(1);
    const counter = new Counter('counted');
    const target = new EventTarget();
    target.addEventListener('x', event => all.push(event, counter));
    target.dispatchEvent(new CustomEvent('x', { detail: all }));
    target.onx = () => all;
    const controller = new AbortController();
    controller.signal.onabort = () => all.push(AbortSignal.any([controller.signal]));
    controller.abort(all);
    all.push(target, controller, new URL('http://a/?b=c').searchParams, new Blob(['x']));
    all.push(structuredClone(new Map([[1, new Date()]])), new TextEncoder().encode('x'));
    all.push(new ReadableStream({ start(controller) { all.push(controller); } }));
    all.push(import.meta, import.meta.resolve, Promise.reject(all).catch(() => all));
    for (const name of Object.getOwnPropertyNames(globalThis)) all.push(globalThis[name]);
    await null;
    const waits = later(() => all, 1);
    clearTimeout(waits);
    globalThis.all = all;
    export default function () { return all; }
    export function setup() { return all.length; }";

struct Silence;

impl LogSink for Silence {
    fn log(&self, _: LogRecord) {}
}

async fn process() -> Arc<Process> {
    let dialer = DialerConfig::new(TlsConfig::new(&TlsOptions::new(SystemRoots::none())).unwrap());
    let request = LoadRequest {
        script: ScriptSource::Text { text: SCRIPT.to_owned(), folder: PathBuf::from("/") },
        env: BTreeMap::new(),
        fetching: Fetching {
            dialer: Arc::new(dialer),
            timeout: Duration::from_secs(5),
            builtin_jslib: true,
        },
        registry: Registry::new(),
        log: Arc::new(Silence),
        secrets: Secrets::default(),
        limits: Limits::default(),
        keep: Keep::Code,
    };
    Bundle::load(request).await.unwrap().process
}

#[test]
fn nothing_is_left_of_a_vu_that_has_gone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let process = process().await;
        let pool = FiberPool::new(StackConfig::default()).unwrap();
        let groups = Groups::default();
        let vu = async || {
            let seat = groups.seat(&process).unwrap();
            let ids = VuIds { in_instance: 1, in_test: 1 };
            Vu::init(process.clone(), None, seat, &pool, ids, CancellationToken::new())
                .await
                .unwrap()
        };
        let stays = vu().await;
        let mut heaps = Vec::new();
        for _ in 0..12 {
            let others = [vu().await, vu().await, vu().await];
            drop(others);
            heaps.push(stays.entrance().seat.heap());
        }
        assert_eq!(heaps[2].1, heaps[11].1, "objects: {heaps:?}");
        assert!(heaps[11].0 <= heaps[2].0 + (16 << 10), "bytes: {heaps:?}");
    });
}
