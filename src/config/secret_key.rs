//! `secret.*`: the key everything else is derived from. With SQLite it makes itself, once, in a file beside the
//! database; the file is never overwritten, because what was sealed with the key in it could not be opened again.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};

use super::keys::EXAMPLE_SECRET;
use super::settings::Settings;
use super::types::DatabaseUrl;
use super::value::Wrong;
use crate::secret::{KeyRing, Secret, random};

/// Fewest bytes of a key: as many as the keys derived from it have.
const LEAST: usize = 32;

/// Most bytes of a key.
const MOST: usize = 1024;

/// 32 random bytes have about 30 different ones; so few only come from a keyboard.
const LEAST_DIFFERENT: usize = 8;

/// Name of the file beside the database.
const FILE: &str = "secret.key";

/// How often, and how long apart, a half-written file of another process is looked at again.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// What the settings say.
pub(super) struct Keys {
    current: Option<Vec<u8>>,
    previous: Vec<Vec<u8>>,
}

pub(super) fn read(s: &mut Settings) -> Option<Keys> {
    let current = s.parse("secret.key", decode);
    let previous = s.parse_list("secret.previous_keys", decode);
    Some(Keys { current, previous: previous? })
}

/// The ring of the configured keys, or of the one kept beside the SQLite file.
pub(super) fn ring(keys: Keys, database: &DatabaseUrl) -> Result<KeyRing, Wrong> {
    let current = match (keys.current, database) {
        (Some(key), _) => key,
        (None, DatabaseUrl::Sqlite(path)) => beside(path)?,
        (None, DatabaseUrl::Postgres(_)) => return Err(("is not set".into(), "set it".into())),
    };
    Ok(KeyRing::new(Secret::new(current), keys.previous.into_iter().map(Secret::new).collect()))
}

/// `hex:…` or `base64:…` of either alphabet, with or without padding. No error repeats the text.
fn decode(text: &str) -> Result<Vec<u8>, String> {
    let bytes = if let Some(hex) = text.strip_prefix("hex:") {
        HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()
    } else if let Some(base64) = text.strip_prefix("base64:") {
        let alphabets = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
        alphabets.iter().find_map(|alphabet| alphabet.decode(base64.as_bytes()).ok())
    } else {
        return Err("must begin with hex: or base64:".to_owned());
    };
    let Some(bytes) = bytes else { return Err("cannot be decoded".to_owned()) };
    if !(LEAST..=MOST).contains(&bytes.len()) {
        return Err(format!("has {} bytes; it needs at least {LEAST} (and at most {MOST})", bytes.len()));
    }
    if text == EXAMPLE_SECRET {
        return Err("is the example's, which everybody knows".to_owned());
    }
    if bytes.iter().collect::<BTreeSet<_>>().len() < LEAST_DIFFERENT {
        return Err("is not random: it repeats a few bytes".to_owned());
    }
    Ok(bytes)
}

/// Reads the key beside the database, or makes it. Two processes that start at once agree: only one can create the
/// file, the other waits until it is whole.
fn beside(database: &Path) -> Result<Vec<u8>, Wrong> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let path = folder.join(FILE);
    let refused = |doing: &str, e: io::Error| {
        let problem = format!("cannot be {doing} as {} ({e})", path.display());
        (problem, "let this process write there, or set secret.key yourself".to_owned())
    };
    match existing(&path) {
        Ok(Some(text)) => return kept(&path, &text),
        Ok(None) => {}
        Err(e) => return Err(refused("read", e)),
    }
    match make(folder, &path) {
        Ok(key) => Ok(key),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => match existing(&path) {
            Ok(text) => kept(&path, &text.unwrap_or_default()),
            Err(e) => Err(refused("read", e)),
        },
        Err(e) => Err(refused("made", e)),
    }
}

/// The file's text, once its last line is whole; what there is when it stays half.
fn existing(path: &Path) -> io::Result<Option<String>> {
    let mut text = String::new();
    for _ in 0..LOOKS {
        text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        if !text.is_empty() {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(Some(text))
}

fn kept(path: &Path, text: &str) -> Result<Vec<u8>, Wrong> {
    decode(text.trim()).map_err(|problem| {
        let shown = path.display();
        let problem = if text.is_empty() { "is empty".to_owned() } else { problem };
        let remedy = "put back the key that was there; only if the database holds nothing yet, remove the file";
        (format!("is kept in {shown}, but what is there {problem}"), remedy.to_owned())
    })
}

/// Written and on disk under a name of its own, and then linked to the right one: whoever finds the file finds it whole, also
/// after a process was killed in the middle, and a link never replaces what is there.
fn make(folder: &Path, path: &Path) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::DirBuilderExt as _;
    let (key, name) = (random::<LEAST>().map_err(io::Error::other)?, random::<8>().map_err(io::Error::other)?);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".{FILE}.{}", HEXLOWER.encode(&name)));
    write(&draft, &key)?;
    let linked = match fs::hard_link(&draft, path) {
        // A file system without links: whoever is killed in the middle here leaves an empty file, and is told so.
        Err(e) if matches!(e.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => write(path, &key),
        done => done,
    };
    fs::remove_file(&draft)?;
    linked?;
    fs::File::open(folder)?.sync_all()?;
    Ok(key.to_vec())
}

fn write(path: &Path, key: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(format!("hex:{}\n", HEXLOWER.encode(key)).as_bytes())?;
    file.sync_all()
}
