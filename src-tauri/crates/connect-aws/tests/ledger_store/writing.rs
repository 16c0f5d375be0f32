//! Writing into slots: once, and with a true answer whatever happens to the answer of S3.

use crate::fake::{Act, Bucket, fault, slot, web_page};
use interlock_connect_aws::S3Ledger;
use interlock_domain::Digest;
use interlock_ledger::{LogStore as _, StoreError};

fn reason(error: &StoreError) -> String {
    error.to_string()
}

/// Answers the first writes otherwise than S3 would.
fn first_writes(bucket: &Bucket, count: usize, act: fn() -> Act) {
    let mut seen = 0;
    bucket.script(move |asked, _| {
        if asked.is_put() && seen < count {
            seen += 1;
            return act();
        }
        Act::Answer
    });
}

fn writes(bucket: &Bucket) -> usize {
    bucket.asked().iter().filter(|asked| asked.is_put()).count()
}

#[test]
fn a_slot_is_created_once_with_the_condition_and_a_checksum() {
    let bucket = Bucket::start();
    let store = bucket.store();
    store.put_leaf(0, b"first").unwrap();
    assert_eq!(
        store.put_leaf(0, b"other"),
        Err(StoreError::SlotTaken { seq: 0 })
    );
    assert_eq!(
        store.put_leaf(0, b"first"),
        Err(StoreError::SlotTaken { seq: 0 })
    );
    store.put_leaf(1, b"second").unwrap();
    assert_eq!(
        store.leaves_from(0).unwrap(),
        [b"first".to_vec(), b"second".to_vec()]
    );
    for asked in bucket.asked().iter().filter(|asked| asked.is_put()) {
        assert_eq!(asked.header("if-none-match"), "*");
        assert_eq!(asked.header("x-amz-checksum-sha256").len(), 44);
        assert_eq!(
            asked.header("x-amz-object-lock-mode"),
            "",
            "the bucket's default counts"
        );
    }
    assert_eq!(store.place(), "s3://b/log/bank/");
}

#[test]
fn fault_04_a_lost_answer_to_a_write_that_arrived_is_a_success() {
    let bucket = Bucket::start();
    let store = bucket.hasty();
    first_writes(&bucket, 1, || Act::DoSilently);
    store.put_leaf(0, b"mine").unwrap();
    assert_eq!(
        writes(&bucket),
        1,
        "the slot was read back, not written again"
    );
    assert_eq!(bucket.versions(&slot(0)).len(), 1);
}

#[test]
fn fault_04_a_lost_answer_to_a_write_that_somebody_else_won_is_a_taken_slot() {
    let bucket = Bucket::start();
    let store = bucket.hasty();
    bucket.plant(&slot(0), b"theirs");
    first_writes(&bucket, 1, || Act::Silence);
    assert_eq!(
        store.put_leaf(0, b"mine"),
        Err(StoreError::SlotTaken { seq: 0 })
    );
}

#[test]
fn fault_04_a_write_that_did_not_arrive_is_sent_again_into_the_same_slot() {
    for act in [|| Act::Silence, || fault(500, "InternalError"), web_page] {
        let bucket = Bucket::start();
        let store = bucket.hasty();
        first_writes(&bucket, 1, act);
        store.put_leaf(0, b"mine").unwrap();
        assert_eq!(writes(&bucket), 2);
        assert_eq!(bucket.versions(&slot(0)).len(), 1);
    }
}

#[test]
fn fault_04_a_delayed_write_that_lands_after_the_look_is_still_ours() {
    let bucket = Bucket::start();
    let store = bucket.hasty();
    // The first answer is lost; the look sees nothing yet; the second write finds the first.
    let mut step = 0;
    bucket.script(move |asked, _| {
        step += 1;
        match step {
            1 => Act::DoSilently,
            2 => {
                assert!(asked.is_get());
                fault(404, "NoSuchKey")
            }
            _ => Act::Answer,
        }
    });
    store.put_leaf(0, b"mine").unwrap();
    assert_eq!(bucket.versions(&slot(0)).len(), 1);
}

#[test]
fn fault_34_only_the_next_slot_may_be_written() {
    let bucket = Bucket::start();
    let store = bucket.store();
    let error = store.put_leaf(1, b"skips").unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(reason(&error).contains("entry 0 is not there"), "{error}");
    assert!(bucket.versions(&slot(1)).is_empty());
    store.put_leaf(0, b"first").unwrap();
    assert!(store.put_leaf(2, b"skips").is_err());
    bucket.script(|_, _| Act::Answer);
    store.put_leaf(1, b"second").unwrap();
    assert_eq!(
        bucket.asked().len(),
        1,
        "who wrote the last one need not look"
    );
    let other = bucket.store();
    other.put_leaf(2, b"third").unwrap();
    bucket.delete(&slot(2));
    let error = bucket.store().put_leaf(3, b"x").unwrap_err();
    assert!(reason(&error).contains("delete marker"), "{error}");
}

#[test]
fn when_nothing_ever_answers_the_outcome_is_unknown_and_not_called_a_failure() {
    let bucket = Bucket::start();
    let store = bucket.hasty();
    store.put_leaf(0, b"before").unwrap();
    bucket.script(|_, _| Act::Silence);
    let error = store.put_leaf(1, b"mine").unwrap_err();
    assert!(
        matches!(error, StoreError::OutcomeUnknown { .. }),
        "{error}"
    );
}

#[test]
fn a_conflict_is_tried_again_in_the_same_slot_a_bounded_number_of_times() {
    let conflict = || fault(409, "ConditionalRequestConflict");
    let bucket = Bucket::start();
    let store = bucket.store();
    first_writes(&bucket, 3, conflict);
    store.put_leaf(0, b"mine").unwrap();
    assert_eq!(writes(&bucket), 4);
    first_writes(&bucket, usize::MAX, conflict);
    let error = store.put_leaf(1, b"mine").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(writes(&bucket), 8);
    assert!(bucket.versions(&slot(1)).is_empty());
}

#[test]
fn throttling_is_waited_for_and_then_said() {
    let slow = || fault(503, "SlowDown");
    let bucket = Bucket::start();
    let store = bucket.store();
    first_writes(&bucket, 2, slow);
    store.put_leaf(0, b"mine").unwrap();
    first_writes(&bucket, usize::MAX, slow);
    let error = store.put_leaf(1, b"mine").unwrap_err();
    assert!(reason(&error).contains("slow down"), "{error}");
    bucket.script(|asked, _| {
        if asked.is_list() {
            fault(503, "SlowDown")
        } else {
            Act::Answer
        }
    });
    let error = store.leaves_from(0).unwrap_err();
    assert!(reason(&error).contains("slow down"), "{error}");
}

#[test]
fn what_is_denied_names_the_permission_and_writes_nothing() {
    let bucket = Bucket::start();
    let store = bucket.store();
    first_writes(&bucket, usize::MAX, || fault(403, "AccessDenied"));
    let error = store.put_leaf(0, b"mine").unwrap_err();
    let told = reason(&error);
    assert!(matches!(error, StoreError::Unavailable { .. }), "{told}");
    assert!(
        told.contains("ana.ruiz (role ledger-writer) may not PutObject")
            && told.contains("s3:PutObject on arn:aws:s3:::b/log/bank/00000000000000000000"),
        "{told}"
    );
    assert_eq!(writes(&bucket), 1, "a denial is not tried again");
    bucket.script(|asked, _| {
        if asked.is_list() {
            fault(403, "AccessDenied")
        } else {
            Act::Answer
        }
    });
    let told = reason(&store.leaves_from(0).unwrap_err());
    assert!(told.contains("s3:ListBucket on b"), "{told}");
}

#[test]
fn what_s3_says_of_the_whole_bucket_is_said() {
    let bucket = Bucket::start();
    let store = bucket.store();
    for (status, code, words) in [
        (404, "NoSuchBucket", "NoSuchBucket"),
        (
            403,
            "SignatureDoesNotMatch",
            "does not know the credentials",
        ),
        (400, "ExpiredToken", "ran out"),
        (403, "RequestTimeTooSkewed", "the time of this computer"),
    ] {
        bucket.script(move |_, _| fault(status, code));
        for error in [
            store.put_leaf(0, b"mine").unwrap_err(),
            store.leaves_from(0).unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
            assert!(reason(&error).contains(words), "{error}");
        }
    }
    assert!(bucket.versions(&slot(0)).is_empty());
}

#[test]
fn leaves_and_documents_have_a_largest_size() {
    let bucket = Bucket::start();
    let store = bucket.store();
    store.put_leaf(0, &vec![b'x'; 128 << 10]).unwrap();
    assert!(store.put_leaf(1, &vec![b'x'; (128 << 10) + 1]).is_err());
    store.put_document(&vec![b'x'; 1 << 20]).unwrap();
    assert!(store.put_document(&vec![b'x'; (1 << 20) + 1]).is_err());
}

#[test]
fn a_document_is_kept_under_its_digest_and_proved_by_it() {
    let bucket = Bucket::start();
    let store = bucket.store();
    let digest = store.put_document(b"manifest").unwrap();
    assert_eq!(digest, Digest::of(b"manifest"));
    assert_eq!(store.put_document(b"manifest").unwrap(), digest);
    assert_eq!(store.document(&digest).unwrap().unwrap(), b"manifest");
    assert_eq!(store.document(&Digest::of(b"other")).unwrap(), None);
    let key = format!("document/{}", Digest::of(b"other"));
    bucket.plant(&key, b"something else");
    assert!(matches!(
        store.document(&Digest::of(b"other")),
        Err(StoreError::Damaged { .. })
    ));
    assert!(
        matches!(
            store.put_document(b"other"),
            Err(StoreError::Damaged { .. })
        ),
        "what stands there already must be the same bytes"
    );
    bucket.delete(&format!("document/{digest}"));
    assert!(matches!(
        store.document(&digest),
        Err(StoreError::Damaged { .. })
    ));
}

#[test]
fn a_retention_is_set_on_every_version_when_that_is_wanted() {
    let bucket = Bucket::start();
    let mut options = bucket.options();
    options.set_on_write = options.required;
    let store = S3Ledger::new(options).unwrap();
    store.put_leaf(0, b"x").unwrap();
    let (mode, until) = bucket.versions(&slot(0))[0].kept.clone().unwrap();
    assert_eq!(mode, "COMPLIANCE");
    let until: interlock_domain::Timestamp = until.parse().unwrap();
    let days = until
        .duration_since(interlock_domain::Timestamp::now())
        .as_hours()
        / 24;
    assert!((1499..=1500).contains(&days), "{days}");
}

#[test]
fn sixteen_writers_at_once_lose_nothing_and_fork_nothing() {
    let bucket = Bucket::start();
    std::thread::scope(|scope| {
        for writer in 0..16 {
            let store = bucket.store();
            scope.spawn(move || {
                for number in 0..4 {
                    let bytes = format!("{writer} {number}");
                    let mut seq = 0;
                    loop {
                        seq += store.leaves_from(seq).unwrap().len() as u64;
                        match store.put_leaf(seq, bytes.as_bytes()) {
                            Ok(()) => break,
                            Err(StoreError::SlotTaken { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    let mut leaves = bucket.store().leaves_from(0).unwrap();
    assert_eq!(leaves.len(), 64);
    leaves.sort();
    leaves.dedup();
    assert_eq!(leaves.len(), 64);
    assert!((0..64).all(|seq| bucket.versions(&slot(seq)).len() == 1));
}

#[tokio::test]
async fn the_store_answers_inside_of_a_runtime_and_after_it() {
    let bucket = tokio::task::spawn_blocking(Bucket::start).await.unwrap();
    let store = bucket.store();
    store.put_leaf(0, b"x").unwrap();
    assert_eq!(store.leaves_from(0).unwrap().len(), 1);
    tokio::task::spawn_blocking(move || {
        assert_eq!(store.leaves_from(0).unwrap().len(), 1);
        drop((store, bucket));
    })
    .await
    .unwrap();
}
