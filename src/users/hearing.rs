//! What providers say of people: a link has ended there, sessions are not to be trusted any more. Acted on in one transaction;
//! the same notice twice is one effect, and a notice about somebody unknown is remembered for a login under way.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use time::Duration;

use super::identity::{Identity, find_identity};
use super::installation::note_erasure;
use super::leaving::depart;
use super::search::indexed;
use super::unlinking::{identities_of, lock, remove};
use super::user::{Standing, find_user};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::heard_notices;
use crate::db::schema::identities;
use crate::db::schema::recent_events;
use crate::error::AppResult;
use crate::outbox::Post;
use crate::secret::sha256;
use crate::tokens;

/// A login that began longer ago is refused, as nobody knows any more what was said since. One in a browser is minutes old;
/// the ID token that a native app hands in may be hours.
const RECENT: Duration = Duration::hours(23);

/// Notices are kept for longer than that by so much.
const SPARE: Duration = Duration::minutes(30);

/// The id of a notice is remembered for so long; after that, its own time protects a link that is younger.
const REMEMBERED: Duration = Duration::days(90);

/// What a notice brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The link has ended at the provider, so it ends here.
    LinkOver,
    /// The sessions begun with the account end.
    SessionsOver,
}

/// A notice that was verified. Prints without whom it is about.
#[derive(Clone)]
pub struct Heard {
    /// From which provider.
    pub provider: String,
    /// About whom, and what it brings about.
    pub effects: Vec<(String, Effect)>,
    /// Issuer and id, for a notice that has one.
    pub once: Option<(String, String)>,
    /// When it happened, by the provider's word.
    pub at: Option<Moment>,
}

impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Heard({})", self.provider)
    }
}

/// Acts on a notice; returns whom it changed. Providers win even over the last admin: the door is gone in any case.
///
/// # Errors
/// When the database fails; then nothing has happened.
pub fn hear(
    conn: &mut Conn,
    heard: &Heard,
    grace_days: u32,
    post: &Post,
    how: &Circumstances,
) -> AppResult<Vec<UserId>> {
    if let Some((issuer, id)) = &heard.once
        && !first_time(conn, issuer, id, how.at)?
    {
        return Ok(Vec::new());
    }
    let mut changed = Vec::new();
    for (subject, effect) in &heard.effects {
        take_turns(conn, Turn::Notice, &heard.provider, subject)?;
        remember(conn, &heard.provider, subject, how.at)?;
        let Some(identity) = find_identity(conn, &heard.provider, subject)? else { continue };
        // A link that was made after the event is another one than it speaks of. Providers tell whole seconds: within the
        // same one, the event is taken for the later.
        let second = clock::unix_seconds;
        if *effect == Effect::LinkOver && heard.at.is_some_and(|at| second(at) < second(identity.linked_at)) {
            continue;
        }
        lock(conn, &identity.user_id)?;
        match effect {
            Effect::SessionsOver => end_sessions_of(conn, &identity, how)?,
            Effect::LinkOver => end_link(conn, &identity, grace_days, post, how)?,
        }
        changed.push(identity.user_id);
    }
    Ok(changed)
}

/// Whether a notice about this account, known here or not, came at or after the moment a login began.
///
/// The rule: a notice wins over every login that began before it came, and over no other. What counts is when it came here, not
/// when it happened by the provider's clock. Both moments are kept to the microsecond, and a login that began in the very same
/// one loses: it costs a click, and the other way round a session. In which order two processes saw the two is as certain
/// as their clocks agree; let them follow the same time server, as everything signed here needs anyway.
///
/// What a native app hands in began, for an ID token, when the provider made it: in whole seconds by the provider's clock, and
/// so before any notice of the same second. A code and an access token do not say when they were made: they count as made as
/// long ago as they can have been, since not every notice ends them at the provider.
///
/// # Errors
/// When the database fails.
pub fn heard_since(conn: &mut Conn, provider: &str, subject: &str, since: Moment, now: Moment) -> AppResult<bool> {
    take_turns(conn, Turn::Login, provider, subject)?;
    if since < now.saturating_sub(RECENT) {
        return Ok(true);
    }
    let about = recent_events::table
        .filter(recent_events::whom.eq(whom(provider, subject)))
        .filter(recent_events::heard_at.ge(since));
    Ok(diesel::select(diesel::dsl::exists(about)).get_result(conn)?)
}

/// Forgets notices whose time is over.
///
/// # Errors
/// When the database fails.
pub fn forget_notices(conn: &mut Conn, now: Moment) -> AppResult<()> {
    let recent = recent_events::heard_at.lt(now.saturating_sub(RECENT + SPARE));
    diesel::delete(recent_events::table.filter(recent)).execute(conn)?;
    let known = heard_notices::heard_at.lt(now.saturating_sub(REMEMBERED));
    diesel::delete(heard_notices::table.filter(known)).execute(conn)?;
    Ok(())
}

fn digest(parts: [&str; 2]) -> [u8; 32] {
    sha256([parts[0].as_bytes(), b"\0", parts[1].as_bytes()].concat().as_slice())
}

fn whom(provider: &str, subject: &str) -> String {
    HEXLOWER.encode(&digest([provider, subject]))
}

/// False when it was heard before. Two that hear it at once meet the primary key, and the later one is drawn again.
fn first_time(conn: &mut Conn, issuer: &str, id: &str, now: Moment) -> AppResult<bool> {
    let digest = HEXLOWER.encode(&digest([issuer, id]));
    let known = heard_notices::table.find(&digest).select(heard_notices::digest);
    if known.first::<String>(conn).optional()?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(heard_notices::table)
        .values((heard_notices::digest.eq(digest), heard_notices::heard_at.eq(now)))
        .execute(conn)?;
    Ok(true)
}

fn remember(conn: &mut Conn, provider: &str, subject: &str, now: Moment) -> AppResult<()> {
    let row = (
        recent_events::id.eq(OutboxId::new()),
        recent_events::whom.eq(whom(provider, subject)),
        recent_events::heard_at.eq(now),
    );
    diesel::insert_into(recent_events::table).values(row).execute(conn)?;
    Ok(())
}

/// Who takes a turn.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    /// Beside other logins.
    Login,
    /// Alone.
    Notice,
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Nobody reads what it returns, which is nothing.
    fn pg_advisory_xact_lock(key: BigInt) -> Nullable<Text>;
    /// As above, shared.
    fn pg_advisory_xact_lock_shared(key: BigInt) -> Nullable<Text>;
}

/// A notice and a login of the same account never pass each other: on PostgreSQL by a lock of the transaction, which logins
/// share among themselves, on SQLite because all writes take turns.
pub(super) fn take_turns(conn: &mut Conn, turn: Turn, provider: &str, subject: &str) -> AppResult<()> {
    if let Conn::Postgres(conn) = conn {
        let mut half = [0; 8];
        half.copy_from_slice(&digest([provider, subject])[..8]);
        let lock = i64::from_be_bytes(half);
        match turn {
            Turn::Login => diesel::select(pg_advisory_xact_lock_shared(lock)).execute(conn)?,
            Turn::Notice => diesel::select(pg_advisory_xact_lock(lock)).execute(conn)?,
        };
    }
    Ok(())
}

fn end_sessions_of(conn: &mut Conn, identity: &Identity, how: &Circumstances) -> AppResult<()> {
    tokens::end_of_identity(conn, &identity.id, "provider", how.at)?;
    audit::record(conn, how, "notice.sessions", Some(&identity.user_id), &identity.provider)?;
    tokens::notice(conn, &identity.user_id, how.at)
}

fn end_link(conn: &mut Conn, identity: &Identity, grace_days: u32, post: &Post, how: &Circumstances) -> AppResult<()> {
    let id = &identity.user_id;
    audit::record(conn, how, "notice.unlink", Some(id), &identity.provider)?;
    let standing = find_user(conn, id)?.map(|user| Standing::parse(&user.standing));
    let only = identities_of(conn, id)?.len() <= 1;
    match standing {
        // Their number alone stays linked, or unlinking there would lift a ban here.
        Some(Standing::Banned) => strip(conn, identity, how),
        // Closed, they can still come back by this account until they are erased.
        Some(Standing::Closed) if only => strip(conn, identity, how),
        // Whoever still waits for an admin has nothing to come back to, and coming back would let them in unapproved.
        Some(Standing::Active) if only && grace_days > 0 => {
            strip(conn, identity, how)?;
            depart(conn, id, grace_days, post, how).map(|_left| ())
        }
        Some(_) if only => {
            remove(conn, identity, post, how)?;
            depart(conn, id, 0, post, how).map(|_left| ())
        }
        _ => remove(conn, identity, post, how),
    }
}

/// Leaves nothing of an account but its number.
pub(super) fn strip(conn: &mut Conn, identity: &Identity, how: &Circumstances) -> AppResult<()> {
    indexed(conn, &identity.user_id, |conn| {
        let nothing = (
            identities::nickname.eq(None::<String>),
            identities::picture.eq(None::<String>),
            identities::email.eq(None::<String>),
            identities::email_key.eq(None::<String>),
            identities::email_verified.eq(false),
            identities::tokens_sealed.eq(None::<String>),
            identities::tokens_until.eq(None::<Moment>),
            identities::granted.eq(None::<String>),
            identities::granted_at.eq(None::<Moment>),
        );
        diesel::update(identities::table.find(&identity.id)).set(nothing).execute(conn)?;
        Ok(())
    })?;
    note_erasure(conn, how.at)?;
    tokens::end_of_identity(conn, &identity.id, "provider", how.at)?;
    tokens::notice(conn, &identity.user_id, how.at)
}
