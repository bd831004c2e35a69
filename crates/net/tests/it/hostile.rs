//! Servers that misbehave after a correct upgrade: each ends once, unclean, and says why.

use std::time::Duration;

use sockeye_net::NetError;
use sockeye_net::websocket::{Closed, Compression, ConnectRequest, connect};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use url::Url;

use crate::peer::{dialer, plain_dialer, trust};
use crate::recorder::{Session, local};

async fn end_of(fault: Fault) -> (Vec<String>, Closed) {
    let server = fault.serve();
    let url = Url::parse(&server.url()).unwrap();
    let request = ConnectRequest {
        max_message_size: 1 << 20,
        // Some of these peers never end the TCP connection.
        close_timeout: Duration::from_millis(50),
        compression: Compression::Deflate,
        ..ConnectRequest::new(url)
    };
    let session = Session::start(connect(&plain_dialer(), request).await.unwrap());
    let closed = session.closed().await;
    (session.events(), closed)
}

fn check_unclean(closed: &Closed) {
    assert_eq!((closed.code, closed.was_clean, closed.reason.as_str()), (Some(1006), false, ""));
}

#[test]
fn protocol_errors_fail_the_connection() {
    local(async {
        let faults = [
            (Fault::GarbageFrames, 1002),
            (Fault::MaskedFrame, 1002),
            (Fault::ReservedBits, 1002),
            (Fault::ReservedOpcode, 1002),
            (Fault::OversizedControl, 1002),
            (Fault::FragmentedControl, 1002),
            (Fault::InvalidUtf8, 1007),
            (Fault::StrayContinuation, 1002),
            (Fault::UnfinishedFragmentThenText, 1002),
            (Fault::HugeLength, 1009),
            (Fault::NegativeLength, 1002),
            (Fault::CompressedBomb(1 << 24), 1009),
            (Fault::OneByteClose, 1002),
            (Fault::CloseImmediately(1005), 1002),
        ];
        for (fault, expect) in faults {
            let name = format!("{fault:?}");
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            assert_eq!(events, ["closing"], "{name}");
            let Some(NetError::Protocol { close_code, .. }) = closed.error else {
                panic!("{name}: {:?}", closed.error)
            };
            assert_eq!(close_code, expect, "{name}");
        }
    });
}

#[test]
fn connections_that_just_end() {
    local(async {
        for fault in [Fault::CloseAfterUpgrade, Fault::CloseMidFrame] {
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            assert_eq!(closed.error, Some(NetError::AbnormalClosure));
            assert_eq!(events, [""; 0]);
        }
        for fault in [Fault::ResetAfterUpgrade, Fault::RstMidFrame] {
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            let error = closed.error.unwrap();
            assert!(error.to_string().ends_with("read: connection reset by peer"), "{error}");
            assert_eq!(error.error_code(), 1220);
            assert_eq!(events, [""; 0]);
        }
    });
}

#[test]
fn tls_that_ends_without_close_notify() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = Fault::CloseAfterUpgrade.serve_tls(&certificate);
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let session = Session::connect(&dialer, &server.url()).await;
        let closed = session.closed().await;
        check_unclean(&closed);
        assert_eq!(closed.error, Some(NetError::AbnormalClosure));
    });
}

#[test]
fn a_flood_of_pings_is_answered() {
    local(async {
        let (events, closed) = end_of(Fault::PingFlood(10_000)).await;
        assert_eq!(events.len(), 10_001);
        assert!(closed.was_clean);
    });
}
