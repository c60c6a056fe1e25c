//! What can be done to a user: `GET` asks, `POST` does. Every act is one transaction of a verb in `users`, with its line in
//! the history, and holds at once everywhere. Nobody acts on themselves: their own pages are for that.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::ask::AskPage;
use super::person::id_of;
use crate::audit::Circumstances;
use crate::db::Conn;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Post;
use crate::tokens;
use crate::users;
use crate::users::Person;
use crate::users::Role;
use crate::users::RoleChange;
use crate::users::Standing;
use crate::users::StandingChange;
use crate::web::Admin;
use crate::web::App;
use crate::web::FormBody;
use crate::web::FreshAdmin;
use crate::web::RequestId;
use crate::web::Viewer;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::render;
use crate::web::paths;
use crate::web::see_other;

/// An act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Approve,
    Unban,
    Role,
    EndSessions,
    Ban,
    Delete,
}

impl Act {
    /// In the order in which pages offer them: the gravest last.
    pub(super) const ALL: [Self; 6] =
        [Self::Approve, Self::Unban, Self::Role, Self::EndSessions, Self::Ban, Self::Delete];

    /// The last part of its address.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Unban => "unban",
            Self::Role => "role",
            Self::EndSessions => "end-sessions",
            Self::Ban => "ban",
            Self::Delete => "delete",
        }
    }

    /// The i18n key of what its button says; a role has two.
    pub(super) const fn label_key(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::Approve, _) => "act-approve",
            (Self::Unban, _) => "act-unban",
            (Self::Role, Role::User) => "act-promote",
            (Self::Role, Role::Admin) => "act-demote",
            (Self::EndSessions, _) => "act-end-sessions",
            (Self::Ban, _) => "act-ban",
            (Self::Delete, _) => "act-delete",
        }
    }

    /// Whether it takes something away.
    pub(super) const fn is_severe(self) -> bool {
        matches!(self, Self::Ban | Self::Delete)
    }

    /// Whether it would change anything for somebody of this standing and role. A role is given to people who may come in,
    /// and taken from anybody: who is let in again later gets back what they had.
    pub(super) const fn fits(self, standing: Standing, role: Role, devices: usize) -> bool {
        match self {
            Self::Approve => matches!(standing, Standing::Waiting),
            Self::Unban => matches!(standing, Standing::Banned),
            Self::Role => matches!((standing, role), (Standing::Active, _) | (_, Role::Admin)),
            Self::EndSessions => devices > 0,
            Self::Ban => matches!(standing, Standing::Active | Standing::Waiting | Standing::Closed),
            Self::Delete => true,
        }
    }

    /// The i18n key of what was done, by what the redirect says.
    pub(super) fn told(done: &str) -> Option<&'static str> {
        match done {
            "approve" => Some("act-approve-done"),
            "unban" => Some("act-unban-done"),
            "role" => Some("act-role-done"),
            "end-sessions" => Some("act-end-sessions-done"),
            "ban" => Some("act-ban-done"),
            "delete" => Some("act-delete-done"),
            "already" => Some("act-already"),
            _ => None,
        }
    }
}

/// Defines the two handlers of an act behind its door.
macro_rules! act {
    ($($(#[$doc:meta])* $door:ident: $ask:ident, $carry_out:ident = $act:expr;)+) => {
        $(
            $(#[$doc])*
            async fn $ask(
                app: web::Data<App>,
                req: HttpRequest,
                admin: $door,
                id: web::Path<String>,
            ) -> AppResult<HttpResponse> {
                ask(&app, &req, &admin.0, &id, $act).await
            }

            $(#[$doc])*
            async fn $carry_out(
                app: web::Data<App>,
                req: HttpRequest,
                admin: $door,
                id: web::Path<String>,
                form: FormBody<ActForm>,
            ) -> AppResult<HttpResponse> {
                carry_out(&app, &req, &admin.0, &id, $act, form.0).await
            }
        )+
    };
}

act! {
    /// Lets in somebody who waits. Admins.
    Admin: ask_approve, approve = Act::Approve;
    /// Lets in somebody who was shut out. Admins.
    Admin: ask_unban, unban = Act::Unban;
    /// Makes somebody an admin, or an admin a user. Admins, fresh.
    FreshAdmin: ask_role, role = Act::Role;
    /// Logs somebody out everywhere. Admins, fresh.
    FreshAdmin: ask_end_sessions, end_sessions = Act::EndSessions;
    /// Shuts somebody out. Admins, fresh.
    FreshAdmin: ask_ban, ban = Act::Ban;
    /// Removes somebody for good. Admins, fresh.
    FreshAdmin: ask_delete, delete = Act::Delete;
}

/// The addresses of all acts.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/admin/users/{id}/approve", paths::page(ask_approve).chain(paths::form(approve))))
        .service(paths::resource("/admin/users/{id}/unban", paths::page(ask_unban).chain(paths::form(unban))))
        .service(paths::resource("/admin/users/{id}/role", paths::page(ask_role).chain(paths::form(role))))
        .service(paths::resource(
            "/admin/users/{id}/end-sessions",
            paths::page(ask_end_sessions).chain(paths::form(end_sessions)),
        ))
        .service(paths::resource("/admin/users/{id}/ban", paths::page(ask_ban).chain(paths::form(ban))))
        .service(paths::resource("/admin/users/{id}/delete", paths::page(ask_delete).chain(paths::form(delete))));
}

/// What the page of an act sends; each act reads its own field.
#[derive(Deserialize)]
pub(super) struct ActForm {
    role: Option<String>,
    reason: Option<String>,
    confirm: Option<String>,
}

/// An act with all it needs.
#[derive(Clone, Debug)]
enum Deed {
    Approve,
    Unban,
    Role(Role),
    EndSessions,
    Ban(Option<String>),
    Delete,
}

impl Deed {
    /// `Err`: the i18n key of what is wrong with the form, and what was typed.
    fn read(act: Act, form: ActForm, person: &Person) -> AppResult<Result<Self, (&'static str, String)>> {
        Ok(Ok(match act {
            Act::Approve => Self::Approve,
            Act::Unban => Self::Unban,
            Act::EndSessions => Self::EndSessions,
            // Said by the form and not turned around here: a form sent twice changes nothing the second time.
            Act::Role => match form.role.as_deref() {
                Some("admin") => Self::Role(Role::Admin),
                Some("user") => Self::Role(Role::User),
                Some(_) | None => return Err(AppError::new(Kind::BadRequest)),
            },
            Act::Ban => {
                let typed = form.reason.unwrap_or_default();
                match users::reason(&typed) {
                    Ok(reason) => Self::Ban(reason),
                    Err(_too_long) => return Ok(Err(("act-reason-too-long", typed))),
                }
            }
            Act::Delete => {
                let typed = form.confirm.unwrap_or_default();
                if typed.split_whitespace().eq(AskPage::to_type(person).split_whitespace()) {
                    Self::Delete
                } else {
                    return Ok(Err(("act-confirm-wrong", typed)));
                }
            }
        }))
    }

    /// Whether anything changed.
    fn carry_out(&self, conn: &mut Conn, id: &UserId, post: &Post, how: &Circumstances) -> AppResult<bool> {
        Ok(match self {
            Self::Approve => users::approve(conn, id, how)? == StandingChange::Changed,
            Self::Unban => users::unban(conn, id, how)? == StandingChange::Changed,
            Self::Role(role) => users::set_role(conn, id, *role, how)? == RoleChange::Changed,
            Self::EndSessions => users::end_sessions(conn, std::slice::from_ref(id), how)? > 0,
            Self::Ban(reason) => users::ban(conn, id, reason.as_deref(), post, how)? == StandingChange::Changed,
            Self::Delete => users::delete(conn, id, post, how).map(|_told| true)?,
        })
    }
}

async fn ask(
    app: &web::Data<App>,
    req: &HttpRequest,
    admin: &Arc<Viewer>,
    id: &str,
    act: Act,
) -> AppResult<HttpResponse> {
    let person = another(app, admin, id).await?;
    let (whom, now) = (person.id.clone(), app.clock.now());
    let devices = app.db.read(move |conn| Ok(tokens::live_of_user(conn, &whom, now)?.len())).await?;
    if !act.fits(person.standing, person.role, devices) {
        return Ok(see_other(&format!("/admin/users/{}?done=already", person.id)));
    }
    let c = chrome(app, req, Some(admin));
    Ok(render(StatusCode::OK, &AskPage::new(c, act, &person)))
}

async fn carry_out(
    app: &web::Data<App>,
    req: &HttpRequest,
    admin: &Arc<Viewer>,
    id: &str,
    act: Act,
    form: ActForm,
) -> AppResult<HttpResponse> {
    let person = another(app, admin, id).await?;
    let deed = match Deed::read(act, form, &person)? {
        Ok(deed) => deed,
        Err((problem, typed)) => {
            let page = AskPage::new(chrome(app, req, Some(admin)), act, &person).refused(problem, typed);
            return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let (whom, how) = (person.id.clone(), circumstances(app, req).by(&admin.person.id));
    let (by, post) = (admin.person.id.clone(), app.post.clone());
    let done = app.db.write(move |conn| {
        users::confirm_admin(conn, &by)?;
        deed.carry_out(conn, &whom, &post, &how)
    });
    let changed = done.await?;
    app.changes.mark(&person.id);
    let (request_id, by) = (RequestId::of(req), admin.person.id.as_str());
    tracing::info!(request_id, user_id = person.id.as_str(), by, outcome = act.path(), changed, "admin");
    Ok(match (act, changed) {
        (Act::Delete, _) => see_other("/admin/users?done=delete"),
        (_, true) => see_other(&format!("/admin/users/{}?done={}", person.id, act.path())),
        (_, false) => see_other(&format!("/admin/users/{}?done=already", person.id)),
    })
}

/// The person an act is about.
///
/// # Errors
/// `NotFound` without such a person, `Conflict` (`yourself`) when it is the admin.
async fn another(app: &web::Data<App>, admin: &Viewer, id: &str) -> AppResult<Person> {
    let id = id_of(id)?;
    if id == admin.person.id {
        return Err(AppError::with_code(Kind::Conflict, "yourself"));
    }
    let person = app.db.read(move |conn| users::find_person(conn, &id)).await?;
    person.ok_or_else(|| AppError::new(Kind::NotFound))
}
