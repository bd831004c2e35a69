//! Modules from `https://`: fetched over real TLS from a loopback server.

use std::collections::BTreeMap;

use sockeye_testkit::{
    loopback::Loopback,
    tls::{CertificateKind, TestCertificate},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::harness;

/// What the server has, by path.
const PAGES: &[(&str, &str, &str)] = &[
    ("/lib/main.js", "200 OK", "import { two } from './two.js'; export const three = two + 1;"),
    ("/lib/two.js", "200 OK", "export const two = 2;"),
    ("/moved/main.js", "302 Found\r\nLocation: /lib/main.js", ""),
    ("/lib/broken.js", "200 OK", "export const = 1;"),
    ("/lib/throws.js", "200 OK", "export function thrower() {\n  throw new Error('remote');\n}"),
];

fn serve(certificate: &TestCertificate) -> Loopback {
    let acceptor = TlsAcceptor::from(certificate.server_config());
    Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut request = vec![0; 4096];
            let Ok(length) = stream.read(&mut request).await else { return };
            let request = String::from_utf8_lossy(&request[..length]);
            let path = request.split(' ').nth(1).unwrap_or_default();
            let page = PAGES.iter().find(|(known, ..)| *known == path);
            let (status, body) =
                page.map_or(("404 Not Found", ""), |(_, status, body)| (*status, *body));
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    })
}

/// Runs a script whose `REMOTE` is the server's URL and returns what came of it.
fn run(kind: CertificateKind, script: &str) -> String {
    let certificate = TestCertificate::new(kind);
    let server = serve(&certificate);
    let remote = format!("https://localhost:{}", server.address.port());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.js");
    std::fs::write(&path, script.replace("REMOTE", &remote)).unwrap();
    let roots = vec![certificate.root_pem().to_owned()];
    let got = harness::run_with_roots(&path, &BTreeMap::new(), roots);
    got.replace(&remote, "https://REMOTE")
}

#[test]
fn a_remote_module_and_its_relative_import() {
    let script = "import { three } from 'REMOTE/lib/main.js';\nimport { two } from 'REMOTE/lib/two.js';\nexport default () => console.log(three, two);";
    let got = run(CertificateKind::Valid, script);
    assert!(got.starts_with("info: 3 2\n"), "{got}");
}

#[test]
fn a_redirect_is_followed_and_relative_imports_begin_at_its_end() {
    let script =
        "import { three } from 'REMOTE/moved/main.js';\nexport default () => console.log(three);";
    let got = run(CertificateKind::Valid, script);
    assert!(got.starts_with("info: 3\n"), "{got}");
}

#[test]
fn require_fetches_too() {
    let script = "const { three } = require('REMOTE/lib/main.js');\nexports.default = () => console.log(three);";
    let got = run(CertificateKind::Valid, script);
    assert!(got.starts_with("info: 3\n"), "{got}");
}

#[test]
fn a_missing_page_names_importer_and_line() {
    let script = "import { three } from 'REMOTE/lib/main.js';\nimport x from 'REMOTE/nothing.js';\nexport default () => {};";
    let got = run(CertificateKind::Valid, script);
    assert!(got.contains("https://REMOTE/nothing.js` couldn't be fetched"), "{got}");
    assert!(got.contains("404"), "{got}");
    assert!(got.contains("script.js:2:15"), "{got}");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let script = "import { three } from 'REMOTE/lib/main.js';\nexport default () => {};";
    let got = run(CertificateKind::UnknownIssuer, script);
    assert!(got.contains("couldn't be fetched") && got.contains("certificate"), "{got}");
    assert!(got.contains("script.js:1:23"), "{got}");
}

#[test]
fn a_remote_syntax_error_is_in_the_remote_file() {
    let script = "import 'REMOTE/lib/broken.js';\nexport default () => {};";
    let got = run(CertificateKind::Valid, script);
    assert!(got.contains("at https://REMOTE/lib/broken.js:1:14"), "{got}");
}

#[test]
fn a_remote_exception_is_in_the_remote_file() {
    let script = "import { thrower } from 'REMOTE/lib/throws.js';\nexport default () => thrower();";
    let got = run(CertificateKind::Valid, script);
    assert!(got.contains("at thrower (https://REMOTE/lib/throws.js:2:"), "{got}");
}
