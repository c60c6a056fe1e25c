//! The words of the product. They live in `locales/*.ftl`, where a translator can edit them; code and templates name
//! them by key. Korean is written first, English stands beside it key by key.
//!
//! Phrases without arguments are resolved once at start, so that a page costs one hash probe for each of them.

mod locale;
pub mod particle;
mod phrases;

#[cfg(test)]
mod tests;

pub use locale::Locale;
