//! What a person has agreed to at their provider: told by a login, shown to admins and to themselves, gone with the account.

use crate::kit::{TestApp, people};
use crate::webhooks::unlinked_there;

/// The items as they are stored, with since when.
fn stored(app: &TestApp, subject: &str) -> Vec<String> {
    app.inspect().lines(&format!(
        "select coalesce(granted, '-') || '|' || coalesce(cast(granted_at as text), '-') as s from identities \
         where subject = '{subject}'"
    ))
}

async fn page_of(app: &TestApp, subject: &str) -> String {
    let mut admin = app.logged_in(people::ADMIN).await;
    let id = app.inspect().lines(&format!("select user_id as s from identities where subject = '{subject}'")).remove(0);
    let page = admin.get_with(&format!("/admin/users/{id}"), &[("accept-language", "ko")]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, from) = page.body.split_once("id=\"consents\"").expect("the card");
    from.split_once("</section>").expect("its end").0.to_owned()
}

on_both! {
    async fn what_was_agreed_to_is_shown_in_words_with_its_time_until_it_changes(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let first = stored(&app, people::ORDINARY);
        let (items, since) = first[0].split_once('|').unwrap();
        assert_eq!(items, "account_email openid profile_image profile_nickname");
        let card = page_of(&app, people::ORDINARY).await;
        for words in ["카카오계정(이메일)", "프로필 사진", "닉네임", "마지막으로 바뀐 때"] {
            assert!(card.contains(words), "{words}: {card}");
        }
        assert!(!card.contains("profile_nickname"), "no item without words: {card}");
        app.clock.advance(time::Duration::minutes(5));
        user.log_in(people::ORDINARY).await;
        assert_eq!(stored(&app, people::ORDINARY), first, "the same items keep their time");
        // As if less had been agreed to before.
        app.inspect().execute("update identities set granted = 'openid profile_nickname'");
        user.log_in(people::ORDINARY).await;
        let now = stored(&app, people::ORDINARY);
        assert!(now[0].starts_with(items) && !now[0].ends_with(since), "others begin a new time: {now:?}");
        let export: serde_json::Value = serde_json::from_str(&user.get("/profile/export").await.body).unwrap();
        let agreed = &export["linked_accounts"][0];
        assert_eq!(agreed["agreed_to"][0], "account_email", "{agreed}");
        assert!(agreed["agreed_since"].as_str().unwrap().ends_with('Z'), "{agreed}");
    }

    async fn who_agreed_to_nothing_and_of_whom_nothing_was_told_are_told_apart(app: TestApp) {
        app.logged_in(people::BARE).await;
        for (items, words) in [
            ("'openid'", "로그인 확인(OpenID)"),
            ("'brand_new_item'", "brand_new_item"),
            ("''", "동의한 항목이 없다고 했어요"),
            // Linked before this was kept.
            ("null", "알려 주지 않았어요"),
        ] {
            app.inspect().execute(&format!("update identities set granted = {items}"));
            let card = page_of(&app, people::BARE).await;
            assert!(card.contains(words) && !card.contains("닉네임"), "{items}: {card}");
        }
    }

    async fn what_was_agreed_to_goes_with_the_account(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update users set standing = 'banned' where id in (select user_id from identities)");
        assert_eq!(unlinked_there(&app, people::ORDINARY).await.status, 200);
        assert_eq!(stored(&app, people::ORDINARY), ["-|-"], "of a banned person's account the number stays");
        app.logged_in(people::NO_EMAIL).await;
        assert!(stored(&app, people::NO_EMAIL)[0].contains("openid"));
        assert_eq!(unlinked_there(&app, people::NO_EMAIL).await.status, 200);
        assert!(stored(&app, people::NO_EMAIL).is_empty());
    }
}
