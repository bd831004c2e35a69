//! What a `CryptoKey` is a key by.

use std::sync::Arc;

use rquickjs::{Class, Ctx, Object, Result, Value};

use super::{ec, rsa};
use crate::web::opaque::{Interface, Opaque};

/// The secret of a key. Shared with threads that work with it.
pub(super) enum Material {
    /// Bytes.
    Secret(Vec<u8>),
    /// A point, or a scalar with its point.
    Ec(ec::Key),
    /// Of RSA.
    Rsa(rsa::Key),
}

/// The payload of the object by which the JavaScript half holds a key; no script sees it.
pub(super) struct Handle(pub(super) Arc<Material>);

impl Interface for Handle {
    const NAME: &'static str = "key material";
}

/// An object over `material`.
pub(super) fn wrap<'js>(ctx: &Ctx<'js>, material: Material) -> Result<Value<'js>> {
    let prototype = Object::new_proto(ctx.clone(), None)?;
    Ok(Class::instance_proto(Opaque(Handle(Arc::new(material))), prototype)?.into_value())
}

/// The material behind an object of [`wrap`].
pub(super) fn unwrap(value: &Value<'_>) -> Option<Arc<Material>> {
    let handle = value.as_object().and_then(Class::<Opaque<Handle>>::from_object)?;
    let material = Arc::clone(&handle.borrow().0.0);
    Some(material)
}
