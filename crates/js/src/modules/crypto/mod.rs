//! `k6/crypto`: hashes, HMAC, random bytes.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-crypto/>

mod algorithm;
mod natives;
mod output;

pub(super) use natives::Crypto;
