//! The list as a file: read a piece at a time, each from where the last one ended, while the browser takes it. Nothing is
//! kept but the piece under way, no transaction lasts longer than one, and a download that is cancelled ends the reading.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{Sender, channel};

use super::csv;
use super::listing::Asked;
use super::pages::standing_key;
use super::trickle::Trickle;
use crate::audit;
use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::i18n::Locale;
use crate::users;
use crate::users::Cursor;
use crate::users::Listed;
use crate::users::Listing;
use crate::web::App;
use crate::web::FreshAdmin;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::is_led_by_others;
use crate::web::see_other;

/// People read at once.
const PIECE: usize = 1_000;

/// Pieces that wait for a slow reader.
const WAITING: usize = 2;

/// The present list as CSV; why, and that it was done, goes into the history before the first line is read. Admins who
/// logged in a moment ago, and by their own wish: whom another site leads here, as also the way back from a new login does,
/// is shown the form, and asked.
pub(super) async fn users(
    app: web::Data<App>,
    req: HttpRequest,
    admin: FreshAdmin,
    query: QueryPart<Asked>,
) -> AppResult<HttpResponse> {
    let asked = query.0;
    let reason = users::reason(&asked.reason)?.ok_or_else(|| AppError::new(Kind::BadRequest))?;
    let listing = asked.listing(&app.site.time_zone)?;
    if is_led_by_others(&req) {
        return Ok(see_other(&asked.export_form()));
    }
    // The file holds all pages of the list; the place of one in its address must be true all the same.
    asked.cursor(&app.config.secrets, listing.order())?;
    let (how, traces) = (circumstances(&app, &req).by(&admin.0.person.id), asked.traces(&listing));
    let details = if traces.is_empty() { reason } else { format!("{reason} ({traces})") };
    app.db.write(move |conn| audit::record(conn, &how, "users.export", None, &details)).await?;
    let c = chrome(&app, &req, Some(&admin.0));
    let form = Form { locale: c.locale, zone: app.site.time_zone.clone() };
    let (sender, receiver) = channel(WAITING);
    let name = form.file_name(app.clock.now());
    actix_web::rt::spawn(read(app.into_inner(), listing, form, sender));
    let pieces = stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(pieces))
}

type Piece = Result<Bytes, AppError>;

/// Sends piece after piece until there is nobody left, or nobody who listens. One that cannot be read breaks the download
/// off, so that it is never taken for a whole one.
async fn read(app: Arc<App>, listing: Listing, form: Form, sender: Sender<Piece>) {
    let (mut cursor, mut trickle) = (Cursor::Start, Trickle::new(Instant::now()));
    let mut text = String::from(csv::BOM);
    form.head(&mut text);
    loop {
        let (wanted, from) = (listing.clone(), cursor.clone());
        let read = app.db.read(move |conn| users::list_some(conn, &wanted, &from, PIECE)).await;
        let page = match read {
            Ok(_) if app.is_stopping() => Err(AppError::new(Kind::Unavailable)),
            other => other,
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(cause = error.cause_line(), "an export broke off");
                // Whoever listened may be gone as well.
                drop(sender.send(Err(error)).await);
                return;
            }
        };
        page.rows.iter().for_each(|listed| form.line(&mut text, listed));
        let told = trickle.say(&std::mem::take(&mut text), Instant::now());
        let heard = if told.is_empty() { !sender.is_closed() } else { sender.send(Ok(told.into())).await.is_ok() };
        if !heard {
            tracing::info!("an export was cancelled");
            return;
        }
        match page.older {
            Some(spot) => cursor = Cursor::After(spot),
            None => {
                // Whoever is gone now has missed the end, and nobody reads for them any more.
                drop(sender.send(Ok(trickle.end().into())).await);
                return;
            }
        }
    }
}

/// How the file speaks.
struct Form {
    locale: Locale,
    zone: TimeZone,
}

impl Form {
    fn head(&self, text: &mut String) {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        let t = |key| self.locale.text(key);
        let (joined, seen) =
            (format!("{} ({zone})", t("users-column-joined")), format!("{} ({zone})", t("users-column-last-login")));
        let cells = [
            "ID",
            t("users-column-person"),
            t("users-column-standing"),
            t("users-filter-role"),
            t("users-column-email"),
            t("users-csv-verified"),
            t("users-column-linked"),
            &joined,
            &seen,
        ];
        csv::line(text, &cells);
    }

    fn line(&self, text: &mut String, Listed { user, identities }: &Listed) {
        let vouched = identities.iter().find(|identity| identity.email.is_some() && identity.email_verified);
        let email = vouched.or_else(|| identities.iter().find(|identity| identity.email.is_some()));
        let providers: Vec<&str> = identities.iter().map(|identity| identity.provider.as_str()).collect();
        let role = if user.role == "admin" { "users-admin" } else { "users-role-user" };
        let verified =
            email.map_or("", |identity| if identity.email_verified { "users-csv-yes" } else { "users-csv-no" });
        let cells = [
            user.id.as_str(),
            user.name.as_deref().unwrap_or_default(),
            self.locale.text(standing_key(&user.standing)),
            self.locale.text(role),
            email.and_then(|identity| identity.email.as_deref()).unwrap_or_default(),
            if verified.is_empty() { "" } else { self.locale.text(verified) },
            &providers.join(" "),
            &self.moment(user.created_at),
            &user.last_login_at.map(|at| self.moment(at)).unwrap_or_default(),
        ];
        csv::line(text, &cells);
    }

    /// As spreadsheets take it for a moment.
    fn moment(&self, at: Moment) -> String {
        let at = Timestamp::from_microsecond(unix_micros(at)).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn file_name(&self, now: Moment) -> String {
        let now = Timestamp::from_microsecond(unix_micros(now)).unwrap_or(Timestamp::UNIX_EPOCH);
        now.to_zoned_datetime(self.zone.clone()).strftime("users-%Y%m%d-%H%M%S.csv").to_string()
    }
}
