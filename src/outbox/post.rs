//! Writing an errand down, in the transaction of the deed.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::entry::Kind;
use super::event::Event;
use super::held::{Keepsake, Unlink};
use super::turn::PATIENCE;
use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppError;
use crate::error::AppResult;
use crate::secret::KeyRing;
use crate::secret::Sealer;

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

    /// The provider's token as it is kept with a linked account: for this provider's person alone. `None` where ending the link
    /// does not need one.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn keep(
        &self,
        whose @ (provider, _): (&str, &str),
        token: &str,
        until: Option<Moment>,
    ) -> AppResult<Option<Keepsake>> {
        if !self.needs_token(provider) {
            return Ok(None);
        }
        let sealed = self.tokens.seal(token.as_bytes(), &context(whose))?;
        Ok(Some(Keepsake { sealed: BASE64URL_NOPAD.encode(&sealed), until }))
    }

    /// Whether ending a link with this provider needs a living token of its person, as a login brings one.
    #[must_use]
    pub fn needs_token(&self, provider: &str) -> bool {
        self.by_token.iter().any(|known| known == provider)
    }

    /// Whether a link can be ended at its provider at this moment: always by a number, and by a token while it lives.
    #[must_use]
    pub fn reaches(&self, whose: (&str, &str), kept: Option<&Keepsake>, at: Moment) -> bool {
        self.by_number.iter().any(|known| known == whose.0) || self.living(whose, kept, at).is_some()
    }

    /// The token that was kept, if it is needed, works still, and can be opened.
    fn living(&self, whose: (&str, &str), kept: Option<&Keepsake>, at: Moment) -> Option<String> {
        let kept = kept.filter(|kept| self.needs_token(whose.0) && kept.until.is_none_or(|until| at < until))?;
        let sealed = BASE64URL_NOPAD.decode(kept.sealed.as_bytes()).ok()?;
        String::from_utf8(self.tokens.open(&sealed, &context(whose))?).ok()
    }

    /// Has the provider told that a link has ended. False where it cannot be.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unlink(
        &self,
        conn: &mut Conn,
        user: &UserId,
        whose @ (provider, subject): (&str, &str),
        kept: Option<&Keepsake>,
        now: Moment,
    ) -> AppResult<bool> {
        if !self.reaches(whose, kept, now) {
            return Ok(false);
        }
        let id = OutboxId::new();
        let tokens = self.living(whose, kept, now);
        let until = kept.filter(|_| tokens.is_some()).and_then(|kept| kept.until).map(unix_seconds);
        let sealed = self.seal_unlink(&id, &Unlink { subject: subject.to_owned(), tokens, until, asked: false })?;
        insert(conn, &id, Kind::Unlink, provider, user, &sealed, now)?;
        Ok(true)
    }

    /// What an entry of the kind `unlink` holds, sealed for that entry.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn seal_unlink(&self, id: &OutboxId, unlink: &Unlink) -> AppResult<String> {
        let plain = serde_json::to_vec(unlink).map_err(AppError::internal)?;
        Ok(BASE64URL_NOPAD.encode(&self.errands.seal(&plain, id.as_str().as_bytes())?))
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
}

fn context((provider, subject): (&str, &str)) -> Vec<u8> {
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
    use crate::clock::from_unix_seconds;
    use crate::secret::Secret;

    fn ring(byte: u8, previous: &[u8]) -> KeyRing {
        KeyRing::new(Secret::new(vec![byte; 32]), previous.iter().map(|b| Secret::new(vec![*b; 32])).collect())
    }

    fn post(secrets: &KeyRing) -> Post {
        Post::new(secrets, vec!["kakao".into()], vec!["naver".into()], true)
    }

    const AT: i64 = 1_800_000_000;

    fn at(seconds: i64) -> Moment {
        from_unix_seconds(AT + seconds)
    }

    #[test]
    fn tokens_are_kept_only_where_the_provider_needs_them() {
        let post = post(&ring(1, &[]));
        assert_eq!(post.keep(("kakao", "1"), "t0ken", None).unwrap(), None);
        let kept = post.keep(("naver", "1"), "t0ken", None).unwrap().expect("kept");
        assert!(!kept.sealed.contains("t0ken"));
        let living = |whose| post.living(whose, Some(&kept), at(0));
        assert_eq!(living(("naver", "1")).as_deref(), Some("t0ken"));
        assert_eq!(living(("naver", "2")), None, "of another person");
        assert_eq!(living(("line", "1")), None, "of another provider");
        let reaches = |provider, kept| post.reaches((provider, "1"), kept, at(0));
        assert!(reaches("naver", Some(&kept)) && !reaches("naver", None));
        assert!(reaches("kakao", None) && !reaches("elsewhere", Some(&kept)));
    }

    #[test]
    fn a_token_reaches_as_far_as_it_lives() {
        let post = post(&ring(1, &[]));
        let kept = post.keep(("naver", "1"), "t0ken", Some(at(90))).unwrap();
        for (seconds, lives) in [(0, true), (89, true), (90, false), (91, false)] {
            assert_eq!(post.reaches(("naver", "1"), kept.as_ref(), at(seconds)), lives, "{seconds}");
        }
    }

    #[test]
    fn what_an_earlier_key_sealed_still_opens() {
        let kept = post(&ring(1, &[])).keep(("naver", "1"), "t0ken", None).unwrap();
        let living = |byte, previous: &[u8]| post(&ring(byte, previous)).living(("naver", "1"), kept.as_ref(), at(0));
        assert_eq!(living(2, &[1]).as_deref(), Some("t0ken"));
        assert_eq!(living(2, &[]), None);
        assert!(
            !post(&ring(2, &[])).reaches(("naver", "1"), kept.as_ref(), at(0)),
            "what cannot be opened reaches nobody"
        );
    }
}
