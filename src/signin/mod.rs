//! How a proof of identity becomes a session. No HTTP server in sight: `login` calls [`Desk::start`] and
//! [`Desk::finish`], and turns what they answer into redirects and pages.
//!
//! A pending login is stored nowhere. Its `state` is sealed by us and holds everything; the browser keeps one random
//! key in its encrypted cookie, whose hash is inside the seal. PKCE verifier and nonce are derived from that key and
//! the attempt's id. So any number of tabs can be under way, a million starts cost no row, and whoever steals a
//! callback address cannot use it: another browser has another key.
//!
//! 1. [`attempt`](self) — seal and open the state.
//! 2. `claims` — an attempt is finished once; whoever repeats it waits for the first one's result.
//! 3. `decide` — pure: who is this, what do we know, what are the rules → one of the contract's outcomes.
//! 4. `complete` — one transaction: carry the outcome out, with its audit line. `admit` lets somebody in; `confirm` does
//!    what somebody who is in already asked the provider for ([`Purpose`]).
//!
//! A native app comes without state and key, with a proof that it got by itself (`native`); from the third step on its
//! way is the same.

mod admit;
mod attempt;
mod claimed;
mod claims;
mod complete;
mod confirm;
mod decide;
mod desk;
mod ending;
mod exchange;
mod finished;
mod native;
mod new_device;
mod pending;
mod purpose;
mod signup;
mod used;

pub use attempt::{ATTEMPT_LIFE, Attempt, BrowserKey, MAX_STATE_LEN, Rejection, StateSealer};
pub use decide::{Acting, Facts, KnownIdentity, Outcome, Rules, decide};
pub use desk::{Desk, Started};
pub use ending::Ending;
pub use finished::{Answer, Arrival, Beside, Finished, Fresh, Opened};
pub use pending::{PendingSignup, SIGNUP_LIFE};
pub use purpose::Purpose;
