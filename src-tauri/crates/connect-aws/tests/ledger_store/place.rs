//! The checks of a bucket's setup, on a bucket that is set up well and on one that is not.

use crate::fake::{Act, Bucket, fault};
use interlock_connect_aws::{Check, CheckOutcome};
use serde_json::json;

fn set_up() -> Bucket {
    let bucket = Bucket::start();
    let all = json!(["arn:aws:s3:::b", "arn:aws:s3:::b/*"]);
    let deny = |action: serde_json::Value, condition: serde_json::Value| json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": all, "Condition": condition});
    let policy = json!({"Version": "2012-10-17", "Statement": [
        deny(json!("s3:PutObject"), json!({"Null": {"s3:if-none-match": "true"}})),
        deny(json!(["s3:DeleteObject", "s3:DeleteObjectVersion"]), json!({})),
        deny(json!(["s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention"]), json!({})),
        deny(
            json!(["s3:PutBucket*", "s3:DeleteBucket*", "s3:PutLifecycleConfiguration"]),
            json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::333333333333:role/ledger-admin"}}),
        ),
        deny(json!("s3:*"), json!({"Bool": {"aws:SecureTransport": "false"}})),
    ]});
    bucket.set(|settings| {
        settings.policy = Some(policy.to_string());
        settings.lock = Some(
            "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1900</Days></DefaultRetention></Rule>"
                .into(),
        );
    });
    bucket
}

fn not_held(checks: &[Check]) -> Vec<&Check> {
    let wrong = checks
        .iter()
        .filter(|check| check.outcome != CheckOutcome::Holds);
    wrong.collect()
}

#[test]
fn a_bucket_that_is_set_up_passes_every_check_and_is_tried_out() {
    let bucket = set_up();
    let store = bucket.store();
    for _ in 0..2 {
        let checks = store.check_place();
        assert_eq!(not_held(&checks), Vec::<&Check>::new());
        assert!(checks[0].detail.contains("ledger-writer/ana.ruiz"));
    }
    assert_eq!(bucket.versions("probe/create-only").len(), 1);
}

#[test]
fn a_bucket_without_rules_is_found_out_by_reading_and_by_trying() {
    let bucket = set_up();
    bucket.set(|settings| {
        settings.policy = None;
        settings.lock = None;
        settings.versioning = false;
    });
    let checks = bucket.store().check_place();
    let wrong = not_held(&checks);
    assert_eq!(wrong.len(), 8, "{wrong:#?}");
    for check in wrong {
        assert_eq!(check.outcome, CheckOutcome::Broken);
        assert!(check.mend.is_some());
    }
}

#[test]
fn a_store_without_conditional_writes_is_no_place_for_a_ledger() {
    let bucket = set_up();
    bucket.script(|asked, _| {
        if asked.is_put() {
            bucket_that_overwrites()
        } else {
            Act::Answer
        }
    });
    let checks = bucket.store().check_place();
    let tried = checks
        .iter()
        .find(|check| check.what.contains("second write"));
    assert_eq!(tried.unwrap().outcome, CheckOutcome::Broken);
}

fn bucket_that_overwrites() -> Act {
    Act::Ok([("etag", "\"e\"")])
}

#[test]
fn what_may_not_be_read_is_unknown_and_names_the_permission() {
    let bucket = set_up();
    bucket.script(|asked, _| {
        if asked.query.contains_key("object-lock") || asked.query.contains_key("policy") {
            fault(403, "AccessDenied")
        } else {
            Act::Answer
        }
    });
    let checks = bucket.store().check_place();
    let wrong = not_held(&checks);
    assert_eq!(wrong.len(), 6, "{wrong:#?}");
    assert!(
        wrong
            .iter()
            .all(|check| check.outcome == CheckOutcome::Unknown)
    );
    assert!(
        wrong[0]
            .detail
            .contains("s3:GetBucketObjectLockConfiguration"),
        "{:?}",
        wrong[0]
    );
}

#[test]
fn a_bucket_that_is_not_there_is_broken_and_the_rest_unknown_or_broken() {
    let bucket = Bucket::start();
    bucket.script(|_, _| fault(404, "NoSuchBucket"));
    let checks = bucket.store().check_place();
    assert_eq!(checks[1].outcome, CheckOutcome::Broken);
    assert_eq!(
        not_held(&checks).len(),
        13,
        "only who the caller is is known"
    );
}
