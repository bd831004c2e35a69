//! The arguments of an operation, as the JavaScript half passes them: what is not as it should be is a fault of ours,
//! and so an exception.

use std::sync::Arc;

use rquickjs::{Exception, Result, Value};

use super::material::{self, Material};
use crate::runtime::call::Call;
use crate::{interop::bytes::with_buffer, web::opaque::argument};

/// The arguments after the operation's name, one after the other.
pub(super) struct Arguments<'a, 'b, 'js> {
    params: &'a Call<'b, 'js>,
    next: usize,
}

impl<'a, 'b, 'js> Arguments<'a, 'b, 'js> {
    pub(super) fn after_name(params: &'a Call<'b, 'js>) -> Self {
        Self { params, next: 1 }
    }

    fn value(&mut self) -> Value<'js> {
        self.next += 1;
        argument(self.params, self.next - 1)
    }

    fn wrong(&self, what: &str) -> rquickjs::Error {
        let message = format!("internal error: argument {} is not {what}", self.next - 1);
        Exception::throw_type(self.params.ctx(), &message)
    }

    /// A copy of a buffer's bytes.
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>> {
        let value = self.value();
        with_buffer(&value, <[u8]>::to_vec).map_err(|_| self.wrong("bytes"))
    }

    /// The same, if there is one.
    pub(super) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        if argument(self.params, self.next).is_undefined() {
            self.next += 1;
            return Ok(None);
        }
        self.bytes().map(Some)
    }

    pub(super) fn text(&mut self) -> Result<String> {
        let value = self.value();
        value.get().map_err(|_| self.wrong("text"))
    }

    pub(super) fn number(&mut self) -> Result<usize> {
        let value = self.value();
        value.as_number().map(|number| number as usize).ok_or_else(|| self.wrong("a number"))
    }

    pub(super) fn truth(&mut self) -> Result<bool> {
        let value = self.value();
        value.as_bool().ok_or_else(|| self.wrong("a boolean"))
    }

    pub(super) fn key(&mut self) -> Result<Arc<Material>> {
        let value = self.value();
        material::unwrap(&value).ok_or_else(|| self.wrong("a key"))
    }

    /// The rest, each bytes.
    pub(super) fn parts(&mut self) -> Result<Vec<Vec<u8>>> {
        let mut parts = Vec::new();
        while self.next < self.params.len() {
            parts.push(self.bytes()?);
        }
        Ok(parts)
    }
}
