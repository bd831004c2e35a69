//! What VUs of one group must not notice of each other.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use rquickjs::{Coerced, Ctx, Function};
use sockeye_fiber::{FiberPool, StackConfig, block_on};
use tokio_util::sync::CancellationToken;

use super::{
    engine::Limits, fields::Fields, group::Group, native::function, seat::Seat, seat::suspended,
};

fn group(memory: usize) -> Rc<Group> {
    let limits = Limits { memory, ..Limits::default() };
    let fields = Fields::find().expect("the engine's fields are found");
    Group::new(limits, Some(fields), 16, |_| {}).unwrap()
}

fn pool() -> FiberPool {
    FiberPool::new(StackConfig::default()).unwrap()
}

/// Runs a script as a VU does, with its jobs, and gives what it was worth or threw. `pause()` waits
/// until the future is polled again.
fn run<'a>(
    pool: &FiberPool,
    seat: &'a Rc<Seat>,
    script: &str,
) -> Pin<Box<dyn Future<Output = String> + 'a>> {
    let (seat, script) = (seat.clone(), script.to_owned());
    let turn = pool.run(move || {
        seat.clone().turn(|ctx| {
            ctx.globals().set("pause", function(ctx, pause).unwrap()).unwrap();
            let result = ctx.eval::<Coerced<String>, _>(script);
            while !seat.interrupt.is_raised() && seat.run_job(ctx) {}
            result.map_or_else(|_| shown(ctx), |text| text.0)
        })
    });
    Box::pin(async { turn.await.unwrap_or_else(|fault| fault.to_string()) })
}

fn shown(ctx: &Ctx<'_>) -> String {
    let error = ctx.catch();
    let mark = if error.is_uncatchable_error() { "uncatchable " } else { "" };
    format!("{mark}{}", error.get::<Coerced<String>>().map_or_else(|_| "?".to_owned(), |e| e.0))
}

fn pause(ctx: Ctx<'_>) -> rquickjs::Result<()> {
    let mut paused = false;
    let once = poll_fn(move |_| {
        let was = std::mem::replace(&mut paused, true);
        if was { Poll::Ready(()) } else { Poll::Pending }
    });
    suspended(&ctx, || block_on(once))
        .map_err(|_| super::ffi::throw_uncatchable(&ctx, "interrupted"))
}

fn poll(future: &mut Pin<Box<dyn Future<Output = String> + '_>>) -> Poll<String> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// The result of a script that does not pause.
fn now(pool: &FiberPool, seat: &Rc<Seat>, script: &str) -> String {
    match poll(&mut run(pool, seat, script)) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it paused: {script}"),
    }
}

#[test]
fn jobs_wait_for_their_own_vus_turn() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let mut first = run(
        &pool,
        &a,
        "globalThis.log = []; Promise.resolve().then(() => log.push('job')); pause(); log.push('body'); ''",
    );
    assert!(poll(&mut first).is_pending());
    assert_eq!(
        now(&pool, &b, "let n = 0; Promise.resolve().then(() => n++); typeof log"),
        "undefined"
    );
    assert_eq!(now(&pool, &b, "n"), "1", "a VU's own jobs have run");
    assert!(poll(&mut first).is_ready());
    drop(first);
    assert_eq!(now(&pool, &a, "log"), "body,job");
}

#[test]
fn a_collection_in_one_vus_turn_calls_back_in_the_others() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let script = "globalThis.log = [];
        globalThis.registry = new FinalizationRegistry(held => log.push(held));
        (() => { const cycle = {}; cycle.self = cycle; registry.register(cycle, 'gone'); })();
        log";
    assert_eq!(now(&pool, &a, script), "");
    let turn = pool.run({
        let b = b.clone();
        move || {
            b.turn(|ctx| {
                ctx.run_gc();
                let mut jobs = 0;
                while b.run_job(ctx) {
                    jobs += 1;
                }
                jobs
            })
        }
    });
    let jobs = pin!(turn).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(jobs, Poll::Ready(Ok(0))), "{jobs:?}");
    assert_eq!(now(&pool, &a, "log"), "", "the body of the turn comes before its jobs");
    assert_eq!(now(&pool, &a, "log"), "gone");
}

#[test]
fn jobs_of_a_vu_that_is_gone_never_run() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    a.turn(|ctx| {
        let job = ctx.eval::<(), _>("Promise.resolve([]).then(list => { for (;;) list.push(1); })");
        job.unwrap();
    });
    let before = b.heap().1;
    drop(a);
    assert_eq!(now(&pool, &b, "1 + 1"), "2");
    let after = b.heap().1;
    assert!(after < before - 100, "its objects are gone: {before} {after}");
}

#[test]
fn an_interrupt_ends_only_its_own_vu() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let mut other = run(&pool, &b, "try { pause(); 'resumed' } catch { 'caught' }");
    assert!(poll(&mut other).is_pending());
    let token = CancellationToken::new();
    a.interrupt.arm(token.clone());
    token.cancel();
    let endless = "try { for (;;) ; } catch { 'caught' } finally { globalThis.ran = 1 }";
    assert_eq!(now(&pool, &a, endless), "uncatchable InternalError: interrupted");
    assert_eq!(poll(&mut other), Poll::Ready("resumed".to_owned()));
    a.interrupt.arm(CancellationToken::new());
    assert_eq!(now(&pool, &a, "typeof ran"), "undefined", "and no finally ran");
}

#[test]
fn an_aborted_script_leaves_the_others_as_they_were() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let deep = "(function deep(n) { try { return n ? deep(n - 1) : pause() ?? 'resumed' }
        catch { return 'caught' } finally { if (!n) globalThis.ended = true } })(20)";
    let mut first = run(&pool, &a, deep);
    let mut second = run(&pool, &b, deep);
    assert!(poll(&mut first).is_pending());
    assert!(poll(&mut second).is_pending());
    // Dropped in the middle: it is resumed once more, to unwind.
    drop(first);
    assert_eq!(poll(&mut second), Poll::Ready("resumed".to_owned()));
    drop(second);
    assert_eq!(now(&pool, &a, "typeof ended"), "undefined");
    assert_eq!(now(&pool, &b, "ended"), "true");
}

#[test]
fn each_fiber_has_the_whole_of_its_stack() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let depth = "let depth = 0; const dive = () => { depth++; dive() };
        try { dive() } catch (error) { error.name }";
    let alone = now(&pool, &a, &format!("{{ {depth}; depth }}"));
    // Deep in its stack it waits, and goes on diving afterwards.
    let paused = "{ let depth = 0;
        const dive = () => { if (++depth === 100) pause(); dive() };
        try { dive() } catch (error) { error.name }; depth }";
    let mut first = run(&pool, &a, paused);
    let mut second = run(&pool, &b, paused);
    assert!(poll(&mut first).is_pending());
    assert!(poll(&mut second).is_pending());
    let (Poll::Ready(second), Poll::Ready(first)) = (poll(&mut second), poll(&mut first)) else {
        panic!("they pause again");
    };
    let [alone, first, second] = [alone, first, second].map(|depth| depth.parse::<i32>().unwrap());
    assert!(alone > 200, "{alone}");
    assert!((first - alone).abs() < alone / 10, "{first} frames, not {alone}");
    assert!((second - alone).abs() < alone / 10, "{second} frames, not {alone}");
}

#[test]
fn only_who_takes_too_much_memory_is_refused() {
    let (group, pool) = (group(8 << 20), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let most = "globalThis.kept = []; 
        try { for (;;) kept.push(new ArrayBuffer(100_000)); } catch (error) { error.message }";
    assert_eq!(now(&pool, &a, most), "out of memory");
    assert_eq!(now(&pool, &b, "new Array(20_000).fill(0).map(n => ({ n })).length"), "20000");
    assert_eq!(now(&pool, &b, most), "out of memory");
    assert_eq!(now(&pool, &a, "kept.length = 0; new ArrayBuffer(1 << 20).byteLength"), "1048576");
}

#[test]
fn the_error_of_who_is_out_of_memory_has_memory() {
    let (group, pool) = (group(64 << 20), pool());
    let seat = group.seat().unwrap();
    // Let go of before the engine compiles again, which it does not survive without memory.
    let small = "globalThis.list = null;
        try { for (;;) list = { list }; } catch (error) { list = null; String(error) }";
    for _ in 0..3 {
        assert_eq!(now(&pool, &seat, small), "InternalError: out of memory");
    }
}

#[test]
fn a_script_that_prepares_its_stack_traces_can_wait_there() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let prepares = "Error.prepareStackTrace = (error, sites) => { pause(); return sites.length };
        const n = (function f() { return new Error('a') })().stack; Error.prepareStackTrace = undefined; n";
    let mut first = run(&pool, &a, prepares);
    assert!(poll(&mut first).is_pending());
    let stack = "(function named() { return new Error('b') })().stack.includes('named')";
    assert_eq!(now(&pool, &b, stack), "true");
    assert_eq!(poll(&mut first), Poll::Ready("2".to_owned()));
    drop(first);
    assert_eq!(now(&pool, &a, stack), "true");
}

#[test]
fn garbage_is_collected_between_turns_and_inside_long_ones() {
    let (group, pool) = (group(256 << 20), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    let before = b.heap();
    let cycles = "for (let i = 0; i < 2_000; i++) { const cycle = [i]; cycle.push(cycle); } 'made'";
    for _ in 0..50 {
        assert_eq!(now(&pool, &a, cycles), "made");
    }
    // Far less than all that was made: 100,000 arrays.
    assert!(group.accounts.total() < before.0 + (4 << 20), "{}", group.accounts.total());
    let endless =
        "for (let i = 0; i < 3_000_000; i++) { const cycle = [i]; cycle.push(cycle); } 'made'";
    assert_eq!(now(&pool, &a, endless), "made", "and not out of memory");
    assert!(b.heap().0 < before.0 + (1 << 20));
}

#[test]
fn a_context_goes_with_its_seat_and_the_runtime_with_the_last() {
    let (group, pool) = (group(1 << 30), pool());
    let stays = group.seat().unwrap();
    let mut heaps = Vec::new();
    for _ in 0..20 {
        let seats: Vec<_> = (0..15).map(|_| group.seat().unwrap()).collect();
        assert!(!group.has_room());
        for seat in &seats {
            let script = "globalThis.me = []; me.push(globalThis, () => me, class { static x = me }, new Map([[me, me]])); 1";
            assert_eq!(now(&pool, seat, script), "1");
        }
        drop(seats);
        assert!(group.has_room());
        heaps.push(stays.heap());
    }
    assert_eq!(heaps[2].1, heaps[19].1, "objects");
    assert!(heaps[19].0 <= heaps[2].0 + (64 << 10), "{heaps:?}");
    let weak = Rc::downgrade(&group);
    drop(group);
    assert!(weak.upgrade().is_some());
    drop(stays);
    assert!(weak.upgrade().is_none());
}

#[test]
fn functions_of_natives_belong_to_their_context() {
    let (group, pool) = (group(1 << 30), pool());
    let (a, b) = (group.seat().unwrap(), group.seat().unwrap());
    for seat in [&a, &b] {
        let reach = "Object.getPrototypeOf(pause).constructor('return this')() === globalThis";
        assert_eq!(now(&pool, seat, reach), "true");
        seat.turn(|ctx| {
            let pause: Function<'_> = ctx.globals().get("pause").unwrap();
            assert!(pause.get_prototype() == Some(Function::prototype(ctx.clone())));
        });
    }
}
