use super::*;
use crate::SqliteSnapshots;
use interlock_app::ports::SnapshotStore as _;
use interlock_domain::{
    AccountId, EnvironmentName, Region, StackName,
    stack::{StackDrift, StackStatus},
};

fn scope() -> Scope {
    Scope {
        environment: EnvironmentName::new("prod").unwrap(),
        account: AccountId::new("111111111111").unwrap(),
        region: Region::new("us-east-1").unwrap(),
    }
}

fn at(hour: u8) -> Timestamp {
    format!("2026-11-20T{hour:02}:00:00Z").parse().unwrap()
}

fn stack(name: &str, updated: u8) -> Stack {
    Stack {
        id: format!("arn:aws:cloudformation:us-east-1:111111111111:stack/{name}/1"),
        name: StackName::new(name).unwrap(),
        status: StackStatus("UPDATE_COMPLETE".into()),
        status_reason: None,
        description: None,
        created_at: at(1),
        updated_at: Some(at(updated)),
        parameters: vec![],
        outputs: vec![],
        tags: std::collections::BTreeMap::default(),
        drift: StackDrift {
            status: "NOT_CHECKED".into(),
            checked_at: None,
        },
        parent: None,
        capabilities: vec![],
        role: None,
        termination_protection: false,
    }
}

fn store() -> (tempfile::TempDir, SqliteSnapshots) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteSnapshots::open(&folder.path().join("s.db")).unwrap();
    (folder, store)
}

#[test]
fn each_revision_has_the_times_between_which_it_was_seen() {
    let (_folder, store) = store();
    store
        .observe(&scope(), at(3), &[stack("a", 2), stack("b", 2)])
        .unwrap();
    store
        .observe(&scope(), at(5), &[stack("a", 2), stack("b", 4)])
        .unwrap();
    store.observe(&scope(), at(6), &[stack("b", 4)]).unwrap();
    let seen: Vec<_> = store
        .revisions(&scope())
        .unwrap()
        .into_iter()
        .map(|r| (r.stack, r.first_seen, r.last_seen, r.gone_at))
        .collect();
    assert_eq!(
        seen,
        [
            (stack("a", 2), at(3), at(5), Some(at(6))),
            (stack("b", 2), at(3), at(3), None),
            (stack("b", 4), at(5), at(6), None),
        ]
    );
}

#[test]
fn another_account_does_not_count() {
    let (_folder, store) = store();
    let other = Scope {
        account: AccountId::new("222222222222").unwrap(),
        ..scope()
    };
    store.observe(&scope(), at(3), &[stack("a", 2)]).unwrap();
    store.observe(&other, at(4), &[]).unwrap();
    assert_eq!(store.revisions(&scope()).unwrap()[0].gone_at, None);
    assert_eq!(store.revisions(&other).unwrap(), []);
}

#[test]
fn a_stack_that_is_there_again_was_not_gone() {
    let (_folder, store) = store();
    for (hour, stacks) in [
        (3, vec![stack("a", 2)]),
        (4, vec![]),
        (5, vec![stack("a", 2)]),
    ] {
        store.observe(&scope(), at(hour), &stacks).unwrap();
    }
    let seen = store.revisions(&scope()).unwrap();
    assert_eq!((seen[0].gone_at, seen[0].last_seen), (None, at(5)));
}

#[test]
fn a_template_belongs_to_its_revision_and_equal_texts_are_kept_once() {
    let (_folder, store) = store();
    let (a, b) = (stack("a", 2), stack("b", 2));
    store
        .observe(&scope(), at(3), &[a.clone(), b.clone()])
        .unwrap();
    let keys = [a.revision_key(), b.revision_key(), "other".to_owned()];
    assert_eq!(store.without_template(&keys).unwrap(), keys);
    let text = "Resources: {} # ñ\n".repeat(9_000);
    for key in &keys {
        store.keep_template(key, &text).unwrap();
    }
    assert_eq!(store.template(&keys[0]).unwrap().as_ref(), Some(&text));
    assert_eq!(store.template(&keys[1]).unwrap(), Some(text));
    assert_eq!(store.template("other").unwrap(), None, "nobody saw it");
    assert_eq!(store.without_template(&keys).unwrap(), ["other"]);
    let count = "SELECT count(*) FROM template";
    let rows: i64 = store
        .lock()
        .connection
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn a_damaged_template_is_an_error_and_no_text() {
    let (_folder, store) = store();
    let one = stack("a", 2);
    store
        .observe(&scope(), at(3), std::slice::from_ref(&one))
        .unwrap();
    store.keep_template(&one.revision_key(), "text").unwrap();
    let other = compress_to_vec(b"test", PRESSED);
    let damage = "UPDATE template SET packed = ?1";
    store.lock().connection.execute(damage, [other]).unwrap();
    let error = store.template(&one.revision_key()).unwrap_err();
    assert!(error.message.contains("damaged"), "{error}");
}

#[test]
fn what_was_last_seen_long_ago_goes_with_its_template() {
    let (_folder, store) = store();
    let old = stack("old", 2);
    store
        .observe(&scope(), at(3), std::slice::from_ref(&old))
        .unwrap();
    store.keep_template(&old.revision_key(), "text").unwrap();
    let later = at(3) + std::time::Duration::from_hours(401 * 24);
    store.observe(&scope(), later, &[]).unwrap();
    assert_eq!(store.revisions(&scope()).unwrap(), []);
    let left: i64 = store
        .lock()
        .connection
        .query_row("SELECT count(*) FROM template", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

/// What the store says of everything in it.
type Told = (
    Vec<Option<(Timestamp, String)>>,
    Vec<SeenRevision>,
    Vec<Option<String>>,
);

fn told(store: &SqliteSnapshots, keys: &[String]) -> Told {
    let names = ["overview", "estate"];
    (
        names
            .map(|name| store.load(name).unwrap_or_default())
            .into(),
        store.revisions(&scope()).unwrap_or_default(),
        keys.iter()
            .map(|key| store.template(key).unwrap_or_default())
            .collect(),
    )
}

#[test]
fn threat_16_no_turned_bit_of_any_page_is_taken_for_what_was_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let stacks: Vec<_> = (0..12).map(|n| stack(&format!("s-{n}"), 2)).collect();
    let keys: Vec<_> = stacks.iter().map(Stack::revision_key).collect();
    let store = SqliteSnapshots::open(&path).unwrap();
    store
        .save("overview", at(4), &"prod runs 1.0; ".repeat(900))
        .unwrap();
    store.save("estate", at(4), "prod").unwrap();
    store.observe(&scope(), at(3), &stacks).unwrap();
    store.observe(&scope(), at(4), &stacks[1..]).unwrap();
    for (n, key) in keys.iter().enumerate() {
        let text = format!("Resources: {n} # ñ\n").repeat(500);
        store.keep_template(key, &text).unwrap();
    }
    let whole = told(&store, &keys);
    assert_eq!((whole.1.len(), whole.2.iter().flatten().count()), (12, 12));
    let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
    let merge = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    assert_eq!(
        store.lock().connection.query_row(truncate, [], merge),
        Ok(0)
    );
    drop(store);
    let sound = std::fs::read(&path).unwrap();
    let (mut noticed, mut harmless) = (0, 0);
    // Nineteen places of every page, each with another bit.
    for place in (0..sound.len()).step_by(211) {
        let mut turned = sound.clone();
        turned[place] ^= 1 << (place % 8);
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("s.db");
        std::fs::write(&path, turned).unwrap();
        let Ok(store) = SqliteSnapshots::open(&path) else {
            noticed += 1;
            continue;
        };
        let found = told(&store, &keys);
        let mut same = true;
        for (found, whole) in found.0.iter().zip(&whole.0) {
            assert!(found.is_none() || found == whole, "byte {place}: {found:?}");
            same &= found == whole;
        }
        for revision in &found.1 {
            assert!(whole.1.contains(revision), "byte {place}: {revision:?}");
        }
        for (found, whole) in found.2.iter().zip(&whole.2) {
            assert!(found.is_none() || found == whole, "byte {place}");
            same &= found == whole;
        }
        if same && found.1.len() == whole.1.len() {
            harmless += 1;
        } else {
            noticed += 1;
        }
    }
    assert!(noticed > 40, "noticed {noticed}, of no effect {harmless}");
}
