//! Settings about people: who may become a user, and how long what happened is remembered.

/// `signup.*`.
#[derive(Clone, Copy, Debug)]
pub struct Signup {
    /// Who may become a user.
    pub mode: SignupMode,
}

/// Who may become a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignupMode {
    /// Everybody.
    Open,
    /// Everybody, once an admin has approved.
    Approval,
    /// Only those who exist.
    Closed,
}

/// `audit.*`.
#[derive(Clone, Copy, Debug)]
pub struct AuditSettings {
    /// Lines of the history older than so many days are removed.
    pub retention_days: u32,
}

/// `account.*`.
#[derive(Clone, Copy, Debug)]
pub struct AccountRules {
    /// Who is younger is refused; 0 asks nobody.
    pub minimum_age: u32,
    /// So many days somebody who left can come back; 0: gone at once.
    pub grace_days: u32,
}
