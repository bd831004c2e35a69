//! Finds the fields that VUs of one runtime must exchange, once a process: in a runtime made for it,
//! by what each does when scripts run, throw and wait. The engine's header does not say where they
//! are, and a compiler's option moves them, so nothing is taken for granted: what is not found, or
//! found twice, is a failure, and then each VU gets a runtime of its own.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{
    cell::{Cell, RefCell},
    ffi::c_int,
    ops::Range,
    ptr,
    rc::Rc,
};

use rquickjs::{Context, Ctx, Function, Runtime, qjs};

use super::{
    accounts::{Accounts, Bookkeeper, block_size},
    fields::Fields,
    native::function,
    rehearsal::rehearse,
};

impl Fields {
    /// Finds the fields and rehearses their exchange.
    pub(crate) fn find() -> Option<Self> {
        let fields = probe()?;
        rehearse(fields).then_some(fields)
    }
}

fn probe() -> Option<Fields> {
    let runtime = Runtime::new_with_alloc(Bookkeeper(Rc::new(Accounts::new(usize::MAX)))).ok()?;
    let context = Context::full(&runtime).ok()?;
    let other = Context::base(&runtime).ok()?;
    context.with(|ctx| {
        let engine = Engine::of(&ctx)?;
        let (frame, in_trace) = find_frame(&ctx, engine)?;
        let (jobs, job_context, job_function) =
            find_jobs([&context, &other].map(|context| context.as_raw().as_ptr()), engine)?;
        // Distinct fields, none of which reaches into another.
        let mut taken = [frame..frame + WORD, in_trace..in_trace + 1, jobs..jobs + 2 * WORD];
        taken.sort_by_key(|field| field.start);
        let apart = taken.windows(2).all(|pair| pair[0].end <= pair[1].start);
        apart.then_some(Fields { frame, in_trace, jobs, job_context, job_function })
    })
}

const WORD: usize = size_of::<usize>();

/// The engine's struct as memory.
#[derive(Clone, Copy)]
struct Engine {
    base: *mut qjs::JSRuntime,
    size: usize,
}

impl Engine {
    fn of(ctx: &Ctx<'_>) -> Option<Self> {
        // SAFETY: the context is alive; its runtime is a block of the allocator given to it.
        let (base, size) = unsafe {
            let base = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
            (base, block_size(base.cast()))
        };
        (100..1 << 16).contains(&size).then_some(Self { base, size })
    }

    fn word(self, offset: usize) -> usize {
        debug_assert!(offset + WORD <= self.size);
        // SAFETY: within the struct, which was zeroed when made; the engine may change it at any call,
        // so nothing is assumed about it.
        unsafe { self.base.byte_add(offset).cast::<usize>().read_volatile() }
    }

    /// Whether a list's head is here that points to itself both ways.
    fn is_empty_list(self, offset: usize) -> bool {
        let head = self.base.addr() + offset;
        self.word(offset) == head && self.word(offset + WORD) == head
    }

    /// The links of the list at `head`, if it is well-formed and has that many.
    fn links(self, head: usize, count: usize) -> Option<Vec<usize>> {
        let end = self.base.expose_provenance() + head;
        let mut links = Vec::new();
        let mut previous = end;
        let mut link = self.word(head + WORD);
        while link != end && links.len() < count {
            // SAFETY: only the head of the list of jobs was empty before and is not now, so this is a
            // job, which begins with its link.
            let [back, next] =
                unsafe { ptr::with_exposed_provenance::<[usize; 2]>(link).read_volatile() };
            if back != previous {
                return None;
            }
            links.push(link);
            previous = link;
            link = next;
        }
        let whole = link == end && self.word(head) == previous && links.len() == count;
        whole.then_some(links)
    }

    fn words(self) -> Vec<usize> {
        self.offsets().map(|offset| self.word(offset)).collect()
    }

    fn offsets(self) -> impl Iterator<Item = usize> {
        (0..self.size / WORD).map(|index| index * WORD)
    }

    fn bytes(self) -> Vec<u8> {
        // SAFETY: as for `word`.
        (0..self.size)
            .map(|offset| unsafe { self.base.byte_add(offset).cast::<u8>().read_volatile() })
            .collect()
    }
}

/// The one element that is in all of the lists.
fn only(mut lists: impl Iterator<Item = Vec<usize>>) -> Option<usize> {
    let first = lists.next()?;
    let common =
        lists.fold(first, |common, list| common.into_iter().filter(|o| list.contains(o)).collect());
    match common[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// `current_stack_frame`: null outside of scripts; inside, the head of a chain through the stack that
/// is as long as the script's calls are deep. `in_build_stack_trace`: set while a script's own
/// `Error.prepareStackTrace` is called, and at no other time.
fn find_frame(ctx: &Ctx<'_>, engine: Engine) -> Option<(usize, usize)> {
    let top = 0usize;
    let top = (&raw const top).addr();
    let frames: Rc<RefCell<Vec<Vec<usize>>>> = Rc::default();
    let bytes: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
    let depth = Rc::new(Cell::new(0));
    let (seen, bytes_seen, expected) = (frames.clone(), bytes.clone(), depth.clone());
    let look = function(ctx, move || {
        let here = 0usize;
        let stack = (&raw const here).addr()..top;
        let heads = engine
            .offsets()
            .filter(|&offset| chain(engine.word(offset), &stack) == Some(expected.get()));
        seen.borrow_mut().push(heads.collect());
        bytes_seen.borrow_mut().push(engine.bytes());
    })
    .ok()?;
    let calls: Function<'_> = ctx
        .eval(
            "look => depth => { \
            const call = depth => depth > 1 ? call(depth - 1) + 1 : (look(), 1); \
            return call(depth - 1) + 1; \
        }",
        )
        .ok()?;
    let calls: Function<'_> = calls.call((look.clone(),)).ok()?;
    let before = engine.words();
    let bytes_before = engine.bytes();
    for deep in [2, 5, 3] {
        depth.set(deep);
        if calls.call::<_, usize>((deep,)).ok()? != deep {
            return None;
        }
    }
    let outside = engine.offsets().filter(|offset| before[offset / WORD] == 0);
    let after = engine.offsets().filter(|&offset| engine.word(offset) == 0);
    let frame = only(frames.take().into_iter().chain([outside.collect(), after.collect()]))?;

    let plain = std::mem::take(&mut *bytes.borrow_mut());
    let traces: Function<'_> = ctx
        .eval(
            "look => { \
            Error.prepareStackTrace = () => look(); \
            try { new Error('probe').stack; try { null.probe } catch {} } \
            finally { Error.prepareStackTrace = undefined; } \
        }",
        )
        .ok()?;
    traces.call::<_, ()>((look,)).ok()?;
    let marked = bytes.take();
    if marked.len() < 2 {
        return None;
    }
    let with = |bytes: &[u8], mark: u8| -> Vec<usize> {
        (0..bytes.len()).filter(|&offset| bytes[offset] == mark).collect()
    };
    let unmarked = plain.iter().chain([&bytes_before]).map(|bytes| with(bytes, 0));
    let after = with(&engine.bytes(), 0);
    let in_trace = only(unmarked.chain(marked.iter().map(|bytes| with(bytes, 1))).chain([after]))?;
    Some((frame, in_trace))
}

/// How many frames a chain has that begins at `frame` and runs up the stack to a null.
fn chain(mut frame: usize, stack: &Range<usize>) -> Option<usize> {
    let mut below = stack.start;
    let mut count = 0;
    while frame != 0 {
        if !(below..stack.end - WORD).contains(&frame) || !frame.is_multiple_of(WORD) || count > 16
        {
            return None;
        }
        below = frame + WORD;
        count += 1;
        // SAFETY: it lies on the part of the stack that is in use now: between a local variable of
        // ours and one of our callers'.
        frame = unsafe { ptr::with_exposed_provenance::<usize>(frame).read_volatile() };
    }
    Some(count)
}

/// `job_list`: a list's head, which points to itself when there are no jobs and around all of them
/// when there are. In a job, behind its link: its context and its function.
fn find_jobs(contexts: [*mut qjs::JSContext; 2], engine: Engine) -> Option<(usize, usize, usize)> {
    let heads: Vec<usize> = engine
        .offsets()
        .take_while(|offset| offset + 2 * WORD <= engine.size)
        .filter(|&offset| engine.is_empty_list(offset))
        .collect();
    let [mine, other] = contexts;
    let order = [mine, other, other, mine];
    for context in order {
        // SAFETY: the context is alive, and the job takes no arguments.
        if unsafe { qjs::JS_EnqueueJob(context, Some(probe_job), 0, ptr::null_mut()) } != 0 {
            return None;
        }
    }
    let filled = heads.iter().filter(|&&head| !engine.is_empty_list(head)).copied();
    let head = only([filled.collect()].into_iter())?;
    let jobs = engine.links(head, order.len())?;
    let word = |job: usize, offset: usize| {
        // SAFETY: jobs are alive until they are executed below, and no smaller than what is read.
        unsafe { ptr::with_exposed_provenance::<usize>(job + offset).read_volatile() }
    };
    let behind_link = || (2..5).map(|index| index * WORD);
    let contexts = jobs.iter().zip(order).map(|(&job, context)| {
        behind_link().filter(|&offset| word(job, offset) == context.expose_provenance()).collect()
    });
    let job_context = only(contexts)?;
    let function = probe_job as *const () as usize;
    let functions = jobs
        .iter()
        .map(|&job| behind_link().filter(|&offset| word(job, offset) == function).collect());
    let job_function = only(functions)?;

    for context in order {
        let mut of = ptr::null_mut();
        // SAFETY: the runtime is alive.
        let done = unsafe { qjs::JS_ExecutePendingJob(engine.base, &raw mut of) };
        if done != 1 || !ptr::eq(of, context) {
            return None;
        }
    }
    engine.is_empty_list(head).then_some((head, job_context, job_function))
}

unsafe extern "C" fn probe_job(
    _: *mut qjs::JSContext,
    _: c_int,
    _: *mut qjs::JSValue,
) -> qjs::JSValue {
    qjs::JS_TRUE
}
