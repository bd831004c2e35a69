//! The server's side of negotiating permessage-deflate (RFC 7692 §5, §7.1): what it makes of an offer.

use super::extension;
use super::offer::Agreed;
use super::params::{ClientMaxWindowBits, Params, WindowBits, is_deflate};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deflate::Offer;
    use crate::deflate::offer::tests::{NARROW, agreed, bits};

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
