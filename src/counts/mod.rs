//! How much happened, day by day in the site's own zone, and who is there now: a few rows, so that a page of numbers never
//! walks people, sessions or the history.
//!
//! Sign-ups and logins are counted from the history, each line once, a moment after it was written ([`roll_up()`]): a login
//! itself pays nothing, nobody waits for a counter's row, and a crash loses none. Logins that failed are not all in the
//! history (anybody can fail a million times), so each process counts them in memory and writes them down every few seconds
//! ([`Tally`]), and notices from providers likewise; a process that is killed loses those few seconds.

mod days;
mod devices;
mod notices;
mod roll_up;
mod sums;
mod table;
mod tally;

pub use days::{Day, begin_of, day_of, last_days};
pub use devices::{ACTIVE, Devices, devices_now, note_devices, sweep_devices};
pub use notices::{Hearing, NoticeCount, add_notices, by_provider, notices_since};
pub use roll_up::{LAG, Line, begin_counting, count_past, is_due, roll_up};
pub use table::{Count, Kind, counts_since};
pub use tally::{Failures, Tally};

pub(crate) use table::add;
