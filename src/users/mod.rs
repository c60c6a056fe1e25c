//! People and their linked accounts.
//!
//! A *user* is a person here; an *identity* is an account at a provider, (provider, subject) within the provider's
//! realm, and belongs to one user. E-mails live with the identity that brought them, are never unique and never
//! identify anybody. A [`Person`] is what pages show of a user, read in one go.
//!
//! `search` finds people among millions. Whatever changes a person's name, e-mail, accounts, standing or role does so
//! inside [`indexed`], in the same transaction (the verbs here do), and [`index_new`] ends every sign-up.

mod dossier;
mod export;
mod facets;
mod hearing;
mod identity;
mod installation;
mod leaving;
mod list;
mod person;
mod role;
mod search;
mod standing;
mod synthetic;
mod unlinking;
mod user;
mod vanishing;

pub use dossier::{Dossier, dossier};
pub use export::everything_about;
pub use facets::EmailState;
pub use hearing::{Effect, Heard, forget_notices, hear, heard_since};
pub use identity::{
    Identity, IdentityFresh, NewIdentity, find_by_verified_email, find_identity, find_known, insert_identity,
    refresh_identity, refresh_known,
};
pub use installation::{
    DatabaseKind, claim_admin, database_kind, erasure_noted, forget_erasure, mark_database, note_erasure, realm,
    realm_name, rebind, set_realm,
};
pub use leaving::{Left, come_back, delete, erase_due, leave};
pub use list::{Cursor, Listed, spot_of};
pub use person::{LinkedAccount, Person, find_person};
pub use role::{Role, RoleChange, confirm_admin, set_role};
pub(crate) use search::{CAPACITY, Entry, Synthetic, add_all, synthetic};
pub use search::{
    Key, Listing, Order, PAGE_SIZE, Page, Query, Spot, Total, Words, index_new, index_some, indexed, is_true,
    list_and_count, list_some, list_users, tend,
};
pub use standing::{MAX_REASON, StandingChange, approve, ban, reason, unban};
pub use synthetic::SYNTHETIC;
pub use unlinking::{Unlinked, drop_dead_tokens, identities_of, own_identity, unlink};
pub use user::{
    NewUser, Standing, User, end_sessions, find_by_reference, find_user, insert_user, insert_waiting, names_of,
    note_login, set_display_name,
};
pub use vanishing::{Vanished, found_alive, reappear, remove_vanished, vanish};
