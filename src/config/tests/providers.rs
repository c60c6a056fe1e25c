//! Providers: what each needs, all together, and issuers with names of their own.

use super::{load_env, load_file, names};
use crate::config::demo;

/// A section for each, as its console would fill it.
const SECTIONS: [(&str, &[(&str, &str)]); 6] = [
    ("naver", &[("client_id", "jyvqXeaVOVmV"), ("client_secret", "s3cr3t-canary")]),
    ("google", &[("client_id", "1.apps.googleusercontent.com"), ("client_secret", "s3cr3t-canary")]),
    ("github", &[("client_id", "Ov23li"), ("client_secret", "s3cr3t-canary")]),
    (
        "apple",
        &[
            ("client_id", "com.example.login"),
            ("team_id", "ABCDE12345"),
            ("key_id", "FGHIJ67890"),
            ("private_key", demo::APPLE_PRIVATE_KEY),
        ],
    ),
    ("line", &[("client_id", "1234567890"), ("client_secret", "s3cr3t-canary")]),
    (
        "my_company2",
        &[
            ("kind", "oidc"),
            ("issuer", "https://id.example.com/"),
            ("client_id", "a:b"),
            ("client_secret", "s3cr3t-canary"),
            ("display_name", "<b>우리 회사</b>"),
        ],
    ),
];

fn env(name: &str, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let variable = |short: &str| format!("FIIIIILM_PROVIDERS__{}__{}", name.to_uppercase(), short.to_uppercase());
    settings.iter().map(|(short, value)| (variable(short), (*value).to_owned())).collect()
}

fn told(env: &[(String, String)]) -> Vec<String> {
    names(load_env(&env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()))
}

#[test]
fn each_provider_is_on_by_what_its_console_shows() {
    let all: Vec<(String, String)> = SECTIONS.iter().flat_map(|(name, settings)| env(name, settings)).collect();
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let config = load_env(&all).unwrap();
    assert!(!format!("{config:?}").contains("canary") && !format!("{config:?}").contains("MIGHAgEA"));
    let on = config.providers;
    assert!(on.kakao.is_none());
    let (naver, google, github) = (on.naver.unwrap(), on.google.unwrap(), on.github.unwrap());
    assert_eq!((naver.oidc, naver.scopes.len(), naver.auth_base.as_str()), (false, 0, "https://nid.naver.com"));
    assert_eq!(google.scopes, ["openid", "email", "profile"]);
    assert_eq!((github.scopes[0].as_str(), github.issuer.as_str()), ("user:email", "https://github.com/login/oauth"));
    assert_eq!(on.apple.unwrap().scopes, ["name", "email"]);
    assert_eq!(on.line.unwrap().scopes, ["openid", "profile"]);
    let [company] = &on.oidc[..] else { panic!("one issuer") };
    assert_eq!((company.name.as_str(), company.issuer.as_str()), ("my_company2", "https://id.example.com/"));
    assert!(!company.email_authoritative, "nobody is believed by default");
}

#[test]
fn a11_a_provider_that_lacks_anything_is_refused_by_the_name_of_what_is_missing() {
    for (name, settings) in SECTIONS {
        assert_eq!(told(&env(name, settings)), Vec::<String>::new(), "{name}");
        for (missing, _) in settings.iter() {
            let rest: Vec<(&str, &str)> = settings.iter().filter(|(short, _)| short != missing).copied().collect();
            assert_eq!(told(&env(name, &rest)), [format!("providers.{name}.{missing}")], "{name} without {missing}");
        }
    }
    let halves: Vec<(String, String)> =
        SECTIONS.iter().flat_map(|(name, settings)| env(name, &settings[..1])).collect();
    let expected: Vec<String> = [
        "naver.client_secret",
        "google.client_secret",
        "github.client_secret",
        "apple.team_id",
        "apple.key_id",
        "apple.private_key",
        "line.client_secret",
        "my_company2.client_id",
    ]
    .map(|name| format!("providers.{name}"))
    .to_vec();
    assert_eq!(told(&halves), expected, "all of it at once");
}

#[test]
fn a16_every_address_of_a_provider_must_be_safe_or_loopback() {
    for (name, short) in [
        ("naver", "auth_base"),
        ("naver", "api_base"),
        ("naver", "issuer"),
        ("google", "auth_base"),
        ("google", "token_base"),
        ("google", "keys_base"),
        ("google", "issuer"),
        ("github", "auth_base"),
        ("github", "api_base"),
        ("github", "issuer"),
        ("apple", "auth_base"),
        ("apple", "issuer"),
        ("line", "auth_base"),
        ("line", "api_base"),
        ("line", "issuer"),
        ("my_company2", "issuer"),
    ] {
        let (_, settings) = SECTIONS.iter().find(|(known, _)| *known == name).unwrap();
        for (address, fine) in [
            ("http://film.example", false),
            ("http://10.0.0.1", false),
            ("https://u:p@film.example", false),
            ("https://film.example/?x", false),
            ("film.example", false),
            ("https://film.example", true),
            ("http://127.0.0.1:9", true),
        ] {
            let mut settings = settings.to_vec();
            settings.retain(|(known, _)| *known != short);
            settings.push((short, address));
            let expected = if fine { Vec::new() } else { vec![format!("providers.{name}.{short}")] };
            assert_eq!(told(&env(name, &settings)), expected, "{name}.{short} = {address}");
        }
    }
}

#[test]
fn what_a_provider_cannot_use_is_refused() {
    for (name, short, value) in [
        ("google", "scopes", "email"),
        ("line", "scopes", "profile"),
        ("my_company2", "scopes", "profile"),
        ("my_company2", "kind", "saml"),
        ("my_company2", "email_authoritative", "yes"),
        ("my_company2", "display_name", "two\nlines"),
        ("apple", "team_id", "short"),
        ("apple", "key_id", "elevenchars"),
        ("apple", "private_key", "canary"),
        ("naver", "oidc", "1"),
        ("github", "native_redirect_uris", "http://localhost:8080/login/github/callback"),
    ] {
        let (_, settings) = SECTIONS.iter().find(|(known, _)| *known == name).unwrap();
        let mut settings = settings.to_vec();
        settings.retain(|(known, _)| *known != short);
        settings.push((short, value));
        assert_eq!(told(&env(name, &settings)), [format!("providers.{name}.{short}")], "{name}.{short} = {value}");
    }
}

#[test]
fn an_issuer_has_a_name_that_fits_an_address() {
    let section = "kind = \"oidc\"\nissuer = \"https://x.test\"\nclient_id = \"a\"\nclient_secret = \"b\"\ndisplay_name = \"X\"\n";
    let file = |name: &str| format!("[providers.{name}]\n{section}");
    assert_eq!(names(load_file(&file("x1_y"))), Vec::<String>::new());
    for bad in ["again", "My", "my-company", "\"a b\"", &"x".repeat(33)] {
        let told = load_file(&file(bad)).unwrap_err();
        assert!(told.0.len() == 5 && told.to_string().contains("small letters"), "{bad}: {told}");
    }
    let meant = load_file("[providers.gogle]\nclient_id = \"x\"\nclient_secret = \"y\"").unwrap_err();
    assert!(meant.0.len() == 1 && meant.0[0].name == "providers.gogle.kind", "{meant}");
    assert!(meant.to_string().contains("did you mean providers.google?"), "{meant}");
    let unknown = load_file(&format!("{}colour = 1", file("x"))).unwrap_err();
    assert_eq!((unknown.0.len(), unknown.0[0].name.as_str()), (1, "providers.x.colour"));
}

#[test]
fn apples_key_may_be_a_file_or_a_line_and_an_admin_may_be_known_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("AuthKey.p8"), demo::APPLE_PRIVATE_KEY).unwrap();
    let text = "[admin]\nidentities = [\"apple:000000.abc.0000\", \"kakao:1\"]\n[providers.apple]\nclient_id = \"c\"\n\
                team_id = \"ABCDE12345\"\nkey_id = \"FGHIJ67890\"\nprivate_key_file = \"AuthKey.p8\"\n";
    std::fs::write(folder.path().join("fiiiiilm.toml"), text).unwrap();
    let faults = crate::config::load(&super::source(&folder, &[])).unwrap_err();
    assert_eq!(names(Err(faults)), ["admin.identities"], "kakao is not on");
    let one_line = demo::APPLE_PRIVATE_KEY.replace('\n', "\\n");
    let mut settings = SECTIONS[3].1.to_vec();
    settings[3].1 = &one_line;
    assert_eq!(told(&env("apple", &settings)), Vec::<String>::new());
}
