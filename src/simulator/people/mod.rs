//! The people one can be. All of them are made up; each is special in one way that a site has to bear. Some have accounts at
//! several providers under one e-mail address, so that a site can offer to link them.

mod apple;
mod crowd;
mod github;
mod google;
mod kakao;
mod line;
mod naver;
mod oidc;

pub use kakao::{
    ADMIN, BARE, DEFAULT_PICTURE, EMOJI, HONG, LEE, LONG_ID, MASKED, NO_EMAIL, SEONG, UNDER_14, UNVERIFIED,
};

use super::provider::Provider;

/// A person with a practice account.
#[derive(Debug)]
pub struct Person {
    /// The subject: what the provider calls this person, as text.
    pub id: &'static str,
    /// As it is sent, whatever is in it; none where the provider knows none.
    pub name: Option<&'static str>,
    /// The e-mail of the account, when it has one.
    pub mailbox: Option<Mailbox>,
    /// Whether a picture was chosen, or the provider's own stands in.
    pub default_picture: bool,
    /// What is odd about this account, in its provider's way.
    pub oddities: &'static [Oddity],
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

/// What can be odd about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The profile says the id and nothing of the account, as for an app without consent items.
    Bare,
    /// Sent back at once with this error and description.
    TurnedAway(&'static str, &'static str),
    /// Stopped on a page of the provider's own: not a tester of an app that is not approved yet.
    NotATester,
    /// Comes back with a code and a state nobody issued: LINE's failed auto-login.
    WrongBrowser,
    /// Flags of the ID token come as texts.
    StringFlags,
    /// Never gives the address away: a relay of the provider's stands in.
    Relay,
    /// An account some organisation manages.
    Managed,
    /// Belongs to this organisation's domain.
    Domain(&'static str),
    /// The name of the account in addresses, which its owner may change.
    Handle(&'static str),
    /// The list of addresses is not there.
    NoList,
    /// The main address stands on the second page of the list.
    SecondPage,
    /// Shows this address on the public profile, verified by nobody.
    Shows(&'static str),
}

const fn mailbox(address: &'static str, verified: bool) -> Option<Mailbox> {
    Some(Mailbox { address, valid: true, verified })
}

/// An ordinary person; the address is verified.
const fn person(id: &'static str, name: &'static str, address: &'static str, note: &'static str) -> Person {
    let mailbox = mailbox(address, true);
    Person { id, name: Some(name), mailbox, default_picture: false, oddities: &[], note }
}

/// Everybody at Kakao, in the order of the page.
pub static ALL: &[Person] = &kakao::CAST;

impl Provider {
    /// Everybody there, in the order of the page.
    #[must_use]
    pub const fn people(self) -> &'static [Person] {
        match self {
            Self::Kakao => &kakao::CAST,
            Self::Naver => &naver::CAST,
            Self::Google => &google::CAST,
            Self::Github => &github::CAST,
            Self::Apple => &apple::CAST,
            Self::Line => &line::CAST,
            Self::Oidc => &oidc::CAST,
        }
    }

    /// The person with this id.
    #[must_use]
    pub fn person(self, id: &str) -> Option<&'static Person> {
        let known = self.people().iter().find(|person| person.id == id);
        known.or_else(|| if self == Self::Kakao { crowd::find(id) } else { None })
    }
}

impl Person {
    /// The name as a page can show it: HTML has no U+0000, so its escape stands for it.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.name.unwrap_or(self.id).replace('\0', "\\0")
    }

    /// Whether this is odd about them.
    #[must_use]
    pub fn is(&self, oddity: Oddity) -> bool {
        self.oddities.contains(&oddity)
    }

    /// The first that `pick` takes.
    pub(super) fn oddity<T>(&self, pick: impl Fn(&Oddity) -> Option<T>) -> Option<T> {
        self.oddities.iter().find_map(pick)
    }

    /// The address where it is valid and verified.
    pub(super) fn trusted_email(&self) -> Option<&'static str> {
        self.mailbox.filter(|mailbox| mailbox.valid && mailbox.verified).map(|mailbox| mailbox.address)
    }

    /// Whether the provider sends them back before anything is asked.
    pub(super) fn turned_away(&self) -> Option<(&'static str, &'static str)> {
        self.oddity(|oddity| match oddity {
            Oddity::TurnedAway(error, description) => Some((*error, *description)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::demo;

    #[test]
    fn the_demos_admin_is_the_person_called_admin() {
        assert_eq!(ADMIN, demo::ADMIN_SUBJECT);
        assert_eq!(Provider::Kakao.person(ADMIN).unwrap().name, Some("관리자"));
    }

    #[test]
    fn nobody_shares_an_id_at_one_provider() {
        for provider in Provider::ALL {
            let people = provider.people();
            assert!(people.len() >= 4, "{provider:?}");
            for person in people {
                assert_eq!(people.iter().filter(|other| other.id == person.id).count(), 1, "{}", person.id);
            }
        }
    }

    #[test]
    fn a_page_never_holds_u_0000() {
        assert!(Provider::Kakao.person(EMOJI).unwrap().name.unwrap().contains('\0'));
        let everybody = Provider::ALL.into_iter().flat_map(Provider::people);
        assert!(everybody.into_iter().all(|person| !person.shown_name().contains('\0')));
    }

    #[test]
    fn one_address_is_trusted_at_several_providers() {
        for address in ["hong@example.com", "hong@gmail.com"] {
            let knows =
                |provider: &Provider| provider.people().iter().any(|person| person.trusted_email() == Some(address));
            assert!(Provider::ALL.iter().filter(|provider| knows(provider)).count() >= 2, "{address}");
        }
    }
}
