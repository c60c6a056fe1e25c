//! L09: what people call themselves is text to a spreadsheet, and why somebody took the list is told.

use fiiiiilm::users;
use fiiiiilm::users::{NewIdentity, NewUser};

use crate::kit::{TestApp, people};

const WANTED: &str = "/admin/users.csv?role=user&reason=%EA%B0%90%EC%82%AC+%3Cb%3E+%22%EC%A0%90%EA%B2%80%22";

/// Every way a cell begins that some spreadsheet computes, also behind what nobody sees.
const BEGINNINGS: [&str; 20] = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u{A0}=",
    "\u{3000}+",
    "\u{200B}=",
    "\u{FEFF}@",
    "\u{202E}-",
    " \u{2066}=",
];

/// The cells of a file, read as RFC 4180 says and by nothing of the program.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) if chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the file ends with a line");
    rows
}

on_both! {
    async fn l09_whatever_a_name_begins_with_no_cell_is_computed_and_none_is_lost(app: TestApp) {
        let now = app.clock.now();
        let mut inspect = app.inspect();
        let names: Vec<String> = BEGINNINGS
            .iter()
            .map(|begins| format!("{begins}HYPERLINK(\"http://evil.test\";\"x\"),1"))
            .chain(["a,\"b\"\r\nc;d".into(), "\"".into(), "\"\"".into(), ",".into(), " 홍길동 ".into(), "🎞\u{FE0F}".into()])
            .collect();
        for (at, name) in names.iter().enumerate() {
            let user = users::insert_user(inspect.conn(), &NewUser { name: Some(name.clone()), picture: None }, now).unwrap();
            let subject = format!("cell-{at}");
            users::insert_identity(inspect.conn(), &NewIdentity { user_id: &user, provider: "kakao", subject: &subject }, now).unwrap();
            users::index_new(inspect.conn(), &user).unwrap();
        }
        inspect.execute("update identities set email = '=cmd@evil.test' where subject = 'cell-0'");
        let mut admin = app.logged_in(people::ADMIN).await;
        let file = admin.get(WANTED).await;
        let body = file.body.strip_prefix('\u{FEFF}').expect("the mark of UTF-8");
        let rows = cells(body);
        assert_eq!(rows.len(), names.len() + 1);
        let width = rows[0].len();
        for (row, name) in rows[1..].iter().rev().zip(&names) {
            assert_eq!(row.len(), width, "{row:?}");
            let computed = name.trim_start_matches(|c: char| c.is_whitespace() || !c.is_alphanumeric() && !"=+-@＝＋－＠\",".contains(c));
            let marked = computed.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || name.starts_with(['\t', '\r', '\n']);
            let wanted = if marked { format!("'{name}") } else { name.clone() };
            assert_eq!(row[1], wanted);
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])), "{row:?}");
        }
        assert_eq!(rows[names.len()][4], "'=cmd@evil.test");
        assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"users-"));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }

    async fn l05_why_somebody_took_the_list_is_told_in_the_history(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(admin.get(WANTED).await.status, 200);
        let kept = app.inspect().lines("select details as s from audit_events where action = 'users.export'");
        assert_eq!(kept, ["감사 <b> \"점검\" (role)"]);
        let page = admin.get("/admin/audit?action=users.export").await;
        assert!(page.body.contains("감사 &#60;b&#62; &#34;점검&#34;") && !page.body.contains("감사 <b>"), "{}", page.body);
    }

    async fn l05_another_site_makes_nobody_download_the_list(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let exports = || app.inspect().number("select count(*) as n from audit_events where action = 'users.export'");
        for site in ["cross-site", "same-site"] {
            let led = admin.get_with(WANTED, &[("Sec-Fetch-Site", site)]).await;
            assert_eq!((led.status, exports()), (303, 0), "{site}: {}", led.body);
            let form = led.location().to_owned();
            assert!(form.starts_with("/admin/users?role=user&reason="), "{form}");
            let page = admin.get(form.trim_end_matches("#export")).await;
            assert_eq!((page.status, page.field("reason").as_str()), (200, "감사 <b> \"점검\""), "{}", page.body);
        }
        // The way back from a new login ends at another site's redirect.
        app.clock.advance(time::Duration::minutes(11));
        let stale = admin.get(WANTED).await;
        assert!(stale.status == 303 && stale.location().starts_with("/login/again?next=%2Fadmin%2Fusers.csv"), "{}", stale.location());
        for own in [&[("Sec-Fetch-Site", "same-origin")][..], &[("Sec-Fetch-Site", "none")], &[]] {
            let mut admin = app.logged_in(people::ADMIN).await;
            assert_eq!(admin.get_with(WANTED, own).await.status, 200, "{own:?}");
        }
        assert_eq!(exports(), 3);
    }
}
