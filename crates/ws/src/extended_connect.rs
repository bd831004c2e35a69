//! The opening handshake over HTTP/2 (RFC 8441 §5): the fields of an extended CONNECT, and what the
//! answer agrees to. How they travel is the caller's business.

use crate::deflate::Offer;
use crate::handshake::{
    self, Accepted, HOST, HandshakeError, PROTOCOL, Request, RequestError, Response,
};

/// A client's side of the handshake.
#[derive(Debug)]
pub struct ExtendedConnect {
    authority: String,
    fields: Vec<(String, String)>,
    protocols: Vec<String>,
    offer: Option<Offer>,
}

impl ExtendedConnect {
    /// Builds the request. There is no key, as no cache can mistake this request for another (RFC
    /// 8441 §5), and no field that is about a connection (RFC 9113 §8.2.2): those of the user's
    /// that the handshake over HTTP/1.1 would refuse are refused here, the others are left out.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn new(request: Request<'_>) -> Result<Self, RequestError> {
        let authority = handshake::checked_host(&request)?.to_owned();
        let protocols = handshake::requested_protocols(&request)?;
        let mut fields = vec![("sec-websocket-version".to_owned(), "13".to_owned())];
        if !protocols.is_empty() {
            fields.push((PROTOCOL.to_ascii_lowercase(), protocols.join(", ")));
        }
        if let Some(offer) = request.deflate {
            fields.push(("sec-websocket-extensions".to_owned(), offer.header_value()));
        }
        for (name, value) in request.headers {
            // RFC 9113 §8.2: names are in lower case.
            let name = name.to_ascii_lowercase();
            let is_elsewhere = [HOST, PROTOCOL].iter().any(|own| name.eq_ignore_ascii_case(own));
            if !is_elsewhere && !is_about_the_connection(&name, value) {
                fields.push((name, value.clone()));
            }
        }
        Ok(Self { authority, fields, protocols, offer: request.deflate })
    }

    /// The value for `:authority`: the user's `Host`, or that of the request.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The fields to send after the pseudo-header fields, in this order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Checks that the response opens the connection that was asked for: any 2xx does (RFC 8441
    /// §5), if it fits what was offered.
    ///
    /// # Errors
    /// [`HandshakeError::Status`], [`HandshakeError::Extensions`], [`HandshakeError::Protocol`].
    pub fn check(&self, response: &Response) -> Result<Accepted, HandshakeError> {
        if !(200..300).contains(&response.status) {
            return Err(HandshakeError::Status(response.status));
        }
        handshake::accepted(response, &self.protocols, self.offer.as_ref())
    }
}

/// RFC 9113 §8.2.2.
fn is_about_the_connection(name: &str, value: &str) -> bool {
    match name {
        "keep-alive" | "proxy-connection" | "transfer-encoding" => true,
        "te" => !value.eq_ignore_ascii_case("trailers"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> Result<ExtendedConnect, RequestError> {
        let headers: Vec<_> =
            headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        ExtendedConnect::new(Request {
            host: "a.test",
            resource: "/chat",
            protocols: &["one".to_owned(), "two".to_owned()],
            deflate: Some(Offer::default()),
            headers: &headers,
        })
    }

    #[test]
    fn fields() {
        let made = request(&[
            ("Origin", "https://b.test"),
            ("Host", "c.test:8"),
            ("Keep-Alive", "5"),
            ("TE", "gzip"),
            ("X-User", "Zoë"),
        ])
        .unwrap();
        assert_eq!(made.authority(), "c.test:8");
        let fields: Vec<_> =
            made.fields().iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(
            fields,
            [
                "sec-websocket-version: 13",
                "sec-websocket-protocol: one, two",
                "sec-websocket-extensions: permessage-deflate; client_max_window_bits",
                "origin: https://b.test",
                "x-user: Zoë",
            ]
        );
    }

    #[test]
    fn what_the_handshake_sends_itself_is_refused() {
        for name in ["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"] {
            let error = request(&[(name, "x")]).unwrap_err();
            assert_eq!(error, RequestError::DuplicateHeader(name.to_owned()));
        }
    }

    #[test]
    fn answers() {
        let made = request(&[]).unwrap();
        let check = |status, headers: &[(&str, &str)]| {
            let headers =
                headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
            made.check(&Response { status, reason: String::new(), headers })
        };
        let accepted = check(200, &[("sec-websocket-protocol", "two")]).unwrap();
        assert_eq!(accepted.protocol.as_deref(), Some("two"));
        assert!(check(204, &[("sec-websocket-extensions", "permessage-deflate")]).is_ok());
        assert_eq!(check(101, &[]), Err(HandshakeError::Status(101)));
        assert_eq!(check(404, &[]), Err(HandshakeError::Status(404)));
        let unasked = check(200, &[("sec-websocket-protocol", "three")]);
        assert_eq!(unasked, Err(HandshakeError::Protocol("three".to_owned())));
    }
}
