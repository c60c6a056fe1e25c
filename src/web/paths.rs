//! A path with the methods it knows: any other one is refused with `Allow`, as RFC 9110 section 15.5.6 asks.
//!
//! The handler of every path passes through here, so a panic in one is caught here too: it is the answer 500 of that
//! request. Uncaught it would cut the connection, and whatever else was under way on it.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, web};
use futures_util::FutureExt as _;
use futures_util::future::{CatchUnwind, Map};

use crate::error::AppError;

/// A method and what answers it.
type Known = (Method, Route);

/// A notice from a provider, at `/webhooks/<path>`: it proves itself, so the cross-site rule is not asked of it. Nothing else lies
/// there.
pub fn webhook(path: &str, known: impl IntoIterator<Item = Known>) -> Resource {
    resource(&format!("{WEBHOOKS}{path}"), known)
}

/// Where notices come in.
pub(super) const WEBHOOKS: &str = "/webhooks/";

/// A path that knows these methods.
pub fn resource(path: &str, known: impl IntoIterator<Item = Known>) -> Resource {
    under("").resource(path, known)
}

/// The paths inside a scope, which see only what follows its prefix.
#[derive(Clone, Copy, Debug)]
pub struct Under(&'static str);

/// Inside the scope of this prefix.
#[must_use]
pub const fn under(prefix: &'static str) -> Under {
    Under(prefix)
}

impl Under {
    /// As [`resource`].
    pub fn resource(self, path: &str, known: impl IntoIterator<Item = Known>) -> Resource {
        knowing(&format!("{}{path}", self.0), web::resource(path), known)
    }

    /// The same under a path with and without a slash at its end, as front ends written for Django ask.
    pub fn slashed(self, path: &str, known: impl IntoIterator<Item = Known>) -> Resource {
        knowing(&format!("{}{path}", self.0), web::resource(vec![path.to_owned(), format!("{path}/")]), known)
    }
}

/// Every path with every method that answers it, as they were registered: the table of who may do what is held against it.
static REGISTERED: Mutex<BTreeSet<(String, String)>> = Mutex::new(BTreeSet::new());

/// Every path and method of this program, once a server has been built.
#[must_use]
pub fn registered() -> BTreeSet<(String, String)> {
    REGISTERED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn knowing(whole: &str, resource: Resource, known: impl IntoIterator<Item = Known>) -> Resource {
    let (methods, routes): (Vec<Method>, Vec<Route>) =
        known.into_iter().map(|(method, route)| (method.clone(), route.method(method))).unzip();
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let registered = names.iter().map(|name| (whole.to_owned(), (*name).to_owned()));
    REGISTERED.lock().unwrap_or_else(PoisonError::into_inner).extend(registered);
    // Names of methods always fit into a header.
    let allow = HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""));
    let refuse = web::to(move || {
        let allow = allow.clone();
        async move { HttpResponse::MethodNotAllowed().insert_header((ALLOW, allow)).finish() }
    });
    routes.into_iter().fold(resource, Resource::route).default_service(refuse)
}

/// A page: GET, and HEAD, which is the same without its body.
pub fn page<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    [(Method::GET, web::to(Caught(handler.clone()))), (Method::HEAD, web::to(Caught(handler)))].into_iter()
}

/// GET alone, for what must not be tried without being meant: a link scanner's HEAD would begin or finish a login.
pub fn get<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    std::iter::once((Method::GET, web::to(Caught(handler))))
}

/// A form.
pub fn form<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    std::iter::once((Method::POST, web::to(Caught(handler))))
}

/// DELETE, for programs.
pub fn delete<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    std::iter::once((Method::DELETE, web::to(Caught(handler))))
}

/// A handler whose panic is a value.
#[derive(Clone)]
struct Caught<F>(F);

type Panicked = Box<dyn Any + Send>;

impl<F: Handler<Args>, Args> Handler<Args> for Caught<F> {
    type Output = Result<F::Output, AppError>;
    type Future =
        Map<CatchUnwind<AssertUnwindSafe<F::Future>>, fn(Result<F::Output, Panicked>) -> Result<F::Output, AppError>>;

    fn call(&self, args: Args) -> Self::Future {
        // What the request held is dropped with it; what is shared lies behind locks that bear it.
        AssertUnwindSafe(self.0.call(args)).catch_unwind().map(told)
    }
}

/// The panic's own words may hold anything, and stay unsaid; the program's hook has told the place.
fn told<T>(ended: Result<T, Panicked>) -> Result<T, AppError> {
    ended.map_err(|_words| AppError::internal("the handler panicked"))
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::test::{TestRequest, call_service, init_service};

    use super::*;

    #[actix_web::test]
    async fn m13_a_panic_is_the_answer_500_of_its_own_request() {
        async fn panics() -> &'static str {
            tokio::task::yield_now().await;
            panic!("S3CR3T")
        }
        async fn answers() -> &'static str {
            "well"
        }
        let app = App::new().service(resource("/bad", page(panics))).service(resource("/good", page(answers)));
        let app = init_service(app).await;
        for _ in 0..3 {
            let bad = call_service(&app, TestRequest::get().uri("/bad").to_request()).await;
            assert_eq!(bad.status(), 500);
            let good = call_service(&app, TestRequest::get().uri("/good").to_request()).await;
            assert_eq!(good.status(), 200);
        }
    }
}
