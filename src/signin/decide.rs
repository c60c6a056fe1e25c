//! The rules about people, as one pure function: from the proof and what we know to one of the contract's outcomes.

use crate::db::UserId;
use crate::users::Standing;

/// What the attempt was started for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To log in.
    Login,
    /// To link one more account to this person.
    Link(UserId),
    /// To prove again that this person is there.
    Again(UserId),
    /// To learn this person's e-mail by additional consent.
    AddEmail(UserId),
}

/// The linked account the proof is about, when we have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    /// Whose it is.
    pub user: UserId,
    /// Whether that person may come in.
    pub standing: Standing,
}

/// What we know when a proof arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The identity, if linked here.
    pub known: Option<KnownIdentity>,
    /// Whether the proof brings a vouched e-mail that somebody's identity here has, vouched for, too.
    pub email_is_somebodys: bool,
    /// The person's age in whole years, where the provider tells.
    pub age: Option<u32>,
}

/// The operator's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether new people are taken in.
    pub open: bool,
    /// Whether new people wait for an admin.
    pub approval: bool,
    /// Who is younger is refused; 0 asks nobody.
    pub minimum_age: u32,
    /// Whether new people see the welcome page (terms, name) first.
    pub welcome: bool,
    /// Whether a vouched e-mail that is somebody's already is offered as a link.
    pub offer_links: bool,
}

/// What a proof leads to: the contract's full list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This person is signed in.
    SignedIn(UserId),
    /// A new person is made and, unless they wait for approval, signed in.
    Created {
        /// Whether an admin must approve first.
        waits: bool,
    },
    /// A new person sees terms, age and name first.
    NeedsWelcome,
    /// Too young.
    UnderAge,
    /// Nobody new is taken in.
    SignUpClosed,
    /// This person still waits.
    WaitsForApproval(UserId),
    /// Somebody has this e-mail: log in there and link, or start apart.
    OfferToLink,
    /// The account is linked to this person now.
    Linked(UserId),
    /// The account belongs to somebody else here.
    IdentityOfAnother,
    /// This person proved again that they are there.
    Reauthenticated(UserId),
    /// Another person than asked for proved who they are.
    OtherPerson,
    /// This person's e-mail is known now.
    EmailAdded(UserId),
    /// This person left and may come back.
    MayComeBack(UserId),
    /// This person is shut out.
    Banned(UserId),
}

/// Decides. Standing comes before purpose: a banned person links nothing.
#[must_use]
pub fn decide(purpose: &Purpose, facts: &Facts, rules: &Rules) -> Outcome {
    if let Some(known) = &facts.known {
        match known.standing {
            Standing::Active => {}
            Standing::Waiting => return Outcome::WaitsForApproval(known.user.clone()),
            Standing::Closed => return Outcome::MayComeBack(known.user.clone()),
            // An erased person has no identity; if one is left over it opens nothing.
            Standing::Banned | Standing::Erased => return Outcome::Banned(known.user.clone()),
        }
    }
    match (purpose, &facts.known) {
        (Purpose::Login, Some(known)) => Outcome::SignedIn(known.user.clone()),
        (Purpose::Login, None) => stranger(facts, rules),
        (Purpose::Link(user), None) => Outcome::Linked(user.clone()),
        (Purpose::Link(user), Some(known)) if known.user == *user => Outcome::Linked(user.clone()),
        (Purpose::Link(_), Some(_)) => Outcome::IdentityOfAnother,
        (Purpose::Again(user), Some(known)) if known.user == *user => Outcome::Reauthenticated(user.clone()),
        (Purpose::AddEmail(user), Some(known)) if known.user == *user => Outcome::EmailAdded(user.clone()),
        (Purpose::Again(_) | Purpose::AddEmail(_), _) => Outcome::OtherPerson,
    }
}

fn stranger(facts: &Facts, rules: &Rules) -> Outcome {
    if facts.age.is_some_and(|age| age < rules.minimum_age) {
        return Outcome::UnderAge;
    }
    // Before the closed door: whoever has an account already is no stranger.
    if rules.offer_links && facts.email_is_somebodys {
        return Outcome::OfferToLink;
    }
    if !rules.open {
        return Outcome::SignUpClosed;
    }
    if rules.welcome {
        return Outcome::NeedsWelcome;
    }
    Outcome::Created { waits: rules.approval }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Rules = Rules { open: true, approval: false, minimum_age: 14, welcome: false, offer_links: false };

    fn facts(known: Option<(&UserId, Standing)>) -> Facts {
        let known = known.map(|(user, standing)| KnownIdentity { user: user.clone(), standing });
        Facts { known, email_is_somebodys: false, age: None }
    }

    #[test]
    fn every_outcome_has_its_row() {
        let (mina, juho) = (UserId::new(), UserId::new());
        let active = facts(Some((&mina, Standing::Active)));
        let nobody = facts(None);
        let again = Purpose::Again(mina.clone());
        let rows: Vec<(&str, Purpose, Facts, Rules, Outcome)> = vec![
            ("a known person", Purpose::Login, active.clone(), OPEN, Outcome::SignedIn(mina.clone())),
            ("a new person", Purpose::Login, nobody.clone(), OPEN, Outcome::Created { waits: false }),
            ("approval", Purpose::Login, nobody.clone(), Rules { approval: true, ..OPEN }, Outcome::Created { waits: true }),
            ("welcome", Purpose::Login, nobody.clone(), Rules { welcome: true, ..OPEN }, Outcome::NeedsWelcome),
            ("thirteen", Purpose::Login, Facts { age: Some(13), ..nobody.clone() }, OPEN, Outcome::UnderAge),
            ("fourteen", Purpose::Login, Facts { age: Some(14), ..nobody.clone() }, OPEN, Outcome::Created { waits: false }),
            (
                "age not asked",
                Purpose::Login,
                Facts { age: Some(13), ..nobody.clone() },
                Rules { minimum_age: 0, ..OPEN },
                Outcome::Created { waits: false },
            ),
            ("closed", Purpose::Login, nobody.clone(), Rules { open: false, ..OPEN }, Outcome::SignUpClosed),
            ("closed to a known", Purpose::Login, active.clone(), Rules { open: false, ..OPEN }, Outcome::SignedIn(mina.clone())),
            ("waiting", Purpose::Login, facts(Some((&mina, Standing::Waiting))), OPEN, Outcome::WaitsForApproval(mina.clone())),
            ("banned", Purpose::Login, facts(Some((&mina, Standing::Banned))), OPEN, Outcome::Banned(mina.clone())),
            ("erased", Purpose::Login, facts(Some((&mina, Standing::Erased))), OPEN, Outcome::Banned(mina.clone())),
            ("closed person", Purpose::Login, facts(Some((&mina, Standing::Closed))), OPEN, Outcome::MayComeBack(mina.clone())),
            (
                "somebody's e-mail",
                Purpose::Login,
                Facts { email_is_somebodys: true, ..nobody.clone() },
                Rules { offer_links: true, open: false, ..OPEN },
                Outcome::OfferToLink,
            ),
            (
                "somebody's e-mail, no offers",
                Purpose::Login,
                Facts { email_is_somebodys: true, ..nobody.clone() },
                OPEN,
                Outcome::Created { waits: false },
            ),
            ("link", Purpose::Link(mina.clone()), nobody.clone(), OPEN, Outcome::Linked(mina.clone())),
            ("link again", Purpose::Link(mina.clone()), active.clone(), OPEN, Outcome::Linked(mina.clone())),
            ("link another's", Purpose::Link(juho.clone()), active.clone(), OPEN, Outcome::IdentityOfAnother),
            (
                "a banned person links",
                Purpose::Link(mina.clone()),
                facts(Some((&mina, Standing::Banned))),
                OPEN,
                Outcome::Banned(mina.clone()),
            ),
            ("again", again.clone(), active.clone(), OPEN, Outcome::Reauthenticated(mina.clone())),
            ("again, another", Purpose::Again(juho.clone()), active.clone(), OPEN, Outcome::OtherPerson),
            ("again, unknown", again, nobody.clone(), OPEN, Outcome::OtherPerson),
            ("e-mail", Purpose::AddEmail(mina.clone()), active.clone(), OPEN, Outcome::EmailAdded(mina)),
            ("e-mail, another", Purpose::AddEmail(juho), active, OPEN, Outcome::OtherPerson),
        ];
        for (name, purpose, facts, rules, expected) in rows {
            assert_eq!(decide(&purpose, &facts, &rules), expected, "{name}");
        }
    }
}
