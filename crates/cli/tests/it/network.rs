//! Options and variables that say where connections go, seen from a script.

use std::fs;

use sockeye_testkit::{
    faults::Fault,
    loopback::Loopback,
    tls::{CertificateKind, ClientCertificate, Presence, TestCertificate},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use crate::harness::Folder;

/// Connects and logs why it could not.
fn script(options: &str, url: &str) -> String {
    format!(
        "import {{ WebSocket }} from 'k6/websockets';
        export const options = {options};
        export default function () {{
            new WebSocket('{url}').onerror = (e) => console.log('<' + e.error + '>');
        }}"
    )
}

fn log(script: &str, env: &[(&str, &str)]) -> String {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), script).expect("written");
    let output =
        folder.command("run -q --no-summary x.js").envs(env.to_vec()).output().expect("started");
    String::from_utf8(output.stderr).expect("text")
}

fn check(log: &str, expect: &str) {
    assert!(log.contains(&format!("<{expect}>")), "{log}");
}

#[test]
fn names_and_addresses_can_be_blocked() {
    let log = |options, url| log(&script(options, url), &[]);
    let name = log("{ blockHostnames: ['*.bad.test'] }", "ws://a.bad.test/");
    check(&name, "hostname (a.bad.test) is in a blocked pattern (*.bad.test)");
    let ip = log("{ blacklistIPs: ['127.0.0.0/8'] }", "ws://127.0.0.1:9/");
    check(&ip, "IP (127.0.0.1) is in a blacklisted range (127.0.0.0/8)");
}

#[test]
fn a_proxy_of_the_environment_is_asked() {
    let proxy = Loopback::start(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 403 Not for you\r\n\r\n").await;
    });
    let address = proxy.address.to_string();
    let script = script("{ hosts: { 'chat.test': '127.0.0.1:9' } }", "ws://chat.test/");
    check(&log(&script, &[("http_proxy", &address)]), "Not for you");
    let env = [("http_proxy", address.as_str()), ("NO_PROXY", "chat.test")];
    check(&log(&script, &env), "dial tcp 127.0.0.1:9: connect: connection refused");
    assert_eq!(proxy.accepted(), 1);
}

#[test]
fn a_client_certificate_of_the_options_is_shown() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let client = ClientCertificate::new("tester");
    let server = certificate.mutual_server_config(&[&client], Presence::Required);
    let acceptor = TlsAcceptor::from(server);
    let server = Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 418 I'm a teapot\r\n\r\n").await;
            let _ = stream.shutdown().await;
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, certificate.root_pem()).unwrap();
    let env = [("SSL_CERT_FILE", roots.to_str().unwrap())];
    let url = format!("wss://{}/", server.address);
    let without = log(&script("{}", &url), &env);
    check(&without, "remote error: tls: certificate required");
    let options = format!(
        "{{ tlsAuth: [{{ cert: `{}`, key: `{}` }}], tlsVersion: 'tls1.3' }}",
        client.certificate_pem(),
        client.key_pem()
    );
    // Beyond TLS, the server is no WebSocket server.
    check(&log(&script(&options, &url), &env), "websocket: bad handshake");
}

#[test]
fn each_socket_may_show_a_certificate_of_its_own() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let (known, stranger) = (ClientCertificate::new("known"), ClientCertificate::new("stranger"));
    let config = certificate.mutual_server_config(&[&known], Presence::Required);
    let server = Fault::MessagesWithUpgrade.serve_tls_as(config);
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, certificate.root_pem()).unwrap();
    let env = [("SSL_CERT_FILE", roots.to_str().unwrap())];
    let pem = |client: &ClientCertificate| {
        format!("{{ cert: `{}`, key: `{}` }}", client.certificate_pem(), client.key_pem())
    };
    let script = format!(
        "import {{ WebSocket }} from 'k6/websockets';
        import ws from 'k6/ws';
        const open = (name, params) => {{
            const socket = new WebSocket('{url}', null, params);
            socket.onmessage = (e) => console.log(`<${{name}} hears ${{e.data}}>`);
            socket.onerror = (e) => console.log(`<${{name}}: ${{e.error}}>`);
        }};
        const [known, stranger] = [{}, {}];
        export default function () {{
            open('known', {{ tlsAuth: known }});
            open('nobody');
            open('stranger', {{ tlsAuth: stranger }});
            open('known again', {{ tlsAuth: known, http2: true }});
            const response = ws.connect('{url}', {{ tlsAuth: known }}, (socket) => {{
                socket.on('message', (text) => console.log(`<the older module hears ${{text}}>`));
            }});
            console.log(`<the older module has ${{response.status}}>`);
            const refused = ws.connect('{url}', null, () => console.log('never'));
            console.log(`<without: ${{refused.error}}>`);
        }}",
        pem(&known),
        pem(&stranger),
        url = server.url(),
    );
    let log = log(&script, &env);
    for expected in [
        "known hears one",
        "known again hears two",
        "nobody: remote error: tls: certificate required",
        "stranger: remote error: tls: unknown certificate authority",
        "the older module hears two",
        "the older module has 101",
        "without: remote error: tls: certificate required",
    ] {
        check(&log, expected);
    }
    assert!(!log.contains("nobody hears") && !log.contains("stranger hears"), "{log}");
    assert!(!log.contains("never"), "{log}");
}

/// Opens 100 sockets with limits of open files as `ulimit` sets them, and tells what came of it.
fn crowd(ulimit: &str) -> String {
    // Never answers, so that all are open at once until they time out.
    let server = Loopback::start(|mut stream| async move {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let folder = Folder::new();
    let script = format!(
        "import {{ WebSocket }} from 'k6/websockets';
        export default function () {{
            for (let i = 0; i < 100; i++) {{
                const socket = new WebSocket('ws://{}/', [], {{ timeout: '1s' }});
                socket.onerror = (event) => console.log('<' + event.message + '>');
            }}
        }}",
        server.address
    );
    fs::write(folder.path().join("x.js"), script).expect("written");
    let mut shell = std::process::Command::new("/bin/sh");
    let program = env!("CARGO_BIN_EXE_sockeye");
    let line = format!("ulimit {ulimit} && exec {program} run -q --no-summary x.js");
    let output = shell.args(["-c", &line]).env_clear().current_dir(folder.path()).output();
    String::from_utf8(output.expect("started").stderr).expect("text")
}

#[test]
fn as_many_files_are_open_as_the_system_allows_at_all() {
    let log = crowd("-Sn 50");
    assert_eq!(log.matches(": i/o timeout>").count(), 100, "{log}");
    let log = crowd("-n 50");
    assert!(log.contains("socket: too many open files: "), "{log}");
    assert!(log.contains("ulimit -Hn"), "{log}");
}
