//! What the practice provider and a demo site agree on. Nothing here opens any door: it is used on loopback alone,
//! against the simulator alone, on a database that never holds real people.

/// The REST API key of the practice app.
pub const CLIENT_ID: &str = "f1111117000000000000000000000de0";

/// Its client secret.
pub const CLIENT_SECRET: &str = "practice-secret-of-the-simulator";

/// Its number.
pub const APP_ID: i64 = 1_117_117;

/// Its admin key.
pub const ADMIN_KEY: &str = "ad0000000000000000000000000000de";

/// The person of the simulator who becomes the demo's admin.
pub const ADMIN_SUBJECT: &str = "3900000001";
