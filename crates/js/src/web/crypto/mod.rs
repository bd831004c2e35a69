//! `crypto`: Web Cryptography. Random numbers are natives; `subtle` is JavaScript over natives that work on bytes, made
//! when a script first asks for it.

mod aes;
mod arguments;
mod ec;
mod hash;
mod job;
mod material;
mod operations;
mod random;
mod rsa;

pub(super) use operations::install as install_operations;
pub(super) use random::make;

use super::lazy::LazyModule;

/// `CryptoKey`, `SubtleCrypto` and what `crypto.subtle` gives.
pub(in crate::web) const SUBTLE: LazyModule =
    LazyModule { name: "internal:web/crypto", source: include_str!("crypto.js") };
