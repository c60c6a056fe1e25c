//! Tokens and the sessions behind them.
//!
//! A *session* is a row: one signed-in device. From it come two tokens, both functions of what is stored: a short
//! *access* JWT signed with an asymmetric key that other programs can verify by `/.well-known/jwks.json`, and a
//! *refresh* JWT under an HMAC key that only we have, naming the session and its counter. No token is ever stored.
//!
//! This room knows a user's id, role and version, never a user's row; `web::auth` joins the two.

mod access;
mod changes;
mod jose;
mod keys;
mod refresh;
mod session;

pub use access::{AccessClaims, AccessIssuer, Subject};
pub use changes::{Changes, Stamp, notice, notices_since, sweep_notices};
pub use keys::{KeyError, Keys, ensure_active, load, rotate};
pub use refresh::{RefreshClaims, RefreshIssuer, Refreshed, advance};
pub use session::{
    Lifetimes, NewSession, Session, end, end_of_user, find, find_by_attempt, open, sweep_sessions, users_with_sessions,
};
