//! The people's pictures: an initial on a coloured film frame, drawn here so that a demo needs no network.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use actix_web::web;
use askama::Template;

use super::provider::Provider;
use crate::error::AppError;
use crate::error::Kind;

/// Grounds of the frames, all dark enough for a white initial.
const COLOURS: [&str; 7] = ["#b5331a", "#1e5f74", "#6b4c9a", "#1e7a46", "#8a5a00", "#9c2f5f", "#3d4f6b"];

/// A film frame.
#[derive(Template)]
#[template(path = "simulator/portrait.svg", escape = "html")]
struct Portrait {
    initial: String,
    colour: &'static str,
    side: u32,
}

/// The picture of those who chose none.
#[derive(Template)]
#[template(path = "simulator/nobody.svg", escape = "html")]
struct Nobody {
    side: u32,
}

/// `GET /pictures/{id}_{side}x{side}.svg`, or `default_…` for those without one. Any page may show it.
pub(super) async fn show(file: web::Path<String>) -> Result<HttpResponse, AppError> {
    let drawing = draw(&file).ok_or_else(|| AppError::new(Kind::NotFound))?.map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .body(drawing))
}

fn draw(file: &str) -> Option<Result<String, askama::Error>> {
    let (name, size) = file.strip_suffix(".svg")?.rsplit_once('_')?;
    let (side, _) = size.split_once('x').filter(|(width, height)| width == height)?;
    let side = side.parse().ok().filter(|side| matches!(side, 110 | 640))?;
    if name == "default" {
        return Some(Nobody { side }.render());
    }
    let everybody = || Provider::ALL.into_iter().flat_map(Provider::people);
    let (place, person) = everybody().enumerate().find(|(_, person)| person.id == name)?;
    let initial = person.name.unwrap_or(person.id).chars().next()?.to_string();
    Some(Portrait { initial, colour: COLOURS.get(place % COLOURS.len())?, side }.render())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_picture() {
        for person in Provider::ALL.into_iter().flat_map(Provider::people) {
            for side in [110, 640] {
                assert!(draw(&format!("{}_{side}x{side}.svg", person.id)).unwrap().unwrap().contains("<svg"));
            }
        }
        assert!(draw("default_640x640.svg").unwrap().unwrap().contains("<svg"));
    }

    #[test]
    fn there_are_no_others() {
        for file in ["1_640x640.svg", "default_640x110.svg", "default_9999x9999.svg", "default_640x640.png", "x", ""] {
            assert!(draw(file).is_none(), "{file}");
        }
    }
}
