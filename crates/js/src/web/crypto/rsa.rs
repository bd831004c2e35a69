//! RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP.

use rsa::{
    BigUint, Oaep, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    },
    rand_core::OsRng,
    traits::{PrivateKeyParts as _, PublicKeyParts as _},
};

use super::{hash::Hash, job::Failure};

/// A key, checked when it was made.
pub(super) enum Key {
    Public(RsaPublicKey),
    Private(Box<RsaPrivateKey>),
}

/// How a signature is padded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Padding {
    /// RFC 8017 §8.2.
    Pkcs1,
    /// RFC 8017 §8.1, with a salt of so many bytes.
    Pss(usize),
}

/// Runs `$body` with `$Hash` being the type of the hash that the crate takes.
macro_rules! with_hash {
    ($hash:expr, $Hash:ident => $body:expr) => {
        match $hash {
            Hash::Sha1 => {
                type $Hash = sha1_0_10::Sha1;
                $body
            }
            Hash::Sha256 => {
                type $Hash = rsa::sha2::Sha256;
                $body
            }
            Hash::Sha384 => {
                type $Hash = rsa::sha2::Sha384;
                $body
            }
            Hash::Sha512 => {
                type $Hash = rsa::sha2::Sha512;
                $body
            }
        }
    };
}

impl Key {
    /// A private key.
    pub(super) fn generate(bits: usize, exponent: &[u8]) -> Result<Self, Failure> {
        if !(SMALLEST..=LARGEST).contains(&bits) {
            let message = format!("a modulus of {bits} bits; {SMALLEST} to {LARGEST} can be made");
            return Err(Failure::operation(message));
        }
        let exponent = BigUint::from_bytes_be(exponent);
        // An even one has no inverse, and the search for a key would not end.
        if exponent.bits() > 33
            || exponent < BigUint::from(3_u8)
            || exponent.to_bytes_le()[0].is_multiple_of(2)
        {
            return Err(Failure::operation(
                "the public exponent is not odd, or not from 3 to 2^33",
            ));
        }
        let key = RsaPrivateKey::new_with_exp(&mut OsRng, bits, &exponent);
        key.map(Box::new).map(Self::Private).map_err(Failure::operation)
    }

    /// The public half.
    pub(super) fn public(&self) -> Self {
        Self::Public(self.to_public())
    }

    fn to_public(&self) -> RsaPublicKey {
        match self {
            Self::Public(key) => key.clone(),
            Self::Private(key) => key.to_public_key(),
        }
    }

    fn private(&self) -> Result<&RsaPrivateKey, Failure> {
        match self {
            Self::Private(key) => Ok(key),
            Self::Public(_) => Err(Failure::operation("the key is not private")),
        }
    }

    /// From the parts of a JWK: n and e; or n, e, d, p and q.
    pub(super) fn from_parts(parts: &[Vec<u8>]) -> Result<Self, Failure> {
        let number = |bytes: &Vec<u8>| BigUint::from_bytes_be(bytes);
        match parts {
            [n, e] => {
                let key = RsaPublicKey::new_with_max_size(number(n), number(e), LARGEST);
                key.map(Self::Public).map_err(not_a_key)
            }
            [n, e, exponent, primes @ ..] if primes.len() == 2 => {
                let (primes, exponent) = (primes.iter().map(number).collect(), number(exponent));
                let key = RsaPrivateKey::from_components(number(n), number(e), exponent, primes);
                let key = key.map_err(not_a_key)?;
                key.validate().map_err(not_a_key)?;
                Ok(Self::Private(Box::new(key)))
            }
            _ => Err(Failure::data("parts of the key are missing")),
        }
    }

    /// RFC 5280 §4.1.2.7.
    pub(super) fn from_spki(der: &[u8]) -> Result<Self, Failure> {
        RsaPublicKey::from_public_key_der(der).map(Self::Public).map_err(not_a_key)
    }

    /// RFC 5208.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, Failure> {
        RsaPrivateKey::from_pkcs8_der(der).map(Box::new).map(Self::Private).map_err(not_a_key)
    }

    pub(super) fn to_spki(&self) -> Result<Vec<u8>, Failure> {
        let der = self.to_public().to_public_key_der().map_err(Failure::operation)?;
        Ok(der.as_bytes().to_vec())
    }

    pub(super) fn to_pkcs8(&self) -> Result<Vec<u8>, Failure> {
        let der = self.private()?.to_pkcs8_der().map_err(Failure::operation)?;
        Ok(der.as_bytes().to_vec())
    }

    /// n and e; of a private key also d, p, q, d mod (p-1), d mod (q-1) and the inverse of q mod p: RFC 7518 §6.3.
    pub(super) fn to_parts(&self) -> Vec<Vec<u8>> {
        let public = self.to_public();
        let mut parts = vec![public.n().to_bytes_be(), public.e().to_bytes_be()];
        if let Self::Private(key) = self
            && let [p, q, ..] = key.primes()
        {
            let one = BigUint::from(1_u8);
            let [dp, dq] = [p, q].map(|prime| key.d() % (prime - &one));
            let inverse = key.crt_coefficient().unwrap_or_default();
            parts.extend([key.d(), p, q, &dp, &dq, &inverse].map(BigUint::to_bytes_be));
        }
        parts
    }

    pub(super) fn sign(
        &self,
        padding: Padding,
        hash: Hash,
        data: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let (key, hashed) = (self.private()?, hash.digest(data));
        with_hash!(hash, H => match padding {
            Padding::Pkcs1 => key.sign_with_rng(&mut OsRng, Pkcs1v15Sign::new::<H>(), &hashed),
            Padding::Pss(salt) => {
                key.sign_with_rng(&mut OsRng, Pss::new_with_salt::<H>(salt), &hashed)
            }
        })
        .map_err(Failure::operation)
    }

    pub(super) fn verify(
        &self,
        padding: Padding,
        hash: Hash,
        signature: &[u8],
        data: &[u8],
    ) -> bool {
        let (key, hashed) = (self.to_public(), hash.digest(data));
        with_hash!(hash, H => match padding {
            Padding::Pkcs1 => key.verify(Pkcs1v15Sign::new::<H>(), &hashed, signature),
            Padding::Pss(salt) => key.verify(Pss::new_with_salt::<H>(salt), &hashed, signature),
        })
        .is_ok()
    }

    pub(super) fn encrypt(
        &self,
        hash: Hash,
        label: &[u8],
        data: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        self.to_public().encrypt(&mut OsRng, oaep(hash, label)?, data).map_err(Failure::operation)
    }

    pub(super) fn decrypt(
        &self,
        hash: Hash,
        label: &[u8],
        data: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let key = self.private()?;
        key.decrypt_blinded(&mut OsRng, oaep(hash, label)?, data).map_err(Failure::operation)
    }
}

/// RFC 8017 §7.1.
fn oaep(hash: Hash, label: &[u8]) -> Result<Oaep, Failure> {
    let label = str::from_utf8(label)
        .map_err(|_| Failure::unsupported("a label that is not UTF-8 can't be had here"))?;
    Ok(with_hash!(hash, H => {
        if label.is_empty() { Oaep::new::<H>() } else { Oaep::new_with_label::<H, _>(label) }
    }))
}

/// Fewer bits hold no signature.
const SMALLEST: usize = 512;
/// More would be searched for minutes.
const LARGEST: usize = 16_384;

fn not_a_key(error: impl ToString) -> Failure {
    Failure::data(format!("not an RSA key: {}", error.to_string()))
}
