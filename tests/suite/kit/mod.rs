//! What every test stands on: the real server on its own database, the simulator as the outside world, and a browser.

mod app;
mod browser;
mod database;
pub(crate) mod people;

pub(crate) use app::TestApp;
pub(crate) use browser::{Answer, Browser};
pub(crate) use database::{Backend, Inspect, Throwaway};

/// Writes each test once and runs it on both databases: `sqlite::name` and `postgres::name`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $kind:ty) $body:block)+) => {
        $( async fn $name($app: $kind) $body )+
        mod sqlite {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                super::$name($crate::kit::TestApp::start($crate::kit::Backend::Sqlite).await).await;
            } )+
        }
        mod postgres {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                super::$name($crate::kit::TestApp::start($crate::kit::Backend::Postgres).await).await;
            } )+
        }
    };
}
