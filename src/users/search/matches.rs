//! Who has all of some terms, as one question sees it. A page, the next if few of it fit, and the number of all people on all
//! pages read the same rows, each of them once.

use std::cell::RefCell;

use super::walk::Reach;
use super::{recent, stretches};
use crate::db::Conn;
use crate::error::AppResult;

/// Who has all of some terms.
#[derive(Debug)]
pub(super) struct Matches {
    terms: Vec<i64>,
    recent: RefCell<Option<Vec<i64>>>,
    placed: stretches::Matches,
}

/// How many have them.
pub(super) struct Counted {
    /// So many, as far as was counted.
    pub(super) people: i64,
    /// And about so many in all; `None` when everybody was counted.
    pub(super) about: Option<i64>,
}

impl Matches {
    /// Of the terms, what is likely rare comes first.
    pub(super) fn new(terms: Vec<i64>) -> Self {
        Self { placed: stretches::Matches::new(terms.clone()), recent: RefCell::default(), terms }
    }

    /// Sign-ups within reach, the nearest first.
    pub(super) fn search(&self, conn: &mut Conn, reach: &Reach, want: usize) -> AppResult<Vec<i64>> {
        let mut found = self.recent(conn, reach)?;
        found.extend(self.placed.search(conn, reach, want)?);
        found.sort_unstable();
        found.dedup();
        if !reach.backwards {
            found.reverse();
        }
        found.truncate(want);
        Ok(found)
    }

    /// How many are within reach; counting ends soon after `cap`.
    pub(super) fn count(&self, conn: &mut Conn, reach: &Reach, cap: i64) -> AppResult<Counted> {
        let recent = i64::try_from(self.recent(conn, reach)?.len()).unwrap_or(i64::MAX);
        let placed = self.placed.count(conn, reach, cap - recent)?;
        let about = placed.about.map(|about| recent.saturating_add(about));
        Ok(Counted { people: recent.saturating_add(placed.people), about })
    }

    /// Read before any stretch is, and not again: who comes into a stretch in between is found twice rather than not at all.
    fn recent(&self, conn: &mut Conn, reach: &Reach) -> AppResult<Vec<i64>> {
        let mut known = self.recent.borrow_mut();
        let all = match known.take() {
            Some(all) => all,
            None => recent::search(conn, &self.terms)?,
        };
        let all = known.insert(all);
        Ok(all.iter().copied().filter(|seq| (reach.from..reach.to).contains(seq)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diesel::Connection as _;

    use super::*;
    use crate::config::DatabaseUrl;
    use crate::db;
    use crate::users::facets::role_term;
    use crate::users::role::Role;
    use crate::users::search::numbers::number;

    const TERM: i64 = 7;
    const MANY: i64 = 1_100;

    fn join(conn: &mut Conn, seqs: std::ops::Range<i64>) {
        let terms = BTreeSet::from([TERM, number(&role_term(Role::User))]);
        conn.transaction(|conn| seqs.into_iter().try_for_each(|seq| recent::add(conn, seq, &terms))).unwrap();
    }

    #[test]
    fn whoever_comes_into_a_stretch_meanwhile_is_found_once_and_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = db::open(&DatabaseUrl::Sqlite(folder.path().join("matches.db"))).unwrap();
        db::migrate(&mut conn).unwrap();
        join(&mut conn, 0..MANY);
        assert!(conn.transaction(stretches::close).unwrap());
        join(&mut conn, MANY..2 * MANY);
        let everybody: Vec<i64> = (0..2 * MANY).rev().collect();
        let question = Matches::new(vec![TERM]);
        assert_eq!(question.search(&mut conn, &Reach::ALL, usize::MAX).unwrap(), everybody);
        assert!(conn.transaction(stretches::close).unwrap());
        assert_eq!(question.search(&mut conn, &Reach::ALL, usize::MAX).unwrap(), everybody, "the same question");
        assert_eq!(question.count(&mut conn, &Reach::ALL, 10_000).unwrap().people, 2 * MANY);
        let later = Matches::new(vec![TERM]);
        assert_eq!(later.search(&mut conn, &Reach::ALL, usize::MAX).unwrap(), everybody, "a later one");
        assert_eq!(later.count(&mut conn, &Reach::ALL, 10_000).unwrap().people, 2 * MANY);
    }
}
