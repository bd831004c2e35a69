//! The algorithms by their names.

use digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit as _};

/// A hash, or an HMAC, of what came so far.
pub(super) trait Hashing {
    /// Adds data.
    fn update(&mut self, bytes: &[u8]);

    /// The hash up to here; more can be added.
    fn digest(&self) -> Vec<u8>;
}

impl<T: Update + FixedOutput + Clone> Hashing for T {
    fn update(&mut self, bytes: &[u8]) {
        Update::update(self, bytes);
    }

    fn digest(&self) -> Vec<u8> {
        self.clone().finalize_fixed().to_vec()
    }
}

macro_rules! algorithms {
    ($($name:literal: $Hash:ty;)*) => {
        /// All names.
        pub(super) const NAMES: &[&str] = &[$($name),*];

        /// A hash of nothing yet.
        pub(super) fn hash(name: &str) -> Option<Box<dyn Hashing>> {
            match name {
                $($name => Some(Box::new(<$Hash>::default())),)*
                _ => None,
            }
        }

        /// An HMAC of nothing yet: RFC 2104.
        pub(super) fn hmac(name: &str, key: &[u8]) -> Option<Box<dyn Hashing>> {
            match name {
                // Any length of key will do.
                $($name => Some(Box::new(Hmac::<$Hash>::new_from_slice(key).ok()?)),)*
                _ => None,
            }
        }
    };
}

algorithms! {
    "md4": md4::Md4;
    "md5": md5::Md5;
    "sha1": sha1::Sha1;
    "sha256": sha2::Sha256;
    "sha384": sha2::Sha384;
    "sha512": sha2::Sha512;
    "sha512_224": sha2::Sha512_224;
    "sha512_256": sha2::Sha512_256;
    "ripemd160": ripemd::Ripemd160;
}
