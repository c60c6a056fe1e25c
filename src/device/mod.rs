//! What a browser calls itself, in words: which browser on which system, and inside which other app.

mod in_app;
mod in_words;

pub use in_app::{App, InApp};
pub use in_words::Device;
