//! The memory of the engine's heaps: an allocator that keeps an account for each VU of a runtime, so
//! that one which wants too much is refused while the others of its runtime go on.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]
#![allow(clippy::cast_ptr_alignment, reason = "blocks are aligned as their headers are")]

use std::{
    alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc},
    cell::Cell,
    ptr,
    rc::Rc,
};

use rquickjs::allocator::Allocator;

/// How many accounts there are: one for each VU that a runtime may hold, and [`SHARED`].
pub(super) const COUNT: usize = 65;

/// The account of what belongs to no VU. It has no limit.
pub(super) const SHARED: usize = COUNT - 1;

/// What each account holds, in bytes, and on which one a block goes that is asked for now. A VU's
/// small blocks share pages that the engine asks for as a whole: those count for whoever caused
/// them.
#[derive(Debug)]
pub(super) struct Accounts {
    held: [Cell<usize>; COUNT],
    total: Cell<usize>,
    current: Cell<usize>,
    limit: usize,
    /// Up to this total there is room in the system's heap.
    room: Cell<usize>,
    /// What may still be taken beyond the limit, since something was refused: the error that tells
    /// of it takes memory itself, and the engine throws `null` where it finds none.
    credit: Cell<usize>,
}

/// In a worker's thread glibc takes memory from the kernel as it is asked for, a system call for each of the engine's
/// pages; with a free block of this size at the end of its heap, one for many. It must be smaller than what is mapped
/// or trimmed by itself, 128 KiB.
const ROOM: usize = 96 << 10;

/// The part of the room that the engine's heap is taken to fill. The rest is for what is not the engine's and grows
/// beside it, as with each socket.
const ENGINES_ROOM: usize = ROOM / 4;

/// Which part of the limit may be taken beyond it, in all and after each refusal.
const RESERVE: usize = 1 << 8;
const CREDIT: usize = 1 << 12;

impl Accounts {
    /// Empty accounts of `limit` bytes each.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            held: std::array::from_fn(|_| Cell::new(0)),
            total: Cell::new(0),
            current: Cell::new(SHARED),
            limit,
            room: Cell::new(0),
            credit: Cell::new(0),
        }
    }

    /// From now on blocks go on this account.
    pub(super) fn charge(&self, account: usize) {
        self.current.set(account);
    }

    /// What all of them hold.
    pub(super) fn total(&self) -> usize {
        self.total.get()
    }

    fn admits(&self, account: usize, more: usize) -> bool {
        let wanted = self.held[account].get().saturating_add(more);
        if account == SHARED || wanted <= self.limit {
            return true;
        }
        let reserve = self.limit / RESERVE;
        let left = self.credit.get().checked_sub(more);
        let granted = left.filter(|_| wanted <= self.limit.saturating_add(reserve));
        self.credit.set(granted.unwrap_or(self.limit / CREDIT));
        granted.is_some()
    }

    fn add(&self, account: usize, size: usize) {
        self.held[account].set(self.held[account].get() + size);
        self.total.set(self.total.get() + size);
    }

    fn make_room(&self) {
        if self.total.get() > self.room.get() {
            self.room.set(self.total.get() + ENGINES_ROOM);
            #[cfg(all(target_os = "linux", target_env = "gnu"))]
            drop(std::hint::black_box(Vec::<u8>::with_capacity(ROOM)));
        }
    }

    fn subtract(&self, account: usize, size: usize) {
        self.held[account].set(self.held[account].get() - size);
        self.total.set(self.total.get() - size);
    }
}

/// The allocator of one runtime.
pub(super) struct Bookkeeper(pub(super) Rc<Accounts>);

/// Stands before each block. Its size keeps the alignment of what follows.
#[repr(C, align(16))]
struct Header {
    /// Of the block, without this.
    size: usize,
    account: usize,
}

/// The bytes of a block that the allocator gave out.
///
/// # Safety
/// The block must be one of a [`Bookkeeper`] and not yet freed.
pub(super) unsafe fn block_size(block: *const u8) -> usize {
    // SAFETY: each block stands behind its header.
    unsafe { (*block.cast::<Header>().sub(1)).size }
}

fn layout(size: usize) -> Option<Layout> {
    let whole = size.checked_add(size_of::<Header>())?;
    Layout::from_size_align(whole, align_of::<Header>()).ok()
}

impl Bookkeeper {
    fn take(&self, size: usize, from: unsafe fn(Layout) -> *mut u8) -> *mut u8 {
        let account = self.0.current.get();
        let Some(layout) = layout(size) else { return ptr::null_mut() };
        if !self.0.admits(account, size) {
            return ptr::null_mut();
        }
        self.0.make_room();
        // SAFETY: the layout has the size of a header at least.
        let header = unsafe { from(layout) }.cast::<Header>();
        if header.is_null() {
            return ptr::null_mut();
        }
        self.0.add(account, size);
        // SAFETY: the memory is ours, large enough and aligned for a header, and the block begins
        // behind it.
        unsafe {
            header.write(Header { size, account });
            header.add(1).cast()
        }
    }
}

// SAFETY: blocks have the alignment of their header, which is that of `usize` at least, and the size
// asked for; `usable_size` is that size.
unsafe impl Allocator for Bookkeeper {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        self.take(size, alloc)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        match count.checked_mul(size) {
            Some(size) => self.take(size, alloc_zeroed),
            None => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&mut self, block: *mut u8) {
        if block.is_null() {
            return;
        }
        // SAFETY: the caller's block is ours, so its header stands before it and says its layout.
        unsafe {
            let header = block.cast::<Header>().sub(1);
            let Header { size, account } = header.read();
            self.0.subtract(account, size);
            if let Some(layout) = layout(size) {
                dealloc(header.cast(), layout);
            }
        }
    }

    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        if block.is_null() {
            return self.alloc(size);
        }
        // SAFETY: the caller's block is ours, so its header stands before it and says its layout.
        unsafe {
            let header = block.cast::<Header>().sub(1);
            let Header { size: before, account } = header.read();
            let (Some(old), Some(new)) = (layout(before), layout(size)) else {
                return ptr::null_mut();
            };
            if size > before && !self.0.admits(account, size - before) {
                return ptr::null_mut();
            }
            let header = realloc(header.cast(), old, new.size()).cast::<Header>();
            if header.is_null() {
                return ptr::null_mut();
            }
            self.0.subtract(account, before);
            self.0.add(account, size);
            header.write(Header { size, account });
            header.add(1).cast()
        }
    }

    unsafe fn usable_size(block: *mut u8) -> usize {
        // SAFETY: the caller's block is ours.
        unsafe { block_size(block) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_account_that_is_full_is_refused() {
        let accounts = Rc::new(Accounts::new(1000));
        let mut allocator = Bookkeeper(accounts.clone());
        accounts.charge(0);
        let first = allocator.alloc(600);
        assert!(!first.is_null());
        assert!(allocator.alloc(600).is_null());
        // SAFETY: `first` is the allocator's.
        assert!(unsafe { allocator.realloc(first, 1001) }.is_null(), "and growing is asking too");
        accounts.charge(1);
        let second = allocator.calloc(2, 500);
        assert!(!second.is_null());
        accounts.charge(SHARED);
        let third = allocator.alloc(5000);
        assert_eq!(accounts.total(), 6600);
        // Whoever frees, the account that holds the block is relieved.
        // SAFETY: the blocks are the allocator's, and each is freed once.
        unsafe {
            let first = allocator.realloc(first, 900);
            assert_eq!(block_size(first), 900);
            allocator.dealloc(first);
            allocator.dealloc(second);
            allocator.dealloc(third);
        }
        assert_eq!(accounts.total(), 0);
        accounts.charge(0);
        let again = allocator.alloc(1000);
        assert!(!again.is_null());
        // SAFETY: as above.
        unsafe { allocator.dealloc(again) };
    }

    #[test]
    fn sizes_beyond_all_memory_are_refused() {
        let mut allocator = Bookkeeper(Rc::new(Accounts::new(usize::MAX)));
        assert!(allocator.alloc(usize::MAX - 8).is_null());
        assert!(allocator.calloc(usize::MAX, 2).is_null());
    }
}
