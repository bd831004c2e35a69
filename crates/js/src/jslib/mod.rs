//! Libraries of `jslib.k6.io` that are built in, so that scripts that import them run without a
//! network. Written from their documentation; each version exports what that version documents.

mod lookup;

pub(crate) use lookup::lookup;

#[cfg(test)]
mod tests;
