//! From file and environment to one value per setting. Order: `FIIIIILM_…`, `DATABASE_URL`, the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::fault::Fault;
use super::keys;
use super::providers;
use super::settings::{Given, Settings};
use super::source::{DATABASE_URL, Source};
use super::suggest;
use super::value::{Raw, settle};

/// The file looked for when none is named.
const DEFAULT_FILE: &str = "fiiiiilm.toml";

/// Largest file a secret is read from, in bytes.
const MAX_SECRET_FILE: usize = 65_536;

/// What one layer says, by dotted name; the second member is the environment variable.
type Layer = BTreeMap<String, (Raw, Option<String>)>;

/// Gathers; `None` in place of a file that could not be read, beside its fault.
pub(super) fn gather(source: &Source) -> (Settings, bool) {
    let mut settings = Settings::new(&source.dir);
    let file = read_file(source, &mut settings.faults);
    let complete = file.is_some();
    let (shared, own) = environment(source, &mut settings.faults);
    let mut chosen = BTreeMap::new();
    for layer in [file.unwrap_or_default(), shared, own] {
        choose(layer, &mut chosen, &mut settings.faults);
    }
    for (name, pick) in chosen {
        let (value, fault) = settled(&pick, &source.dir);
        settings.faults.extend(fault);
        settings.given.insert(name, Given { value, variable: pick.variable });
    }
    (settings, complete)
}

/// A setting as one layer gives it.
struct Pick {
    key: &'static keys::Key,
    /// Its name as given; the key's own may be the sample's.
    name: String,
    raw: Raw,
    variable: Option<String>,
    from_file: bool,
}

fn read_file(source: &Source, faults: &mut Vec<Fault>) -> Option<Layer> {
    let named = source.file.as_ref();
    let path = source.dir.join(named.map_or(Path::new(DEFAULT_FILE), |path| path.as_path()));
    let shown = named.map_or_else(|| DEFAULT_FILE.to_owned(), |path| path.display().to_string());
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => return Some(Layer::new()),
        Err(e) => {
            faults.push(Fault::new(&shown, format!("cannot be read ({e})"), "name a settings file that exists"));
            return None;
        }
    };
    match text.parse::<toml::Table>() {
        Ok(table) => {
            let mut layer = Layer::new();
            flatten("", table, &mut layer);
            Some(layer)
        }
        Err(e) => {
            // The error's own display repeats the line, which may hold a secret.
            let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            faults.push(Fault::new(&shown, format!("is not TOML: line {line}: {}", e.message()), "correct that line"));
            None
        }
    }
}

fn flatten(prefix: &str, table: toml::Table, layer: &mut Layer) {
    for (name, value) in table {
        let full = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&full, inner, layer),
            value => drop(layer.insert(full, (Raw::from(value), None))),
        }
    }
}

/// `DATABASE_URL`, and the variables of our own.
fn environment(source: &Source, faults: &mut Vec<Fault>) -> (Layer, Layer) {
    let (mut shared, mut own) = (Layer::new(), Layer::new());
    for (variable, value) in &source.env {
        let entry = (Raw::Text(value.clone()), Some(variable.clone()));
        if variable == DATABASE_URL {
            shared.insert("database.url".to_owned(), entry);
        } else if let Some(rest) = variable.strip_prefix(keys::PREFIX).filter(|_| !keys::is_foreign(variable)) {
            if rest.contains("__") && !rest.contains(char::is_lowercase) {
                own.insert(rest.to_ascii_lowercase().replace("__", "."), entry);
            } else {
                faults.push(Fault::new(
                    variable,
                    "is not the name of a setting",
                    "write FIIIIILM_SECTION__KEY in upper case, as in FIIIIILM_SERVER__BIND, or unset it",
                ));
            }
        }
    }
    (shared, own)
}

/// Puts a layer's settings over those of the layers below. A secret and its file are two answers to one question, in
/// whichever layers they stand.
fn choose(layer: Layer, chosen: &mut BTreeMap<String, Pick>, faults: &mut Vec<Fault>) {
    for (name, (raw, variable)) in layer {
        let file_of = name.strip_suffix("_file").and_then(keys::find).filter(|key| key.secret);
        let Some(key) = keys::find(&name).or(file_of) else {
            faults.push(Fault { given_in: variable, ..unknown(&name) });
            continue;
        };
        let from_file = keys::find(&name).is_none();
        let name = if from_file { name.trim_end_matches("_file").to_owned() } else { name };
        if chosen.get(&name).is_some_and(|below| below.from_file != from_file) {
            let problem = format!("is set, but {name} is set too");
            faults.push(Fault::new(&format!("{name}_file"), problem, "remove one of them"));
        }
        chosen.insert(name.clone(), Pick { key, name, raw, variable, from_file });
    }
}

fn unknown(name: &str) -> Fault {
    if let Some(fault) = providers::unknown(name) {
        return fault;
    }
    let remedy = match suggest::nearest(name) {
        Some(near) => format!("did you mean {near}?"),
        None => "remove it; fiiiiilm.example.toml lists every setting".to_owned(),
    };
    Fault::new(name, "is not a setting", remedy)
}

/// The value of a setting, or its fault.
fn settled(pick: &Pick, dir: &Path) -> (Option<super::value::Value>, Option<Fault>) {
    let raw = if pick.from_file { content(&pick.raw, dir) } else { Ok(pick.raw.clone()) };
    match raw.and_then(|raw| settle(pick.key, &raw)) {
        Ok(value) => (Some(value), None),
        Err((problem, remedy)) => {
            let file = if pick.from_file { "_file" } else { "" };
            let fault = Fault::new(&format!("{}{file}", pick.name), problem, remedy);
            (None, Some(Fault { given_in: pick.variable.clone(), ..fault }))
        }
    }
}

/// A secret out of the file that was named. The name is never shown: people put the secret itself there.
fn content(raw: &Raw, dir: &Path) -> Result<Raw, (String, String)> {
    let Raw::Text(path) = raw else {
        return Err(("must be the path of a file, in quotes".into(), "correct it".into()));
    };
    if path.trim().is_empty() {
        return Err(("is empty".into(), "set it to the path of a file, or remove it".into()));
    }
    let told = |problem: String| (problem, "name a file this process may read, with the secret alone in it".to_owned());
    let text = fs::read_to_string(dir.join(path.trim()))
        .map_err(|e| told(format!("names a file that cannot be read ({})", e.kind())))?;
    match text.trim() {
        "" => Err(told("names a file that is empty".into())),
        text if text.len() > MAX_SECRET_FILE => Err(told("names a file that is too large for a secret".into())),
        text => Ok(Raw::Text(text.to_owned())),
    }
}
