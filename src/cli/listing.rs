//! `user list`: the list of the admin's page, with its filters and orders and under their names.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::ListArgs;
use super::failure::Failure;
use super::sheet::{Column, sheet, soft, whole};
use super::speak::{clock, clock_or_dash, grouped, is_heard, progress_beside, remark, say, show_sheet, written};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::counts;
use crate::db::Db;
use crate::users;
use crate::users::Cursor;
use crate::users::Listed;
use crate::users::Listing;
use crate::users::Order;
use crate::users::Query;
use crate::users::Total;

/// People read at once.
const PIECE: usize = 1_000;

/// As the table shows them. The name stands last: whatever is written in it, the rest stays in line.
const COLUMNS: [Column; 8] = [
    whole("id"),
    whole("status"),
    whole("role").leaves(2),
    whole("joined").leaves(4),
    whole("last login").leaves(3),
    soft("linked accounts", 16).leaves(1),
    soft("e-mail", 20).leaves(5),
    soft("name", 8),
];

/// Runs it. Who looked for what kind of thing goes into the history, as on the page.
pub(super) async fn run(db: &Db, zone: &TimeZone, args: &ListArgs) -> Result<(), Failure> {
    let listing = listing(args, zone)?;
    let traces = traces(args, &listing);
    if let Some(reason) = args.reason.as_deref().filter(|_| args.all) {
        let reason = exported_because(reason)?;
        let details = if traces.is_empty() { reason } else { format!("{reason} ({traces})") };
        let how = Circumstances::cli(Clock::system().now());
        db.write(move |conn| audit::record(conn, &how, "users.export", None, &details)).await?;
        return export(db, &listing).await;
    }
    if is_filtered(args) {
        let how = Circumstances::cli(Clock::system().now());
        db.write(move |conn| audit::record(conn, &how, "users.search", None, &traces)).await?;
    }
    if args.count {
        return count(db, listing, args.json).await;
    }
    let (rows, more, total) = read(db, &listing, args).await?;
    if args.json {
        return tell(&rows);
    }
    show_sheet(&sheet(&COLUMNS, rows.iter().map(|listed| row(listed, zone))));
    let shown = grouped(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    remark(&format!("{shown} shown of {}; times are those of {}.", words(total), zone.iana_name().unwrap_or("UTC")));
    if let Some(last) = rows.last().filter(|_| more) {
        remark(&format!("Go on with --after {}", last.user.id));
    }
    Ok(())
}

fn exported_because(text: &str) -> Result<String, Failure> {
    let too_long = |_| Failure::Refused(format!("--reason: at most {} characters", users::MAX_REASON));
    let reason = users::reason(text).map_err(too_long)?;
    reason.ok_or_else(|| Failure::Refused("--reason: say in a few words why they are exported".into()))
}

fn listing(args: &ListArgs, zone: &TimeZone) -> Result<Listing, Failure> {
    let query = args.search.as_deref().and_then(Query::parse);
    if query == Some(Query::TooShort) {
        return Err(Failure::Refused(
            "too short to look for; Korean is found from one syllable on, Latin letters, digits and e-mails from three \
             characters on"
                .into(),
        ));
    }
    if query.is_some() && args.sort != Order::Newest {
        return Err(Failure::Refused(
            "--sort: whoever is searched for comes newest first; leave one of them out".into(),
        ));
    }
    let range = |from: Option<Date>, to: Option<Date>, name: &str| {
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Failure::Refused(format!("--{name}-from lies behind --{name}-to")));
        }
        Ok((begin(from, 0, zone)?, begin(to, 1, zone)?))
    };
    Ok(Listing {
        query,
        standing: args.status,
        role: args.role,
        provider: args.provider.clone(),
        email: args.email,
        joined: range(args.joined_from, args.joined_to, "joined")?,
        seen: range(args.seen_from, args.seen_to, "seen")?,
        order: args.sort,
    })
}

fn begin(day: Option<Date>, later: i64, zone: &TimeZone) -> Result<Option<Moment>, Failure> {
    let Some(day) = day else { return Ok(None) };
    let begins = counts::begin_of(zone, day, later);
    begins.map(Some).ok_or_else(|| Failure::Refused(format!("{day} is beyond the calendar")))
}

/// The fields that are filled in, by their names on the page.
fn filled(args: &ListArgs) -> Vec<&'static str> {
    let all = [
        ("q", args.search.as_deref().is_some_and(|text| !text.trim().is_empty())),
        ("status", args.status.is_some()),
        ("role", args.role.is_some()),
        ("provider", args.provider.is_some()),
        ("email", args.email.is_some()),
        ("joined_from", args.joined_from.is_some()),
        ("joined_to", args.joined_to.is_some()),
        ("seen_from", args.seen_from.is_some()),
        ("seen_to", args.seen_to.is_some()),
        ("sort", args.sort != Order::Newest),
    ];
    all.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
}

/// Whether anybody is looked for; an order alone looks for nobody.
fn is_filtered(args: &ListArgs) -> bool {
    filled(args).iter().any(|name| *name != "sort")
}

/// What the history may know of it: which fields were used and what kind of text was looked for, never the text.
fn traces(args: &ListArgs, listing: &Listing) -> String {
    let kind = listing.query.as_ref().map_or("", Query::kind);
    let names = filled(args).into_iter().map(|name| if name == "q" { format!("q ({kind})") } else { name.into() });
    names.collect::<Vec<_>>().join(" ")
}

/// As many as are wanted, whether there are more, and how many there are in all.
async fn read(db: &Db, listing: &Listing, args: &ListArgs) -> Result<(Vec<Listed>, bool, Total), Failure> {
    let (limit, mut cursor) = (usize::try_from(args.limit).unwrap_or(usize::MAX), begin_at(db, listing, args).await?);
    let (wanted, start) = (listing.clone(), Cursor::Start);
    let (_first, total) = db.read(move |conn| users::list_and_count(conn, &wanted, &start)).await?;
    let mut rows: Vec<Listed> = Vec::new();
    loop {
        let (wanted, from, size) = (listing.clone(), cursor, (limit - rows.len()).min(PIECE));
        let page = db.read(move |conn| users::list_some(conn, &wanted, &from, size)).await?;
        rows.extend(page.rows);
        match page.older {
            Some(spot) if rows.len() < limit => cursor = Cursor::After(spot),
            older => return Ok((rows, older.is_some(), total)),
        }
    }
}

async fn begin_at(db: &Db, listing: &Listing, args: &ListArgs) -> Result<Cursor, Failure> {
    let Some(id) = args.after.clone() else { return Ok(Cursor::Start) };
    let wanted = id.clone();
    let user = db.read(move |conn| users::find_user(conn, &wanted)).await?;
    let gone = || Failure::Refused(format!("--after: nobody here is {id} any more; go on behind another of the list"));
    Ok(Cursor::After(users::spot_of(&user.ok_or_else(gone)?, listing.order())))
}

fn tell(rows: &[Listed]) -> Result<(), Failure> {
    let rows: Vec<Value> = rows.iter().map(as_json).collect();
    say(&Value::Array(rows).to_string());
    Ok(())
}

async fn count(db: &Db, listing: Listing, as_json: bool) -> Result<(), Failure> {
    let (_first, total) = db.read(move |conn| users::list_and_count(conn, &listing, &Cursor::Start)).await?;
    let (number, kind) = match total {
        Total::Exactly(number) => (number, "exactly"),
        Total::About(number) => (number, "about"),
        Total::MoreThan(number) => (number, "more_than"),
    };
    if as_json {
        say(&json!({ "total": number, "known": kind }).to_string());
    } else {
        say(&words(total));
    }
    Ok(())
}

/// Everybody, a piece at a time: an array with a line for each person. One that breaks off lacks its end, so that it is
/// never taken for a whole one.
async fn export(db: &Db, listing: &Listing) -> Result<(), Failure> {
    let bar = progress_beside("users");
    let (mut cursor, mut before) = (Cursor::Start, "[");
    loop {
        let (wanted, from) = (listing.clone(), cursor);
        let page = db.read(move |conn| users::list_some(conn, &wanted, &from, PIECE)).await?;
        bar.inc(u64::try_from(page.rows.len()).unwrap_or(0));
        let mut text = String::new();
        for listed in &page.rows {
            text.push_str(&format!("{before}{}", as_json(listed)));
            before = ",\n";
        }
        if !is_heard(&text)? {
            return Ok(());
        }
        match page.older {
            Some(spot) => cursor = Cursor::After(spot),
            None => break,
        }
    }
    bar.finish_and_clear();
    is_heard(if before == "[" { "[]\n" } else { "]\n" })?;
    Ok(())
}

/// How many, as honest as it is known.
fn words(total: Total) -> String {
    let people = |number: i64| if number == 1 { "1 user".to_owned() } else { format!("{} users", grouped(number)) };
    match total {
        Total::Exactly(number) => people(number),
        Total::About(number) => format!("about {}", people(number)),
        Total::MoreThan(number) => format!("more than {}", people(number)),
    }
}

fn row(Listed { user, identities }: &Listed, zone: &TimeZone) -> Vec<String> {
    let linked: Vec<String> = identities.iter().map(|i| format!("{}:{}", i.provider, i.subject)).collect();
    let vouched = identities.iter().find(|identity| identity.email.is_some() && identity.email_verified);
    let email = match (vouched, identities.iter().find_map(|identity| identity.email.clone())) {
        (Some(identity), _) => identity.email.clone().unwrap_or_default(),
        (None, Some(address)) => format!("{address} (unverified)"),
        (None, None) => "-".into(),
    };
    vec![
        user.id.to_string(),
        user.standing.clone(),
        user.role.clone(),
        clock(zone, user.created_at),
        clock_or_dash(zone, user.last_login_at),
        linked.join(", "),
        email,
        user.name.clone().unwrap_or_else(|| "-".into()),
    ]
}

fn as_json(listed: &Listed) -> Value {
    let user = &listed.user;
    json!({
        "id": user.id.as_str(), "name": user.name, "role": user.role, "standing": user.standing,
        "created_at": written(user.created_at), "last_login_at": user.last_login_at.map(written),
        "identities": listed.identities.iter().map(|identity| json!({
            "provider": identity.provider, "subject": identity.subject, "email": identity.email,
            "email_verified": identity.email_verified,
        })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_says_how_well_it_is_known() {
        assert_eq!(words(Total::Exactly(1)), "1 user");
        assert_eq!(words(Total::Exactly(10_000)), "10,000 users");
        assert_eq!(words(Total::About(12_000_000)), "about 12,000,000 users");
        assert_eq!(words(Total::MoreThan(50)), "more than 50 users");
    }
}
