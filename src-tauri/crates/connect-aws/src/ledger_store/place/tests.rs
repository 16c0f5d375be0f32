use super::*;
use interlock_domain::{ConnectorError, FaultKind, SystemKind};
use serde_json::{Value, json};

type Weaken = fn(&mut Facts);

const REQUIRED: Retention = Retention {
    mode: RetentionMode::Compliance,
    days: 1900,
};

fn policy() -> Value {
    let everything = json!(["arn:aws:s3:::b", "arn:aws:s3:::b/*"]);
    let deny = |action: Value, condition: Value| {
        json!({
            "Effect": "Deny", "Principal": "*", "Action": action,
            "Resource": everything, "Condition": condition,
        })
    };
    let admins = json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/ledger-admin"}});
    json!({"Statement": [
        deny(json!("s3:PutObject"), json!({"Null": {"s3:if-none-match": "true"}})),
        deny(json!("s3:DeleteObject*"), json!({})),
        deny(json!(["s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention"]), json!({})),
        deny(json!(["s3:PutBucket*", "s3:DeleteBucket*", "s3:PutLifecycleConfiguration"]), admins),
        deny(json!("s3:*"), json!({"Bool": {"aws:SecureTransport": "false"}})),
    ]})
}

fn good() -> Facts {
    Facts {
        caller: Ok("arn:aws:sts::1:assumed-role/ledger-writer/ana.ruiz".into()),
        bucket: Ok(()),
        versioning: Ok(true),
        lock: Ok(Lock::Always(REQUIRED)),
        policy: Ok(Some(policy().to_string())),
        blocked: Ok(true),
        encryption: Ok(Some("aws:kms".into())),
        rules: Ok(0),
        tried: Tried::RefusedThen(Without::Denied),
    }
}

fn judged(facts: &Facts) -> Vec<Check> {
    judge(facts, "b", "bank", Some(REQUIRED))
}

/// The checks that do not hold.
fn wrong(facts: &Facts) -> Vec<(&'static str, CheckOutcome)> {
    judged(facts)
        .into_iter()
        .filter(|check| check.outcome != CheckOutcome::Holds)
        .inspect(|check| assert!(check.mend.is_some(), "{check:?}"))
        .map(|check| (check.what, check.outcome))
        .collect()
}

#[test]
fn a_bucket_as_the_template_makes_it_passes() {
    assert_eq!(wrong(&good()), []);
    assert_eq!(judged(&good()).len(), 14);
}

#[test]
fn each_weakness_breaks_its_own_check_only() {
    let weaker = Lock::Always(Retention {
        days: 30,
        ..REQUIRED
    });
    let bypassed = Lock::Always(Retention {
        mode: RetentionMode::Governance,
        ..REQUIRED
    });
    let cases: [(Weaken, &str); 6] = [
        (|facts| facts.versioning = Ok(false), "every version"),
        (|facts| facts.lock = Ok(Lock::Off), "Object Lock"),
        (|facts| facts.lock = Ok(Lock::OnRequest), "Object Lock"),
        (|facts| facts.blocked = Ok(false), "public"),
        (|facts| facts.encryption = Ok(None), "encrypted"),
        (|facts| facts.rules = Ok(1), "expires"),
    ];
    for (weaken, what) in cases {
        let mut facts = good();
        weaken(&mut facts);
        let wrong = wrong(&facts);
        assert_eq!(wrong.len(), 1, "{what}: {wrong:?}");
        assert!(wrong[0].0.contains(what) && wrong[0].1 == CheckOutcome::Broken);
    }
    for lock in [weaker, bypassed] {
        let facts = Facts {
            lock: Ok(lock),
            ..good()
        };
        assert_eq!(wrong(&facts).len(), 1);
    }
}

#[test]
fn each_denial_that_is_missing_is_named() {
    for missing in 0..5 {
        let mut policy = policy();
        policy["Statement"].as_array_mut().unwrap().remove(missing);
        let facts = Facts {
            policy: Ok(Some(policy.to_string())),
            ..good()
        };
        let wrong = wrong(&facts);
        assert_eq!(wrong.len(), 1, "{missing}: {wrong:?}");
    }
    for policy in [None, Some("{}".to_owned())] {
        let facts = Facts {
            policy: Ok(policy),
            ..good()
        };
        assert_eq!(wrong(&facts).len(), 5);
    }
}

#[test]
fn an_administrator_who_releases_is_found() {
    let facts = Facts {
        caller: Ok("arn:aws:sts::1:assumed-role/ledger-admin/eva".into()),
        ..good()
    };
    let wrong = wrong(&facts);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].0.contains("change the bucket"), "{wrong:?}");
}

#[test]
fn what_cannot_be_found_out_is_unknown_and_never_a_yes() {
    let denied = || {
        ConnectorError::new(
            SystemKind::Aws,
            "GetBucketPolicy",
            FaultKind::Forbidden,
            "You may not.",
        )
    };
    let facts = Facts {
        caller: Err(denied()),
        bucket: Err(denied()),
        versioning: Err(denied()),
        lock: Err(denied()),
        policy: Err(denied()),
        blocked: Err(denied()),
        encryption: Err(denied()),
        rules: Err(denied()),
        tried: Tried::Not("You may not.".into()),
    };
    let wrong = wrong(&facts);
    assert_eq!(wrong.len(), 14);
    assert!(
        wrong
            .iter()
            .all(|(_, outcome)| *outcome == CheckOutcome::Unknown)
    );
}

#[test]
fn what_was_tried_counts_more_than_what_is_written() {
    let facts = Facts {
        tried: Tried::RefusedThen(Without::Written),
        ..good()
    };
    assert_eq!(wrong(&facts).len(), 1);
    let facts = Facts {
        tried: Tried::WrittenTwice,
        ..good()
    };
    assert_eq!(wrong(&facts).len(), 2);
}
