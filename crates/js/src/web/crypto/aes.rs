//! AES in the modes CBC, CTR and GCM.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{
        BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit, KeyIvInit as _,
        block_padding::Pkcs7,
        consts::{U12, U16},
    },
};
use aes_gcm::{
    AesGcm,
    aead::{Aead as _, Payload},
};

use super::job::Failure;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Encrypt,
    Decrypt,
}

/// Runs `$body` with `$Aes` being the cipher for a key of that length.
macro_rules! with_aes {
    ($key:expr, $Aes:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $Aes = Aes128;
                $body
            }
            24 => {
                type $Aes = Aes192;
                $body
            }
            32 => {
                type $Aes = Aes256;
                $body
            }
            _ => Err(wrong_key()),
        }
    };
}

/// Web Cryptography §27, with the padding of RFC 2315 §10.3.
pub(super) fn cbc(
    direction: Direction,
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Result<Vec<u8>, Failure> {
    with_aes!(key, A => match direction {
        Direction::Encrypt => {
            let cipher = cbc::Encryptor::<A>::new_from_slices(key, iv).map_err(|_| wrong_iv())?;
            Ok(cipher.encrypt_padded_vec::<Pkcs7>(data))
        }
        Direction::Decrypt => {
            let cipher = cbc::Decryptor::<A>::new_from_slices(key, iv).map_err(|_| wrong_iv())?;
            cipher
                .decrypt_padded_vec::<Pkcs7>(data)
                .map_err(|_| Failure::operation("could not decrypt: the padding is wrong"))
        }
    })
}

/// Web Cryptography §26: the last `bits` of the block are the counter, which wraps within them.
pub(super) fn ctr(
    key: &[u8],
    counter: &[u8],
    bits: usize,
    data: &[u8],
) -> Result<Vec<u8>, Failure> {
    let counter: [u8; 16] =
        counter.try_into().map_err(|_| Failure::operation("the counter is not 16 bytes long"))?;
    let first = u128::from_be_bytes(counter);
    let mask = if bits >= 128 { u128::MAX } else { (1 << bits) - 1 };
    let blocks = data.len().div_ceil(16) as u128;
    if mask != u128::MAX && blocks > mask + 1 {
        return Err(Failure::operation("the data is longer than the counter can count"));
    }
    with_aes!(key, A => {
        let cipher = A::new_from_slice(key).map_err(|_| wrong_key())?;
        let mut out = data.to_vec();
        for (index, chunk) in out.chunks_mut(16).enumerate() {
            let count = first.wrapping_add(index as u128) & mask | first & !mask;
            let mut block = count.to_be_bytes().into();
            cipher.encrypt_block(&mut block);
            for (byte, key) in chunk.iter_mut().zip(block) {
                *byte ^= key;
            }
        }
        Ok(out)
    })
}

/// The arguments of GCM beside the data.
pub(super) struct Gcm<'a> {
    pub(super) key: &'a [u8],
    pub(super) iv: &'a [u8],
    pub(super) additional: &'a [u8],
    /// In bytes.
    pub(super) tag: usize,
}

const WHOLE_TAG: usize = 16;

impl Gcm<'_> {
    /// Web Cryptography §28: what is encrypted, and then the first bytes of its tag.
    pub(super) fn encrypt(&self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut out = self.seal(data)?;
        out.truncate(data.len() + self.tag);
        Ok(out)
    }

    pub(super) fn decrypt(&self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let failed = || Failure::operation("could not decrypt: the tag does not match");
        let length = data.len().checked_sub(self.tag).ok_or_else(failed)?;
        // Encrypting what is encrypted gives the data back, as counter mode does; its own tag must begin with this one.
        let mut plain = self.seal(&data[..length])?;
        plain.truncate(length);
        let sealed = self.seal(&plain)?;
        let mut difference = 0;
        for (given, made) in data[length..].iter().zip(&sealed[length..]) {
            difference |= given ^ made;
        }
        if difference == 0 { Ok(plain) } else { Err(failed()) }
    }

    fn seal(&self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let message = Payload { msg: data, aad: self.additional };
        let too_long = |_| Failure::operation("the data is too long");
        if let Ok(iv) = <&[u8; 12]>::try_from(self.iv) {
            with_aes!(self.key, A => {
                let cipher = AesGcm::<A, U12>::new_from_slice(self.key).map_err(|_| wrong_key())?;
                cipher.encrypt(iv.into(), message).map_err(too_long)
            })
        } else if let Ok(iv) = <&[u8; WHOLE_TAG]>::try_from(self.iv) {
            with_aes!(self.key, A => {
                let cipher = AesGcm::<A, U16>::new_from_slice(self.key).map_err(|_| wrong_key())?;
                cipher.encrypt(iv.into(), message).map_err(too_long)
            })
        } else {
            let message = "an iv of 12 or 16 bytes is all that AES-GCM takes here";
            Err(Failure::unsupported(message))
        }
    }
}

fn wrong_key() -> Failure {
    Failure::operation("the key is not 128, 192 or 256 bits long")
}

fn wrong_iv() -> Failure {
    Failure::operation("the iv is not 16 bytes long")
}
