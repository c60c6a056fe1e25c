//! Session rows and their queries.

use diesel::prelude::*;
use time::Duration;

use crate::clock::Moment;
use crate::config::TokenSettings;
use crate::db::AttemptId;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::SessionId;
use crate::db::UserId;
use crate::db::schema::sessions;
use crate::error::AppResult;

/// A signed-in device.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct Session {
    /// Its id, `sid` in tokens.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// The linked account it was opened with.
    pub identity_id: IdentityId,
    /// That account's provider.
    pub provider: String,
    /// The login that opened it.
    pub attempt_id: Option<AttemptId>,
    /// The newest refresh token given out.
    pub counter: i64,
    /// When the counter last advanced.
    pub advanced_at: Moment,
    /// When that refresh token dies: of idleness, or because the session ends.
    pub expires_at: Moment,
    /// When the session ends in any case.
    pub ends_at: Moment,
    /// When the person last proved who they are.
    pub auth_time: Moment,
    /// What the browser calls itself, cut to 400 characters.
    pub user_agent: String,
    /// The shortened address (IPv4: last byte, IPv6: last 80 bits removed).
    pub address: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last used.
    pub last_seen_at: Moment,
    /// When it was ended before its time.
    pub ended_at: Option<Moment>,
    /// Why.
    pub end_reason: Option<String>,
}

/// A person who proved longer ago who they are proves it again before they do what cannot be undone.
pub const FRESH: Duration = Duration::minutes(10);

impl Session {
    /// Whether the person proved who they are a moment ago.
    #[must_use]
    pub fn is_fresh(&self, now: Moment) -> bool {
        now - self.auth_time <= FRESH
    }

    /// Whether it still speaks for its person.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.ends_at
    }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Unused for so long, it ends.
    pub idle: Duration,
    /// After so long, it ends.
    pub max: Duration,
}

impl Lifetimes {
    /// By the settings.
    #[must_use]
    pub fn new(settings: &TokenSettings) -> Self {
        Self {
            idle: Duration::days(i64::from(settings.refresh_idle_days)),
            max: Duration::days(i64::from(settings.refresh_max_days)),
        }
    }
}

/// What is known when a session is opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose.
    pub user_id: UserId,
    /// With which linked account.
    pub identity_id: IdentityId,
    /// That account's provider.
    pub provider: String,
    /// By which login.
    pub attempt_id: AttemptId,
    /// When the person proved who they are: the ID token's `auth_time` where it has one.
    pub auth_time: Moment,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The shortened address.
    pub address: String,
}

/// Opens a session.
///
/// # Errors
/// When the database fails.
pub fn open(conn: &mut Conn, new: NewSession, lifetimes: Lifetimes, now: Moment) -> AppResult<Session> {
    let ends_at = now.saturating_add(lifetimes.max);
    let session = Session {
        id: SessionId::new(),
        user_id: new.user_id,
        identity_id: new.identity_id,
        provider: new.provider,
        attempt_id: Some(new.attempt_id),
        counter: 0,
        advanced_at: now,
        expires_at: now.saturating_add(lifetimes.idle).min(ends_at),
        ends_at,
        auth_time: new.auth_time,
        user_agent: new.user_agent,
        address: new.address,
        created_at: now,
        last_seen_at: now,
        ended_at: None,
        end_reason: None,
    };
    diesel::insert_into(sessions::table).values(&session).execute(conn)?;
    Ok(session)
}

/// The session with this id, live or not.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, id: &SessionId) -> AppResult<Option<Session>> {
    Ok(sessions::table.find(id).select(Session::as_select()).first(conn).optional()?)
}

/// The session this login opened, live or not.
///
/// # Errors
/// When the database fails.
pub fn find_by_attempt(conn: &mut Conn, id: &AttemptId) -> AppResult<Option<Session>> {
    Ok(sessions::table.filter(sessions::attempt_id.eq(id)).select(Session::as_select()).first(conn).optional()?)
}

/// Ends a session; false when it had ended before.
///
/// # Errors
/// When the database fails.
pub fn end(conn: &mut Conn, id: &SessionId, reason: &str, now: Moment) -> AppResult<bool> {
    let live = sessions::table.find(id).filter(sessions::ended_at.is_null());
    let ended = diesel::update(live)
        .set((sessions::ended_at.eq(Some(now)), sessions::end_reason.eq(Some(reason))))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Ends every live session of a person, but for one to keep; returns how many there were.
///
/// # Errors
/// When the database fails.
pub fn end_of_user(
    conn: &mut Conn,
    user: &UserId,
    keep: Option<&SessionId>,
    reason: &str,
    now: Moment,
) -> AppResult<usize> {
    let live = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::id.ne(keep.map_or("", SessionId::as_str)))
        .filter(sessions::ended_at.is_null());
    Ok(diesel::update(live)
        .set((sessions::ended_at.eq(Some(now)), sessions::end_reason.eq(Some(reason))))
        .execute(conn)?)
}

/// Ends every live session begun with a linked account; returns how many there were.
///
/// # Errors
/// When the database fails.
pub fn end_of_identity(conn: &mut Conn, identity: &IdentityId, reason: &str, now: Moment) -> AppResult<usize> {
    let live = sessions::table.filter(sessions::identity_id.eq(identity)).filter(sessions::ended_at.is_null());
    Ok(diesel::update(live)
        .set((sessions::ended_at.eq(Some(now)), sessions::end_reason.eq(Some(reason))))
        .execute(conn)?)
}

/// Sets when the person of a session last proved who they are.
///
/// # Errors
/// When the database fails.
pub fn set_auth_time(conn: &mut Conn, id: &SessionId, at: Moment) -> AppResult<()> {
    diesel::update(sessions::table.find(id)).set(sessions::auth_time.eq(at)).execute(conn)?;
    Ok(())
}

/// A person's live sessions, the one used last first, at most two hundred.
///
/// # Errors
/// When the database fails.
pub fn live_of_user(conn: &mut Conn, user: &UserId, now: Moment) -> AppResult<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .limit(200)
        .select(Session::as_select())
        .load(conn)?)
}

/// A person's latest sessions, over or not, newest first.
///
/// # Errors
/// When the database fails.
pub fn latest_of_user(conn: &mut Conn, user: &UserId, limit: i64) -> AppResult<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(limit)
        .select(Session::as_select())
        .load(conn)?)
}

/// A person's sessions that are kept, live or not, the newest first.
///
/// # Errors
/// When the database fails.
pub fn all_of_user(conn: &mut Conn, user: &UserId) -> AppResult<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .order(sessions::id.desc())
        .limit(1_000)
        .select(Session::as_select())
        .load(conn)?)
}

/// Whether a session of this person was ended since a moment because its token was used twice.
///
/// # Errors
/// When the database fails.
pub fn was_reused_since(conn: &mut Conn, user: &UserId, since: Moment) -> AppResult<bool> {
    let reused = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::end_reason.eq("reuse"))
        .filter(sessions::ended_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(reused)).get_result(conn)?)
}

/// Writes down that these sessions were used.
///
/// # Errors
/// When the database fails.
pub fn mark_seen(conn: &mut Conn, ids: &[SessionId], now: Moment) -> AppResult<()> {
    let earlier = sessions::table.filter(sessions::id.eq_any(ids)).filter(sessions::last_seen_at.lt(now));
    diesel::update(earlier).set(sessions::last_seen_at.eq(now)).execute(conn)?;
    Ok(())
}

/// At most `limit` people who have a live session, in the order of their ids, after `after`.
///
/// # Errors
/// When the database fails.
pub fn users_with_sessions(conn: &mut Conn, after: &str, limit: i64) -> AppResult<Vec<UserId>> {
    Ok(sessions::table
        .filter(sessions::ended_at.is_null())
        .filter(sessions::user_id.gt(after))
        .select(sessions::user_id)
        .distinct()
        .order(sessions::user_id.asc())
        .limit(limit)
        .load(conn)?)
}

/// Deletes at most `limit` sessions that were over before `before`; returns how many.
///
/// # Errors
/// When the database fails.
pub fn sweep_sessions(conn: &mut Conn, before: Moment, limit: i64) -> AppResult<usize> {
    let over: Vec<SessionId> =
        sessions::table.filter(sessions::expires_at.lt(before)).limit(limit).select(sessions::id).load(conn)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(over))).execute(conn)?)
}
