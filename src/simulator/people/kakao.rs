//! Kakao's.

use super::{Mailbox, Oddity, Person, mailbox, person};

/// The demo's admin; `config::demo::ADMIN_SUBJECT` is the same number.
pub const ADMIN: &str = "3900000001";
/// Ordinary: a verified e-mail and a picture.
pub const HONG: &str = "3900000101";
/// Ordinary.
pub const SEONG: &str = "3900000102";
/// Ordinary.
pub const LEE: &str = "3900000103";
/// Has no e-mail at all.
pub const NO_EMAIL: &str = "3900000201";
/// Has an e-mail that was never verified.
pub const UNVERIFIED: &str = "3900000202";
/// Has lost the e-mail to another account, so that it comes masked.
pub const MASKED: &str = "3900000203";
/// Has the provider's default picture.
pub const DEFAULT_PICTURE: &str = "3900000204";
/// Is `{"id": …}` and little else.
pub const BARE: &str = "3900000205";
/// Has a number of 19 digits, beyond what a JavaScript number or a float holds.
pub const LONG_ID: &str = "1376016924429759228";
/// Has emoji and U+0000 in the name.
pub const EMOJI: &str = "3900000207";
/// Is under 14.
pub const UNDER_14: &str = "3900000208";

pub(super) static CAST: [Person; 12] = [
    person(HONG, "홍길동", "hong@example.com", "sim-note-ordinary"),
    person(SEONG, "성춘향", "chunhyang@example.com", "sim-note-ordinary"),
    person(LEE, "이몽룡", "mongryong@example.com", "sim-note-ordinary"),
    person(ADMIN, "관리자", "admin@example.com", "sim-note-admin"),
    Person { mailbox: None, ..person(NO_EMAIL, "심청", "", "sim-note-no-email") },
    Person {
        mailbox: mailbox("woochi@example.com", false), ..person(UNVERIFIED, "전우치", "", "sim-note-unverified")
    },
    Person {
        mailbox: Some(Mailbox { address: "he***@example.com", valid: false, verified: true }),
        ..person(MASKED, "박흥부", "", "sim-note-masked")
    },
    Person {
        default_picture: true,
        ..person(DEFAULT_PICTURE, "임꺽정", "kkeokjeong@example.com", "sim-note-default-picture")
    },
    Person { oddities: &[Oddity::Bare], ..person(BARE, "장화", "janghwa@example.com", "sim-note-bare") },
    person(LONG_ID, "허생", "heosaeng@example.com", "sim-note-long-id"),
    person(EMOJI, "🎞️필름\u{0}토끼📷", "tokki@example.com", "sim-note-emoji"),
    Person {
        oddities: &[Oddity::TurnedAway("access_denied", "Not allowed under age 14")],
        ..person(UNDER_14, "콩쥐", "kongjwi@example.com", "sim-note-under-14")
    },
];
