//! What `fs.js` stands on. A failure is returned, as its name and its message: k6's words.

use std::{cell::Cell, io, sync::Arc};

use rquickjs::{Array, Class, Ctx, Exception, IntoJs, Object, Result, Value};

use crate::{
    interop::bytes::with_bytes_mut,
    modules::{native, native::NativeModule},
    vu::{Host, Phase},
    web::opaque::{Interface, Opaque},
};

pub(in crate::modules) struct Natives;

impl NativeModule for Natives {
    const EXPORTS: &'static [&'static str] = &["load", "read", "seek"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> Result<()> {
        native::set(exports, "load", native::function(ctx, load))?;
        native::set(exports, "read", native::function(ctx, read))?;
        native::set(exports, "seek", native::function(ctx, seek))
    }
}

/// A file of one VU.
pub(in crate::modules) struct OpenFile {
    pub(in crate::modules) path: String,
    pub(in crate::modules) bytes: Arc<[u8]>,
    /// Where the next read begins.
    pub(in crate::modules) at: Cell<usize>,
}

impl Interface for OpenFile {
    const NAME: &'static str = "File";
}

impl OpenFile {
    /// Runs `with` on the file behind an object of [`load`].
    pub(in crate::modules) fn with<T>(
        ctx: &Ctx<'_>,
        value: &Value<'_>,
        with: impl FnOnce(&Self) -> T,
    ) -> Result<T> {
        let file = value.as_object().and_then(Class::<Opaque<Self>>::from_object);
        let file = file.ok_or_else(|| Exception::throw_type(ctx, "this is not a File"))?;
        let file = file.borrow();
        Ok(with(&file.0))
    }
}

/// The handle, the path, the name and the size; or a failure.
fn load<'js>(ctx: Ctx<'js>, path: String) -> Result<Array<'js>> {
    let host = Host::of(&ctx)?;
    if host.phase.get() != Phase::Init {
        let message = "open() failed; reason: opening a file is allowed only in the Init context";
        return failure(&ctx, "ForbiddenError", message);
    }
    let file = host.process.base.join(&path).ok().and_then(|url| url.to_file_path().ok());
    let Some(file) = file else {
        return failure(&ctx, "NotFoundError", &format!("no such file or directory {path:?}"));
    };
    let shown = file.display().to_string();
    let bytes = match host.process.files.open(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let (name, message) = match error.kind() {
                io::ErrorKind::NotFound => {
                    ("NotFoundError", format!("no such file or directory {shown:?}"))
                }
                io::ErrorKind::IsADirectory => (
                    "InvalidResourceError",
                    format!("cannot open {shown:?}: opening a directory is not supported"),
                ),
                _ => ("InvalidResourceError", format!("cannot open {shown:?}: {error}")),
            };
            return failure(&ctx, name, &message);
        }
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = bytes.len();
    let prototype = Object::new_proto(ctx.clone(), None)?;
    let handle = OpenFile { path: shown.clone(), bytes, at: Cell::new(0) };
    let handle = Class::instance_proto(Opaque(handle), prototype)?;
    let opened = Array::new(ctx.clone())?;
    opened.set(0, handle)?;
    opened.set(1, shown)?;
    opened.set(2, name)?;
    opened.set(3, size)?;
    Ok(opened)
}

fn failure<'js>(ctx: &Ctx<'js>, name: &str, message: &str) -> Result<Array<'js>> {
    let failure = Array::new(ctx.clone())?;
    failure.set(0, name)?;
    failure.set(1, message)?;
    Ok(failure)
}

/// How many bytes were read; `null` at the end of the file.
fn read<'js>(ctx: Ctx<'js>, file: Value<'js>, into: Value<'js>) -> Result<Value<'js>> {
    let count = OpenFile::with(&ctx, &file, |file| {
        let rest = file.bytes.get(file.at.get()..).unwrap_or_default();
        with_bytes_mut(&into, |into| {
            let count = rest.len().min(into.len());
            into[..count].copy_from_slice(&rest[..count]);
            file.at.set(file.at.get() + count);
            (count > 0 || into.is_empty()).then_some(count)
        })
    })?;
    match count.map_err(|error| error.throw(&ctx))? {
        Some(count) => count.into_js(&ctx),
        None => Ok(Value::new_null(ctx)),
    }
}

/// The new position; or why there is none.
fn seek<'js>(ctx: Ctx<'js>, file: Value<'js>, offset: f64, whence: i32) -> Result<Value<'js>> {
    let sought = OpenFile::with(&ctx, &file, |file| {
        let size = file.bytes.len() as f64;
        let target = match whence {
            0 if offset < 0.0 => {
                return Err("offset cannot be negative when using SeekModeStart");
            }
            0 => offset,
            1 => file.at.get() as f64 + offset,
            _ if offset > 0.0 => {
                return Err("offset cannot be positive when using SeekModeEnd");
            }
            // k6: the end is the last byte, not what follows it.
            _ => size - 1.0 + offset,
        };
        if target < 0.0 {
            return Err("seeking before start of file");
        }
        if target > size {
            return Err("seeking beyond end of file");
        }
        file.at.set(target as usize);
        Ok(target)
    })?;
    match sought {
        Ok(target) => target.into_js(&ctx),
        Err(message) => message.into_js(&ctx),
    }
}
