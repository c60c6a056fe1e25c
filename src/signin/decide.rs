//! The rules about people, as one pure function: from the proof and what we know to one of the contract's outcomes.

use super::purpose::Purpose;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::users::Standing;

/// The linked account the proof is about, when we have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    /// Which.
    pub identity: IdentityId,
    /// Whose it is.
    pub user: UserId,
    /// Whether that person may come in.
    pub standing: Standing,
}

/// The person whose session an attempt belongs to, while that session lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Who.
    pub user: UserId,
    /// The linked account their session was opened with.
    pub identity: IdentityId,
}

/// What we know when a proof arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The identity, if linked here.
    pub known: Option<KnownIdentity>,
    /// Whether the proof brings a vouched e-mail that somebody's identity here has, vouched for, too.
    pub email_is_somebodys: bool,
    /// To whom the account that waits in this browser may be linked.
    pub offered: Option<UserId>,
    /// The person's age in whole years, where the provider tells.
    pub age: Option<u32>,
    /// Who acts, when the attempt belongs to a session that lives.
    pub acting: Option<Acting>,
    /// Whether the provider says that the person proved who they are too long ago for a fresh login. Not where it says nothing.
    pub stale: bool,
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
    /// Another person, or another account of theirs, than asked for.
    OtherPerson,
    /// The provider did not ask them anew.
    NotAskedAnew,
    /// The session that the attempt belongs to is over.
    SessionOver,
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
        (Purpose::Login, Some(known)) => return Outcome::SignedIn(known.user.clone()),
        (Purpose::Login, None) => return stranger(facts, rules),
        (Purpose::Join(_), known) => return joining(known.as_ref(), facts.offered.as_ref()),
        _ => {}
    }
    match &facts.acting {
        Some(acting) => for_somebody(purpose, acting, facts),
        None => Outcome::SessionOver,
    }
}

/// Somebody was offered to link a new account to the one they have: they come in with that one, and no other. When nothing
/// waits any more, it is a login.
fn joining(known: Option<&KnownIdentity>, offered: Option<&UserId>) -> Outcome {
    match known {
        Some(known) if offered.is_none_or(|offered| *offered == known.user) => Outcome::SignedIn(known.user.clone()),
        Some(_) | None => Outcome::OtherPerson,
    }
}

fn for_somebody(purpose: &Purpose, acting: &Acting, facts: &Facts) -> Outcome {
    let theirs = facts.known.as_ref().filter(|known| known.user == acting.user);
    let same_account = theirs.is_some_and(|known| known.identity == acting.identity);
    match purpose {
        Purpose::Link(_) if theirs.is_none() && facts.known.is_some() => Outcome::IdentityOfAnother,
        Purpose::Link(_) => Outcome::Linked(acting.user.clone()),
        Purpose::Again(_) if same_account && facts.stale => Outcome::NotAskedAnew,
        Purpose::Again(_) if same_account => Outcome::Reauthenticated(acting.user.clone()),
        Purpose::AddEmail(_) if theirs.is_some() => Outcome::EmailAdded(acting.user.clone()),
        Purpose::Login | Purpose::Join(_) | Purpose::Again(_) | Purpose::AddEmail(_) => Outcome::OtherPerson,
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
    use crate::db::SessionId;

    const OPEN: Rules = Rules { open: true, approval: false, minimum_age: 14, welcome: false, offer_links: false };
    const NOBODY: Facts =
        Facts { known: None, email_is_somebodys: false, offered: None, age: None, acting: None, stale: false };

    type Row = (&'static str, Purpose, Facts, Rules, Outcome);

    fn known(user: &UserId, standing: Standing) -> Facts {
        let known = KnownIdentity { identity: IdentityId::new(), user: user.clone(), standing };
        Facts { known: Some(known), ..NOBODY }
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
    fn a_link_that_was_offered_is_to_the_person_it_was_offered_to() {
        let (mina, juho) = (UserId::new(), UserId::new());
        let join = || Purpose::Join(crate::db::AttemptId::new());
        let offered = |facts: Facts| Facts { offered: Some(mina.clone()), ..facts };
        let (minas, juhos) = (known(&mina, Standing::Active), known(&juho, Standing::Active));
        let banned = known(&mina, Standing::Banned);
        hold(vec![
            ("they", join(), offered(minas), OPEN, Outcome::SignedIn(mina.clone())),
            ("another", join(), offered(juhos.clone()), OPEN, Outcome::OtherPerson),
            ("nobody", join(), offered(NOBODY), OPEN, Outcome::OtherPerson),
            ("banned meanwhile", join(), offered(banned), OPEN, Outcome::Banned(mina)),
            ("nothing waits", join(), juhos, OPEN, Outcome::SignedIn(juho)),
        ]);
    }

    #[test]
    fn a_purpose_is_for_one_person() {
        let (mina, juho, session) = (UserId::new(), UserId::new(), SessionId::new());
        let minas = known(&mina, Standing::Active);
        let account = minas.known.clone().unwrap().identity;
        let by = |user: &UserId, identity: &IdentityId, facts: &Facts| {
            let acting = Acting { user: user.clone(), identity: identity.clone() };
            Facts { acting: Some(acting), ..facts.clone() }
        };
        let (by_mina, by_juho) = (by(&mina, &account, &minas), by(&juho, &IdentityId::new(), &minas));
        let second_account = by(&mina, &IdentityId::new(), &minas);
        let banned = by(&mina, &account, &known(&mina, Standing::Banned));
        let stranger = by(&mina, &account, &NOBODY);
        let link = || Purpose::Link(session.clone());
        let again = || Purpose::Again(session.clone());
        let email = || Purpose::AddEmail(session.clone());
        let stale = Facts { stale: true, ..by_mina.clone() };
        hold(vec![
            ("link", link(), stranger.clone(), OPEN, Outcome::Linked(mina.clone())),
            ("link once more", link(), by_mina.clone(), OPEN, Outcome::Linked(mina.clone())),
            ("link another's", link(), by_juho.clone(), OPEN, Outcome::IdentityOfAnother),
            ("a banned person links", link(), banned, OPEN, Outcome::Banned(mina.clone())),
            ("link after the session", link(), minas.clone(), OPEN, Outcome::SessionOver),
            ("again", again(), by_mina.clone(), OPEN, Outcome::Reauthenticated(mina.clone())),
            ("again, not asked", again(), stale, OPEN, Outcome::NotAskedAnew),
            ("again, another", again(), by_juho.clone(), OPEN, Outcome::OtherPerson),
            ("again, another account of theirs", again(), second_account.clone(), OPEN, Outcome::OtherPerson),
            ("again, unknown", again(), stranger, OPEN, Outcome::OtherPerson),
            ("again, after the session", again(), minas, OPEN, Outcome::SessionOver),
            ("e-mail", email(), by_mina, OPEN, Outcome::EmailAdded(mina.clone())),
            ("e-mail of another account of theirs", email(), second_account, OPEN, Outcome::EmailAdded(mina)),
            ("e-mail, another", email(), by_juho, OPEN, Outcome::OtherPerson),
        ]);
    }
}
