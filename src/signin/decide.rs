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
    const NOBODY: Facts = Facts { known: None, email_is_somebodys: false, age: None };

    type Row = (&'static str, Purpose, Facts, Rules, Outcome);

    fn known(user: &UserId, standing: Standing) -> Facts {
        Facts { known: Some(KnownIdentity { user: user.clone(), standing }), ..NOBODY }
    }

    fn hold(rows: Vec<Row>) {
        for (name, purpose, facts, rules, expected) in rows {
            assert_eq!(decide(&purpose, &facts, &rules), expected, "{name}");
        }
    }

    #[test]
    fn a_stranger_is_taken_in_by_the_rules() {
        let aged = |age| Facts { age: Some(age), ..NOBODY };
        let somebodys = Facts { email_is_somebodys: true, ..NOBODY };
        let (new, closed) = (Outcome::Created { waits: false }, Rules { open: false, ..OPEN });
        let login = || Purpose::Login;
        hold(vec![
            ("open", login(), NOBODY, OPEN, new.clone()),
            ("approval", login(), NOBODY, Rules { approval: true, ..OPEN }, Outcome::Created { waits: true }),
            ("welcome", login(), NOBODY, Rules { welcome: true, ..OPEN }, Outcome::NeedsWelcome),
            ("thirteen", login(), aged(13), OPEN, Outcome::UnderAge),
            ("fourteen", login(), aged(14), OPEN, new.clone()),
            ("age not asked", login(), aged(13), Rules { minimum_age: 0, ..OPEN }, new.clone()),
            ("closed", login(), NOBODY, closed, Outcome::SignUpClosed),
            (
                "somebody's e-mail",
                login(),
                somebodys.clone(),
                Rules { offer_links: true, ..closed },
                Outcome::OfferToLink,
            ),
            ("somebody's e-mail, no offers", login(), somebodys, OPEN, new),
        ]);
    }

    #[test]
    fn a_known_person_comes_in_by_their_standing() {
        let mina = UserId::new();
        let row = |name, standing, expected| (name, Purpose::Login, known(&mina, standing), OPEN, expected);
        hold(vec![
            row("active", Standing::Active, Outcome::SignedIn(mina.clone())),
            row("waiting", Standing::Waiting, Outcome::WaitsForApproval(mina.clone())),
            row("banned", Standing::Banned, Outcome::Banned(mina.clone())),
            row("erased", Standing::Erased, Outcome::Banned(mina.clone())),
            row("closed", Standing::Closed, Outcome::MayComeBack(mina.clone())),
        ]);
        let closed = Rules { open: false, ..OPEN };
        assert_eq!(decide(&Purpose::Login, &known(&mina, Standing::Active), &closed), Outcome::SignedIn(mina));
    }

    #[test]
    fn a_purpose_is_for_one_person() {
        let (mina, juho) = (UserId::new(), UserId::new());
        let minas = known(&mina, Standing::Active);
        let banned = known(&mina, Standing::Banned);
        let (link, again, email) = (Purpose::Link, Purpose::Again, Purpose::AddEmail);
        hold(vec![
            ("link", link(mina.clone()), NOBODY, OPEN, Outcome::Linked(mina.clone())),
            ("link once more", link(mina.clone()), minas.clone(), OPEN, Outcome::Linked(mina.clone())),
            ("link another's", link(juho.clone()), minas.clone(), OPEN, Outcome::IdentityOfAnother),
            ("a banned person links", link(mina.clone()), banned, OPEN, Outcome::Banned(mina.clone())),
            ("again", again(mina.clone()), minas.clone(), OPEN, Outcome::Reauthenticated(mina.clone())),
            ("again, another", again(juho.clone()), minas.clone(), OPEN, Outcome::OtherPerson),
            ("again, unknown", again(mina.clone()), NOBODY, OPEN, Outcome::OtherPerson),
            ("e-mail", email(mina.clone()), minas.clone(), OPEN, Outcome::EmailAdded(mina)),
            ("e-mail, another", email(juho), minas, OPEN, Outcome::OtherPerson),
        ]);
    }
}
