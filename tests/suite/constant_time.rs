//! H17: whatever is secret is compared in constant time, because there is no other way to compare it.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

/// Expressions that take a secret out of its wrapping and compare it by themselves.
fn loose(source: &str) -> Vec<String> {
    let product = source.split("#[cfg(test)]").next().unwrap_or_default();
    let statements =
        product.split([';', ',', '{', '}']).map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let compares = |text: &String| [" == ", " != ", ".eq(", ".ne(", ".cmp("].iter().any(|sign| text.contains(sign));
    statements.filter(|text| text.contains("expose()") && compares(text)).collect()
}

#[test]
fn h17_no_secret_is_compared_but_in_constant_time() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    assert!(files.len() > 200, "{}", files.len());
    for file in files {
        assert_eq!(loose(&fs::read_to_string(&file).unwrap()), [""; 0], "{}", file.display());
    }
    assert_eq!(loose("let a = key\n    .expose()\n    == sent; let b = 1 == 2;").len(), 1, "the rule sees it");
}

#[test]
fn h17_the_wrapping_and_the_forms_of_notices_use_the_one_comparison() {
    let text = |path: &str| fs::read_to_string(path).unwrap();
    let wrapping = text("src/secret.rs");
    let derived = wrapping.split("pub struct Secret<T>").next().unwrap().rsplit("#[derive(").next().unwrap();
    assert!(!derived.contains("PartialEq"), "{derived}");
    assert!(wrapping.contains("same(self.0.as_ref(), other.0.as_ref())") && wrapping.contains("a.ct_eq(b).into()"));
    for path in ["src/webhooks/kakao.rs", "src/providers/naver_notice.rs"] {
        assert!(text(path).contains("secret::same(&"), "{path}");
    }
}
