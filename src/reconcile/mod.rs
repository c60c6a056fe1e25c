//! The comparison with a provider's own list of the people who are linked with the app: it finds what no notice said.
//!
//! Each night, and by `provider reconcile`: the list is read page by page into a table (`claim.rs`, which also sees to it that
//! one process at a time does so, and that the next goes on where one died), then set against who is linked here (`stretch.rs`)
//! and believed or not (`judge.rs`). Whoever is missing is asked about once more by name, and only then marked
//! ([`crate::users::vanish`]). Nothing is erased here: that is for upkeep, when the days of grace are over.

mod claim;
mod judge;
mod night;
mod outcome;
mod run;
mod stretch;

pub use claim::Wish;
pub use judge::{Figures, Refusal};
pub use night::night;
pub use outcome::{Outcome, Progress, Report, Stopped};
pub use run::Reconciler;
