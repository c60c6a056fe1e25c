//! The one table of settings. Reading, checking, the example file and the README's list all follow it, so a default
//! stands nowhere else.

mod key;
pub(super) mod kinds;
mod table;
mod text;

pub use key::{Availability, Default, EXAMPLE_SECRET, Form, Key, PREFIX, find, is_foreign};
pub use table::KEYS;
pub use text::{example, markdown};
