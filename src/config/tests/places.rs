//! File, environment, secret files: which wins, and what is read.

use super::{KEY, REAL, load_file, load_real, names, source};
use crate::config::{DatabaseUrl, SignupMode, load};
use crate::i18n::Locale;

#[test]
fn the_environment_wins_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[site]\nname = \"File\"\nlocale = \"en\"\n[server]\nworkers = 3\n[admin]\nidentities = [\"kakao:1\"]\n";
    std::fs::write(folder.path().join("fiiiiilm.toml"), text).unwrap();
    let env = [("FIIIIILM_SITE__NAME", "Env"), ("FIIIIILM_ADMIN__IDENTITIES", "kakao:2, kakao:3")];
    let config = load(&source(&folder, &[&REAL[..], &env].concat())).unwrap();
    assert_eq!((config.site.name.as_str(), config.site.locale, config.server.workers), ("Env", Locale::En, 3));
    let subjects: Vec<&str> = config.admin.identities.iter().map(|(_, subject)| subject.as_str()).collect();
    assert_eq!(subjects, ["2", "3"]);
}

#[test]
fn every_section_can_stand_in_the_file() {
    let config = load_file(
        "server.bind = \"localhost:9000\"\nserver.trusted_proxies = [\"10.1.2.3/8\", \"::1\"]\n\
         [database]\nurl = \"sqlite:///tmp/x.db\"\npool_size = 2\n[secret]\nkey = \"hex:00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f0\"\n\
         [signup]\nmode = \"closed\"\n[token]\nissuer = \"urn:x:y\"\naudience = \"api\"\naccess_minutes = 5\n\
         refresh_idle_days = 1\nrefresh_max_days = 2\n[account]\nminimum_age = 0\n[limits]\nenabled = false\n\
         [providers.kakao]\nclient_id = \"abc\"\nclient_secret_off = true\napp_id = 12\nscopes = [\"openid\"]\n",
    )
    .unwrap();
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:9000");
    let proxies: Vec<String> = config.server.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
    let DatabaseUrl::Sqlite(path) = config.database.url else { panic!("not SQLite") };
    assert_eq!((path.to_str(), config.database.pool_size), (Some("/tmp/x.db"), 2));
    assert_eq!(config.signup.mode, SignupMode::Closed);
    assert_eq!((config.token.issuer.as_str(), config.token.audience.as_str()), ("urn:x:y", "api"));
    assert_eq!((config.token.access_minutes, config.token.refresh_idle_days, config.token.refresh_max_days), (5, 1, 2));
    assert_eq!(config.account.minimum_age, 0);
    let kakao = config.providers.kakao.unwrap();
    assert!(kakao.client_secret.is_none());
    assert_eq!((kakao.app_id, kakao.scopes), (Some(12), vec!["openid".to_owned()]));
}

#[test]
fn database_url_is_honoured_between_file_and_own_variable() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("fiiiiilm.toml"), "[database]\nurl = \"sqlite://file.db\"\n").unwrap();
    let path = |env: &[(&str, &str)]| match load(&source(&folder, env)).unwrap().database.url {
        DatabaseUrl::Sqlite(path) => path.file_name().unwrap().to_str().unwrap().to_owned(),
        DatabaseUrl::Postgres(_) => panic!("not SQLite"),
    };
    let (shared, own) = (("DATABASE_URL", "sqlite://shared.db"), ("FIIIIILM_DATABASE__URL", "sqlite://own.db"));
    assert_eq!([path(&[]), path(&[shared]), path(&[own, shared])], ["file.db", "shared.db", "own.db"]);
    let told = load_real(&[("DATABASE_URL", "mysql://h/db")]).unwrap_err().to_string();
    assert!(told.contains("database.url (DATABASE_URL)"), "{told}");
}

#[test]
fn a_secret_may_be_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[providers.kakao]\nclient_id = \"abc\"\nclient_secret_file = \"kakao.secret\"\n";
    std::fs::write(folder.path().join("fiiiiilm.toml"), text).unwrap();
    std::fs::write(folder.path().join("kakao.secret"), "  from-a-file\n").unwrap();
    std::fs::write(folder.path().join("key"), format!("{KEY}\n")).unwrap();
    std::fs::write(folder.path().join("old"), format!("{KEY}\n{KEY}\n")).unwrap();
    let env = [("FIIIIILM_SECRET__KEY_FILE", "key"), ("FIIIIILM_SECRET__PREVIOUS_KEYS_FILE", "old")];
    let config = load(&source(&folder, &env)).unwrap();
    assert_eq!(config.providers.kakao.unwrap().client_secret.unwrap().expose(), "from-a-file");
    assert_eq!(config.secrets.derive_all("x").len(), 3);
    assert!(!folder.path().join("data").exists(), "a key was made although one is configured");
    let both = source(&folder, &[REAL[1]]);
    assert_eq!(names(load(&both)), ["providers.kakao.client_secret_file"]);
}

#[test]
fn a_secret_file_that_cannot_be_read_is_told_without_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    for ill in ["s3cr3t-canary", "empty", "", "."] {
        let faults =
            load(&source(&folder, &[REAL[0], ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET_FILE", ill)])).unwrap_err();
        assert_eq!(names(Err(faults.clone())), ["providers.kakao.client_secret_file"], "{ill}");
        assert!(!faults.to_string().contains("canary"), "{faults}");
    }
    assert_eq!(names(load_file("[secret]\nkey_file = 1")), ["secret.key_file"]);
}

#[test]
fn a_file_asked_for_must_be_there_and_be_toml() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = source(&folder, &[]);
    asked.file = Some("other.toml".into());
    assert_eq!(names(load(&asked)), ["other.toml"]);
    for ill in ["client_secret = \"s3cr3t-canary\nx", "client_secret = s3cr3t-canary", "a = 1\na = \"s3cr3t-canary\""] {
        std::fs::write(folder.path().join("other.toml"), ill).unwrap();
        let faults = load(&asked).unwrap_err();
        assert_eq!(names(Err(faults.clone())), ["other.toml"]);
        assert!(faults.to_string().contains("line ") && !faults.to_string().contains("canary"), "{faults}");
    }
    std::fs::write(folder.path().join("other.toml"), "[site]\nname = \"Other\"").unwrap();
    assert_eq!(load(&asked).unwrap().site.name, "Other");
    std::fs::write(folder.path().join("fiiiiilm.toml"), "[site]\nlocale = \"en\"").unwrap();
    assert_eq!(load(&asked).unwrap().site.locale, Locale::Ko, "only the file asked for counts");
}

#[test]
fn a_source_does_not_print_values() {
    let folder = tempfile::tempdir().unwrap();
    let shown = format!("{:?}", source(&folder, &REAL));
    assert!(shown.contains("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET") && !shown.contains("canary"), "{shown}");
    assert!(!format!("{:?}", load_real(&[]).unwrap()).contains("canary"));
}
