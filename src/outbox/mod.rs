//! What others are still to be told, kept in the database until it has been said: a provider that a link has ended, the
//! operator's programs what happened here.
//!
//! The deed comes first. A verb of `users` or `signin` writes an `Errand` through its [`Post`] in the transaction of the deed,
//! and answers; whoever carries it out (`postman`) comes after the commit, as often as it takes. An entry is
//!
//! - *waiting* until its turn (`due_at`), and claimed by one process at a time: a conditional update with a lease, which both
//!   databases decide alike. A process that dies leaves its claims to the lease's end;
//! - *done*, or *given up* after seven days of failures, or at once after one that nothing mends, with a line in the
//!   history. Either way what it held about a person is gone; the row itself stays for a while, so that an admin can see it
//!   at `/admin/outbox`, and an event can be told again ([`replay()`]).
//!
//! An entry may be carried out twice (the answer was lost, the process died before it was written down) and so must be of a kind
//! that bears it: ending a link that has ended is nothing, an event carries its id.
//!
//! This room stands below `tokens` and `users`, because their verbs write into it; it knows neither a provider nor HTTP.

mod backoff;
mod entry;
mod event;
mod health;
mod held;
mod post;
mod replay;
mod turn;

pub use entry::{Entry, Kind, PAGE_SIZE, Page, State, list};
pub use event::{EVENTS, Event};
pub use health::{COUNTED, Health, LATELY, health, unlinks_of};
pub use held::{Keepsake, Unlink};
pub use post::Post;
pub use replay::{Again, Stretch, replay, replay_one};
pub use turn::{Claimed, Failure, claim, done, failed, is_due, sweep};
