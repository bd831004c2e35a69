//! rustls's errors in the words of Go's TLS and X.509 libraries, which k6's users know.

use rustls::pki_types::{ServerName, UnixTime};
use rustls::{AlertDescription, CertificateError};
use thiserror::Error;

/// Why TLS could not be set up or went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// Nobody we trust has signed the certificate.
    #[error("tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    UnknownAuthority,
    /// The certificate is for other names.
    #[error("tls: failed to verify certificate: x509: {0}")]
    WrongHost(String),
    /// The certificate's time is over or has not come, or it is invalid in another way.
    #[error("tls: failed to verify certificate: x509: {0}")]
    BadCertificate(String),
    /// The server sent an alert.
    #[error("remote error: tls: {0}")]
    Remote(String),
    /// The server does not speak TLS.
    #[error("tls: first record does not look like a TLS handshake")]
    NotTls,
    /// The name cannot be used for TLS.
    #[error("tls: invalid server name `{0}`")]
    ServerName(String),
    /// Anything else.
    #[error("tls: {0}")]
    Other(String),
}

impl TlsError {
    pub(crate) fn error_code(&self) -> u16 {
        match self {
            Self::UnknownAuthority => 1310,
            Self::WrongHost(_) => 1311,
            _ => 1300,
        }
    }
}

impl From<&rustls::Error> for TlsError {
    fn from(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => certificate_error(error),
            rustls::Error::AlertReceived(alert) => Self::Remote(alert_text(*alert)),
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        }
    }
}

fn certificate_error(error: &CertificateError) -> TlsError {
    match error {
        // A bad signature is an authority's namesake that we trust: to the user, another unknown one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            TlsError::UnknownAuthority
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            TlsError::WrongHost(wrong_host(expected, presented))
        }
        CertificateError::ExpiredContext { time, not_after } => TlsError::BadCertificate(format!(
            "certificate has expired or is not yet valid: current time {} is after {}",
            rfc3339(*time),
            rfc3339(*not_after)
        )),
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsError::BadCertificate(format!(
                "certificate has expired or is not yet valid: current time {} is before {}",
                rfc3339(*time),
                rfc3339(*not_before)
            ))
        }
        other => TlsError::BadCertificate(other.to_string()),
    }
}

/// `presented` holds debug texts such as `DnsName("a.test")` and `IpAddress(127.0.0.1)`.
fn wrong_host(expected: &ServerName<'_>, presented: &[String]) -> String {
    let of_kind = |kind: &str| {
        let names: Vec<&str> = presented
            .iter()
            .filter_map(|name| name.strip_prefix(kind)?.strip_suffix(')'))
            .map(|name| name.trim_matches('"'))
            .collect();
        names.join(", ")
    };
    let host = expected.to_str();
    let is_address = matches!(expected, ServerName::IpAddress(_));
    let names = of_kind(if is_address { "IpAddress(" } else { "DnsName(" });
    match (is_address, names.as_str()) {
        (true, "") => {
            format!("cannot validate certificate for {host} because it doesn't contain any IP SANs")
        }
        (false, "") => {
            format!("certificate is not valid for any names, but wanted to match {host}")
        }
        (_, names) => format!("certificate is valid for {names}, not {host}"),
    }
}

/// Go's words for an alert (RFC 8446 §6.2).
fn alert_text(alert: AlertDescription) -> String {
    let text = match alert {
        AlertDescription::CloseNotify => "close notify",
        AlertDescription::UnexpectedMessage => "unexpected message",
        AlertDescription::BadRecordMac => "bad record MAC",
        AlertDescription::RecordOverflow => "record overflow",
        AlertDescription::HandshakeFailure => "handshake failure",
        AlertDescription::BadCertificate => "bad certificate",
        AlertDescription::UnsupportedCertificate => "unsupported certificate",
        AlertDescription::CertificateRevoked => "revoked certificate",
        AlertDescription::CertificateExpired => "expired certificate",
        AlertDescription::CertificateUnknown => "unknown certificate",
        AlertDescription::IllegalParameter => "illegal parameter",
        AlertDescription::UnknownCA => "unknown certificate authority",
        AlertDescription::AccessDenied => "access denied",
        AlertDescription::DecodeError => "error decoding message",
        AlertDescription::DecryptError => "error decrypting message",
        AlertDescription::ProtocolVersion => "protocol version not supported",
        AlertDescription::InsufficientSecurity => "insufficient security level",
        AlertDescription::InternalError => "internal error",
        AlertDescription::MissingExtension => "missing extension",
        AlertDescription::UnsupportedExtension => "unsupported extension",
        AlertDescription::UnrecognisedName => "unrecognized name",
        AlertDescription::CertificateRequired => "certificate required",
        AlertDescription::NoApplicationProtocol => "no application protocol",
        other => return format!("{other:?}"),
    };
    text.to_owned()
}

/// Seconds since 1970 as `2026-01-31T12:00:00Z`.
fn rfc3339(time: UnixTime) -> String {
    let seconds = time.as_secs();
    let (days, second_of_day) = (seconds / 86_400, seconds % 86_400);
    // Days to civil date in the proleptic Gregorian calendar, with years that begin in March so
    // that the leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) =
        (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::rfc3339;
    use rustls::pki_types::UnixTime;
    use std::time::Duration;

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_609_459_199, "2020-12-31T23:59:59Z"),
            (1_795_389_858, "2026-11-22T23:24:18Z"),
        ] {
            assert_eq!(rfc3339(UnixTime::since_unix_epoch(Duration::from_secs(seconds))), text);
        }
    }
}
