//! Negotiation of permessage-deflate (RFC 7692 §5, §7.1): what a client offers, what a server
//! makes of it, what the client makes of the answer.

use thiserror::Error;

use super::extension::{self, Extension, Malformed};

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

/// What a client offers. The default is what browsers offer: `permessage-deflate;
/// client_max_window_bits`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Asks the server to forget its window after each message.
    pub server_no_context_takeover: bool,
    /// Says that the client will forget its window after each message.
    pub client_no_context_takeover: bool,
    /// Asks the server to use no larger window.
    pub server_max_window_bits: Option<WindowBits>,
    /// What the client says of its own window.
    pub client_max_window_bits: ClientMaxWindowBits,
}

/// What both ends will do, as their parameters say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// The server forgets its window after each message.
    pub server_no_context_takeover: bool,
    /// The client forgets its window after each message.
    pub client_no_context_takeover: bool,
    /// The largest window that the server compresses with.
    pub server_max_window_bits: WindowBits,
    /// The largest window that the client compresses with.
    pub client_max_window_bits: WindowBits,
}

/// What a server wants beside what is offered. The default takes any offer as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerPolicy {
    /// Forget the server's window after each message.
    pub server_no_context_takeover: bool,
    /// Ask the client to forget its window after each message.
    pub client_no_context_takeover: bool,
    /// The largest window that the server wants to compress with.
    pub server_max_window_bits: WindowBits,
    /// The largest window that the client should compress with, where its offer lets the server
    /// say so.
    pub client_max_window_bits: WindowBits,
}

/// A server's `Sec-WebSocket-Extensions` does not fit the client's offer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NegotiationError {
    /// Not a list of extensions (RFC 6455 §9.1).
    #[error("malformed list of extensions")]
    Malformed,
    /// An extension that was not offered, or the same one twice (RFC 6455 §9.1).
    #[error("extension `{0}` was not offered")]
    NotOffered(String),
    /// A parameter that is unknown, repeated, has a value that it may not have, or was not
    /// offered (RFC 7692 §7.1).
    #[error("invalid permessage-deflate parameter `{0}`")]
    Parameter(String),
    /// A parameter that the offer insists on is not in the answer (RFC 7692 §7.1.1.1, §7.1.2.1).
    #[error("permessage-deflate without the `{0}` that was asked for")]
    Missing(&'static str),
}

impl Offer {
    /// The value for `Sec-WebSocket-Extensions`.
    pub fn header_value(&self) -> String {
        let params = Params {
            server_no_context_takeover: self.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover,
            server_max_window_bits: self.server_max_window_bits,
            client_max_window_bits: self.client_max_window_bits,
        };
        params.header_value()
    }

    /// Reads the server's answer. `offer` is `None` if nothing was offered; `header` is the value
    /// of all `Sec-WebSocket-Extensions` lines joined by commas.
    ///
    /// # Errors
    /// [`NegotiationError`]: the client must fail the connection (RFC 6455 §4.1, RFC 7692 §7.1).
    pub fn accept(offer: Option<&Self>, header: &str) -> Result<Option<Agreed>, NegotiationError> {
        let mut agreed = None;
        for extension in
            extension::parse(header).map_err(|Malformed| NegotiationError::Malformed)?
        {
            match offer {
                Some(offer) if is_deflate(&extension) && agreed.is_none() => {
                    agreed = Some(offer.accept_params(&Params::parse(&extension)?)?);
                }
                _ => return Err(NegotiationError::NotOffered(extension.name.to_owned())),
            }
        }
        Ok(agreed)
    }

    fn accept_params(self, answer: &Params) -> Result<Agreed, NegotiationError> {
        // §7.1.1.1, §7.1.2.1: the server accepts these by repeating them; an answer without them
        // accepts something else.
        if self.server_no_context_takeover && !answer.server_no_context_takeover {
            return Err(NegotiationError::Missing(SERVER_NO_CONTEXT_TAKEOVER));
        }
        let server_max_window_bits =
            match (self.server_max_window_bits, answer.server_max_window_bits) {
                (Some(_), None) => return Err(NegotiationError::Missing(SERVER_MAX_WINDOW_BITS)),
                (Some(asked), Some(given)) if given > asked => {
                    return Err(NegotiationError::Parameter(SERVER_MAX_WINDOW_BITS.to_owned()));
                }
                (_, given) => given.unwrap_or_default(),
            };
        // §7.1.2.2: only with a value, and only if it was offered. A window larger than the
        // client said it would use changes nothing.
        let client_max_window_bits =
            match (self.client_max_window_bits, answer.client_max_window_bits) {
                (_, ClientMaxWindowBits::Any)
                | (ClientMaxWindowBits::Absent, ClientMaxWindowBits::AtMost(_)) => {
                    return Err(NegotiationError::Parameter(CLIENT_MAX_WINDOW_BITS.to_owned()));
                }
                (own, answer) => own.limit().min(answer.limit()),
            };
        Ok(Agreed {
            server_no_context_takeover: answer.server_no_context_takeover,
            // §7.1.1.2: offering it binds the client whatever the answer.
            client_no_context_takeover: self.client_no_context_takeover
                || answer.client_no_context_takeover,
            server_max_window_bits,
            client_max_window_bits,
        })
    }
}

/// The server's side: takes the first offer of permessage-deflate in a request's
/// `Sec-WebSocket-Extensions` (all lines joined by commas) that is valid, and gives what was
/// agreed and the value of the response's header. `None`: answer without the header.
pub fn negotiate(offers: &str, policy: &ServerPolicy) -> Option<(Agreed, String)> {
    let offers = extension::parse(offers).ok()?;
    let offer = offers
        .iter()
        .filter(|extension| is_deflate(extension))
        .find_map(|extension| Params::parse(extension).ok())?;
    let server_max_window_bits =
        policy.server_max_window_bits.min(offer.server_max_window_bits.unwrap_or_default());
    // RFC 7692 §7.1.2.2: the client may be limited only if its offer has the parameter.
    let client_max_window_bits = match offer.client_max_window_bits {
        ClientMaxWindowBits::Absent => WindowBits::MAX,
        offered => policy.client_max_window_bits.min(offered.limit()),
    };
    let agreed = Agreed {
        server_no_context_takeover: policy.server_no_context_takeover
            || offer.server_no_context_takeover,
        client_no_context_takeover: policy.client_no_context_takeover
            || offer.client_no_context_takeover,
        server_max_window_bits,
        client_max_window_bits,
    };
    let says_server_window =
        offer.server_max_window_bits.is_some() || server_max_window_bits < WindowBits::MAX;
    let answer = Params {
        server_no_context_takeover: agreed.server_no_context_takeover,
        client_no_context_takeover: agreed.client_no_context_takeover,
        server_max_window_bits: says_server_window.then_some(server_max_window_bits),
        client_max_window_bits: if client_max_window_bits < WindowBits::MAX {
            ClientMaxWindowBits::AtMost(client_max_window_bits)
        } else {
            ClientMaxWindowBits::Absent
        },
    };
    Some((agreed, answer.header_value()))
}

impl ClientMaxWindowBits {
    fn limit(self) -> WindowBits {
        match self {
            Self::Absent | Self::Any => WindowBits::MAX,
            Self::AtMost(bits) => bits,
        }
    }
}

/// The four parameters as they are on the wire, in an offer or an answer.
#[derive(Debug, Default)]
struct Params {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<WindowBits>,
    client_max_window_bits: ClientMaxWindowBits,
}

impl Params {
    fn parse(extension: &Extension<'_>) -> Result<Self, NegotiationError> {
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

    fn header_value(&self) -> String {
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

fn is_deflate(extension: &Extension<'_>) -> bool {
    extension.name.eq_ignore_ascii_case(NAME)
}

const NAME: &str = "permessage-deflate";
const SERVER_NO_CONTEXT_TAKEOVER: &str = "server_no_context_takeover";
const CLIENT_NO_CONTEXT_TAKEOVER: &str = "client_no_context_takeover";
const SERVER_MAX_WINDOW_BITS: &str = "server_max_window_bits";
const CLIENT_MAX_WINDOW_BITS: &str = "client_max_window_bits";

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(bits: u8) -> WindowBits {
        WindowBits::new(bits).unwrap()
    }

    /// Server and client takeover (`false`: none), server and client window.
    fn agreed(server: bool, client: bool, server_bits: u8, client_bits: u8) -> Agreed {
        Agreed {
            server_no_context_takeover: !server,
            client_no_context_takeover: !client,
            server_max_window_bits: bits(server_bits),
            client_max_window_bits: bits(client_bits),
        }
    }

    const NARROW: Offer = Offer {
        server_no_context_takeover: true,
        client_no_context_takeover: true,
        server_max_window_bits: WindowBits::new(10),
        client_max_window_bits: ClientMaxWindowBits::AtMost(WindowBits(12)),
    };

    #[test]
    fn offers_as_text() {
        assert_eq!(Offer::default().header_value(), "permessage-deflate; client_max_window_bits");
        assert_eq!(
            NARROW.header_value(),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
             server_max_window_bits=10; client_max_window_bits=12"
        );
    }

    #[test]
    fn answers_that_fit() {
        for (offer, answer, expect) in [
            (Offer::default(), "", None),
            (Offer::default(), "permessage-deflate", Some(Agreed::default())),
            (Offer::default(), "Permessage-Deflate", Some(Agreed::default())),
            (
                Offer::default(),
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                Some(agreed(false, false, 15, 15)),
            ),
            (
                Offer::default(),
                "permessage-deflate;client_max_window_bits=8; server_max_window_bits=\"9\"",
                Some(agreed(true, true, 9, 8)),
            ),
            (
                NARROW,
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=9",
                Some(agreed(false, false, 9, 12)),
            ),
            (
                NARROW,
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; \
                 client_max_window_bits=14",
                Some(agreed(false, false, 10, 12)),
            ),
        ] {
            assert_eq!(Offer::accept(Some(&offer), answer), Ok(expect), "{answer}");
        }
    }

    #[test]
    fn answers_that_do_not_fit() {
        use NegotiationError as E;
        let check = |offer: &Offer, answer: &str, expect: E| {
            assert_eq!(Offer::accept(Some(offer), answer), Err(expect), "{answer}");
        };
        let not_offered = |name: &str| E::NotOffered(name.into());
        assert_eq!(Offer::accept(None, "x"), Err(not_offered("x")));
        check(&Offer::default(), "permessage-deflate;", E::Malformed);
        check(&Offer::default(), "x-webkit-deflate-frame", not_offered("x-webkit-deflate-frame"));
        let twice = "permessage-deflate, permessage-deflate";
        check(&Offer::default(), twice, not_offered("permessage-deflate"));
        for params in [
            "unknown",
            "Server_No_Context_Takeover",
            "server_no_context_takeover=1",
            "client_no_context_takeover=true",
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=08",
            "client_max_window_bits",
            "client_max_window_bits=x",
        ] {
            let name = params.split('=').next().unwrap();
            let answer = format!("permessage-deflate; {params}");
            check(&Offer::default(), &answer, E::Parameter(name.into()));
        }
        for name in [SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER] {
            let answer = format!("permessage-deflate; {name}; {name}");
            check(&Offer::default(), &answer, E::Parameter(name.into()));
        }
        let twice = "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9";
        check(&Offer::default(), twice, E::Parameter(SERVER_MAX_WINDOW_BITS.into()));

        check(&NARROW, "permessage-deflate", E::Missing(SERVER_NO_CONTEXT_TAKEOVER));
        let answer = "permessage-deflate; server_no_context_takeover";
        check(&NARROW, answer, E::Missing(SERVER_MAX_WINDOW_BITS));
        let answer = "permessage-deflate; server_no_context_takeover; server_max_window_bits=11";
        check(&NARROW, answer, E::Parameter(SERVER_MAX_WINDOW_BITS.into()));
        let silent = Offer { client_max_window_bits: ClientMaxWindowBits::Absent, ..NARROW };
        let answer = "permessage-deflate; server_no_context_takeover; \
                      server_max_window_bits=10; client_max_window_bits=15";
        check(&silent, answer, E::Parameter(CLIENT_MAX_WINDOW_BITS.into()));
    }

    #[test]
    fn servers_take_the_first_offer_they_can() {
        let check = |policy: &ServerPolicy, offers: &str, expect: Option<(Agreed, &str)>| {
            let result = negotiate(offers, policy);
            let result = result.as_ref().map(|(agreed, answer)| (*agreed, answer.as_str()));
            assert_eq!(result, expect, "{offers}");
        };
        let any = ServerPolicy::default();
        check(&any, "", None);
        check(&any, "x-other, foo; bar", None);
        check(&any, "permessage-deflate; ;", None);
        check(&any, "permessage-deflate; server_max_window_bits", None);
        let plain = Some((Agreed::default(), "permessage-deflate"));
        check(&any, "permessage-deflate", plain);
        check(&any, "permessage-deflate; client_max_window_bits", plain);
        check(&any, "x, permessage-deflate; unknown, permessage-deflate", plain);
        check(
            &any,
            &format!("{}, permessage-deflate", NARROW.header_value()),
            Some((agreed(false, false, 10, 12), &NARROW.header_value())),
        );
        let modest = ServerPolicy {
            server_no_context_takeover: true,
            client_no_context_takeover: true,
            server_max_window_bits: bits(11),
            client_max_window_bits: bits(9),
        };
        check(
            &modest,
            "permessage-deflate; client_max_window_bits",
            Some((
                agreed(false, false, 11, 9),
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
                 server_max_window_bits=11; client_max_window_bits=9",
            )),
        );
        // The client did not say that it knows the parameter.
        check(
            &modest,
            "permessage-deflate; server_max_window_bits=15",
            Some((
                agreed(false, false, 11, 15),
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
                 server_max_window_bits=11",
            )),
        );
    }

    #[test]
    fn both_sides_understand_the_same() {
        for case in 0..=255u16 {
            let bit = |n: u16| case >> n & 1 == 1;
            let offer = Offer {
                server_no_context_takeover: bit(0),
                client_no_context_takeover: bit(1),
                server_max_window_bits: bit(2).then(|| bits(11)),
                client_max_window_bits: match (bit(3), bit(4)) {
                    (false, _) => ClientMaxWindowBits::Absent,
                    (true, false) => ClientMaxWindowBits::Any,
                    (true, true) => ClientMaxWindowBits::AtMost(bits(11)),
                },
            };
            let policy = ServerPolicy {
                server_no_context_takeover: bit(5),
                client_no_context_takeover: bit(6),
                server_max_window_bits: if bit(7) { bits(9) } else { WindowBits::MAX },
                client_max_window_bits: if bit(7) { bits(12) } else { bits(10) },
            };
            let (by_server, answer) = negotiate(&offer.header_value(), &policy).unwrap();
            assert_eq!(Offer::accept(Some(&offer), &answer), Ok(Some(by_server)), "{answer}");
        }
    }
}
