//! Which system tags samples carry.

use std::fmt;

macro_rules! system_tags {
    ($($variant:ident = $name:literal, $on:literal;)*) => {
        /// A tag that sockeye itself sets. Spelled as k6 spells it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is the tag of its name")]
        pub enum SystemTag { $($variant,)* }

        impl SystemTag {
            /// Every system tag.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name on a sample.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn on_by_default(self) -> bool {
                match self { $(Self::$variant => $on,)* }
            }
        }
    };
}

system_tags! {
    Proto = "proto", true;
    Subproto = "subproto", true;
    Status = "status", true;
    Method = "method", true;
    Url = "url", true;
    Name = "name", true;
    Group = "group", true;
    Check = "check", true;
    Error = "error", true;
    ErrorCode = "error_code", true;
    TlsVersion = "tls_version", true;
    Scenario = "scenario", true;
    Service = "service", true;
    ExpectedResponse = "expected_response", true;
    Iter = "iter", false;
    Vu = "vu", false;
    OcspStatus = "ocsp_status", false;
    Ip = "ip", false;
}

/// The system tags that are on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SystemTags(u32);

impl SystemTags {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Whether `tag` is on.
    pub fn has(self, tag: SystemTag) -> bool {
        self.0 & (1 << tag as u32) != 0
    }

    /// These and `tag`.
    #[must_use]
    pub fn with(self, tag: SystemTag) -> Self {
        Self(self.0 | 1 << tag as u32)
    }

    /// The tags that are named.
    ///
    /// # Errors
    /// [`UnknownSystemTag`] carries the first name that is none.
    pub fn from_names<'a>(
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownSystemTag> {
        names.into_iter().try_fold(Self::NONE, |tags, name| {
            SystemTag::ALL
                .iter()
                .find(|tag| tag.as_str() == name)
                .map(|&tag| tags.with(tag))
                .ok_or_else(|| UnknownSystemTag(name.to_owned()))
        })
    }
}

impl Default for SystemTags {
    fn default() -> Self {
        SystemTag::ALL
            .iter()
            .filter(|tag| tag.on_by_default())
            .fold(Self::NONE, |tags, &tag| tags.with(tag))
    }
}

impl fmt::Debug for SystemTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(SystemTag::ALL.iter().filter(|tag| self.has(**tag))).finish()
    }
}

/// A name that is not a system tag.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a system tag")]
pub struct UnknownSystemTag(pub String);
