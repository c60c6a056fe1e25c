//! The commands, run as an operator runs them.

use crate::kit::port::free_address;
use crate::kit::{Backend, Operator};

fn migrate_check_and_seed(backend: Backend) {
    let operator = Operator::new(backend);
    assert!(operator.complains(&["migrate", "--check"]).contains("migrate"));
    if backend == Backend::Postgres {
        assert!(operator.complains(&["serve"]).contains("fiiiiilm migrate"), "serve names the command to run");
    }
    let own = if backend == Backend::Postgres { "migrations_postgres" } else { "migrations_sqlite" };
    let of = |folder: &str| std::fs::read_dir(folder).unwrap().count();
    let migrations = of("migrations") + of(own);
    assert!(operator.says(&["migrate"]).contains(&format!("{migrations} migration")));
    operator.says(&["migrate", "--check"]);
    assert!(operator.says(&["seed", "--users", "300"]).starts_with("300 users"));
    let list: serde_json::Value =
        serde_json::from_str(&operator.says(&["user", "list", "--json", "--limit", "120"])).unwrap();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 120);
    // Whoever is shut out, waits or has left is no admin of whom there has to be one.
    let active: Vec<_> = list.iter().filter(|person| person["standing"] == "active").collect();
    let (id, second) = (active[0]["id"].as_str().unwrap(), active[1]["id"].as_str().unwrap());
    assert!(operator.says(&["user", "promote", id]).contains("is an admin now"));
    assert!(operator.says(&["user", "promote", id]).contains("already"));
    assert!(operator.complains(&["user", "demote", id]).contains("last admin"), "L06");
    operator.says(&["user", "promote", second]);
    operator.says(&["user", "demote", id]);
    let shown: serde_json::Value = serde_json::from_str(&operator.says(&["user", "show", "--json", second])).unwrap();
    assert_eq!(shown["role"], "admin");
    let subject = format!(
        "{}:{}",
        active[0]["identities"][0]["provider"].as_str().unwrap(),
        active[0]["identities"][0]["subject"].as_str().unwrap()
    );
    assert!(operator.says(&["user", "show", &subject]).contains(id));
    assert!(operator.complains(&["user", "show", "nobody@example.invalid"]).contains("nobody here"));
}

mod sqlite {
    use super::*;

    #[test]
    fn migrate_check_seed_list_show_promote_and_demote() {
        migrate_check_and_seed(Backend::Sqlite);
    }

    #[test]
    fn p08_bad_settings_end_the_start_and_name_themselves() {
        let operator = Operator::new(Backend::Sqlite);
        let mut env = operator.env.clone();
        env.push(("FIIIIILM_SERVER__PUBLIC_URL".into(), "http://film.example".into()));
        env.push(("FIIIIILM_SERVER__NONSENSE".into(), "1".into()));
        let output = operator.run_with(&env, &["serve"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(text.contains("server.public_url") && text.contains("server.nonsense"), "{text}");
    }

    #[test]
    fn real_people_and_practice_people_never_share_a_database() {
        let operator = Operator::new(Backend::Sqlite);
        operator.says(&["migrate"]);
        let file = operator.folder.path().join("data/fiiiiilm.db");
        let mark = |kind: &str| {
            let mut conn = fiiiiilm::db::open(&fiiiiilm::config::DatabaseUrl::Sqlite(file.clone())).unwrap();
            fiiiiilm::users::mark_database(&mut conn, kind == "demo").unwrap();
        };
        mark("demo");
        assert!(operator.complains(&["serve"]).contains("simulator's people"));
        mark("real");
        // Not on the demo's own ports: somebody may have it open.
        let demo = [
            ("DATABASE_URL".to_owned(), "sqlite://data/fiiiiilm.db".to_owned()),
            ("FIIIIILM_SERVER__BIND".to_owned(), free_address().to_string()),
            ("FIIIIILM_SIMULATOR__BIND".to_owned(), free_address().to_string()),
        ];
        let text = String::from_utf8(operator.run_with(&demo, &["serve"]).stderr).unwrap();
        assert!(text.contains("real people"), "{text}");
    }

    #[test]
    fn another_kakao_app_is_refused_until_it_is_rebound() {
        let operator = Operator::new(Backend::Sqlite);
        operator.says(&["migrate"]);
        let file = operator.folder.path().join("data/fiiiiilm.db");
        let mut conn = fiiiiilm::db::open(&fiiiiilm::config::DatabaseUrl::Sqlite(file)).unwrap();
        fiiiiilm::users::set_realm(&mut conn, "kakao", "111").unwrap();
        let mut env = operator.env.clone();
        env.push(("FIIIIILM_PROVIDERS__KAKAO__APP_ID".into(), "222".into()));
        let output = operator.run_with(&env, &["serve"]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains("provider rebind kakao"), "{text}");
        assert!(operator.run_with(&env, &["provider", "rebind", "kakao"]).status.success());
        assert_eq!(fiiiiilm::users::realm(&mut conn, "kakao").unwrap().as_deref(), Some("222"));
    }

    #[test]
    fn help_is_there_for_every_command() {
        let operator = Operator::new(Backend::Sqlite);
        for command in [
            &["--help"][..],
            &["user", "--help"],
            &["seed", "--help"],
            &["migrate", "--help"],
            &["simulator", "--help"],
            &["provider", "--help"],
        ] {
            assert!(operator.says(command).contains("Usage:"), "{command:?}");
        }
    }

    #[test]
    fn a_database_that_cannot_be_reached_says_why() {
        let operator = Operator::new(Backend::Sqlite);
        let mut env = operator.env.clone();
        env.push(("DATABASE_URL".into(), "postgres://nobody:canary-password@127.0.0.1:1/none".into()));
        env.push(("FIIIIILM_SECRET__KEY".into(), format!("hex:{}", "7b1e04a9c3d85f62".repeat(4))));
        let output = operator.run_with(&env, &["serve"]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains("refused") && text.contains("127.0.0.1") && !text.contains("canary-password"), "{text}");
    }
}

mod postgres {
    use super::*;

    #[test]
    fn migrate_check_seed_list_show_promote_and_demote() {
        migrate_check_and_seed(Backend::Postgres);
    }
}
