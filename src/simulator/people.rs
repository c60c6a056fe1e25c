//! The people one can be. All of them are made up; each is special in one way that a site has to bear.

/// A person with a practice account.
#[derive(Debug)]
pub struct Person {
    /// Member number: `id` of `/v2/user/me`, `sub` of the ID token.
    pub id: i64,
    /// As it is sent, whatever is in it.
    pub nickname: &'static str,
    /// The e-mail of the account, when it has one.
    pub mailbox: Option<Mailbox>,
    /// Whether a picture was chosen, or the provider's own stands in.
    pub default_picture: bool,
    /// Whether `/v2/user/me` says the id and nothing of the account, as for an app without consent items.
    pub bare: bool,
    /// Whether the app's lower age limit keeps this person out.
    pub under_14: bool,
    /// i18n key of what is special.
    pub note: &'static str,
}

/// An e-mail address and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Mailbox {
    /// The address, already masked when it is not valid any more.
    pub address: &'static str,
    /// False: another account has taken the address over since.
    pub valid: bool,
    /// True: the person proved that it is theirs.
    pub verified: bool,
}

/// The demo's admin; `config::demo::ADMIN_SUBJECT` is the same number.
pub const ADMIN: i64 = 3_900_000_001;
/// Ordinary: a verified e-mail and a picture.
pub const HONG: i64 = 3_900_000_101;
/// Ordinary.
pub const SEONG: i64 = 3_900_000_102;
/// Ordinary.
pub const LEE: i64 = 3_900_000_103;
/// Has no e-mail at all.
pub const NO_EMAIL: i64 = 3_900_000_201;
/// Has an e-mail that was never verified.
pub const UNVERIFIED: i64 = 3_900_000_202;
/// Has lost the e-mail to another account, so that it comes masked.
pub const MASKED: i64 = 3_900_000_203;
/// Has the provider's default picture.
pub const DEFAULT_PICTURE: i64 = 3_900_000_204;
/// Is `{"id": …}` and little else.
pub const BARE: i64 = 3_900_000_205;
/// Has a number of 19 digits, beyond what a JavaScript number or a float holds.
pub const LONG_ID: i64 = 1_376_016_924_429_759_228;
/// Has emoji and U+0000 in the name.
pub const EMOJI: i64 = 3_900_000_207;
/// Is under 14.
pub const UNDER_14: i64 = 3_900_000_208;

const fn mailbox(address: &'static str) -> Option<Mailbox> {
    Some(Mailbox { address, valid: true, verified: true })
}

const fn person(id: i64, nickname: &'static str, address: &'static str, note: &'static str) -> Person {
    let mailbox = mailbox(address);
    Person { id, nickname, mailbox, default_picture: false, bare: false, under_14: false, note }
}

/// Everybody, in the order of the page.
pub static ALL: [Person; 12] = [
    person(HONG, "홍길동", "hong@example.com", "sim-note-ordinary"),
    person(SEONG, "성춘향", "chunhyang@example.com", "sim-note-ordinary"),
    person(LEE, "이몽룡", "mongryong@example.com", "sim-note-ordinary"),
    person(ADMIN, "관리자", "admin@example.com", "sim-note-admin"),
    Person { mailbox: None, ..person(NO_EMAIL, "심청", "", "sim-note-no-email") },
    Person {
        mailbox: Some(Mailbox { address: "woochi@example.com", valid: true, verified: false }),
        ..person(UNVERIFIED, "전우치", "", "sim-note-unverified")
    },
    Person {
        mailbox: Some(Mailbox { address: "he***@example.com", valid: false, verified: true }),
        ..person(MASKED, "박흥부", "", "sim-note-masked")
    },
    Person {
        default_picture: true,
        ..person(DEFAULT_PICTURE, "임꺽정", "kkeokjeong@example.com", "sim-note-default-picture")
    },
    Person { bare: true, ..person(BARE, "장화", "janghwa@example.com", "sim-note-bare") },
    person(LONG_ID, "허생", "heosaeng@example.com", "sim-note-long-id"),
    person(EMOJI, "🎞️필름\u{0}토끼📷", "tokki@example.com", "sim-note-emoji"),
    Person { under_14: true, ..person(UNDER_14, "콩쥐", "kongjwi@example.com", "sim-note-under-14") },
];

/// The person with this number.
#[must_use]
pub fn find(id: i64) -> Option<&'static Person> {
    ALL.iter().find(|person| person.id == id)
}

impl Person {
    /// The nickname as a page can show it: HTML has no U+0000, so its escape stands for it.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.nickname.replace('\0', "\\0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::demo;

    #[test]
    fn the_demos_admin_is_the_person_called_admin() {
        assert_eq!(ADMIN.to_string(), demo::ADMIN_SUBJECT);
        assert_eq!(find(ADMIN).unwrap().nickname, "관리자");
    }

    #[test]
    fn nobody_shares_a_number() {
        for person in &ALL {
            assert_eq!(ALL.iter().filter(|other| other.id == person.id).count(), 1, "{}", person.id);
        }
    }

    #[test]
    fn a_page_never_holds_u_0000() {
        assert!(find(EMOJI).unwrap().nickname.contains('\0'));
        assert!(ALL.iter().all(|person| !person.shown_name().contains('\0')));
    }
}
