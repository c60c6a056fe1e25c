//! Identity providers: who somebody is, proved by a code that came back from one of them.
//!
//! One flow serves all (`provider.rs`): the `oauth2` crate builds the address and trades the code (`oauth.rs`), an ID
//! token is checked before anything else is asked (`oidc.rs`, with the provider's keys from `jwks.rs`), then the provider
//! says who it is ([`Profile`]). What is particular to one provider is one short file which implements `dialect::Dialect`
//! (`kakao.rs`, `naver.rs`, `google.rs`, `github.rs`, `apple.rs`, `line.rs`) and one line in `registry.rs`; an issuer nobody
//! wrote a file for is asked for its addresses (`generic.rs`, `discovery.rs`). Each file also says within which realm its
//! ids are valid, whether its word about an e-mail address is taken and why, and how fresh a proof it can be asked for.
//! Nothing in a file turns off a check of the flow.
//!
//! A native app hands in what its SDK got (`native.rs`).
//!
//! Everything goes out through one HTTP client with a cap on time and size (`http.rs`) and comes in through one JSON
//! reader that refuses repeated members (`crate::json`). Tokens of a provider live only as long as [`Provider::prove`] runs:
//! they are neither stored nor printed. Whatever goes wrong is a [`Fault`] that says what to do about it.

mod addressee;
mod apple;
mod apple_notice;
mod dialect;
mod discovery;
mod fault;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod generic;
mod github;
mod google;
mod granted;
mod http;
mod jwks;
mod kakao;
mod kakao_admin;
mod kakao_codes;
mod kakao_list;
mod line;
mod line_consent;
mod linked;
mod native;
mod naver;
mod naver_notice;
mod oauth;
mod oidc;
mod pictures;
mod profile;
mod provider;
mod registry;
mod risc;
mod road;
mod security_event;
#[cfg(test)]
mod tests;
mod unlink;

pub use dialect::Freshness;
pub use fault::{Answer, Fault, Step};
pub use linked::LinkedPage;
pub use native::{Began, Native, NativeProof, Once, Vouched};
pub use naver_notice::NaverNotice;
pub use profile::{Email, Profile, Trust, clean_name};
pub use provider::{AuthRequest, Lasting, Proof, Provider};
pub use registry::{Registry, Unusable};
pub use security_event::{EventEffect, EventRefusal, SecurityEvent};
pub use unlink::{Link, Unlinking};
