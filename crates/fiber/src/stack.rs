//! The stack slab: large mappings cut into stacks, each above a guard area that faults when touched.
//!
//! One mapping per stack would end at 32,000 fibers, where the kernel's `vm.max_map_count` makes
//! every further mapping fail, those of `malloc` included. So stacks are cut from chunks, and the
//! guards are installed inside a mapping where the kernel can do that (Linux 6.13). Elsewhere
//! `mprotect` splits the mapping, and the slab stops short of the limit.

use std::{cell::RefCell, fs, io, num::NonZeroUsize, ptr, rc::Rc};

use crate::FiberError;

/// How large stacks are, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackConfig {
    /// Usable bytes of a stack; rounded up to whole pages.
    pub size: usize,
    /// How many stacks a pool makes at most.
    pub max_stacks: usize,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self { size: 256 * 1024, max_stacks: 128 * 1024 }
    }
}

/// All stacks of a pool. Stacks in use keep it alive, so that none is ever unmapped under a fiber.
#[derive(Debug)]
pub(crate) struct Slab {
    /// Usable bytes of a stack, in whole pages.
    size: usize,
    max_stacks: usize,
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    chunks: Vec<Chunk>,
    guards: Guards,
    /// Stacks made so far, in use or free.
    made: usize,
    /// Free stacks, the most recently used last: its top pages are likely still in a cache.
    free: Vec<FreeStack>,
}

#[derive(Debug)]
struct FreeStack {
    base: NonZeroUsize,
    /// Whether its memory was given back since it was last used.
    trimmed: bool,
}

/// How guard areas are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guards {
    /// By `madvise(MADV_GUARD_INSTALL)`: costs no mapping.
    Installed,
    /// By `mprotect(PROT_NONE)`: each stack becomes two mappings.
    Protected,
}

impl Slab {
    /// An empty slab with room for the first stacks.
    pub(crate) fn new(config: StackConfig) -> Result<Rc<Self>, FiberError> {
        Self::with_guards(config, Guards::Installed)
    }

    /// `guards` is tried first: a kernel without it makes the slab fall back to `mprotect`.
    fn with_guards(config: StackConfig, guards: Guards) -> Result<Rc<Self>, FiberError> {
        let page = page_size();
        let size = config.size.max(corosensei::stack::MIN_STACK_SIZE).next_multiple_of(page);
        let inner = Inner { chunks: Vec::new(), guards, made: 0, free: Vec::new() };
        let slab = Self { size, max_stacks: config.max_stacks, inner: RefCell::new(inner) };
        // The first stack shows at once whether the kernel gives memory, and which guards it has.
        let base = slab.make()?;
        slab.inner.borrow_mut().free.push(FreeStack { base, trimmed: false });
        Ok(Rc::new(slab))
    }

    /// Usable bytes of each stack.
    pub(crate) fn stack_size(&self) -> usize {
        self.size
    }

    /// The most recently used free stack, or a new one.
    pub(crate) fn take(self: &Rc<Self>) -> Result<PooledStack, FiberError> {
        let free = self.inner.borrow_mut().free.pop();
        let base = match free {
            Some(free) => free.base,
            None => self.make()?,
        };
        Ok(PooledStack { base, slab: Rc::clone(self) })
    }

    /// Gives the kernel back what free stacks hold, but for the `keep` most recently used and for
    /// the first page of each.
    pub(crate) fn trim(&self, keep: usize) {
        let hot = page_size();
        let mut inner = self.inner.borrow_mut();
        let cold = inner.free.len().saturating_sub(keep);
        for stack in inner.free[..cold].iter_mut().filter(|stack| !stack.trimmed) {
            let start = stack.base.get() - self.size;
            let start = ptr::with_exposed_provenance_mut(start);
            // SAFETY: the range lies within a chunk of this slab and belongs to a stack that no
            // fiber uses; its content is not read again before it is written.
            unsafe { libc::madvise(start, self.size - hot, libc::MADV_DONTNEED) };
            stack.trimmed = true;
        }
    }

    fn make(&self) -> Result<NonZeroUsize, FiberError> {
        let mut inner = self.inner.borrow_mut();
        if inner.made >= self.max_stacks {
            return Err(FiberError::StackExhausted { max_stacks: self.max_stacks });
        }
        let guard = GUARD.next_multiple_of(page_size());
        if inner.chunks.last().is_none_or(|chunk| chunk.cut == chunk.len) {
            if inner.guards == Guards::Protected {
                check_mapping_limit(mapping_count(), mapping_limit())?;
            }
            let len = (guard + self.size) * CHUNK_STACKS;
            inner.chunks.push(Chunk::map(len).map_err(FiberError::Memory)?);
        }
        let guards = inner.guards;
        let chunk = inner.chunks.last_mut().expect("a chunk was pushed if there was none");
        let used = chunk.guard(guard, guards).map_err(FiberError::Memory)?;
        chunk.cut += guard + self.size;
        let base = chunk.start.get() + chunk.cut;
        inner.guards = used;
        inner.made += 1;
        Ok(NonZeroUsize::new(base).expect("above the start of a mapping, which is not 0"))
    }
}

/// A stack in use. Dropping it puts it back on top of its slab's free list.
pub(crate) struct PooledStack {
    /// The address above its highest byte.
    base: NonZeroUsize,
    slab: Rc<Slab>,
}

impl PooledStack {
    /// The lowest usable address.
    pub(crate) fn floor(&self) -> usize {
        self.base.get() - self.slab.size
    }
}

impl Drop for PooledStack {
    fn drop(&mut self) {
        let free = FreeStack { base: self.base, trimmed: false };
        self.slab.inner.borrow_mut().free.push(free);
    }
}

// SAFETY: `base` and `limit` enclose memory of one of the slab's chunks that was handed out to this
// value alone and stays mapped while `slab` is held; its lowest part is a guard area. Chunks and
// sizes are multiples of the page size, hence aligned.
unsafe impl corosensei::stack::Stack for PooledStack {
    fn base(&self) -> NonZeroUsize {
        self.base
    }

    fn limit(&self) -> NonZeroUsize {
        let limit = self.floor() - GUARD.next_multiple_of(page_size());
        NonZeroUsize::new(limit).expect("within a mapping, which does not start at 0")
    }
}

/// One mapping, cut into stacks from its start.
#[derive(Debug)]
struct Chunk {
    start: NonZeroUsize,
    len: usize,
    /// Bytes already cut off.
    cut: usize,
}

impl Chunk {
    fn map(len: usize) -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping at an address of the kernel's choice touches no memory
        // in use.
        let start = unsafe { libc::mmap(ptr::null_mut(), len, protection, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // A huge page under a stack would make its first touched byte cost 2 MiB. A kernel that
        // knows no huge pages refuses the advice, which is as well.
        #[cfg(target_os = "linux")]
        // SAFETY: advice on the mapping just made.
        unsafe {
            libc::madvise(start, len, libc::MADV_NOHUGEPAGE);
        }
        let start = NonZeroUsize::new(start.expose_provenance());
        Ok(Self { start: start.expect("the kernel maps nothing at 0"), len, cut: 0 })
    }

    /// Makes the next `len` bytes a guard area. Says by which means it was done.
    fn guard(&self, len: usize, guards: Guards) -> io::Result<Guards> {
        let at = ptr::with_exposed_provenance_mut(self.start.get() + self.cut);
        // SAFETY: the range is part of this chunk and not yet part of any stack.
        if guards == Guards::Installed && unsafe { install_guard(at, len) } {
            return Ok(Guards::Installed);
        }
        // SAFETY: the same.
        match unsafe { libc::mprotect(at, len, libc::PROT_NONE) } {
            0 => Ok(Guards::Protected),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let start = ptr::with_exposed_provenance_mut(self.start.get());
        // SAFETY: the mapping is this chunk's own. Every stack cut from it held the slab, which is
        // now being dropped, so none is in use.
        unsafe { libc::munmap(start, self.len) };
    }
}

/// # Safety
/// The range must be memory of the caller's that nothing uses: what it holds is lost, and touching
/// it faults from then on.
#[cfg(target_os = "linux")]
unsafe fn install_guard(at: *mut libc::c_void, len: usize) -> bool {
    // linux/mman.h; since Linux 6.13. `EINVAL` on older kernels, and on locked memory.
    const MADV_GUARD_INSTALL: libc::c_int = 102;
    // SAFETY: by the caller's promise.
    unsafe { libc::madvise(at, len, MADV_GUARD_INSTALL) == 0 }
}

#[cfg(not(target_os = "linux"))]
unsafe fn install_guard(_: *mut libc::c_void, _: usize) -> bool {
    false
}

/// Refuses when a chunk of stacks, each split in two, could bring the process to the kernel's limit.
fn check_mapping_limit(mappings: usize, limit: usize) -> Result<(), FiberError> {
    if mappings + 2 * CHUNK_STACKS + SPARE_MAPPINGS > limit {
        return Err(FiberError::MappingLimit { mappings, limit });
    }
    Ok(())
}

/// Without a limit where the system has none to read: there the kernel says no itself.
fn mapping_limit() -> usize {
    let limit = fs::read_to_string("/proc/sys/vm/max_map_count");
    limit.ok().and_then(|text| text.trim().parse().ok()).unwrap_or(usize::MAX)
}

fn mapping_count() -> usize {
    let maps = fs::read("/proc/self/maps").unwrap_or_default();
    maps.split(|&byte| byte == b'\n').count()
}

fn page_size() -> usize {
    // SAFETY: reads a constant of the system.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(page).unwrap_or(4096)
}

/// Address space below each stack that faults. C functions with large frames may step over a
/// single page without touching it.
const GUARD: usize = 32 * 1024;

/// Stacks per mapping.
const CHUNK_STACKS: usize = 64;

/// Mappings left to the rest of the process: `malloc`, threads, files.
const SPARE_MAPPINGS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_released_stack_is_taken_first() {
        let slab = Slab::new(StackConfig { max_stacks: 3, ..StackConfig::default() }).unwrap();
        let (a, b, c) = (slab.take().unwrap(), slab.take().unwrap(), slab.take().unwrap());
        let (base_a, base_c) = (a.base, c.base);
        assert!(matches!(slab.take(), Err(FiberError::StackExhausted { max_stacks: 3 })));
        drop(c);
        drop(a);
        let first = slab.take().unwrap();
        assert_eq!(first.base, base_a);
        assert_eq!(slab.take().unwrap().base, base_c);
        drop(b);
    }

    // One test, since all tests of a binary share the process whose mappings it counts.
    #[test]
    fn installed_guards_cost_no_mapping_and_protected_ones_do() {
        let slab = Slab::new(StackConfig::default()).unwrap();
        if slab.inner.borrow().guards == Guards::Installed {
            let before = mapping_count();
            let stacks: Vec<_> = (0..20_000).map(|_| slab.take().unwrap()).collect();
            // A chunk may stay a mapping of its own beside its neighbour.
            assert!(mapping_count() < before + 2 * 20_000 / CHUNK_STACKS);
            drop(stacks);
        }
        let slab = Slab::with_guards(StackConfig::default(), Guards::Protected).unwrap();
        let before = mapping_count();
        let stacks: Vec<_> = (0..1000).map(|_| slab.take().unwrap()).collect();
        assert!(mapping_count() > before + 1000, "each stack has its guard");
        assert_eq!(slab.inner.borrow().guards, Guards::Protected);
        drop(stacks);
    }

    #[test]
    fn a_chunk_is_refused_near_the_limit_of_mappings() {
        assert!(check_mapping_limit(30_000, 65_530).is_ok());
        let refused = check_mapping_limit(65_000, 65_530).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "no more fiber stacks: the process has 65000 memory mappings and the kernel allows 65530 (vm.max_map_count)"
        );
    }

    #[test]
    fn trim_spares_the_warm_and_keeps_the_guards() {
        let slab = Slab::new(StackConfig::default()).unwrap();
        let stacks: Vec<_> = (0..4).map(|_| slab.take().unwrap()).collect();
        drop(stacks);
        slab.trim(1);
        let trimmed: Vec<bool> =
            slab.inner.borrow().free.iter().map(|stack| stack.trimmed).collect();
        assert_eq!(trimmed, [true, true, true, false]);
    }
}
