//! Hashes, HMAC, HKDF and PBKDF2.

use digest::Digest as _;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::job::Failure;

/// Web Cryptography's hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// Runs `$body` with `$Hash` being the type.
macro_rules! with_hash {
    ($hash:expr, $Hash:ident => $body:expr) => {
        match $hash {
            Hash::Sha1 => {
                type $Hash = Sha1;
                $body
            }
            Hash::Sha256 => {
                type $Hash = Sha256;
                $body
            }
            Hash::Sha384 => {
                type $Hash = Sha384;
                $body
            }
            Hash::Sha512 => {
                type $Hash = Sha512;
                $body
            }
        }
    };
}

impl Hash {
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        match name {
            "SHA-1" => Ok(Self::Sha1),
            "SHA-256" => Ok(Self::Sha256),
            "SHA-384" => Ok(Self::Sha384),
            "SHA-512" => Ok(Self::Sha512),
            _ => Err(Failure::unsupported(format!("the hash {name} is not known"))),
        }
    }

    pub(super) fn digest(self, data: &[u8]) -> Vec<u8> {
        with_hash!(self, H => H::digest(data).to_vec())
    }

    /// RFC 2104.
    pub(super) fn hmac(self, key: &[u8], data: &[u8]) -> Result<Vec<u8>, Failure> {
        with_hash!(self, H => {
            let mut hmac = Hmac::<H>::new_from_slice(key).map_err(Failure::operation)?;
            hmac.update(data);
            Ok(hmac.finalize().into_bytes().to_vec())
        })
    }

    /// RFC 2104, compared in constant time.
    pub(super) fn verify_hmac(
        self,
        key: &[u8],
        signature: &[u8],
        data: &[u8],
    ) -> Result<bool, Failure> {
        with_hash!(self, H => {
            let mut hmac = Hmac::<H>::new_from_slice(key).map_err(Failure::operation)?;
            hmac.update(data);
            Ok(hmac.verify_slice(signature).is_ok())
        })
    }

    /// RFC 5869.
    pub(super) fn hkdf(
        self,
        key: &[u8],
        salt: &[u8],
        info: &[u8],
        length: usize,
    ) -> Result<Vec<u8>, Failure> {
        // §2.3: no more than 255 hashes of it.
        let longest = 255 * self.digest(&[]).len();
        if length > longest {
            let message = format!("HKDF gives no more than {longest} bytes with this hash");
            return Err(Failure::operation(message));
        }
        let mut out = vec![0; length];
        with_hash!(self, H => {
            Hkdf::<H>::new(Some(salt), key).expand(info, &mut out).map_err(Failure::operation)?;
        });
        Ok(out)
    }

    /// RFC 8018 §5.2.
    pub(super) fn pbkdf2(
        self,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Vec<u8> {
        let mut out = vec![0; length];
        with_hash!(self, H => pbkdf2_hmac::<H>(password, salt, iterations, &mut out));
        out
    }
}
