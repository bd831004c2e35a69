//! `internal:web/crypto`'s natives: operations by name, each a promise.

use rquickjs::{Exception, Object, Result, Value};

use super::{
    aes::{self, Direction, Gcm},
    arguments::Arguments,
    ec,
    hash::Hash,
    job::{Failure, Job, Outcome, Output},
    material::Material,
    rsa::{self, Padding},
};
use crate::runtime::call::Call;
use crate::web::{
    host::{Host, Offload},
    opaque::{argument, native},
};

/// Leaves one native for all: most VUs never call it.
pub(in crate::web) fn install(natives: &Object<'_>, host: &Host) -> Result<()> {
    let offload = host.offload.clone();
    let operate = native(natives.ctx(), "operate", 1, move |params| operate(&params, &offload))?;
    natives.set("crypto", operate)
}

fn operate<'js>(params: &Call<'_, 'js>, offload: &Offload) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let name: String = argument(params, 0).get()?;
    let mut arguments = Arguments::after_name(params);
    let job = match name.split('.').next() {
        Some("hash") => hashing(&name, &mut arguments),
        Some("aes") => encryption(&name, &mut arguments),
        Some("ec") => curves(&name, &mut arguments),
        Some("rsa") => rsa(&name, &mut arguments),
        _ => secrets(&name, &mut arguments),
    }?;
    match job {
        Some(job) => job.run(ctx, offload),
        None => Err(Exception::throw_type(ctx, &format!("internal error: no operation {name}"))),
    }
}

fn secrets(name: &str, arguments: &mut Arguments<'_, '_, '_>) -> Result<Option<Job>> {
    Ok(Some(match name {
        "secret.random" => {
            let bits = arguments.number()?;
            Job::short(move || {
                let mut bytes = vec![0; bits.div_ceil(8)];
                getrandom::fill(&mut bytes).map_err(Failure::operation)?;
                Ok(Output::Key(Material::Secret(bytes)))
            })
        }
        "secret.import" => {
            let bytes = arguments.bytes()?;
            Job::short(move || Ok(Output::Key(Material::Secret(bytes))))
        }
        "secret.export" => {
            let key = arguments.key()?;
            Job::short(move || Ok(Output::Bytes(secret(&key)?.to_vec())))
        }
        _ => return Ok(None),
    }))
}

fn hashing(name: &str, arguments: &mut Arguments<'_, '_, '_>) -> Result<Option<Job>> {
    let hash = Hash::named(&arguments.text()?);
    Ok(Some(match name {
        "hash.digest" => {
            let data = arguments.bytes()?;
            Job::on_bytes(data.len(), move || Ok(Output::Bytes(hash?.digest(&data))))
        }
        "hash.sign" => {
            let (key, data) = (arguments.key()?, arguments.bytes()?);
            Job::on_bytes(data.len(), move || Ok(Output::Bytes(hash?.hmac(secret(&key)?, &data)?)))
        }
        "hash.verify" => {
            let (key, signature, data) = (arguments.key()?, arguments.bytes()?, arguments.bytes()?);
            Job::on_bytes(data.len(), move || {
                Ok(Output::Truth(hash?.verify_hmac(secret(&key)?, &signature, &data)?))
            })
        }
        "hash.hkdf" => {
            let (key, salt, info) = (arguments.key()?, arguments.bytes()?, arguments.bytes()?);
            let bits = arguments.number()?;
            Job::short(move || {
                Ok(Output::Bytes(hash?.hkdf(secret(&key)?, &salt, &info, bits / 8)?))
            })
        }
        "hash.pbkdf2" => {
            let (key, salt) = (arguments.key()?, arguments.bytes()?);
            let (iterations, bits) = (arguments.number()?, arguments.number()?);
            let iterations = u32::try_from(iterations).unwrap_or(u32::MAX);
            Job::long(move || {
                Ok(Output::Bytes(hash?.pbkdf2(secret(&key)?, &salt, iterations, bits / 8)))
            })
        }
        _ => return Ok(None),
    }))
}

fn encryption(name: &str, arguments: &mut Arguments<'_, '_, '_>) -> Result<Option<Job>> {
    let direction = if arguments.truth()? { Direction::Encrypt } else { Direction::Decrypt };
    let key = arguments.key()?;
    let iv = arguments.bytes()?;
    Ok(Some(match name {
        "aes.cbc" => {
            let data = arguments.bytes()?;
            Job::on_bytes(data.len(), move || {
                Ok(Output::Bytes(aes::cbc(direction, secret(&key)?, &iv, &data)?))
            })
        }
        "aes.ctr" => {
            let (bits, data) = (arguments.number()?, arguments.bytes()?);
            Job::on_bytes(data.len(), move || {
                Ok(Output::Bytes(aes::ctr(secret(&key)?, &iv, bits, &data)?))
            })
        }
        "aes.gcm" => {
            let additional = arguments.optional_bytes()?.unwrap_or_default();
            let (tag, data) = (arguments.number()? / 8, arguments.bytes()?);
            Job::on_bytes(data.len(), move || {
                let key = secret(&key)?;
                let gcm = Gcm { key, iv: &iv, additional: &additional, tag };
                Ok(Output::Bytes(match direction {
                    Direction::Encrypt => gcm.encrypt(&data)?,
                    Direction::Decrypt => gcm.decrypt(&data)?,
                }))
            })
        }
        _ => return Ok(None),
    }))
}

fn curves(name: &str, arguments: &mut Arguments<'_, '_, '_>) -> Result<Option<Job>> {
    Ok(Some(match name {
        "ec.generate" => {
            let curve = arguments.text()?;
            Job::short(move || {
                let key = ec::Key::generate(ec::Curve::named(&curve)?)?;
                let public = key.public();
                Ok(Output::Pair(Material::Ec(key), Material::Ec(public)))
            })
        }
        "ec.import" => {
            let (curve, format, parts) = (arguments.text()?, arguments.text()?, arguments.parts()?);
            Job::short(move || {
                let curve = ec::Curve::named(&curve)?;
                let key = match (format.as_str(), &parts[..]) {
                    ("raw", [bytes]) => ec::Key::from_point(curve, bytes),
                    ("spki", [bytes]) => ec::Key::from_spki(curve, bytes),
                    ("pkcs8", [bytes]) => ec::Key::from_pkcs8(curve, bytes),
                    _ => ec::Key::from_parts(curve, &parts),
                };
                Ok(Output::Key(Material::Ec(key?)))
            })
        }
        "ec.export" => {
            let (format, key) = (arguments.text()?, arguments.key()?);
            Job::short(move || {
                let key = curve_key(&key)?;
                match format.as_str() {
                    "raw" => Ok(Output::Bytes(key.to_raw())),
                    "spki" => Ok(Output::Bytes(key.to_spki()?)),
                    "pkcs8" => Ok(Output::Bytes(key.to_pkcs8()?)),
                    _ => Ok(Output::Parts(key.to_parts())),
                }
            })
        }
        "ec.sign" => {
            let (hash, key, data) = (arguments.text()?, arguments.key()?, arguments.bytes()?);
            Job::short(move || {
                Ok(Output::Bytes(curve_key(&key)?.sign(Hash::named(&hash)?, &data)?))
            })
        }
        "ec.verify" => {
            let (hash, key) = (arguments.text()?, arguments.key()?);
            let (signature, data) = (arguments.bytes()?, arguments.bytes()?);
            Job::short(move || {
                let hash = Hash::named(&hash)?;
                Ok(Output::Truth(curve_key(&key)?.verify(hash, &signature, &data)?))
            })
        }
        "ec.agree" => {
            let (private, public) = (arguments.key()?, arguments.key()?);
            Job::short(move || Ok(Output::Bytes(curve_key(&private)?.agree(curve_key(&public)?)?)))
        }
        _ => return Ok(None),
    }))
}

fn rsa(name: &str, arguments: &mut Arguments<'_, '_, '_>) -> Result<Option<Job>> {
    Ok(Some(match name {
        "rsa.generate" => {
            let (bits, exponent) = (arguments.number()?, arguments.bytes()?);
            Job::long(move || {
                let key = rsa::Key::generate(bits, &exponent)?;
                let public = key.public();
                Ok(Output::Pair(Material::Rsa(key), Material::Rsa(public)))
            })
        }
        "rsa.import" => {
            let (format, parts) = (arguments.text()?, arguments.parts()?);
            Job::long(move || {
                let key = match (format.as_str(), &parts[..]) {
                    ("spki", [bytes]) => rsa::Key::from_spki(bytes),
                    ("pkcs8", [bytes]) => rsa::Key::from_pkcs8(bytes),
                    _ => rsa::Key::from_parts(&parts),
                };
                Ok(Output::Key(Material::Rsa(key?)))
            })
        }
        "rsa.export" => {
            let (format, key) = (arguments.text()?, arguments.key()?);
            Job::short(move || {
                let key = rsa_key(&key)?;
                match format.as_str() {
                    "spki" => Ok(Output::Bytes(key.to_spki()?)),
                    "pkcs8" => Ok(Output::Bytes(key.to_pkcs8()?)),
                    _ => Ok(Output::Parts(key.to_parts())),
                }
            })
        }
        "rsa.sign" => {
            let (padding, hash) = (padding(arguments)?, arguments.text()?);
            let (key, data) = (arguments.key()?, arguments.bytes()?);
            Job::long(move || {
                let hash = Hash::named(&hash)?;
                Ok(Output::Bytes(rsa_key(&key)?.sign(padding, hash, &data)?))
            })
        }
        "rsa.verify" => {
            let (padding, hash) = (padding(arguments)?, arguments.text()?);
            let (key, signature, data) = (arguments.key()?, arguments.bytes()?, arguments.bytes()?);
            Job::short(move || {
                let hash = Hash::named(&hash)?;
                Ok(Output::Truth(rsa_key(&key)?.verify(padding, hash, &signature, &data)))
            })
        }
        "rsa.encrypt" => oaep(arguments, rsa::Key::encrypt, Job::short)?,
        "rsa.decrypt" => oaep(arguments, rsa::Key::decrypt, Job::long)?,
        _ => return Ok(None),
    }))
}

type Crypt = fn(&rsa::Key, Hash, &[u8], &[u8]) -> std::result::Result<Vec<u8>, Failure>;

fn oaep(
    arguments: &mut Arguments<'_, '_, '_>,
    crypt: Crypt,
    job: fn(Box<dyn FnOnce() -> Outcome + Send>) -> Job,
) -> Result<Job> {
    let (hash, label) = (arguments.text()?, arguments.optional_bytes()?.unwrap_or_default());
    let (key, data) = (arguments.key()?, arguments.bytes()?);
    Ok(job(Box::new(move || {
        Ok(Output::Bytes(crypt(rsa_key(&key)?, Hash::named(&hash)?, &label, &data)?))
    })))
}

/// Whether it is PSS, and the length of its salt.
fn padding(arguments: &mut Arguments<'_, '_, '_>) -> Result<Padding> {
    let is_pss = arguments.truth()?;
    let salt = arguments.number()?;
    Ok(if is_pss { Padding::Pss(salt) } else { Padding::Pkcs1 })
}

fn secret(key: &Material) -> std::result::Result<&[u8], Failure> {
    match key {
        Material::Secret(bytes) => Ok(bytes),
        Material::Ec(_) | Material::Rsa(_) => Err(wrong_kind()),
    }
}

fn curve_key(key: &Material) -> std::result::Result<&ec::Key, Failure> {
    match key {
        Material::Ec(key) => Ok(key),
        Material::Secret(_) | Material::Rsa(_) => Err(wrong_kind()),
    }
}

fn rsa_key(key: &Material) -> std::result::Result<&rsa::Key, Failure> {
    match key {
        Material::Rsa(key) => Ok(key),
        Material::Secret(_) | Material::Ec(_) => Err(wrong_kind()),
    }
}

fn wrong_kind() -> Failure {
    Failure::operation("the key is of another kind")
}
