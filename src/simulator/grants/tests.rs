//! What the practice provider grants, and to whom it does not.

use super::*;

/// The pair of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://localhost:8080/login/kakao/callback";
const REFRESH_SECONDS: i64 = 5_183_999;
const ACCESS_SECONDS: i64 = 21_599;

fn grants_of(provider: Provider, challenge: Option<&str>) -> Grants {
    let grant = Grant {
        provider,
        person: &provider.people()[0],
        client_id: "rest".into(),
        scope: BTreeSet::new(),
        openid: true,
        nonce: None,
        auth_time: 0,
        first: true,
        offline: true,
    };
    let challenge = challenge.map(|value| Challenge { plain: false, value: value.to_owned() });
    let state = Some("s".to_owned());
    let mut grants = Grants::new();
    grants
        .issue("c".into(), Code { grant, redirect_uri: BACK.into(), challenge, state, issued_at: 1_000, used: false });
    grants
}

fn grants() -> Grants {
    grants_of(Provider::Kakao, Some(CHALLENGE))
}

fn right() -> Presented<'static> {
    Presented {
        provider: Provider::Kakao,
        code: "c",
        client_id: "rest",
        redirect_uri: Some(BACK),
        verifier: Some(VERIFIER),
        state: None,
    }
}

#[test]
fn a_code_works_once() {
    let mut grants = grants();
    assert_eq!(grants.redeem(&right(), 1_001).unwrap().provider, Provider::Kakao);
    assert_eq!(grants.redeem(&right(), 1_002).unwrap_err(), TokenFault::Code("c".into()));
}

#[test]
fn a_code_lives_ten_minutes() {
    assert!(grants().redeem(&right(), 1_599).is_ok());
    assert_eq!(grants().redeem(&right(), 1_600).unwrap_err(), TokenFault::Code("c".into()));
}

#[test]
fn a_code_is_bound_to_provider_client_address_and_verifier() {
    let wrong_case = VERIFIER.to_lowercase();
    for (presented, expected) in [
        (Presented { provider: Provider::Google, ..right() }, TokenFault::Code("c".into())),
        (Presented { client_id: "javascript", ..right() }, TokenFault::OtherClient),
        (
            Presented { redirect_uri: Some("http://localhost:8080/login/kakao/callback/"), ..right() },
            TokenFault::Redirect,
        ),
        (Presented { redirect_uri: None, ..right() }, TokenFault::Redirect),
        (Presented { verifier: None, ..right() }, TokenFault::Verifier),
        (Presented { verifier: Some(CHALLENGE), ..right() }, TokenFault::Verifier),
        (Presented { verifier: Some(&wrong_case), ..right() }, TokenFault::Verifier),
        (Presented { state: Some("t"), ..right() }, TokenFault::State),
        (Presented { code: "d", ..right() }, TokenFault::Code("d".into())),
    ] {
        assert_eq!(grants().redeem(&presented, 1_001).unwrap_err(), expected);
    }
}

#[test]
fn apple_takes_both_or_none_of_pkce() {
    let both = Presented { provider: Provider::Apple, ..right() };
    let none = Presented { verifier: None, ..both };
    assert!(grants_of(Provider::Apple, Some(CHALLENGE)).redeem(&both, 1_001).is_ok());
    assert!(grants_of(Provider::Apple, None).redeem(&none, 1_001).is_ok());
    assert_eq!(grants_of(Provider::Apple, Some(CHALLENGE)).redeem(&none, 1_001).unwrap_err(), TokenFault::Verifier);
    assert_eq!(grants_of(Provider::Apple, None).redeem(&both, 1_001).unwrap_err(), TokenFault::StrayVerifier);
    let google = Presented { provider: Provider::Google, ..right() };
    assert!(grants_of(Provider::Google, None).redeem(&google, 1_001).is_ok(), "elsewhere nobody minds");
}

#[test]
fn a_refresh_token_is_replaced_in_its_last_month_only() {
    let mut grants = grants();
    let grant = grants.redeem(&right(), 1_000).unwrap();
    grants.open(grant, "a1".into(), "r1".into(), 0);
    let edge = REFRESH_SECONDS - LAST_MONTH_SECONDS;
    let mut renew = |old: &str, access: &str, next: &str, now| {
        grants.renew(Provider::Kakao, old, access.into(), next.into(), now).map(|tokens| tokens.refresh)
    };
    assert_eq!(renew("r1", "a2", "r2", edge), Ok(None));
    assert_eq!(renew("r1", "a3", "r3", edge + 1), Ok(Some("r3".into())));
    assert_eq!(renew("r1", "a4", "r4", edge + 2), Err(TokenFault::Refresh));
    assert_eq!(renew("r3", "a5", "r5", edge + 2), Ok(None));
    grants.end_family(1);
    assert_eq!(grants.access(Provider::Kakao, "a5", edge + 3).map(|_| ()), Err(NoToken::Unknown));
    assert!(grants.renew(Provider::Kakao, "r3", "a6".into(), "r6".into(), edge + 3).is_err());
}

#[test]
fn each_provider_renews_in_its_own_way() {
    for (provider, expected) in [
        (Provider::Naver, None),
        (Provider::Line, Some("r1")),
        (Provider::Github, Some("r2")),
        (Provider::Apple, None),
        (Provider::Google, None),
    ] {
        let mut grants = grants_of(provider, None);
        let grant = grants.redeem(&Presented { provider, verifier: None, ..right() }, 1_000).unwrap();
        grants.open(grant, "a1".into(), "r1".into(), 0);
        let renewed = grants.renew(provider, "r1", "a2".into(), "r2".into(), 10).unwrap();
        assert_eq!(renewed.refresh.as_deref(), expected, "{provider:?}");
    }
}

#[test]
fn an_old_access_token_is_expired_and_a_strange_one_does_not_exist() {
    let mut grants = grants();
    let grant = grants.redeem(&right(), 1_000).unwrap();
    grants.open(grant, "a".into(), "r".into(), 0);
    let access = |provider, token, now| grants.access(provider, token, now).map(|_| ());
    assert_eq!(access(Provider::Kakao, "a", ACCESS_SECONDS - 1), Ok(()));
    assert_eq!(access(Provider::Kakao, "a", ACCESS_SECONDS), Err(NoToken::Expired));
    assert_eq!(access(Provider::Kakao, "b", 0), Err(NoToken::Unknown));
    assert_eq!(access(Provider::Naver, "a", 0), Err(NoToken::Unknown), "another provider's");
}
