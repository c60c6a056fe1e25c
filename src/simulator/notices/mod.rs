//! Notices: what a provider sends to the site by itself. Everything there is can be sent by a button on `/notices` or built
//! by a test ([`State::notice`]), right or forged; [`Sent`] keeps what was answered.
//!
//! A test that cannot be reached by address builds a [`Delivery`] and carries it over itself.

mod forms;
mod kinds;
mod page;
mod post;
mod sets;

pub use kinds::{Notice, Variation};
pub use post::{Delivery, Sent};

pub(super) use page::{again, send, show, show_at};
pub(super) use post::{Outbox, after_unlink, echo};

use super::provider::Provider;
use super::state::State;
use crate::error::AppError;

impl State {
    /// A notice about a person of its provider (or about whoever a test names), as it goes over the wire. Each one built is
    /// a new one: it has an id and a time of its own where notices have these.
    ///
    /// # Errors
    /// When this machine cannot make keys or random bytes.
    pub fn notice(&self, notice: Notice, person: &str, variation: Variation) -> Result<Delivery, AppError> {
        match notice.provider() {
            Provider::Naver => forms::naver(self, person, variation),
            Provider::Apple => sets::apple(self, notice, person, variation),
            Provider::Google => sets::google(self, notice, person, variation),
            _ => match notice {
                Notice::KakaoUnlink(referrer) => Ok(forms::kakao(self, referrer, person, variation)),
                other => sets::kakao(self, other, person, variation),
            },
        }
    }
}
