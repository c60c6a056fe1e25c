//! What a run says of itself.

use super::judge::{Figures, Refusal};
use crate::db::UserId;
use crate::error::AppError;
use crate::providers::Fault;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many have been listed.
    Listed(u64),
    /// So many of those linked here have been looked at.
    Compared(u64),
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub figures: Figures,
    /// Missing, and yet linked when asked about by name.
    pub still_linked: u64,
    /// Closed until their days of grace are over.
    pub closed: u64,
    /// Marked only, because they have another way in, or none anyway.
    pub marked: u64,
    /// Missing before, and listed again.
    pub returned: u64,
    /// Who would be closed or marked; in a dry run only.
    pub people: Vec<UserId>,
    /// Why nothing was changed.
    pub refused: Option<Refusal>,
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is nothing to do now.
    NotNow,
    /// Another process is at it.
    Busy,
    /// It has been done, or refused.
    Ended(Box<Report>),
}

/// Why a run did not come to its end; what it has is kept for the next.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The provider.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The pages do not grow.
    #[error("the provider's list goes back instead of on")]
    Backwards,
    /// Another process took it over, because this one was silent for too long.
    #[error("another process has taken the comparison over")]
    Lost,
    /// The database.
    #[error("the database answered with an error: {}", .0.cause_line().unwrap_or_else(|| .0.to_string()))]
    Database(#[from] AppError),
}

/// The line in the history.
pub(super) fn line(provider: &str, report: &Report) -> (&'static str, String) {
    let Report { figures: Figures { listed, linked, missing }, still_linked, closed, marked, returned, .. } = report;
    match &report.refused {
        Some(refusal) => ("reconcile.refused", format!("{provider}: {}: {refusal}", refusal.code())),
        None => (
            "reconcile.run",
            format!(
                "{provider}: {listed} listed, {linked} linked here, {missing} missing ({still_linked} linked after all, {closed} \
                 closed, {marked} marked), {returned} back"
            ),
        ),
    }
}
