//! The client's side of negotiating permessage-deflate (RFC 7692 §5, §7.1): what it offers, and what
//! it makes of the answer.

use thiserror::Error;

use super::extension::{self, Malformed};
use super::params::{
    CLIENT_MAX_WINDOW_BITS, ClientMaxWindowBits, Params, SERVER_MAX_WINDOW_BITS,
    SERVER_NO_CONTEXT_TAKEOVER, WindowBits, is_deflate,
};

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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::deflate::params::CLIENT_NO_CONTEXT_TAKEOVER;

    pub(in crate::deflate) fn bits(bits: u8) -> WindowBits {
        WindowBits::new(bits).unwrap()
    }

    /// Server and client takeover (`false`: none), server and client window.
    pub(in crate::deflate) fn agreed(
        server: bool,
        client: bool,
        server_bits: u8,
        client_bits: u8,
    ) -> Agreed {
        Agreed {
            server_no_context_takeover: !server,
            client_no_context_takeover: !client,
            server_max_window_bits: bits(server_bits),
            client_max_window_bits: bits(client_bits),
        }
    }

    pub(in crate::deflate) const NARROW: Offer = Offer {
        server_no_context_takeover: true,
        client_no_context_takeover: true,
        server_max_window_bits: WindowBits::new(10),
        client_max_window_bits: ClientMaxWindowBits::AtMost(WindowBits::new(12).unwrap()),
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
}
