//! What every page shares.
//!
//! One middleware, [`edge::pass`], stands around all routes: it gives the request its id, drops look-alike cookies, checks
//! Host and origin, and on the way back adds headers and pending cookies, turns refusals into a page or into JSON, and
//! writes the one log line. Who is there is a door type in a handler's signature ([`CurrentUser`], [`FreshAdmin`]): a handler that
//! lacks the door cannot have the person.

mod app;
mod auth;
mod chrome;
mod chunked;
mod circumstances;
mod client;
mod cookies;
mod csrf;
mod doors;
mod errors;
mod flow;
mod headers;
mod host;
mod in_app;
mod json_body;
mod limits;
mod memory;
mod next;
mod onward;
mod pair;
mod prefs;
mod renewal;
mod request_id;
mod theme;
mod viewer;

pub mod assets;
pub mod dates;
pub mod edge;
pub mod page;
pub mod paths;

pub use app::{App, StartError};
pub use auth::{
    Admin, Bearer, ByCookie, CurrentUser, FreshAdmin, FreshUser, MaybeUser, is_good_access_token, refresh_cookies,
    replaced_session,
};
pub use chrome::chrome;
pub use circumstances::circumstances;
pub use client::Client;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use client::address as client_address;
pub(crate) use cookies::value as cookie_value;
pub use cookies::{Names, PendingCookies, TokenPair};
pub use csrf::{is_led_by_others, same_origin};
pub use doors::{FormBody, QueryPart};
pub use errors::{FormPage, problem, problem_with};
pub use flow::{Flow, flow_middleware};
pub use headers::see_other;
pub use in_app::{WayOut, way_out};
pub use json_body::JsonBody;
pub use limits::{Limit, Limits};
pub use next::Next;
pub use onward::OnwardPage;
pub use pair::{credentials, credentials_of};
pub use prefs::Prefs;
pub use renewal::{Renewal, renew};
pub use request_id::RequestId;
pub use viewer::Viewer;
