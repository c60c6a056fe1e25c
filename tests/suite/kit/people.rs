//! The simulator's people, by what is special about them; the subjects they have at Kakao.

/// Consents to everything, has a verified e-mail and a picture.
pub(crate) const ORDINARY: &str = "3900000101";
/// Has no e-mail.
pub(crate) const NO_EMAIL: &str = "3900000201";
/// Has an e-mail nobody verified.
pub(crate) const UNVERIFIED_EMAIL: &str = "3900000202";
/// Has an e-mail that belongs to another Kakao account by now.
pub(crate) const MASKED_EMAIL: &str = "3900000203";
/// Of whom Kakao says nothing but the number.
pub(crate) const BARE: &str = "3900000205";
/// Has a number of nineteen digits.
pub(crate) const LONG_ID: &str = "1376016924429759228";
/// Has emoji and U+0000 in the name.
pub(crate) const EMOJI: &str = "3900000207";
/// Is too young.
pub(crate) const UNDER_FOURTEEN: &str = "3900000208";
/// Becomes admin.
pub(crate) const ADMIN: &str = fiiiiilm::config::demo::ADMIN_SUBJECT;
