//! Writing an errand down, in the transaction of the deed.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use serde::Deserialize;
use serde::Serialize;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::entry::Kind;
use super::turn::PATIENCE;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppError;
use crate::error::AppResult;
use crate::secret::KeyRing;
use crate::secret::Sealer;

/// What the operator's programs are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody new.
    UserCreated,
    /// Somebody is gone for good.
    UserDeleted,
    /// Somebody was shut out.
    UserBanned,
    /// An account was linked.
    IdentityLinked,
    /// A linked account is gone.
    IdentityUnlinked,
    /// Somebody logged in on a device they had not used before.
    LoginNewDevice,
}

/// Every event.
pub const EVENTS: [Event; 6] = [
    Event::UserCreated,
    Event::UserDeleted,
    Event::UserBanned,
    Event::IdentityLinked,
    Event::IdentityUnlinked,
    Event::LoginNewDevice,
];

impl Event {
    /// Its name, as the programs see it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserCreated => "user.created",
            Self::UserDeleted => "user.deleted",
            Self::UserBanned => "user.banned",
            Self::IdentityLinked => "identity.linked",
            Self::IdentityUnlinked => "identity.unlinked",
            Self::LoginNewDevice => "login.new_device",
        }
    }
}

/// A link that has ended here and is to end at its provider. Prints without its contents.
#[derive(Clone, Deserialize, Serialize)]
pub struct Unlink {
    /// Who that is there.
    pub subject: String,
    /// The provider's tokens, where ending the link needs them.
    pub tokens: Option<String>,
}

impl std::fmt::Debug for Unlink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unlink(***)")
    }
}

/// What a verb needs in order to leave an errand: the seal, and who wants to be told at all. Clones share it.
#[derive(Clone, Debug)]
pub struct Post {
    errands: Sealer,
    tokens: Sealer,
    /// Providers that end a link by the person's number alone, and those that need a token for it.
    by_number: Arc<[String]>,
    by_token: Arc<[String]>,
    events: bool,
}

impl Post {
    /// For these providers; events are written down only when somebody wants them.
    #[must_use]
    pub fn new(secrets: &KeyRing, by_number: Vec<String>, by_token: Vec<String>, events: bool) -> Self {
        Self {
            errands: secrets.sealer("outbox"),
            tokens: secrets.sealer("provider-tokens"),
            by_number: by_number.into(),
            by_token: by_token.into(),
            events,
        }
    }

    /// The provider's tokens as they are kept with a linked account: for this provider's person alone. `None` where
    /// ending the link does not need them.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn seal_tokens(&self, provider: &str, subject: &str, tokens: &str) -> AppResult<Option<String>> {
        if !self.by_token.iter().any(|known| known == provider) {
            return Ok(None);
        }
        let sealed = self.tokens.seal(tokens.as_bytes(), &context(provider, subject))?;
        Ok(Some(BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Whether a link with this provider can be ended there; it may need what was kept at the last login.
    #[must_use]
    pub fn reaches(&self, provider: &str, tokens_sealed: Option<&str>) -> bool {
        self.by_number.iter().any(|known| known == provider)
            || tokens_sealed.is_some() && self.by_token.iter().any(|known| known == provider)
    }

    /// Has the provider told that a link has ended. False where it cannot be.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unlink(
        &self,
        conn: &mut Conn,
        user: &UserId,
        (provider, subject): (&str, &str),
        tokens_sealed: Option<&str>,
        now: Moment,
    ) -> AppResult<bool> {
        if !self.reaches(provider, tokens_sealed) {
            return Ok(false);
        }
        let id = OutboxId::new();
        let tokens = tokens_sealed.and_then(|sealed| self.open_tokens(provider, subject, sealed));
        let unlink = Unlink { subject: subject.to_owned(), tokens };
        let plain = serde_json::to_vec(&unlink).map_err(AppError::internal)?;
        let sealed = BASE64URL_NOPAD.encode(&self.errands.seal(&plain, id.as_str().as_bytes())?);
        insert(conn, &id, Kind::Unlink, provider, user, &sealed, now)?;
        Ok(true)
    }

    /// Has the operator's programs told what happened; `more` are further members without personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub fn event(
        &self,
        conn: &mut Conn,
        event: Event,
        user: &UserId,
        more: &[(&str, &str)],
        now: Moment,
    ) -> AppResult<()> {
        if !self.events {
            return Ok(());
        }
        let id = OutboxId::new();
        let mut data = json!({ "user_id": user.as_str() });
        for (name, value) in more {
            data[*name] = (*value).into();
        }
        let at = now.assume_utc().format(&Rfc3339).map_err(AppError::internal)?;
        let body = json!({ "type": event.name(), "timestamp": at, "data": data }).to_string();
        insert(conn, &id, Kind::Event, event.name(), user, &body, now)
    }

    /// Whether anybody wants to be told of events: whoever has to ask the database first whether there is one, need not.
    #[must_use]
    pub const fn wants_events(&self) -> bool {
        self.events
    }

    /// What an entry of the kind `unlink` holds; `None` when it was sealed with a key that is gone.
    #[must_use]
    pub fn open_unlink(&self, id: &OutboxId, payload: &str) -> Option<Unlink> {
        let sealed = BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
        serde_json::from_slice(&self.errands.open(&sealed, id.as_str().as_bytes())?).ok()
    }

    fn open_tokens(&self, provider: &str, subject: &str, sealed: &str) -> Option<String> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        String::from_utf8(self.tokens.open(&sealed, &context(provider, subject))?).ok()
    }
}

fn context(provider: &str, subject: &str) -> Vec<u8> {
    [provider.as_bytes(), b"\0", subject.as_bytes()].concat()
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct Row<'a> {
    id: &'a OutboxId,
    kind: &'a str,
    topic: &'a str,
    user_id: &'a UserId,
    payload: Option<&'a str>,
    state: &'a str,
    tries: i64,
    due_at: Moment,
    created_at: Moment,
    give_up_at: Moment,
}

fn insert(
    conn: &mut Conn,
    id: &OutboxId,
    kind: Kind,
    topic: &str,
    user: &UserId,
    payload: &str,
    now: Moment,
) -> AppResult<()> {
    let row = Row {
        id,
        kind: kind.as_str(),
        topic,
        user_id: user,
        payload: Some(payload),
        state: "waiting",
        tries: 0,
        due_at: now,
        created_at: now,
        give_up_at: now.saturating_add(PATIENCE),
    };
    diesel::insert_into(outbox::table).values(row).execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn ring(byte: u8, previous: &[u8]) -> KeyRing {
        KeyRing::new(Secret::new(vec![byte; 32]), previous.iter().map(|b| Secret::new(vec![*b; 32])).collect())
    }

    fn post(secrets: &KeyRing) -> Post {
        Post::new(secrets, vec!["kakao".into()], vec!["naver".into()], true)
    }

    #[test]
    fn tokens_are_kept_only_where_the_provider_needs_them() {
        let post = post(&ring(1, &[]));
        assert_eq!(post.seal_tokens("kakao", "1", "t0ken").unwrap(), None);
        let sealed = post.seal_tokens("naver", "1", "t0ken").unwrap().expect("kept");
        assert!(!sealed.contains("t0ken"));
        assert_eq!(post.open_tokens("naver", "1", &sealed).as_deref(), Some("t0ken"));
        assert_eq!(post.open_tokens("naver", "2", &sealed), None, "of another person");
        assert_eq!(post.open_tokens("line", "1", &sealed), None, "of another provider");
        assert!(post.reaches("naver", Some(&sealed)) && !post.reaches("naver", None));
        assert!(post.reaches("kakao", None) && !post.reaches("elsewhere", Some("x")));
    }

    #[test]
    fn what_an_earlier_key_sealed_still_opens() {
        let sealed = post(&ring(1, &[])).seal_tokens("naver", "1", "t0ken").unwrap().expect("kept");
        assert_eq!(post(&ring(2, &[1])).open_tokens("naver", "1", &sealed).as_deref(), Some("t0ken"));
        assert_eq!(post(&ring(2, &[])).open_tokens("naver", "1", &sealed), None);
    }

    #[test]
    fn an_errand_prints_nothing() {
        let unlink = Unlink { subject: "3900000101".into(), tokens: Some("t0ken".into()) };
        assert_eq!(format!("{unlink:?}"), "Unlink(***)");
    }
}
