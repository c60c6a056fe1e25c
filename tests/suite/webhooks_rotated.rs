//! A changed client secret: what Naver still signs with the one before is its word while that one is set, and no longer.

use fiiiiilm::config::demo;
use fiiiiilm::secret::Secret;
use fiiiiilm::simulator::Provider;
use fiiiiilm::simulator::notices::{Notice, Variation};

use crate::kit::{CONTRACTS, TestApp, every_provider};

/// The same server, whose operator has changed the secret at Naver and here; Naver itself has not taken it up everywhere.
async fn changed(mut app: TestApp, previous: Option<&str>) -> TestApp {
    let naver = app.config.providers.naver.as_mut().expect("Naver");
    naver.client_secret = Secret::new("theNewOne".to_owned());
    naver.previous_client_secret = previous.map(|secret| Secret::new(secret.to_owned()));
    app.restart().await
}

on_both! {
    with every_provider;

    async fn h07_navers_notices_are_taken_under_the_secret_before_while_it_is_set(app: TestApp) {
        let naver = CONTRACTS.iter().find(|contract| contract.provider == Provider::Naver).expect("Naver");
        assert_eq!(app.browser().come_in_at("naver", naver.ordinary).await.status, 303);
        let told = |app: &TestApp| app.simulator.state().notice(Notice::NaverUnlink, naver.ordinary, Variation::Plain).unwrap();
        let mut app = app;
        for stranger in [None, Some("somebodyElses"), Some("")] {
            app = changed(app, stranger).await;
            let refused = app.browser().deliver(&told(&app)).await;
            assert_eq!((refused.status, app.inspect().rows().0), (403, 1), "{stranger:?}");
        }
        let app = changed(app, Some(demo::NAVER.client_secret)).await;
        let forged = app.simulator.state().notice(Notice::NaverUnlink, naver.ordinary, Variation::WrongKey).unwrap();
        assert_eq!((app.browser().deliver(&forged).await.status, app.inspect().rows().0), (403, 1));
        let taken = app.browser().deliver(&told(&app)).await;
        assert_eq!((taken.status, app.inspect().rows().0), (204, 0), "{}", taken.body);
    }
}
