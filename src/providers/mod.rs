//! Identity providers: who somebody is, proved by a code that came back from one of them.
//!
//! One flow serves all (`provider.rs`): the `oauth2` crate builds the address and trades the code (`oauth.rs`), an ID
//! token is checked before anything else is asked (`oidc.rs`, with the provider's keys from `jwks.rs`), then the provider
//! says who it is ([`Profile`]). What is particular to one provider is one short file which implements
//! `provider::Dialect` (`kakao.rs`) and one line in `registry.rs`.
//!
//! A native app hands in what its SDK got (`native.rs`).
//!
//! Everything goes out through one HTTP client with a cap on time and size (`http.rs`) and comes in through one JSON
//! reader that refuses repeated members (`crate::json`). Tokens of a provider live only as long as [`Provider::prove`] runs:
//! they are neither stored nor printed. Whatever goes wrong is a [`Fault`] that says what to do about it.

mod fault;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod http;
mod jwks;
mod kakao;
mod kakao_codes;
mod native;
mod oauth;
mod oidc;
mod profile;
mod provider;
mod registry;
#[cfg(test)]
mod tests;

pub use fault::{Answer, Fault, Step};
pub use native::{Native, NativeProof, Once, Vouched};
pub use profile::{Email, Profile, Trust, clean_name};
pub use provider::{AuthRequest, Freshness, Proof, Provider};
pub use registry::{Registry, Unusable};
