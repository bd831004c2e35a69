//! How much the blobs of a VU may hold: their bytes are not in the engine's heap, so its limit does
//! not see them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use rquickjs::{Ctx, Exception, Result};

use super::opaque::{Interface, Opaque};
use crate::runtime::realm;

/// The account of one VU.
struct BlobMemory {
    held: Arc<AtomicUsize>,
    most: usize,
}

impl Interface for BlobMemory {
    const NAME: &'static str = "BlobMemory";
}

/// Opens the account.
pub(super) fn install(ctx: &Ctx<'_>, most: usize) -> Result<()> {
    realm::keep(ctx, Opaque(BlobMemory { held: Arc::default(), most }))
}

/// Enters bytes into the account until the last that shares them is gone.
///
/// # Errors
/// The engine's own exception for memory that is out.
pub(super) fn keep(ctx: &Ctx<'_>, bytes: Bytes) -> Result<Bytes> {
    /// What the kept bytes own.
    struct Kept {
        bytes: Bytes,
        held: Arc<AtomicUsize>,
    }
    impl AsRef<[u8]> for Kept {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    impl Drop for Kept {
        fn drop(&mut self) {
            self.held.fetch_sub(self.bytes.len(), Ordering::Relaxed);
        }
    }
    if bytes.is_empty() {
        return Ok(bytes);
    }
    check(ctx, bytes.len())?;
    let Some(memory) = realm::kept::<Opaque<BlobMemory>>(ctx) else { return Ok(bytes) };
    let held = memory.0.held.clone();
    held.fetch_add(bytes.len(), Ordering::Relaxed);
    Ok(Bytes::from_owner(Kept { bytes, held }))
}

/// Whether so many bytes more may be kept.
///
/// # Errors
/// As for [`keep`].
pub(super) fn check(ctx: &Ctx<'_>, more: usize) -> Result<()> {
    let has_room = || {
        realm::kept::<Opaque<BlobMemory>>(ctx).is_none_or(|memory| {
            more <= memory.0.most.saturating_sub(memory.0.held.load(Ordering::Relaxed))
        })
    };
    if has_room() {
        return Ok(());
    }
    // Blobs in cycles wait for it.
    ctx.run_gc();
    if has_room() { Ok(()) } else { Err(Exception::throw_internal(ctx, "out of memory")) }
}
