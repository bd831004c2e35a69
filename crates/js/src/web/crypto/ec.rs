//! ECDSA and ECDH on the curves P-256, P-384 and P-521.

use p256::{
    ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _},
    elliptic_curve::sec1::ToSec1Point as _,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    },
};

use super::{hash::Hash, job::Failure};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

/// Runs `$body` with `$curve` being the curve's crate.
macro_rules! on_curve {
    ($which:expr, $curve:ident => $body:expr) => {
        match $which {
            Curve::P256 => {
                use p256 as $curve;
                $body
            }
            Curve::P384 => {
                use p384 as $curve;
                $body
            }
            Curve::P521 => {
                use p521 as $curve;
                $body
            }
        }
    };
}

impl Curve {
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        match name {
            "P-256" => Ok(Self::P256),
            "P-384" => Ok(Self::P384),
            "P-521" => Ok(Self::P521),
            _ => Err(Failure::unsupported(format!("the curve {name} is not known"))),
        }
    }

    /// How many bytes a coordinate has.
    fn width(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A key, checked when it was made.
#[derive(Clone)]
pub(super) struct Key {
    curve: Curve,
    /// SEC 1 §2.3.3, uncompressed.
    point: Vec<u8>,
    scalar: Option<Vec<u8>>,
}

impl Key {
    /// A private key.
    pub(super) fn generate(curve: Curve) -> Result<Self, Failure> {
        let mut scalar = vec![0; curve.width()];
        loop {
            getrandom::fill(&mut scalar).map_err(Failure::operation)?;
            if curve == Curve::P521 {
                scalar[0] &= 1;
            }
            // Almost always: the order of the group is close to a power of two.
            if let Ok(key) = Self::from_scalar(curve, &scalar) {
                return Ok(key);
            }
        }
    }

    /// The public half.
    pub(super) fn public(&self) -> Self {
        Self { scalar: None, ..self.clone() }
    }

    /// From the parts of a JWK: the coordinates, and the scalar of a private key.
    pub(super) fn from_parts(curve: Curve, parts: &[Vec<u8>]) -> Result<Self, Failure> {
        let wrong = || Failure::data("a coordinate of the key has the wrong length");
        let [x, y, scalar @ ..] = parts else { return Err(wrong()) };
        if parts.iter().any(|part| part.len() != curve.width()) {
            return Err(wrong());
        }
        let public = Self::from_point(curve, &[&[UNCOMPRESSED], &x[..], &y[..]].concat())?;
        let Some(scalar) = scalar.first() else { return Ok(public) };
        let private = Self::from_scalar(curve, scalar)?;
        if private.point == public.point {
            Ok(private)
        } else {
            Err(Failure::data("the private key is not that of the public key"))
        }
    }

    pub(super) fn from_point(curve: Curve, bytes: &[u8]) -> Result<Self, Failure> {
        let point = on_curve!(curve, c => {
            let key = c::PublicKey::from_sec1_bytes(bytes).map_err(not_a_key)?;
            key.to_sec1_point(false).as_bytes().to_vec()
        });
        Ok(Self { curve, point, scalar: None })
    }

    fn from_scalar(curve: Curve, bytes: &[u8]) -> Result<Self, Failure> {
        let point = on_curve!(curve, c => {
            let key = c::SecretKey::from_slice(bytes).map_err(not_a_key)?;
            key.public_key().to_sec1_point(false).as_bytes().to_vec()
        });
        Ok(Self { curve, point, scalar: Some(bytes.to_vec()) })
    }

    /// RFC 5280 §4.1.2.7.
    pub(super) fn from_spki(curve: Curve, der: &[u8]) -> Result<Self, Failure> {
        let point = on_curve!(curve, c => {
            let key = c::PublicKey::from_public_key_der(der).map_err(not_a_key)?;
            key.to_sec1_point(false).as_bytes().to_vec()
        });
        Ok(Self { curve, point, scalar: None })
    }

    /// RFC 5208.
    pub(super) fn from_pkcs8(curve: Curve, der: &[u8]) -> Result<Self, Failure> {
        let scalar = on_curve!(curve, c => {
            let key = c::SecretKey::from_pkcs8_der(der).map_err(not_a_key)?;
            key.to_bytes().to_vec()
        });
        Self::from_scalar(curve, &scalar)
    }

    pub(super) fn to_spki(&self) -> Result<Vec<u8>, Failure> {
        on_curve!(self.curve, c => {
            let key = c::PublicKey::from_sec1_bytes(&self.point).map_err(not_a_key)?;
            Ok(key.to_public_key_der().map_err(Failure::operation)?.as_bytes().to_vec())
        })
    }

    pub(super) fn to_pkcs8(&self) -> Result<Vec<u8>, Failure> {
        on_curve!(self.curve, c => {
            let key = c::SecretKey::from_slice(self.scalar()?).map_err(not_a_key)?;
            Ok(key.to_pkcs8_der().map_err(Failure::operation)?.as_bytes().to_vec())
        })
    }

    pub(super) fn to_raw(&self) -> Vec<u8> {
        self.point.clone()
    }

    /// The coordinates, and the scalar of a private key.
    pub(super) fn to_parts(&self) -> Vec<Vec<u8>> {
        let (x, y) = self.point[1..].split_at(self.curve.width());
        [x, y].into_iter().chain(self.scalar.as_deref()).map(<[u8]>::to_vec).collect()
    }

    /// Web Cryptography §23.7: r and s, one after the other.
    pub(super) fn sign(&self, hash: Hash, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let hashed = self.widened(hash, data);
        on_curve!(self.curve, c => {
            let key = c::ecdsa::SigningKey::from_slice(self.scalar()?).map_err(not_a_key)?;
            let signature: c::ecdsa::Signature =
                key.sign_prehash(&hashed).map_err(Failure::operation)?;
            Ok(signature.to_bytes().to_vec())
        })
    }

    pub(super) fn verify(
        &self,
        hash: Hash,
        signature: &[u8],
        data: &[u8],
    ) -> Result<bool, Failure> {
        let hashed = self.widened(hash, data);
        on_curve!(self.curve, c => {
            let key = c::ecdsa::VerifyingKey::from_sec1_bytes(&self.point).map_err(not_a_key)?;
            let signature = c::ecdsa::Signature::from_slice(signature);
            Ok(signature.is_ok_and(|signature| key.verify_prehash(&hashed, &signature).is_ok()))
        })
    }

    /// The hash with zeros before it, so that it is as wide as the curve: the same number.
    fn widened(&self, hash: Hash, data: &[u8]) -> Vec<u8> {
        let hashed = hash.digest(data);
        let mut wide = vec![0; self.curve.width().saturating_sub(hashed.len())];
        wide.extend(hashed);
        wide
    }

    /// SEC 1 §3.3.1.
    pub(super) fn agree(&self, with: &Self) -> Result<Vec<u8>, Failure> {
        if self.curve != with.curve {
            return Err(Failure::operation("the keys are on different curves"));
        }
        on_curve!(self.curve, c => {
            let private = c::SecretKey::from_slice(self.scalar()?).map_err(not_a_key)?;
            let public = c::PublicKey::from_sec1_bytes(&with.point).map_err(not_a_key)?;
            Ok(private.diffie_hellman(&public).raw_secret_bytes().to_vec())
        })
    }

    fn scalar(&self) -> Result<&[u8], Failure> {
        self.scalar.as_deref().ok_or_else(|| Failure::operation("the key is not private"))
    }
}

/// SEC 1 §2.3.3.
const UNCOMPRESSED: u8 = 4;

fn not_a_key(error: impl ToString) -> Failure {
    Failure::data(format!("not a key on this curve: {}", error.to_string()))
}
