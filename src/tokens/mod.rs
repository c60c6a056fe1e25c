//! Tokens and the sessions behind them.
//!
//! A *session* is a row: one signed-in device. From it come two tokens, both functions of what is stored: a short
//! *access* JWT signed with an asymmetric key that other programs can verify by `/.well-known/jwks.json`, and a
//! *refresh* JWT under an HMAC key that only we have, naming the session and its counter. No token is ever stored.
//!
//! This room knows a user's id, role and version, never a user's row; `web::auth` joins the two.

mod access;
mod changes;
mod closing;
mod devices;
mod jose;
mod key_pair;
mod key_states;
mod keys;
mod refresh;
mod session;

pub use access::{AccessClaims, AccessIssuer, Subject};
pub use changes::{About, Changes, Notice, Stamp, notice, notice_quietly, notices_since, sweep_notices};
pub use closing::{close, close_others, close_own};
pub use devices::user_agents_of;
pub use key_pair::PemRefused;
pub use key_states::{Described, Rotation, ensure_active, import, list as list_keys, retire, rotate, turn};
pub use keys::{KeyError, Keys, Signing, load};
pub use refresh::{RefreshClaims, RefreshIssuer, Refreshed, advance, is_usable, step};
pub use session::{
    FRESH, Lifetimes, NewSession, Session, all_of_user, end, end_of_identity, end_of_user, find, find_by_attempt,
    latest_of_user, live_of_user, mark_seen, open, set_auth_time, sweep_sessions, users_with_sessions,
    was_reused_since,
};
