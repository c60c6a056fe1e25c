//! Carries out what stands in the [`crate::outbox`]: tells providers that links have ended, and the operator's programs what
//! happened. Each process has one; whoever claims an errand has it alone until the claim ends.
//!
//! An errand that fails is tried again after five seconds, then after twice as long each time up to an hour, for seven days;
//! one that nothing mends, a token that is dead, is given up at once. Nobody waits for any of it.

mod herald;
mod round;

pub use herald::{Herald, signature};
pub use round::Postman;
