//! What every test stands on: the real server on its own database, the simulator as the outside world, and a browser.

mod app;
mod browser;
pub(crate) mod chromium;
mod contract;
mod database;
mod operator;
pub(crate) mod people;
pub(crate) mod port;
mod process;
mod receiver;
mod size;
mod wire;

pub(crate) use app::{ORIGIN, Setting, TestApp};
pub(crate) use browser::{Answer, Browser};
pub(crate) use contract::{CONTRACTS, Contract, every_provider};
pub(crate) use database::{Backend, Inspect, Throwaway};
pub(crate) use operator::Operator;
pub(crate) use process::{Process, Program};
pub(crate) use receiver::{CANARY, Receiver, SECRET, Told};
pub(crate) use size::size;
pub(crate) use wire::{Wire, exchange};

/// Writes each test once and runs it on both databases: `sqlite::name` and `postgres::name`. `with settings;` in front
/// starts the servers with further settings (a path to a function of this file's module).
#[macro_export]
macro_rules! on_both {
    (with $settings:ident; $($(#[$meta:meta])* async fn $name:ident($app:ident: $kind:ty) $body:block)+) => {
        $( async fn $name($app: $kind) $body )+
        mod sqlite {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                let backend = $crate::kit::Backend::Sqlite;
                super::$name($crate::kit::TestApp::start_with(backend, &super::$settings()).await).await;
            } )+
        }
        mod postgres {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                let backend = $crate::kit::Backend::Postgres;
                super::$name($crate::kit::TestApp::start_with(backend, &super::$settings()).await).await;
            } )+
        }
    };
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $kind:ty) $body:block)+) => {
        fn no_settings() -> Vec<$crate::kit::Setting> { Vec::new() }
        $crate::on_both! { with no_settings; $($(#[$meta])* async fn $name($app: $kind) $body)+ }
    };
}

/// As [`on_both`], for tests that start their own program.
#[macro_export]
macro_rules! on_each {
    ($($(#[$meta:meta])* async fn $name:ident($backend:ident: $kind:ty) $body:block)+) => {
        $( async fn $name($backend: $kind) $body )+
        mod sqlite {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                super::$name($crate::kit::Backend::Sqlite).await;
            } )+
        }
        mod postgres {
            $( $(#[$meta])* #[actix_web::test] async fn $name() {
                super::$name($crate::kit::Backend::Postgres).await;
            } )+
        }
    };
}
