//! MiniStack: the team's ledger in a bucket whose conditional writes, versions and Object Lock
//! other people wrote.

use crate::arrange::{Bank, PROD};
use crate::relay::Relay;
use interlock_app::ports::Clock;
use interlock_connect_aws::{
    AccessKey, AwsAccess, Check, CheckOutcome, LEDGER_TEMPLATE, Patience, Retention, RetentionMode,
    S3Ledger, S3LedgerOptions, check_policy,
};
use interlock_domain::{AccountId, Region, Secret, Timestamp};
use interlock_ledger::{LogStore as _, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const BUCKET: &str = "bank-ledger";

struct RealTime;

impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The way into production with a role, on an emulator.
pub fn access(address: &str, key: &AccessKey, role: &str) -> AwsAccess {
    let account = AccountId::new(PROD).unwrap();
    let region = Region::new("us-east-1").unwrap();
    let mut access = AwsAccess::new(account, region, Arc::new(RealTime));
    access.endpoint = Some(address.into());
    access.access_key = Some(key.clone());
    access.role = Some(format!("arn:aws:iam::{PROD}:role/{role}"));
    access.patience = Patience {
        pause: Duration::from_millis(20),
        ..Patience::default()
    };
    access
}

fn options(address: &str, key: &AccessKey) -> S3LedgerOptions {
    S3LedgerOptions {
        access: access(address, key, "Releaser"),
        bucket: BUCKET.into(),
        owner: None,
        log: "bank".into(),
        required: Some(Retention {
            mode: RetentionMode::Compliance,
            days: 1900,
        }),
        set_on_write: None,
    }
}

fn slot(seq: u64) -> String {
    format!("log/bank/{seq:020}")
}

/// A bank with a bucket in production, locked or not.
fn with_bucket(locked: bool) -> (Bank, S3Ledger) {
    let mut bank = Bank::open();
    let order = json!({"Bucket": BUCKET, "ObjectLockEnabledForBucket": locked});
    bank.s3("create_bucket", order);
    if locked {
        let rule = json!({"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1900}});
        let lock = json!({"ObjectLockEnabled": "Enabled", "Rule": rule});
        let order = json!({"Bucket": BUCKET, "ObjectLockConfiguration": lock});
        bank.s3("put_object_lock_configuration", order);
    } else {
        let on = json!({"Status": "Enabled"});
        let order = json!({"Bucket": BUCKET, "VersioningConfiguration": on});
        bank.s3("put_bucket_versioning", order);
    }
    let mut options = options(&bank.peer.address, &bank.key);
    if !locked {
        options.required = None;
    }
    (bank, S3Ledger::new(options).unwrap())
}

impl Bank {
    fn s3(&mut self, operation: &str, parameters: Value) -> Value {
        self.boto.call(PROD, "s3", operation, parameters)
    }

    fn refused_by_s3(&mut self, operation: &str, parameters: Value) -> String {
        let answer = self.boto.try_call(PROD, "s3", operation, parameters);
        answer.expect_err("S3 refuses this")
    }

    fn version_of(&mut self, seq: u64) -> String {
        let seen = self.s3("head_object", json!({"Bucket": BUCKET, "Key": slot(seq)}));
        seen["VersionId"].as_str().unwrap().to_owned()
    }
}

#[test]
fn fault_05_two_writers_at_once_get_consecutive_slots() {
    let (bank, store) = with_bucket(true);
    let other = S3Ledger::new(options(&bank.peer.address, &bank.key)).unwrap();
    store.put_leaf(0, b"first").unwrap();
    let (a, b) = std::thread::scope(|scope| {
        let a = scope.spawn(|| store.put_leaf(1, b"luis approves"));
        let b = scope.spawn(|| other.put_leaf(1, b"eva approves"));
        (a.join().unwrap(), b.join().unwrap())
    });
    assert_eq!(
        [&a, &b].iter().filter(|written| written.is_ok()).count(),
        1,
        "{a:?} {b:?}"
    );
    let (late, bytes): (&S3Ledger, &[u8]) = if a.is_ok() {
        (&other, b"eva approves")
    } else {
        (&store, b"luis approves")
    };
    assert!(matches!(a.and(b), Err(StoreError::SlotTaken { seq: 1 })));
    assert_eq!(late.leaves_from(1).unwrap().len(), 1);
    late.put_leaf(2, bytes).unwrap();
    assert_eq!(store.leaves_from(0).unwrap().len(), 3);
    assert_eq!(store.examine().unwrap(), []);
    let digest = store.put_document(b"manifest").unwrap();
    assert_eq!(other.put_document(b"manifest").unwrap(), digest);
    assert_eq!(other.document(&digest).unwrap().unwrap(), b"manifest");
    let told = store.clock().unwrap().unwrap();
    assert!(Timestamp::now().duration_since(told.now()).as_secs().abs() < 5);
}

#[test]
fn fault_04_an_answer_that_is_lost_on_the_way_is_found_out_by_reading_back() {
    let (bank, store) = with_bucket(true);
    let relay = Relay::start(&bank.peer.address);
    let far = S3Ledger::new(options(&relay.address, &bank.key)).unwrap();
    far.put_leaf(0, b"first").unwrap();
    relay.cut_answers_to_writes(1);
    far.put_leaf(1, b"stored, but nobody heard").unwrap();
    assert_eq!(relay.cuts(), 1);
    // Lost, and somebody else had been first.
    store.put_leaf(2, b"theirs").unwrap();
    relay.cut_answers_to_writes(1);
    assert_eq!(
        far.put_leaf(2, b"mine"),
        Err(StoreError::SlotTaken { seq: 2 })
    );
    assert_eq!(relay.cuts(), 2);
    assert_eq!(store.leaves_from(0).unwrap().len(), 3);
    assert_eq!(store.examine().unwrap(), []);
}

#[test]
fn fault_33_what_is_planted_with_other_tools_is_found() {
    let (mut bank, store) = with_bucket(true);
    for seq in 0..5 {
        store
            .put_leaf(seq, format!("leaf {seq}").as_bytes())
            .unwrap();
    }
    assert_eq!(store.examine().unwrap(), []);
    bank.s3(
        "put_object",
        json!({"Bucket": BUCKET, "Key": slot(1), "Body": "forged"}),
    );
    bank.s3(
        "put_object",
        json!({"Bucket": BUCKET, "Key": "readme.txt", "Body": "hello"}),
    );
    bank.s3("delete_object", json!({"Bucket": BUCKET, "Key": slot(4)}));
    let told: Vec<_> = store
        .examine()
        .unwrap()
        .into_iter()
        .map(|trouble| (trouble.seq, trouble.reason))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].0 == Some(1) && told[0].1.contains("2 versions"),
        "{told:?}"
    );
    assert!(
        told[1].0 == Some(4) && told[1].1.contains("delete marker"),
        "{told:?}"
    );
    assert!(
        told[2].0.is_none() && told[2].1.contains("does not belong"),
        "{told:?}"
    );
    // The last entry is hidden: that is damage, and not a log that is one shorter.
    let error = store.leaves_from(3).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("entry 4"), "{error}");
    // Whether a slot under a delete marker can be written again is open for AWS. Here it can, and
    // then it shows.
    if store.put_leaf(4, b"again").is_ok() {
        let told = store.examine().unwrap();
        assert!(
            told.iter()
                .any(|one| one.seq == Some(4) && one.reason.contains("2 versions")),
            "{told:?}"
        );
    }
}

#[test]
fn fault_34_a_slot_that_was_removed_for_good_is_a_gap() {
    let (mut bank, store) = with_bucket(false);
    for seq in 0..4 {
        store.put_leaf(seq, b"leaf").unwrap();
    }
    let version = bank.version_of(2);
    bank.s3(
        "delete_object",
        json!({"Bucket": BUCKET, "Key": slot(2), "VersionId": version}),
    );
    let error = store.leaves_from(0).unwrap_err();
    assert!(error.to_string().contains("entry 2 is missing"), "{error}");
    let told = store.examine().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].seq, Some(2));
}

#[test]
fn a_retention_cannot_be_shortened_and_a_version_not_removed() {
    let (mut bank, store) = with_bucket(true);
    store.put_leaf(0, b"leaf").unwrap();
    let version = bank.version_of(0);
    let of = |more: Value| {
        let mut order = json!({"Bucket": BUCKET, "Key": slot(0), "VersionId": version});
        for (key, value) in more.as_object().unwrap() {
            order[key] = value.clone();
        }
        order
    };
    let shorter = json!({"Mode": "COMPLIANCE", "RetainUntilDate": "2027-01-01T00:00:00Z"});
    let weaker = json!({"Mode": "GOVERNANCE", "RetainUntilDate": "2060-01-01T00:00:00Z"});
    for retention in [shorter, weaker] {
        let order = of(json!({"Retention": retention, "BypassGovernanceRetention": true}));
        let why = bank.refused_by_s3("put_object_retention", order);
        assert!(why.contains("AccessDenied"), "{why}");
    }
    let why = bank.refused_by_s3("delete_object", of(json!({})));
    assert!(why.contains("AccessDenied"), "{why}");
    assert_eq!(store.examine().unwrap(), []);
    // What is protected for less than is asked for is named.
    let mut asks_more = options(&bank.peer.address, &bank.key);
    asks_more.required = Some(Retention {
        mode: RetentionMode::Compliance,
        days: 2000,
    });
    let told = S3Ledger::new(asks_more).unwrap().examine().unwrap();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].reason.contains("earlier than 2000 days"),
        "{told:?}"
    );
}

#[test]
fn versions_without_retention_are_named() {
    let (bank, store) = with_bucket(false);
    store.put_leaf(0, b"leaf").unwrap();
    let told = S3Ledger::new(options(&bank.peer.address, &bank.key))
        .unwrap()
        .examine()
        .unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].reason.contains("no retention"), "{told:?}");
}

#[test]
fn all_pages_of_a_long_log_are_read() {
    let (bank, store) = with_bucket(true);
    // More than a page of a thousand.
    for seq in 0..1040 {
        store.put_leaf(seq, seq.to_string().as_bytes()).unwrap();
    }
    let other = S3Ledger::new(options(&bank.peer.address, &bank.key)).unwrap();
    let leaves = other.leaves_from(0).unwrap();
    assert_eq!(leaves.len(), 1040);
    assert!(
        leaves
            .iter()
            .enumerate()
            .all(|(at, leaf)| *leaf == at.to_string().into_bytes())
    );
    assert_eq!(other.leaves_from(1039).unwrap(), [b"1039".to_vec()]);
}

#[test]
fn the_checks_of_the_place_see_what_this_bucket_lacks() {
    let (_bank, store) = with_bucket(true);
    let checks = store.check_place();
    let outcome = |what: &str| {
        let check = checks.iter().find(|check| check.what.contains(what));
        check
            .unwrap_or_else(|| panic!("{what}: {checks:#?}"))
            .outcome
    };
    for held in [
        "caller",
        "is there",
        "every version",
        "Object Lock",
        "second write",
        "expires",
    ] {
        assert_eq!(outcome(held), CheckOutcome::Holds, "{checks:#?}");
    }
    // Nobody gave it a policy.
    for broken in ["once only", "delete", "TLS", "without the condition"] {
        assert_eq!(outcome(broken), CheckOutcome::Broken, "{checks:#?}");
    }
    let without_mend =
        |check: &&Check| check.outcome != CheckOutcome::Holds && check.mend.is_none();
    assert_eq!(checks.iter().find(without_mend), None);
}

/// Without the trail, whose resource type MiniStack does not know; its Object Lock is not made by
/// CloudFormation either.
#[test]
fn the_template_makes_a_bucket_with_a_policy_that_passes_and_a_key() {
    let mut bank = Bank::open();
    let role = |name: &str| format!("arn:aws:iam::{PROD}:role/{name}");
    let given = [
        ("BucketName", BUCKET.to_owned()),
        ("LogName", "bank".into()),
        (
            "WriterPrincipals",
            [role("writer"), role("pipeline")].join(","),
        ),
        ("ReaderPrincipals", role("auditor")),
        ("AdministratorArn", role("ledger-admin")),
        ("OrganizationId", "o-a1b2c3d4e5".into()),
        ("WithTrail", "false".into()),
        ("WithApproverKey", "true".into()),
        ("ApproverRoleArn", role("approver")),
        ("ApproverSession", "ana.ruiz".into()),
    ]
    .map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}));
    let order =
        json!({"StackName": "ledger", "TemplateBody": LEDGER_TEMPLATE, "Parameters": given});
    bank.boto
        .call(PROD, "cloudformation", "create_stack", order);
    let about = json!({"StackName": "ledger"});
    let begun = Instant::now();
    let stack = loop {
        let seen = bank
            .boto
            .call(PROD, "cloudformation", "describe_stacks", about.clone());
        match seen["Stacks"][0]["StackStatus"].as_str().unwrap() {
            "CREATE_COMPLETE" => break seen["Stacks"][0].clone(),
            "CREATE_IN_PROGRESS" if begun.elapsed() < Duration::from_secs(30) => {}
            status => panic!("{status}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let policy = bank.s3("get_bucket_policy", json!({"Bucket": BUCKET}));
    let writer = format!("arn:aws:sts::{PROD}:assumed-role/writer/ana.ruiz");
    let checks = check_policy(policy["Policy"].as_str().unwrap(), BUCKET, "bank", &writer);
    for check in &checks {
        assert_eq!(check.outcome, CheckOutcome::Holds, "{check:#?}");
    }
    let versioning = bank.s3("get_bucket_versioning", json!({"Bucket": BUCKET}));
    assert_eq!(versioning["Status"], "Enabled");
    let outputs = stack["Outputs"].as_array().unwrap();
    let key = outputs
        .iter()
        .find(|output| output["OutputKey"] == "ApproverKeyArn");
    let key = json!({"KeyId": key.unwrap()["OutputValue"]});
    let seen = bank.boto.call(PROD, "kms", "describe_key", key);
    assert_eq!(seen["KeyMetadata"]["KeySpec"], "ECC_NIST_P256");
    assert_eq!(seen["KeyMetadata"]["KeyUsage"], "SIGN_VERIFY");
}

#[test]
fn a_role_that_may_not_write_learns_which_permission_is_missing() {
    let (bank, _store) = with_bucket(true);
    let mut options = options(&bank.peer.address, &bank.key);
    options.access.role = Some(format!("arn:aws:iam::{PROD}:role/Nothing"));
    let store = S3Ledger::new(options).unwrap();
    let told = store.put_leaf(0, b"x").unwrap_err().to_string();
    assert!(
        told.contains("ana.ruiz (role Nothing)") && told.contains("s3:PutObject"),
        "{told}"
    );
    let told = store.leaves_from(0).unwrap_err().to_string();
    assert!(told.contains("s3:ListBucket"), "{told}");
}

/// Not a test of its own: writes entries for the test below, in a process of its own.
#[test]
fn ledger_writer_process() {
    let Ok(address) = std::env::var("WRITER_ADDRESS") else {
        return;
    };
    let variable = |name: &str| std::env::var(name).unwrap();
    let key = AccessKey {
        id: variable("WRITER_KEY"),
        secret: Secret::new(variable("WRITER_SECRET")),
        session_token: None,
    };
    let name = variable("WRITER_NAME");
    let store = S3Ledger::new(options(&address, &key)).unwrap();
    let mut seq = 0;
    for number in 0..6 {
        let bytes = format!("{name} {number}");
        loop {
            seq += store.leaves_from(seq).unwrap().len() as u64;
            match store.put_leaf(seq, bytes.as_bytes()) {
                Ok(()) => break,
                Err(StoreError::SlotTaken { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "wrote {seq} {bytes}").unwrap();
        out.flush().unwrap();
    }
}

/// What a writer said that it wrote, and whether it was killed after so many.
fn run_writer(
    bank: (&str, &AccessKey),
    name: &str,
    killed_after: Option<usize>,
) -> Vec<(u64, String)> {
    let (address, key) = bank;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "ministack_ledger::ledger_writer_process",
            "--nocapture",
            "--quiet",
        ])
        .env("WRITER_ADDRESS", address)
        .env("WRITER_KEY", &key.id)
        .env("WRITER_SECRET", key.secret.expose())
        .env("WRITER_NAME", name)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut wrote = Vec::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(Ok(line)) = lines.next() {
        if let Some((seq, bytes)) = line.strip_prefix("wrote ").and_then(|l| l.split_once(' ')) {
            wrote.push((seq.parse().unwrap(), bytes.to_owned()));
        }
        if Some(wrote.len()) == killed_after {
            child.kill().unwrap();
        }
    }
    let ended = child.wait().unwrap();
    assert!(ended.success() || killed_after.is_some(), "{name}");
    wrote
}

#[test]
fn fault_47_sixteen_processes_write_one_log_in_s3_and_some_are_killed() {
    let (bank, store) = with_bucket(true);
    let place = (bank.peer.address.as_str(), &bank.key);
    let acknowledged: Vec<(u64, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|number| {
                let killed = (number % 3 == 0).then_some(1 + number / 4);
                scope.spawn(move || run_writer(place, &format!("w{number}"), killed))
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    let written: Vec<String> = store
        .leaves_from(0)
        .unwrap()
        .into_iter()
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .collect();
    let places: BTreeSet<u64> = acknowledged.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(
        places.len(),
        acknowledged.len(),
        "two writers were given one slot"
    );
    for (seq, bytes) in &acknowledged {
        assert_eq!(&written[usize::try_from(*seq).unwrap()], bytes);
    }
    let once: BTreeSet<&String> = written.iter().collect();
    assert_eq!(once.len(), written.len(), "an entry was written twice");
    assert!(acknowledged.len() >= 10 * 6);
    // A killed writer may have written one entry more than it could say.
    assert!(written.len() <= acknowledged.len() + 6);
    assert_eq!(store.examine().unwrap(), []);
}
