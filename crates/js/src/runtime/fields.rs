//! The fields of the engine's runtime that belong to one VU while it runs: read and written at offsets
//! that were found at start-up (`probe.rs`), since the engine has no call for it.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::ptr::NonNull;

use rquickjs::qjs;

/// Where the fields are, in bytes from the beginning of their struct. There is no way to one but the
/// probe, which has seen each of them do what its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fields {
    /// The innermost frame of the script that runs: a pointer to a stack, null outside of scripts.
    pub(super) frame: usize,
    /// One byte: whether a user's `Error.prepareStackTrace` is at work.
    pub(super) in_trace: usize,
    /// The head of the circular list of jobs.
    pub(super) jobs: usize,
    /// In a job: its context.
    pub(super) job_context: usize,
    /// In a job: its function.
    pub(super) job_function: usize,
}

/// The engine's list node, with which each job begins. In the head of a list, `next` is the first.
#[repr(C)]
struct Link {
    previous: *mut Link,
    next: *mut Link,
}

/// A job that was taken out of its runtime's list. Whoever has one puts it back, or into
/// [`Fields::forget`].
#[derive(Debug)]
pub(super) struct Job(NonNull<Link>);

impl Fields {
    /// Makes `frame` the innermost one and returns the one before.
    ///
    /// # Safety
    /// The runtime must be alive, and `frame` null or what this function returned for it.
    pub(super) unsafe fn replace_frame(
        self,
        runtime: *mut qjs::JSRuntime,
        frame: *mut u8,
    ) -> *mut u8 {
        // SAFETY: the probe found a pointer of this kind at this offset.
        unsafe { runtime.byte_add(self.frame).cast::<*mut u8>().replace(frame) }
    }

    /// The same for the mark that a stack trace is being prepared.
    ///
    /// # Safety
    /// The runtime must be alive, and `mark` zero or what this function returned for it.
    pub(super) unsafe fn replace_in_trace(self, runtime: *mut qjs::JSRuntime, mark: u8) -> u8 {
        // SAFETY: the probe found a byte of this kind at this offset.
        unsafe { runtime.byte_add(self.in_trace).cast::<u8>().replace(mark) }
    }

    /// Takes the first job out of the runtime's list.
    ///
    /// # Safety
    /// The runtime must be alive.
    pub(super) unsafe fn take_job(self, runtime: *mut qjs::JSRuntime) -> Option<Job> {
        // SAFETY: the probe found the head of a well-formed list here, and jobs begin with their
        // link.
        unsafe {
            let head = runtime.byte_add(self.jobs).cast::<Link>();
            let first = (*head).next;
            if first == head {
                return None;
            }
            let next = (*first).next;
            (*head).next = next;
            (*next).previous = head;
            Some(Job(NonNull::new_unchecked(first)))
        }
    }

    /// Puts a job at the end of the runtime's list.
    ///
    /// # Safety
    /// The runtime must be alive, and the one that the job was taken from.
    pub(super) unsafe fn put_job(self, runtime: *mut qjs::JSRuntime, job: Job) {
        // SAFETY: as in `take_job`.
        unsafe {
            let head = runtime.byte_add(self.jobs).cast::<Link>();
            let (job, last) = (job.0.as_ptr(), (*head).previous);
            job.write(Link { previous: last, next: head });
            (*last).next = job;
            (*head).previous = job;
        }
    }

    /// The context of a job; it may be gone.
    pub(super) fn context_of(self, job: &Job) -> *mut qjs::JSContext {
        // SAFETY: the job is alive, and the probe found a pointer of this kind at this offset.
        unsafe { job.0.as_ptr().byte_add(self.job_context).cast::<*mut qjs::JSContext>().read() }
    }

    /// Frees a job without running it. `context` is any that is alive in its runtime.
    ///
    /// # Safety
    /// The runtime and the context must be alive, and the job one of that runtime.
    pub(super) unsafe fn forget(
        self,
        runtime: *mut qjs::JSRuntime,
        context: *mut qjs::JSContext,
        job: Job,
    ) {
        // The engine frees a job once its function has returned: it gets one that does nothing, and
        // the first place in the list.
        // SAFETY: the probe found fields of these types at these offsets.
        unsafe {
            let raw = job.0.as_ptr();
            raw.byte_add(self.job_context).cast::<*mut qjs::JSContext>().write(context);
            raw.byte_add(self.job_function).cast::<qjs::JSJobFunc>().write(Some(nothing));
            let head = runtime.byte_add(self.jobs).cast::<Link>();
            let first = (*head).next;
            raw.write(Link { previous: head, next: first });
            (*head).next = raw;
            (*first).previous = raw;
            let mut of = std::ptr::null_mut();
            qjs::JS_ExecutePendingJob(runtime, &raw mut of);
        }
    }
}

unsafe extern "C" fn nothing(
    _: *mut qjs::JSContext,
    _: std::ffi::c_int,
    _: *mut qjs::JSValue,
) -> qjs::JSValue {
    qjs::JS_UNDEFINED
}
