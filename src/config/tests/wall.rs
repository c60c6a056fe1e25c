//! Demo and real, and the wall between them.

use super::{KEY, POSTGRES, load_env, load_real, names, source};
use crate::config::{DatabaseUrl, Mode, demo, load};

#[test]
fn nothing_set_is_a_demo_that_can_start() {
    let folder = tempfile::tempdir().unwrap();
    let config = load(&source(&folder, &[])).unwrap();
    assert_eq!(config.mode, Mode::Demo);
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.public_url.origin(), "http://localhost:8080");
    assert_eq!(config.token.issuer, "http://localhost:8080");
    assert_eq!(config.token.audience, "http://localhost:8080");
    assert!(config.server.workers >= 1);
    let kakao = config.providers.kakao.unwrap();
    for base in [&kakao.auth_base, &kakao.api_base, &kakao.issuer] {
        assert_eq!(base, "http://127.0.0.1:8081");
    }
    assert_eq!((kakao.client_id.as_str(), kakao.app_id), (demo::CLIENT_ID, Some(demo::APP_ID)));
    assert_eq!(config.admin.identities, [("kakao".into(), demo::ADMIN_SUBJECT.into())]);
    let DatabaseUrl::Sqlite(path) = config.database.url else { panic!("not SQLite") };
    assert_eq!(path, folder.path().join("data/demo.db"));
}

#[test]
fn with_a_provider_it_is_real_and_keeps_its_people_elsewhere() {
    let config = load_real(&[("FIIIIILM_SERVER__BIND", "0.0.0.0:80")]).unwrap();
    assert_eq!(config.mode, Mode::Real);
    assert!(config.admin.identities.is_empty());
    let kakao = config.providers.kakao.unwrap();
    assert_eq!(
        (kakao.auth_base.as_str(), kakao.api_base.as_str()),
        ("https://kauth.kakao.com", "https://kapi.kakao.com")
    );
    assert_eq!((kakao.app_id, kakao.scopes.len()), (None, 0));
    let DatabaseUrl::Sqlite(path) = config.database.url else { panic!("not SQLite") };
    assert!(path.ends_with("data/fiiiiilm.db"));
}

#[test]
fn a_demo_stays_on_this_machine() {
    for (variable, value, name) in [
        ("FIIIIILM_SERVER__BIND", "0.0.0.0:8080", "server.bind"),
        ("FIIIIILM_SERVER__BIND", "[::]:8080", "server.bind"),
        ("FIIIIILM_SERVER__PUBLIC_URL", "https://film.example", "server.public_url"),
        ("FIIIIILM_SIMULATOR__BIND", "0.0.0.0:8081", "simulator.bind"),
        ("FIIIIILM_SIMULATOR__BIND", "127.0.0.1:0", "simulator.bind"),
        ("FIIIIILM_SIMULATOR__BIND", "127.0.0.1:8080", "simulator.bind"),
    ] {
        assert_eq!(names(load_env(&[(variable, value)])), [name], "{value}");
    }
    let told = load_env(&[("FIIIIILM_SERVER__BIND", "0.0.0.0:8080")]).unwrap_err().to_string();
    assert!(told.contains("providers.kakao.client_id"), "what to set is missing: {told}");
    for here in ["127.0.0.1:9000", "[::1]:8080", "localhost:9000"] {
        assert!(load_env(&[("FIIIIILM_SERVER__BIND", here)]).is_ok(), "{here}");
    }
}

#[test]
fn a_demo_is_sqlite_only() {
    assert_eq!(names(load_env(&[POSTGRES, ("FIIIIILM_SECRET__KEY", KEY)])), ["database.url"]);
    assert_eq!(names(load_env(&[("DATABASE_URL", "postgres://h/db")])), ["database.url", "secret.key"]);
    assert!(load_env(&[("DATABASE_URL", "sqlite://own.db")]).is_ok());
}

#[test]
fn the_whole_wall_is_told_at_once() {
    let env = [
        ("FIIIIILM_SERVER__BIND", "0.0.0.0:8080"),
        ("FIIIIILM_SERVER__PUBLIC_URL", "https://film.example"),
        ("FIIIIILM_SIMULATOR__BIND", "0.0.0.0:8081"),
        ("FIIIIILM_SECRET__KEY", KEY),
        POSTGRES,
    ];
    assert_eq!(names(load_env(&env)), ["server.public_url", "server.bind", "simulator.bind", "database.url"]);
}

#[test]
fn a_demo_admin_of_ones_own_stands_beside_the_usual_one() {
    let config = load_env(&[("FIIIIILM_ADMIN__IDENTITIES", "kakao:3900000002")]).unwrap();
    let subjects: Vec<&str> = config.admin.identities.iter().map(|(_, subject)| subject.as_str()).collect();
    assert_eq!(subjects, ["3900000002", demo::ADMIN_SUBJECT]);
    let again = load_env(&[("FIIIIILM_ADMIN__IDENTITIES", "kakao:3900000001")]).unwrap();
    assert_eq!(again.admin.identities.len(), 1);
}
