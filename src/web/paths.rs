//! A path with the methods it knows: any other one is refused with `Allow`, as RFC 9110 section 15.5.6 asks.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, web};

/// A method and what answers it.
type Known = (Method, Route);

/// A path that knows these methods.
pub fn resource(path: &str, known: impl IntoIterator<Item = Known>) -> Resource {
    let (methods, routes): (Vec<Method>, Vec<Route>) =
        known.into_iter().map(|(method, route)| (method.clone(), route.method(method))).unzip();
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    // Names of methods always fit into a header.
    let allow = HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""));
    let refuse = web::to(move || {
        let allow = allow.clone();
        async move { HttpResponse::MethodNotAllowed().insert_header((ALLOW, allow)).finish() }
    });
    routes.into_iter().fold(web::resource(path), Resource::route).default_service(refuse)
}

/// A page: GET, and HEAD, which is the same without its body.
pub fn page<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    [(Method::GET, web::to(handler.clone())), (Method::HEAD, web::to(handler))].into_iter()
}

/// GET alone, for what must not be tried without being meant: a link scanner's HEAD would begin or finish a login.
pub fn get<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    std::iter::once((Method::GET, web::to(handler)))
}

/// A form.
pub fn form<F, Args>(handler: F) -> impl Iterator<Item = Known>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    std::iter::once((Method::POST, web::to(handler)))
}
