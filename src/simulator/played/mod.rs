//! The providers, each in a file of its own: what is particular about it as data, and the shapes of its answers. Adding one
//! is one file here, one cast in [`people`](super::people), and a line in [`Provider`](super::Provider).

pub(super) mod apple;
pub(super) mod github;
pub(super) mod google;
pub(super) mod kakao;
pub(super) mod line;
mod line_checks;
pub(super) mod naver;
pub(super) mod oidc;
