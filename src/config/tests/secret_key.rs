//! The secret key: refused when weak, made once, never overwritten.

use std::os::unix::fs::PermissionsExt as _;

use super::{KEY, POSTGRES, load_real, names, source};
use crate::config::keys::EXAMPLE_SECRET;
use crate::config::load;

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn it_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = load(&source(&folder, &[])).unwrap().secrets.derive("x");
    assert_eq!(load(&source(&folder, &[])).unwrap().secrets.derive("x"), first);
    let path = folder.path().join("data/secret.key");
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let kept = std::fs::read_to_string(&path).unwrap();
    let other = tempfile::tempdir().unwrap();
    assert_ne!(load(&source(&other, &[])).unwrap().secrets.derive("x"), first);
    let as_setting = load(&source(&other, &[("FIIIIILM_SECRET__KEY", kept.trim())])).unwrap();
    assert_eq!(as_setting.secrets.derive("x"), first, "what is in the file is what the setting takes");
}

#[test]
fn it_lies_beside_the_database() {
    let folder = tempfile::tempdir().unwrap();
    load(&source(&folder, &[("DATABASE_URL", "sqlite://a/b/c.db")])).unwrap();
    assert!(folder.path().join("a/b/secret.key").exists());
}

#[test]
fn a_file_with_anything_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/secret.key");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    for ill in ["", "hex:00", "key-canary", &format!("hex:{}", "ab".repeat(32))] {
        std::fs::write(&path, ill).unwrap();
        let faults = load(&source(&folder, &[])).unwrap_err();
        assert_eq!(names(Err(faults.clone())), ["secret.key"], "{ill}");
        assert!(faults.to_string().contains("data/secret.key") && !faults.to_string().contains("canary"), "{faults}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), ill);
    }
}

#[test]
fn processes_that_start_at_once_agree() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let source = source(&folder, &[]);
        let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| load(&source).unwrap().secrets.derive("x"))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }
}

#[test]
fn a_file_another_process_has_just_created_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/secret.key");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "").unwrap();
    let waited = std::thread::scope(|scope| {
        let start = scope.spawn(|| load(&source(&folder, &[])).unwrap().secrets.derive("x"));
        std::thread::sleep(std::time::Duration::from_millis(150));
        std::fs::write(&path, format!("{KEY}\n")).unwrap();
        start.join().unwrap()
    });
    assert_eq!(load(&source(&folder, &[("FIIIIILM_SECRET__KEY", KEY)])).unwrap().secrets.derive("x"), waited);
}

#[test]
fn none_is_made_for_settings_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    assert!(load(&source(&folder, &[("FIIIIILM_SITE__LOCALE", "xx")])).is_err());
    assert!(!folder.path().join("data").exists());
}

#[test]
fn d14_weak_keys_are_refused() {
    let zeros = |bytes: usize| format!("hex:{}", "00".repeat(bytes));
    let few = format!("hex:{}", "0102030405060708".repeat(3) + "01020304050607");
    let words = "base64:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";
    for weak in ["", "secret", "hex:", "hex:xyz", "base64:!!", &zeros(31), &zeros(32), &few, words, EXAMPLE_SECRET] {
        for name in ["FIIIIILM_SECRET__KEY", "FIIIIILM_SECRET__PREVIOUS_KEYS"] {
            if weak.is_empty() && name.ends_with('S') {
                continue;
            }
            let faults = load_real(&[(name, weak)]).unwrap_err();
            assert_eq!(faults.0.len(), 1, "{name} {weak}: {faults}");
            assert!(faults.0[0].name.starts_with("secret."), "{faults}");
            assert!(weak.len() < 12 || !faults.to_string().contains(&weak[8..]), "{faults}");
        }
    }
    assert_eq!(names(load_real(&[POSTGRES, ("FIIIIILM_SECRET__KEY", "secret")])), ["secret.key"]);
}

#[test]
fn every_spelling_of_a_good_key_is_the_same_key() {
    let spellings = [
        "hex:fbeffffe00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4",
        "hex:FBEFFFFE00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4",
        "base64:++///gARIjNEVWZ3iJmqu8zd7v8PHi08S1ppeIeWpbQ=",
        "base64:--___gARIjNEVWZ3iJmqu8zd7v8PHi08S1ppeIeWpbQ",
    ];
    let keys = spellings.map(|text| load_real(&[("FIIIIILM_SECRET__KEY", text)]).unwrap().secrets.derive("x"));
    assert!(keys.iter().all(|key| *key == keys[0]));
}
