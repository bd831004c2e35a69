//! Who we are to a server that asks: a client certificate and its key.

use std::fmt;
use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use thiserror::Error;

use crate::encrypted_key::{decrypt, is_encrypted};

/// A certificate with its chain, and its key; cheap to clone.
#[derive(Clone)]
pub struct ClientIdentity {
    resolver: Arc<SingleCertAndKey>,
    /// The certificate that is shown, first, and those that signed it.
    chain: Arc<[CertificateDer<'static>]>,
}

/// Why a certificate or its key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// There is no certificate in the text.
    #[error("no PEM certificate found in `cert`")]
    NoCertificate,
    /// The certificate's text is malformed.
    #[error("`cert` is malformed: {0}")]
    Certificate(String),
    /// There is no key in the text.
    #[error("no PEM private key found in `key`")]
    NoKey,
    /// The key's text is malformed.
    #[error("`key` is malformed: {0}")]
    Key(String),
    /// The key is under a password, and there is none.
    #[error("`key` is encrypted: its `password` is missing")]
    EncryptedKey,
    /// The password does not open the key.
    // k6: its words.
    #[error("x509: decryption password incorrect")]
    WrongPassword,
    /// The key is of an unknown kind, or is not the certificate's.
    #[error("`cert` and `key` can't be used: {0}")]
    Mismatch(String),
}

impl ClientIdentity {
    /// Reads a certificate, followed by its chain, and its private key (PKCS#8, PKCS#1 or SEC1).
    /// The password is for a key that is encrypted, and ignored for one that is not.
    ///
    /// # Errors
    /// All variants of [`IdentityError`].
    pub fn from_pem(
        certificates: &str,
        key: &str,
        password: Option<&str>,
    ) -> Result<Self, IdentityError> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(certificates.as_bytes()).collect();
        let chain = chain.map_err(|error| IdentityError::Certificate(error.to_string()))?;
        if chain.is_empty() {
            return Err(IdentityError::NoCertificate);
        }
        let key = match password {
            Some(password) if is_encrypted(key) => decrypt(key, password)?,
            None if is_encrypted(key) => return Err(IdentityError::EncryptedKey),
            _ => PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| match error {
                rustls::pki_types::pem::Error::NoItemsFound => IdentityError::NoKey,
                other => IdentityError::Key(other.to_string()),
            })?,
        };
        let shown = chain.clone().into();
        let pair = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|error| IdentityError::Mismatch(error.to_string()))?;
        Ok(Self { resolver: Arc::new(SingleCertAndKey::from(pair)), chain: shown })
    }

    pub(crate) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        Arc::clone(&self.resolver) as Arc<dyn ResolvesClientCert>
    }
}

/// The same certificate has the same key.
impl PartialEq for ClientIdentity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.resolver, &other.resolver) || self.chain == other.chain
    }
}

/// Keys are not for logs.
impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity").finish_non_exhaustive()
    }
}
