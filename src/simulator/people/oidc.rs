//! Those of the issuer nobody has a file for.

use super::{Oddity, Person, mailbox, person};

pub(super) static CAST: [Person; 6] = [
    person("hong", "홍길동", "hong@example.com", "sim-note-ordinary"),
    person("auth0|5f7c8ec7c33c6c004bbafe82", "성춘향", "chunhyang@example.com", "sim-note-odd-subject"),
    Person { mailbox: None, ..person("8d6e7f50-3c2b-4a1f-9e8d-7c6b5a493827", "심청", "", "sim-note-no-email") },
    Person {
        mailbox: mailbox("woochi@example.com", false), ..person("woochi", "전우치", "", "sim-note-unverified")
    },
    Person {
        oddities: &[Oddity::StringFlags],
        ..person("Hong", "이몽룡", "mongryong@example.com", "sim-note-string-flags")
    },
    Person { name: None, oddities: &[Oddity::Bare], ..person("007", "", "agent@example.com", "sim-note-bare-oidc") },
];
