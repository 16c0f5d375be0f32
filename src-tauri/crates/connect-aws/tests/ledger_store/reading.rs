//! Reading: all of the log, or an error; never less.

use crate::fake::{Act, Asked, Bucket, slot, web_page};
use interlock_domain::Digest;
use interlock_ledger::{LogStore as _, StoreError};
use std::time::Duration;

fn filled(count: u64) -> Bucket {
    let bucket = Bucket::start();
    for seq in 0..count {
        bucket.plant(&slot(seq), format!("leaf {seq}").as_bytes());
    }
    bucket
}

fn is_unavailable(error: &StoreError, words: &str) {
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

fn is_damaged(error: &StoreError, words: &str) {
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn all_pages_are_read_and_only_what_is_asked_for_is_fetched() {
    let bucket = filled(40);
    bucket.set(|settings| settings.page = 7);
    let store = bucket.store();
    let all = store.leaves_from(0).unwrap();
    assert_eq!(all.len(), 40);
    assert_eq!(all[39], b"leaf 39");
    assert!(bucket.most_at_once() > 4 && bucket.most_at_once() <= 16);
    bucket.script(|_, _| Act::Answer);
    assert_eq!(store.leaves_from(38).unwrap(), all[38..]);
    assert_eq!(store.leaves_from(40).unwrap(), Vec::<Vec<u8>>::new());
    let asked = bucket.asked();
    assert_eq!(asked.iter().filter(|asked| asked.is_list()).count(), 2);
    assert_eq!(asked.iter().filter(|asked| asked.is_get()).count(), 4);
}

#[test]
fn fault_34_a_slot_that_is_missing_is_named() {
    let bucket = filled(5);
    bucket.remove_all_trace(&slot(2));
    let store = bucket.store();
    is_damaged(&store.leaves_from(0).unwrap_err(), "entry 2 is missing");
    is_damaged(&store.leaves_from(2).unwrap_err(), "entry 2 is missing");
    assert_eq!(store.leaves_from(3).unwrap().len(), 2);
}

#[test]
fn fault_33_hidden_entries_are_damage_and_not_a_shorter_log() {
    for hidden in [vec![4], vec![3, 4], vec![1], vec![0, 1, 2, 3, 4]] {
        let bucket = filled(5);
        for seq in &hidden {
            bucket.delete(&slot(*seq));
        }
        let store = bucket.store();
        let first = format!("entry {}", hidden[0]);
        is_damaged(&store.leaves_from(0).unwrap_err(), &first);
    }
}

#[test]
fn fault_49_a_web_page_is_a_portal_and_never_an_empty_log() {
    let bucket = filled(2);
    let store = bucket.store();
    assert_eq!(store.leaves_from(0).unwrap().len(), 2);
    bucket.script(|_, _| web_page());
    for error in [
        store.leaves_from(0).unwrap_err(),
        store.document(&Digest::of(b"x")).unwrap_err(),
        store.examine().unwrap_err(),
    ] {
        is_unavailable(&error, "a web page titled \"Guest network\"");
        is_unavailable(&error, "log in there");
    }
    let error = store.put_leaf(2, b"x").unwrap_err();
    assert!(
        matches!(error, StoreError::OutcomeUnknown { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("Guest network"), "{error}");
    // Only the bodies are replaced, or only the list.
    for only in [true, false] {
        bucket.script(move |asked, _| {
            if asked.is_list() == only {
                web_page()
            } else {
                Act::Answer
            }
        });
        is_unavailable(&store.leaves_from(0).unwrap_err(), "web page");
    }
    // A redirection to the page of a portal.
    bucket.script(|_, _| Act::Say(302, "text/plain", String::new()));
    is_unavailable(&store.leaves_from(0).unwrap_err(), "redirection");
}

#[test]
fn fault_49_a_body_of_another_type_is_no_entry() {
    let bucket = filled(2);
    let store = bucket.store();
    bucket.alter(&slot(1), |version| version.kind = "application/json".into());
    is_unavailable(&store.leaves_from(0).unwrap_err(), "application/json");
    bucket.script(|asked, _| {
        if asked.is_list() {
            Act::Say(200, "application/json", "{}".into())
        } else {
            Act::Answer
        }
    });
    is_unavailable(&store.leaves_from(0).unwrap_err(), "none of AWS's");
}

#[test]
fn fault_50_a_list_that_is_cut_is_an_error() {
    let bucket = filled(9);
    bucket.set(|settings| settings.page = 4);
    let store = bucket.store();
    assert_eq!(store.leaves_from(0).unwrap().len(), 9);
    let cuts: [fn(String) -> String; 5] = [
        |text| text.replace("NextContinuationToken", "Next"),
        |text| text.replace("IsTruncated", "Is"),
        |text| text[..text.len() / 2].to_owned(),
        |text| text.replacen("Contents", "Content", 2),
        |_| "<ListBucketResult></ListBucketResult>".into(),
    ];
    for (number, cut) in cuts.into_iter().enumerate() {
        bucket.script(move |asked, _| {
            if asked.is_list() {
                Act::Change(cut)
            } else {
                Act::Answer
            }
        });
        let error = store.leaves_from(0).unwrap_err();
        assert!(
            matches!(error, StoreError::Unavailable { .. }),
            "{number}: {error}"
        );
    }
    // Pages that go in circles.
    bucket.script(|asked, _| {
        if asked.is_list() {
            Act::Say(
                200,
                "application/xml",
                "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>true</IsTruncated>\
                 <NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
                    .into(),
            )
        } else {
            Act::Answer
        }
    });
    is_unavailable(&store.leaves_from(0).unwrap_err(), "circles");
}

#[test]
fn fault_50_a_list_of_versions_that_is_cut_is_an_error() {
    let bucket = filled(9);
    bucket.set(|settings| settings.page = 4);
    let store = bucket.store();
    assert_eq!(store.examine().unwrap(), []);
    let cuts: [fn(String) -> String; 2] = [
        |text| text.replace("NextKeyMarker", "Next"),
        |text| text.replace("IsTruncated", "Is"),
    ];
    for cut in cuts {
        bucket.script(move |asked, _| {
            if asked.query.contains_key("versions") {
                Act::Change(cut)
            } else {
                Act::Answer
            }
        });
        is_unavailable(&store.examine().unwrap_err(), "incomplete");
    }
}

#[test]
fn an_entry_that_is_too_large_is_not_even_fetched() {
    let bucket = filled(1);
    bucket.plant(&slot(1), &vec![b'x'; (128 << 10) + 1]);
    let store = bucket.store();
    is_damaged(
        &store.leaves_from(0).unwrap_err(),
        "entry 1 has 131073 bytes",
    );
    assert!(!bucket.asked().iter().any(Asked::is_get));
}

#[test]
fn bytes_that_changed_on_the_way_are_damage() {
    let bucket = Bucket::start();
    let store = bucket.store();
    store.put_leaf(0, b"leaf").unwrap();
    assert_eq!(store.leaves_from(0).unwrap(), [b"leaf".to_vec()]);
    bucket.alter(&slot(0), |version| version.body = "LEAF".into());
    is_damaged(
        &store.leaves_from(0).unwrap_err(),
        "entry 0 does not have the checksum",
    );
}

#[test]
fn a_bucket_in_another_region_says_so() {
    let bucket = Bucket::start();
    let store = bucket.store();
    bucket.script(|_, _| Act::Elsewhere);
    for error in [
        store.leaves_from(0).unwrap_err(),
        store.put_leaf(0, b"x").unwrap_err(),
    ] {
        is_unavailable(&error, "another region");
    }
}

#[test]
fn a_stray_file_does_not_stop_the_log() {
    let bucket = filled(2);
    bucket.plant("log/bank/readme.txt", b"hello");
    bucket.plant("log/bank/00000000000000000000.bak", b"hello");
    bucket.plant("log/bank2/00000000000000000000", b"another log");
    let store = bucket.store();
    assert_eq!(store.leaves_from(0).unwrap().len(), 2);
    assert_eq!(store.examine().unwrap().len(), 2);
}

#[test]
fn the_store_has_a_clock_of_its_own() {
    let bucket = filled(1);
    let store = bucket.store();
    let told = store.clock().unwrap().unwrap();
    let here = interlock_domain::Timestamp::now();
    assert!(here.duration_since(told.now()).as_secs().abs() <= 2);
    let before = bucket.asked().len();
    assert!(store.clock().unwrap().unwrap().age < Duration::from_secs(30));
    assert_eq!(
        bucket.asked().len(),
        before,
        "a fresh time is not asked for again"
    );
}

#[test]
fn a_name_that_is_no_part_of_a_key_is_refused() {
    let bucket = Bucket::start();
    for log in ["", "a/b", "á", "a b"] {
        let mut options = bucket.options();
        options.log = log.into();
        assert!(
            interlock_connect_aws::S3Ledger::new(options).is_err(),
            "{log}"
        );
    }
}
