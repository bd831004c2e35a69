//! Private keys under a password: the older form of OpenSSL, which k6 takes, and PKCS#8, which it
//! does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::{Digest as _, Md5};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

use crate::identity::IdentityError;

/// Whether the text has such a key. PKCS#8 says it in its label, the older form in a header (RFC
/// 1421 §4.6.1.1).
pub(crate) fn is_encrypted(pem: &str) -> bool {
    pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        || pem.lines().any(|line| line.trim_end() == "Proc-Type: 4,ENCRYPTED")
}

/// The key, in the clear.
///
/// # Errors
/// [`IdentityError::Key`], [`IdentityError::WrongPassword`].
pub(crate) fn decrypt(pem: &str, password: &str) -> Result<PrivateKeyDer<'static>, IdentityError> {
    let section = Section::find(pem)?;
    if section.label == "ENCRYPTED PRIVATE KEY" {
        let malformed = |error: pkcs8::Error| IdentityError::Key(error.to_string());
        let key = EncryptedPrivateKeyInfoRef::try_from(&*section.content).map_err(malformed)?;
        let plain = key.decrypt(password).map_err(|error| match error {
            // A wrong password shows in the padding, or else in what comes out.
            pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed)
            | pkcs8::Error::Asn1(_) => IdentityError::WrongPassword,
            other => IdentityError::Key(other.to_string()),
        })?;
        return Ok(PrivatePkcs8KeyDer::from(plain.as_bytes().to_vec()).into());
    }
    let plain = section.decrypt(password)?;
    match section.label {
        "RSA PRIVATE KEY" => Ok(PrivatePkcs1KeyDer::from(plain).into()),
        "EC PRIVATE KEY" => Ok(PrivateSec1KeyDer::from(plain).into()),
        other => Err(IdentityError::Key(format!("a {other} can't be used"))),
    }
}

/// The part of a PEM text that is under a password.
struct Section<'a> {
    label: &'a str,
    /// `AES-256-CBC,` and the initialisation vector; empty in PKCS#8.
    cipher: &'a str,
    content: Vec<u8>,
}

impl<'a> Section<'a> {
    fn find(pem: &'a str) -> Result<Self, IdentityError> {
        let malformed = |what: &str| IdentityError::Key(what.to_owned());
        let mut lines = pem.lines().map(str::trim);
        loop {
            let label = loop {
                let line = lines.next().ok_or(IdentityError::NoKey)?;
                let label =
                    line.strip_prefix("-----BEGIN ").and_then(|it| it.strip_suffix("-----"));
                if let Some(label) = label {
                    break label;
                }
            };
            let (mut cipher, mut base64, mut ended) = ("", String::new(), false);
            for line in lines.by_ref() {
                if line.starts_with("-----END ") {
                    ended = true;
                    break;
                }
                match line.split_once(':') {
                    Some(("DEK-Info", value)) => cipher = value.trim(),
                    Some(_) => {}
                    None => base64.push_str(line),
                }
            }
            if !ended {
                return Err(malformed("the end of the section is missing"));
            }
            if label == "ENCRYPTED PRIVATE KEY" || !cipher.is_empty() {
                let content = STANDARD.decode(&base64).map_err(|_| malformed("invalid base64"))?;
                return Ok(Self { label, cipher, content });
            }
        }
    }

    /// RFC 1423 §1.1, with the ciphers and the way from a password to a key that OpenSSL added.
    fn decrypt(&self, password: &str) -> Result<Vec<u8>, IdentityError> {
        let malformed = |what: &str| IdentityError::Key(what.to_owned());
        let (name, vector) =
            self.cipher.split_once(',').ok_or_else(|| malformed("no initialisation vector"))?;
        let vector = from_hex(vector.trim())
            .filter(|vector| vector.len() >= SALT_BYTES)
            .ok_or_else(|| malformed("invalid initialisation vector"))?;
        let key = |bytes| derive(password, &vector[..SALT_BYTES], bytes);
        let (data, vector) = (&self.content, &vector);
        let plain = match name {
            "AES-128-CBC" => open::<Decryptor<aes::Aes128>>(&key(16), vector, data),
            "AES-192-CBC" => open::<Decryptor<aes::Aes192>>(&key(24), vector, data),
            "AES-256-CBC" => open::<Decryptor<aes::Aes256>>(&key(32), vector, data),
            "DES-EDE3-CBC" => open::<Decryptor<des::TdesEde3>>(&key(24), vector, data),
            "DES-CBC" => open::<Decryptor<des::Des>>(&key(8), vector, data),
            other => return Err(IdentityError::Key(format!("unknown cipher `{other}`"))),
        };
        // One wrong password in 256 leaves a good padding.
        plain
            .filter(|plain| plain.first() == Some(&DER_SEQUENCE))
            .ok_or(IdentityError::WrongPassword)
    }
}

fn open<D: KeyIvInit + BlockModeDecrypt>(
    key: &[u8],
    vector: &[u8],
    data: &[u8],
) -> Option<Vec<u8>> {
    let decryptor = D::new_from_slices(key, vector).ok()?;
    decryptor.decrypt_padded_vec::<Pkcs7>(data).ok()
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round.
fn derive(password: &str, salt: &[u8], bytes: usize) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::new();
    while key.len() < bytes {
        let last = key.len().saturating_sub(MD5_BYTES)..key.len();
        let mut hash = Md5::new();
        hash.update(&key[last]);
        hash.update(password);
        hash.update(salt);
        key.extend(hash.finalize());
    }
    key.truncate(bytes);
    key
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

const SALT_BYTES: usize = 8;
const MD5_BYTES: usize = 16;
/// What every key begins with.
const DER_SEQUENCE: u8 = 0x30;
