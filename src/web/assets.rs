//! Static files. They are part of the binary and named by their content, so a browser may keep them for a year and
//! a new release still shows at once.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use data_encoding::HEXLOWER;

use super::paths;
use crate::error::AppError;
use crate::error::Kind;
use crate::secret;

/// Name and content of every file in `static/` that pages use.
const FILES: [(&str, &[u8]); 4] = [
    ("app.css", include_bytes!("../../static/app.css")),
    ("app.js", include_bytes!("../../static/app.js")),
    ("icon.svg", include_bytes!("../../static/icon.svg")),
    ("strip.svg", include_bytes!("../../static/strip.svg")),
];

/// How many bytes of the SHA-256 go into a name: enough that two releases never share one.
const HASH_BYTES: usize = 8;

struct Asset {
    href: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

/// The files by the name templates use.
static BY_NAME: LazyLock<HashMap<&'static str, Asset>> =
    LazyLock::new(|| FILES.into_iter().map(|(name, bytes)| (name, asset(name, bytes))).collect());

/// The files by the name in the address.
static BY_HREF: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| BY_NAME.values().map(|asset| (asset.href.as_str(), asset)).collect());

fn asset(name: &str, bytes: &'static [u8]) -> Asset {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let hash = HEXLOWER.encode(&secret::sha256(bytes)[..HASH_BYTES]);
    let media_type = match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Asset { href: format!("/static/{stem}.{hash}.{ending}"), media_type, bytes }
}

/// The address of a file; empty for a file there is not, which a test forbids.
#[must_use]
pub fn href(name: &str) -> &'static str {
    BY_NAME.get(name).map_or("", |asset| asset.href.as_str())
}

/// Mounts `GET /static/{file}`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(paths::resource("/static/{file}", paths::page(show)).name("static"));
}

async fn show(file: web::Path<String>) -> Result<HttpResponse, AppError> {
    let asset = BY_HREF.get(format!("/static/{file}").as_str()).ok_or(AppError::new(Kind::NotFound))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_content() {
        let href = href("app.css");
        assert!(href.starts_with("/static/app.") && href.ends_with(".css"), "{href}");
        assert_ne!(asset("app.css", b"a").href, asset("app.css", b"b").href);
    }
}
