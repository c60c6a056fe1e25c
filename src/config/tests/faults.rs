//! Wrong settings: each is named, all at once, and no secret is shown.

use super::{KEY, POSTGRES, REAL, load_env, load_file, load_real, names, variable};
use crate::config::keys::{Availability, Default, Form, KEYS};

#[test]
fn p08_every_fault_is_told_at_once_by_name_and_no_secret_is_shown() {
    let env = [
        ("FIIIIILM_SERVER__BIND", "nowhere"),
        ("FIIIIILM_SERVER__PUBLIC_URL", "http://film.example"),
        ("FIIIIILM_SERVER__TYPO", "1"),
        ("FIIIIILM_DATABASE__URL", "mysql://u:pw-canary@h/db"),
        ("FIIIIILM_TOKEN__ACCESS_MINUTES", "999"),
        ("FIIIIILM_SECRET__KEY", "base64:c2hvcnQ="),
        ("FIIIIILM_SECRET__PREVIOUS_KEYS", "key-canary"),
        ("FIIIIILM_SITE__TIME_ZONE", "Mars/Base"),
        ("FIIIIILM_SERVER__CORS_ORIGINS", "https://x.example/"),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_ID", "g"),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", "s3cr3t-canary"),
    ];
    let faults = load_env(&env).unwrap_err();
    let told: Vec<&str> = faults.0.iter().map(|fault| fault.name.as_str()).collect();
    for name in [
        "server.bind",
        "server.public_url",
        "server.typo",
        "database.url",
        "token.access_minutes",
        "secret.key",
        "secret.previous_keys",
        "site.time_zone",
        "server.cors_origins",
        "providers.google.client_secret",
        "providers.kakao.client_id",
    ] {
        assert_eq!(told.iter().filter(|one| **one == name).count(), 1, "{name} in {told:?}");
    }
    for canary in ["canary", "c2hvcnQ="] {
        assert!(!faults.to_string().contains(canary) && !format!("{faults:?}").contains(canary), "{faults}");
    }
    assert_eq!(faults.to_string().lines().count(), 1 + env.len(), "one line each: {faults}");
    assert!(
        faults.to_string().contains("server.bind (FIIIIILM_SERVER__BIND): `nowhere` is not an address"),
        "{faults}"
    );
}

#[test]
fn p08_every_setting_refuses_an_empty_and_a_malformed_value_by_its_name() {
    for key in KEYS {
        let ill = match key.form {
            Form::List => " ,",
            Form::Text | Form::Choice { .. } | Form::Flag | Form::Number { .. } => " ",
        };
        let told = names(load_real(&[(&key.variable(), ill)]));
        assert!(told.contains(&key.name.to_owned()), "{} takes {ill:?}: {told:?}", key.name);
        let ill = match key.form {
            Form::Number { .. } => "12,5",
            Form::Flag => "yes",
            Form::Choice { .. } => "neither",
            Form::Text | Form::List => continue,
        };
        let told = names(load_real(&[(&key.variable(), ill)]));
        assert!(told.contains(&key.name.to_owned()), "{} takes {ill:?}: {told:?}", key.name);
    }
}

#[test]
fn values_that_are_none_are_refused() {
    for (name, ill) in [
        ("server.bind", "8080"),
        ("server.bind", "film.example:80"),
        ("server.bind", "localhost:99999"),
        ("server.trusted_proxies", "10.0.0.0/8, 10.0.0.0/33"),
        ("server.workers", "0"),
        ("database.url", "sqlite://"),
        ("database.url", "sqlite://:memory:"),
        ("database.url", "sqlite://x.db?mode=ro"),
        ("database.url", "data/x.db"),
        ("database.url", "postgres://"),
        ("database.pool_size", "0"),
        ("site.name", "two\nlines"),
        ("site.locale", "de"),
        ("site.time_zone", "KST9"),
        ("token.issuer", "two words"),
        ("token.audience", "not a:url"),
        ("token.access_minutes", "16"),
        ("token.refresh_idle_days", "91"),
        ("admin.identities", "3912345678"),
        ("admin.identities", "kakoa:3912345678"),
        ("admin.identities", "kakao:someone"),
        ("account.minimum_age", "-1"),
        ("providers.kakao.client_id", "two words"),
        ("providers.kakao.app_id", "0"),
        ("providers.kakao.scopes", "openid, a b"),
        ("limits.login", "0"),
    ] {
        assert_eq!(names(load_real(&[(&variable(name), ill)])), [name], "{ill}");
    }
}

#[test]
fn a11_a_half_configured_provider_is_refused() {
    assert_eq!(names(load_env(&REAL[..1])), ["providers.kakao.client_secret"]);
    assert_eq!(names(load_env(&REAL[1..])), ["providers.kakao.client_id"]);
    assert_eq!(names(load_real(&[])), Vec::<String>::new());
    let off = ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET_OFF", "true");
    assert_eq!(names(load_env(&[REAL[0], off])), Vec::<String>::new());
    assert_eq!(names(load_real(&[off])), ["providers.kakao.client_secret_off"]);
    let alone = [("FIIIIILM_PROVIDERS__KAKAO__AUTH_BASE", "http://127.0.0.1:9")];
    assert_eq!(names(load_env(&alone)), ["providers.kakao.client_id"]);
}

#[test]
fn a16_clear_text_is_for_loopback_alone() {
    let with = |name: &str, value| names(load_real(&[(&variable(name), value)]));
    for name in ["server.public_url", "providers.kakao.auth_base", "providers.kakao.api_base", "providers.kakao.issuer"]
    {
        for bad in
            ["http://film.example", "http://10.0.0.1", "https://u:p@film.example", "film.example", "ftp://localhost"]
        {
            assert_eq!(with(name, bad), [name], "{bad}");
        }
        for good in ["https://film.example", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"] {
            assert_eq!(with(name, good), Vec::<String>::new(), "{name} {good}");
        }
    }
    assert_eq!(with("server.public_url", "https://film.example/x"), ["server.public_url"]);
    let env = [("FIIIIILM_PROVIDERS__KAKAO__API_BASE", "https://proxy.example/kapi/")];
    assert_eq!(load_real(&env).unwrap().providers.kakao.unwrap().api_base, "https://proxy.example/kapi");
}

#[test]
fn what_this_version_does_not_carry_out_is_refused_unless_it_is_the_default() {
    for key in KEYS.iter().filter(|key| key.availability == Availability::Later) {
        let other = match key.form {
            Form::Number { most, .. } => most.to_string(),
            Form::Flag => (key.default != Default::Value("true")).to_string(),
            Form::Choice { later, .. } => later[0].to_owned(),
            Form::Text | Form::List => "x".to_owned(),
        };
        let faults = load_real(&[(&key.variable(), &other)]).unwrap_err();
        assert_eq!(faults.0.len(), 1, "{faults}");
        assert_eq!(faults.0[0].name, key.name);
        assert!(faults.0[0].problem.contains("not available in this version"), "{faults}");
        if let Default::Value(default) = key.default {
            assert_eq!(names(load_real(&[(&key.variable(), default)])), Vec::<String>::new(), "{}", key.name);
        }
    }
}

#[test]
fn an_unknown_setting_is_told_with_the_one_that_was_meant() {
    for (text, name, meant) in [
        ("[server]\nbnid = \"x\"", "server.bnid", "did you mean server.bind?"),
        ("[provider.kakao]\nclient_id = \"x\"", "provider.kakao.client_id", "did you mean providers.kakao.client_id?"),
        ("[site]\nname_file = \"x\"", "site.name_file", "remove it"),
        ("colour = 1", "colour", "remove it"),
        ("server = 1", "server", "remove it"),
    ] {
        let faults = load_file(text).unwrap_err();
        assert_eq!(faults.0.len(), 1, "{faults}");
        assert_eq!(faults.0[0].name, name);
        assert!(faults.0[0].remedy.contains(meant), "{faults}");
    }
    for unknown in ["FIIIIILM_BIND", "FIIIIILM_server__bind", "FIIIIILM_SERVER__BNID"] {
        assert!(load_env(&[(unknown, "x")]).unwrap_err().to_string().contains(unknown));
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let env = [
        ("PATH", "/bin"),
        ("FIIIIILM_TEST_POSTGRES", "x"),
        ("FIIIIILM_PORT", "tcp://10.0.0.1:8080"),
        ("FIIIIILM_SERVICE_HOST", "10.0.0.1"),
        ("FIIIIILM_SERVICE_PORT_HTTP", "8080"),
        ("FIIIIILM_WEB_PORT_8080_TCP_ADDR", "10.0.0.1"),
    ];
    assert!(load_env(&env).is_ok());
}

#[test]
fn the_wrong_kind_of_toml_is_refused() {
    for (text, name) in [
        ("[site]\nname = 5", "site.name"),
        ("[server]\nworkers = 1.5", "server.workers"),
        ("[server]\nworkers = \"many\"", "server.workers"),
        ("[limits]\nenabled = 1", "limits.enabled"),
        ("[admin]\nidentities = [1]", "admin.identities"),
        ("[signup]\nmode = [\"open\"]", "signup.mode"),
    ] {
        assert_eq!(names(load_file(text)), [name], "{text}");
    }
}

#[test]
fn postgresql_needs_the_same_secret_key_everywhere_so_it_must_be_set() {
    assert_eq!(names(load_real(&[POSTGRES])), ["secret.key"]);
    assert!(load_real(&[POSTGRES, ("FIIIIILM_SECRET__KEY", KEY)]).is_ok());
}
