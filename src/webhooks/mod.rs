//! Notices from providers. Each is verified as its provider's documents say, acted on in one transaction, and answered within a
//! second: what cannot be done by then is 503. Cookies are ignored, and the cross-site rule is not asked
//! ([`paths::webhook`]): the notice proves itself.
//!
//! `kakao.rs`, `naver.rs`, `google.rs` and `apple.rs` take each provider's notices in; what they bring about is
//! [`crate::users::hear`].

mod act;
mod apple;
mod count;
mod google;
mod kakao;
mod naver;
mod signed;

use actix_web::web::ServiceConfig;

use self::count::counted;
use crate::web::paths;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    let unlink = paths::get(kakao::unlink_by_query).chain(paths::form(kakao::unlink_by_form));
    cfg.service(counted("kakao", paths::webhook("kakao/unlink", unlink)))
        .service(counted("kakao", paths::webhook("kakao/events", paths::form(kakao::events))))
        .service(counted("naver", paths::webhook("naver/unlink", paths::form(naver::unlink))))
        .service(counted("google", paths::webhook("google/events", paths::form(google::events))))
        .service(counted("apple", paths::webhook("apple/events", paths::form(apple::events))));
}
