//! A person as rows: the user, one linked account or two, and a line of the audit log for the sign-up and each login.

use std::str::FromStr;

use uuid::Builder;

use super::insert::{EventRow, IdentityRow, UserRow};
use super::names;
use super::random::Random;
use super::times;
use crate::clock::from_unix_micros;
use crate::db::NotAnId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::users;
use crate::users::Entry;
use crate::users::Standing;
use crate::users::Synthetic;

/// Where the accounts are.
const PROVIDERS: [(&str, u64); 6] =
    [("kakao", 720), ("naver", 130), ("google", 90), ("apple", 45), ("line", 10), ("github", 5)];

/// How often people came back after they had signed up: twice on average.
const LATER_LOGINS: [(u64, u64); 7] = [(0, 15), (1, 27), (2, 27), (3, 16), (4, 9), (5, 4), (8, 2)];

/// Of a thousand people: so many have a second account, so many accounts bring an e-mail, so many of these are
/// vouched for.
const SECOND: u64 = 30;
const WITH_EMAIL: u64 = 700;
const VERIFIED: u64 = 950;

/// How people stand, of a thousand.
const STANDINGS: [(Standing, u64); 4] =
    [(Standing::Active, 980), (Standing::Banned, 8), (Standing::Waiting, 7), (Standing::Closed, 5)];

/// Who is closed is erased at a moment within a year from now.
const ERASED_WITHIN: u64 = 365 * 24 * 3_600_000_000;

/// Rows that go into the database together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) users: Vec<UserRow>,
    pub(super) identities: Vec<IdentityRow>,
    pub(super) events: Vec<EventRow>,
    /// What the search index will know of them.
    pub(super) entries: Vec<Entry>,
}

/// Which person of which run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whom {
    pub(super) seed: u64,
    pub(super) run: u64,
    /// From 1 on.
    pub(super) number: u64,
    /// Microseconds since the Unix epoch; nobody else's.
    pub(super) joined: i64,
    /// The end of time, likewise.
    pub(super) now: i64,
}

impl Batch {
    /// Makes up one person.
    pub(super) fn add(&mut self, whom: Whom) -> AppResult<()> {
        let mut random = Random::new(whom.seed, whom.run, whom.number);
        let user: UserId = id(&mut random, whom.joined)?;
        let name = names::true_name(&mut random);
        let nickname = names::nickname(&mut random, name);
        let logins = logins(&mut random, whom);
        let latest = logins.last().copied().unwrap_or(whom.joined);
        let provider = random.weighted(&PROVIDERS).unwrap_or("kakao");
        let email = random.per_mille(WITH_EMAIL).then(|| names::email(&mut random, name));
        let account =
            Account { user: &user, provider, nickname: nickname.as_deref(), email, from: whom.joined, latest };
        self.link(&mut random, whom, account)?;
        if random.per_mille(SECOND) {
            let provider = if provider == "google" { "naver" } else { "google" };
            let email = Some(names::email(&mut random, name));
            let account = Account { user: &user, provider, nickname: nickname.as_deref(), email, from: latest, latest };
            self.link(&mut random, whom, account)?;
        }
        self.record(&mut random, whom, (&user, provider, "login.created"), whom.joined)?;
        for at in logins {
            self.record(&mut random, whom, (&user, provider, "login.ok"), at)?;
        }
        let standing = random.weighted(&STANDINGS).unwrap_or(Standing::Active);
        let entry = users::synthetic(&self.as_found(&user, whom.joined, nickname.as_deref(), standing))?;
        let erased = whom.now.saturating_add(i64::try_from(random.below(ERASED_WITHIN)).unwrap_or(0));
        self.users.push(UserRow {
            id: user,
            seq: whom.joined,
            name: nickname,
            standing: standing.as_str(),
            facets: entry.facets,
            created_at: from_unix_micros(whom.joined),
            last_login_at: Some(from_unix_micros(latest)),
            erase_at: (standing == Standing::Closed).then(|| from_unix_micros(erased)),
        });
        self.entries.push(entry);
        Ok(())
    }

    /// The person whose accounts stand last.
    fn as_found<'a>(&self, user: &UserId, seq: i64, name: Option<&'a str>, standing: Standing) -> Synthetic<'a> {
        let own: Vec<&IdentityRow> = self.identities.iter().rev().take_while(|row| row.user_id == *user).collect();
        Synthetic {
            seq,
            name,
            standing,
            emails: own.iter().filter_map(|row| row.email.clone()).collect(),
            verified: own.iter().any(|row| row.email_verified),
            providers: own.iter().map(|row| row.provider).collect(),
        }
    }

    fn link(&mut self, random: &mut Random, whom: Whom, account: Account<'_>) -> AppResult<()> {
        self.identities.push(IdentityRow {
            id: id(random, account.from)?,
            user_id: account.user.clone(),
            provider: account.provider,
            subject: subject(whom),
            nickname: account.nickname.map(str::to_owned),
            email_key: account.email.as_deref().map(str::to_ascii_lowercase),
            email_verified: account.email.is_some() && random.per_mille(VERIFIED),
            email: account.email,
            linked_at: from_unix_micros(account.from),
            last_login_at: from_unix_micros(account.latest),
        });
        Ok(())
    }

    fn record(
        &mut self,
        random: &mut Random,
        whom: Whom,
        what: (&UserId, &'static str, &'static str),
        at: i64,
    ) -> AppResult<()> {
        let (user, provider, action) = what;
        self.events.push(EventRow {
            id: id(random, at)?,
            happened_at: from_unix_micros(at),
            action,
            actor: user.clone(),
            user_id: Some(user.clone()),
            details: provider,
            request_id: subject(whom),
        });
        Ok(())
    }
}

struct Account<'a> {
    user: &'a UserId,
    provider: &'static str,
    nickname: Option<&'a str>,
    email: Option<String>,
    from: i64,
    latest: i64,
}

fn subject(whom: Whom) -> String {
    format!("{}{}-{}", users::SYNTHETIC, whom.run, whom.number)
}

/// The logins after the sign-up, oldest first.
fn logins(random: &mut Random, whom: Whom) -> Vec<i64> {
    let many = random.weighted(&LATER_LOGINS).unwrap_or(0);
    let mut all: Vec<i64> = (0..many).map(|_| times::later(random, whom.joined, whom.now)).collect();
    all.sort_unstable();
    all
}

/// A UUIDv7 of that moment (RFC 9562 section 5.7), as the program would have made it then.
fn id<T: FromStr<Err = NotAnId>>(random: &mut Random, at: i64) -> AppResult<T> {
    let millis = u64::try_from(at / 1_000).unwrap_or(0);
    let id = Builder::from_unix_timestamp_millis(millis, &random.ten_bytes()).into_uuid();
    id.to_string().parse().map_err(AppError::internal)
}
