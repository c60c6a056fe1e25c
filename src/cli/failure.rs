//! Why a command ended badly.

use crate::config::Faults;
use crate::db::OpenError;
use crate::error::AppError;
use crate::web::StartError;

/// A command's failure, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings.
    #[error("{0}")]
    Settings(#[from] Faults),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A query.
    #[error("the database answered with an error: {}", .0.cause_line().unwrap_or_else(|| .0.to_string()))]
    Query(#[from] AppError),
    /// The server did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A listener, a file, a signal.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// Anything a command refuses, saying what to do.
    #[error("{0}")]
    Refused(String),
}
