//! Asking a provider who is linked with the app, in the app's own name: for the comparison with who is linked here.

use std::time::Duration;

use super::fault::{Answer, Fault};
use super::http::Deadline;
use super::provider::Provider;

/// One question.
const ASKING: Duration = Duration::from_secs(10);

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkedPage {
    /// Numbers of people, each greater than the one before.
    pub ids: Vec<i64>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<i64>,
}

impl Provider {
    /// Whether it says who is linked with the app, as it is configured.
    #[must_use]
    pub fn lists(&self) -> bool {
        self.dialect.lists()
    }

    /// A page of those who are linked, from this number on; within ten seconds.
    ///
    /// # Errors
    /// A [`Fault`] which says who can do something about it.
    pub async fn linked_from(&self, from: Option<i64>) -> Result<LinkedPage, Fault> {
        self.dialect.linked_from(&self.http, from, Deadline::within(ASKING)).await
    }

    /// Those of these, at most a hundred, who are linked; within ten seconds.
    ///
    /// # Errors
    /// A [`Fault`] which says who can do something about it.
    pub async fn linked_among(&self, whom: &[i64]) -> Result<Vec<i64>, Fault> {
        self.dialect.linked_among(&self.http, whom, Deadline::within(ASKING)).await
    }
}

impl Fault {
    /// Whether the same question may well be answered in a while: the provider is disturbed, or was asked too often.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.answer == Answer::TryLater
    }
}
