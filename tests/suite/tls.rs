//! N11: TLS towards a provider is checked, and never given up. A TLS front stands before the simulator; the program trusts
//! one authority made for the test.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::ssl::{SslAcceptor, SslMethod, SslVersion};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};

use crate::kit::{Backend, Program, people};

/// A certificate and its key.
struct Certified {
    certificate: X509,
    key: PKey<Private>,
}

/// Signed by `authority`, or by itself; good for this address, from and until so many days from now.
fn certify(authority: Option<&Certified>, address: &str, from: i64, until: i64) -> Certified {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", if authority.is_some() { "leaf" } else { "test authority" }).unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    let mut serial = BigNum::new().unwrap();
    serial.rand(64, MsbOption::MAYBE_ZERO, false).unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&serial.to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(authority.map_or(&name, |authority| authority.certificate.subject_name())).unwrap();
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let at = |days: i64| Asn1Time::from_unix(now + days * 86_400).unwrap();
    builder.set_not_before(&at(from)).unwrap();
    builder.set_not_after(&at(until)).unwrap();
    builder.set_pubkey(&key).unwrap();
    if authority.is_none() {
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    } else {
        let names = SubjectAlternativeName::new().ip(address).build(&builder.x509v3_context(None, None)).unwrap();
        builder.append_extension(names).unwrap();
    }
    builder.sign(authority.map_or(&key, |authority| &authority.key), MessageDigest::sha256()).unwrap();
    Certified { certificate: builder.build(), key }
}

/// A TLS server that hands each request to `behind`; its origin.
fn front(leaf: &Certified, newest: Option<SslVersion>, behind: String) -> String {
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    acceptor.set_certificate(&leaf.certificate).unwrap();
    acceptor.set_private_key(&leaf.key).unwrap();
    if newest.is_some() {
        acceptor.set_min_proto_version(None).unwrap();
        acceptor.set_max_proto_version(newest).unwrap();
        acceptor.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    }
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (acceptor, behind) = (acceptor.clone(), behind.clone());
            std::thread::spawn(move || {
                // A refused handshake ends here.
                let Ok(mut stream) = acceptor.accept(socket) else { return };
                let Some(request) = whole_request(&mut stream) else { return };
                let mut inside = TcpStream::connect(behind).unwrap();
                inside.write_all(request.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1).as_bytes()).unwrap();
                let mut answer = Vec::new();
                inside.read_to_end(&mut answer).unwrap();
                stream.write_all(&answer).unwrap();
                drop(stream.shutdown());
            });
        }
    });
    origin
}

fn whole_request(stream: &mut impl std::io::Read) -> Option<String> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8(bytes.clone()).unwrap();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

/// A login through this front: what its callback answered, how often the provider was asked, and the log.
async fn login(backend: Backend, trusted: &Path, leaf: &Certified, newest: Option<SslVersion>) -> (u16, usize, String) {
    let program = Program::start(backend, &[("SSL_CERT_FILE", trusted.to_str().unwrap().to_owned())]).await;
    let plain = program.simulator.origin().to_owned();
    let tls = front(leaf, newest, plain.trim_start_matches("http://").to_owned());
    let settings =
        [("FIIIIILM_PROVIDERS__KAKAO__AUTH_BASE", tls.clone()), ("FIIIIILM_PROVIDERS__KAKAO__API_BASE", tls.clone())];
    let second = program.beside_with(&settings).await;
    let mut browser = second.browser();
    let started = browser.get("/login/kakao").await;
    // The browser's own way to the provider is not what is tested.
    let authorize = started.location().replace(&tls, &plain);
    let callback = browser.consent(&authorize, people::ORDINARY, "agree").await;
    let answer = browser.get(&callback).await;
    let asked = program.simulator.state().requests().iter().filter(|request| request.path == "/oauth/token").count();
    (answer.status, asked, second.settled_log().await)
}

on_each! {
    async fn n11_a_provider_that_cannot_prove_itself_gets_no_code(backend: Backend) {
        let folder = tempfile::TempDir::new().unwrap();
        let (authority, stranger) = (certify(None, "", -10, 10), certify(None, "", -10, 10));
        let trusted = folder.path().join("authority.pem");
        std::fs::write(&trusted, authority.certificate.to_pem().unwrap()).unwrap();
        let good = certify(Some(&authority), "127.0.0.1", -1, 1);
        let (status, asked, log) = login(backend, &trusted, &good, None).await;
        assert_eq!((status, asked), (303, 1), "a good certificate: {log}");
        for (what, leaf, newest) in [
            ("unknown authority", certify(Some(&stranger), "127.0.0.1", -1, 1), None),
            ("expired", certify(Some(&authority), "127.0.0.1", -5, -2), None),
            ("not yet valid", certify(Some(&authority), "127.0.0.1", 2, 5), None),
            ("another name", certify(Some(&authority), "127.0.0.2", -1, 1), None),
            ("TLS 1.1", good, Some(SslVersion::TLS1_1)),
        ] {
            let (status, asked, log) = login(backend, &trusted, &leaf, newest).await;
            assert_eq!((status, asked), (503, 0), "{what}: {log}");
            let line = log.lines().find(|line| line.contains("no connection")).unwrap_or_else(|| panic!("{what}: {log}"));
            let named = ["certificate", "SSL", "ssl", "TLS", "tls"].iter().any(|word| line.contains(word));
            assert!(named, "{what}: {line}");
        }
    }
}
