//! The parameters of permessage-deflate as they are on the wire (RFC 7692 §7.1).

use super::extension::Extension;
use super::offer::NegotiationError;

/// The base-2 logarithm of an LZ77 window's size, 8 to 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowBits(u8);

impl WindowBits {
    /// 256 bytes.
    pub const MIN: Self = Self(8);
    /// 32 KiB, and what holds where nothing was said.
    pub const MAX: Self = Self(15);

    /// The window of `bits`, if that is 8 to 15.
    pub const fn new(bits: u8) -> Option<Self> {
        if bits >= Self::MIN.0 && bits <= Self::MAX.0 { Some(Self(bits)) } else { None }
    }

    /// 8 to 15.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// RFC 7692 §7.1.2.1: a decimal integer without leading zeroes.
    fn parse(text: &str) -> Option<Self> {
        match text {
            "8" => Some(Self(8)),
            "9" => Some(Self(9)),
            "10" => Some(Self(10)),
            "11" => Some(Self(11)),
            "12" => Some(Self(12)),
            "13" => Some(Self(13)),
            "14" => Some(Self(14)),
            "15" => Some(Self(15)),
            _ => None,
        }
    }
}

impl Default for WindowBits {
    fn default() -> Self {
        Self::MAX
    }
}

/// The `client_max_window_bits` of an offer (RFC 7692 §7.1.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientMaxWindowBits {
    /// Not in the offer: the server may not ask for a smaller window.
    Absent,
    /// Without a value: the server may ask for any.
    #[default]
    Any,
    /// The client will use no larger window, and the server may ask for a smaller one.
    AtMost(WindowBits),
}

impl ClientMaxWindowBits {
    /// The largest window that it allows.
    pub(super) fn limit(self) -> WindowBits {
        match self {
            Self::Absent | Self::Any => WindowBits::MAX,
            Self::AtMost(bits) => bits,
        }
    }
}

/// The four parameters as they are on the wire, in an offer or an answer.
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) server_no_context_takeover: bool,
    pub(super) client_no_context_takeover: bool,
    pub(super) server_max_window_bits: Option<WindowBits>,
    pub(super) client_max_window_bits: ClientMaxWindowBits,
}

impl Params {
    pub(super) fn parse(extension: &Extension<'_>) -> Result<Self, NegotiationError> {
        let mut params =
            Self { client_max_window_bits: ClientMaxWindowBits::Absent, ..Self::default() };
        for &(name, value) in &extension.params {
            let invalid = || NegotiationError::Parameter(name.to_owned());
            let bits = value.map(|value| WindowBits::parse(value).ok_or_else(invalid)).transpose();
            match name {
                SERVER_NO_CONTEXT_TAKEOVER
                    if value.is_none() && !params.server_no_context_takeover =>
                {
                    params.server_no_context_takeover = true;
                }
                CLIENT_NO_CONTEXT_TAKEOVER
                    if value.is_none() && !params.client_no_context_takeover =>
                {
                    params.client_no_context_takeover = true;
                }
                SERVER_MAX_WINDOW_BITS if params.server_max_window_bits.is_none() => {
                    params.server_max_window_bits = Some(bits?.ok_or_else(invalid)?);
                }
                CLIENT_MAX_WINDOW_BITS
                    if params.client_max_window_bits == ClientMaxWindowBits::Absent =>
                {
                    params.client_max_window_bits =
                        bits?.map_or(ClientMaxWindowBits::Any, ClientMaxWindowBits::AtMost);
                }
                _ => return Err(invalid()),
            }
        }
        Ok(params)
    }

    pub(super) fn header_value(&self) -> String {
        let mut value = String::from(NAME);
        let mut push = |name: &str, bits: Option<WindowBits>| {
            value.push_str("; ");
            value.push_str(name);
            if let Some(bits) = bits {
                value.push('=');
                value.push_str(&bits.get().to_string());
            }
        };
        if self.server_no_context_takeover {
            push(SERVER_NO_CONTEXT_TAKEOVER, None);
        }
        if self.client_no_context_takeover {
            push(CLIENT_NO_CONTEXT_TAKEOVER, None);
        }
        if self.server_max_window_bits.is_some() {
            push(SERVER_MAX_WINDOW_BITS, self.server_max_window_bits);
        }
        match self.client_max_window_bits {
            ClientMaxWindowBits::Absent => {}
            ClientMaxWindowBits::Any => push(CLIENT_MAX_WINDOW_BITS, None),
            ClientMaxWindowBits::AtMost(bits) => push(CLIENT_MAX_WINDOW_BITS, Some(bits)),
        }
        value
    }
}

/// Whether this is the extension.
pub(super) fn is_deflate(extension: &Extension<'_>) -> bool {
    extension.name.eq_ignore_ascii_case(NAME)
}

const NAME: &str = "permessage-deflate";
pub(super) const SERVER_NO_CONTEXT_TAKEOVER: &str = "server_no_context_takeover";
pub(super) const CLIENT_NO_CONTEXT_TAKEOVER: &str = "client_no_context_takeover";
pub(super) const SERVER_MAX_WINDOW_BITS: &str = "server_max_window_bits";
pub(super) const CLIENT_MAX_WINDOW_BITS: &str = "client_max_window_bits";
