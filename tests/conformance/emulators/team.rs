//! Two people on two desktops, one ledger in S3, keys of three kinds; everything else is the
//! practice bank. What they record is checked by others in the end.

use crate::arrange::{Boto, PROD, QA, WayIn};
use crate::peer::{Peer, ministack, program};
use crate::team_desk::{Desk, ssh_keygen_takes};
use interlock_acceptance::bank::{Bank, COMMIT_TAG, QUICK};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const BUCKET: &str = "andes-ledger";
/// The templates of payments-api, and its stacks in qa.
const TEMPLATES: [(&str, &str); 2] = [
    ("templates/lambda/payments-api.yaml", "payments-api-qa"),
    (
        "templates/cloudwatch/payments-alarms.json",
        "payments-alarms-qa",
    ),
];
const VARIABLES: &str = "variables/prod/payments-api.json";

/// The practice bank, and S3 and KMS beside it.
struct Team {
    // In the order in which they end.
    boto: Boto,
    bank: Bank,
    peer: Peer,
}

impl Team {
    fn open() -> Self {
        let peer = ministack();
        let mut boto = Boto::start(&peer, WayIn::Key);
        let order = json!({"Bucket": BUCKET, "ObjectLockEnabledForBucket": true});
        boto.call(PROD, "s3", "create_bucket", order);
        let rule = json!({"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1900}});
        let lock = json!({"ObjectLockEnabled": "Enabled", "Rule": rule});
        let order = json!({"Bucket": BUCKET, "ObjectLockConfiguration": lock});
        boto.call(PROD, "s3", "put_object_lock_configuration", order);
        Self {
            boto,
            bank: Bank::open(QUICK),
            peer,
        }
    }

    /// Writes the team's estate file onto a desk: that of the practice bank as a real one, with the
    /// ledger in S3 and these keys.
    fn estate(&self, desk: &Desk, keys: &[(&str, &str)]) {
        let text = std::fs::read_to_string(self.bank.estate_file()).unwrap();
        let (text, _) = text.split_once("[practice]").unwrap();
        let mut text = text.to_owned();
        for (person, key) in keys {
            let id = format!("id = \"{person}\"\n");
            assert!(text.contains(&id), "{text}");
            text = text.replace(&id, &format!("{id}keys = [\"{key}\"]\n"));
        }
        let ledger = format!(
            "\n[ledger]\nstore = \"s3\"\nlog = \"andes\"\nbucket = \"{BUCKET}\"\naccount = \"{PROD}\"\n\
             region = \"us-east-1\"\nprofile = \"ledger\"\nendpoint = \"{}\"\n\
             administrators = [\"a.ruiz\"]\n",
            self.peer.address
        );
        desk.write("interlock.toml", &(text + &ledger));
    }
}

fn text(value: &Value, path: &str) -> String {
    let found = value.pointer(path).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no {path}: {value}"))
        .to_owned()
}

/// Prepares payments-api for prod and asks for approval; gives id and digest.
fn asked(desk: &Desk) -> (String, String) {
    let words = ["promote", "payments-api", "--to", "prod", "--request"];
    let view = desk.json(&words).shown();
    assert_eq!(text(&view, "/summary/state"), "waiting for approval");
    (text(&view, "/summary/id"), text(&view, "/digest"))
}

/// What the verifier in Python says of an export; it uses nothing of ours.
fn judged_by_python(export: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ledger/verify.py");
    let output = Command::new(program("python"))
        .args([script.as_path(), export])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{report}");
    report
}

/// Entries of a kind about a promotion: number and the person.
fn entries(desk: &Desk, kind: &str) -> Vec<(u64, String)> {
    let shown = desk.json(&["ledger", "show"]).ends(0).json();
    let entries = shown["entries"].as_array().unwrap().iter();
    entries
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| (entry["seq"].as_u64().unwrap(), text(entry, "/actor")))
        .collect()
}

#[test]
fn two_people_ask_reject_ask_again_and_approve_and_strangers_can_check_it() {
    let mut team = Team::open();
    let mut ana = Desk::of("a.ruiz", &mut team.boto);
    let mut luis = Desk::of("l.prado", &mut team.boto);
    ana.set("INTERLOCK_LEDGER_KEY", &"5a".repeat(32));
    luis.sign_with_agent();

    // Each tells the key that they sign with; the team's file names both.
    for desk in [&ana, &luis] {
        team.estate(desk, &[]);
    }
    let (of_ana, of_luis) = (ana.own_key(), luis.own_key());
    assert!(of_ana.starts_with("ed25519 ") && of_luis.starts_with("ssh-ed25519 "));
    let keys = [("a.ruiz", of_ana.as_str()), ("l.prado", of_luis.as_str())];
    for desk in [&ana, &luis] {
        team.estate(desk, &keys);
    }
    let early = ana
        .run(&["promote", "payments-api", "--to", "prod"])
        .ends(5);
    assert!(early.err.contains("interlock ledger init"), "{}", early.err);

    // The bucket of this emulator has no policy: nothing is begun until somebody insists.
    let unfit = ana.json(&["ledger", "init"]).ends(1).json();
    assert_eq!(unfit["state"], "refused");
    let stranger = luis.run(&["ledger", "init", "--despite-findings"]).ends(5);
    assert!(
        stranger.err.contains("not an administrator"),
        "{}",
        stranger.err
    );
    let begun = ana.json(&["ledger", "init", "--despite-findings"]).ends(0);
    assert_eq!(begun.json()["state"], "begun");
    let roster = luis.json(&["roster", "show"]).ends(0).json();
    assert_eq!(roster["version"], 1);

    // Asked for, rejected, asked for again, approved.
    let (first, _) = asked(&ana);
    let reason = "the daily limit is not agreed yet";
    let rejected = luis.json(&["approve", &first, "--reject", reason]).shown();
    assert_eq!(text(&rejected, "/summary/state"), "rejected");
    let (id, digest) = asked(&ana);
    let own = ana.run(&["approve", &id, "--digest", &digest]).ends(5);
    assert!(own.err.contains("You requested this"), "{}", own.err);
    let approved = luis.json(&["approve", &id, "--digest", &digest]).shown();
    assert_eq!(text(&approved, "/summary/state"), "approved");

    // What qa runs gets another value for production; prepared again, the approval is void.
    let commit = team.bank.tag(QA, "payments-api-qa", COMMIT_TAG);
    let changed = team
        .bank
        .commit_on(("payments", &commit), VARIABLES, |document| {
            document.replace("\"80\"", "\"120\"")
        });
    for (template, stack) in TEMPLATES {
        let commit = ("payments", changed.as_str());
        team.bank.deploy_commit(commit, template, (QA, stack));
    }
    let again = ana.json(&["promote", &id, "--again", "--request"]).shown();
    let element = text(&again, "/voided/element");
    assert!(
        element.starts_with("parameter ReservedConcurrency of payments-api-prod"),
        "{}",
        again["voided"]
    );
    assert_eq!(text(&again, "/voided/before"), "80");
    assert_eq!(text(&again, "/voided/after"), "120");
    assert_eq!(again["approvalsHave"], 0);
    let stale = luis.run(&["approve", &id, "--digest", &digest]).ends(5);
    assert!(
        stale.err.contains("not the one that you have read"),
        "{}",
        stale.err
    );
    let digest = text(&again, "/digest");
    let approved = luis.json(&["approve", &id, "--digest", &digest]).shown();
    assert_eq!(text(&approved, "/summary/state"), "approved");

    // Ana gets a key in KMS: the old one and the new one sign for that.
    let order = json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"});
    let made = team.boto.call(PROD, "kms", "create_key", order);
    let arn = format!("kms:{}", text(&made, "/KeyMetadata/Arn"));
    let mut in_kms = Desk::of_same_home(&ana);
    in_kms.set("INTERLOCK_SIGN_WITH", &arn);
    let new = in_kms.own_key();
    assert!(new.starts_with("ecdsa-p256 "), "{new}");
    team.estate(&ana, &[("a.ruiz", new.as_str()), keys[1]]);
    let proposed = ana.json(&["roster", "propose"]).ends(0).json();
    assert_eq!(proposed["proposal"]["wantedOfPresent"], 0);
    assert_eq!(proposed["proposal"]["wantedOfOwn"], 1);
    let roster = text(&proposed, "/proposal/digest");
    let signed = in_kms
        .json(&["roster", "sign", &roster[..12]])
        .ends(0)
        .json();
    assert_eq!(signed["proposal"]["inForce"], true);
    let old = ana.run(&["promote", &id, "--abandon"]).ends(5);
    assert!(old.err.contains("does not know the key"), "{}", old.err);

    // Strangers check it, without S3, without us.
    let verified = luis.json(&["ledger", "verify"]).ends(0).json();
    assert_eq!(verified["troubles"], json!([]));
    assert_eq!(verified["ignored"], json!([]), "{verified}");
    let export = luis.path("export");
    luis.run(&["ledger", "export", &export.display().to_string()])
        .ends(0);
    let approvals = entries(&luis, "approval");
    assert_eq!(approvals.len(), 2, "{approvals:?}");
    let report = judged_by_python(&export);
    assert_eq!(report["size"], verified["size"]);
    assert_eq!(report["root"], verified["root"]);
    assert_eq!(
        (&report["roster"], &report["ignored"]),
        (&json!(2), &json!({}))
    );
    for (seq, person) in approvals {
        assert_eq!(person, "Luis Prado");
        assert!(ssh_keygen_takes(&export, seq, "l.prado"), "entry {seq}");
        assert!(!ssh_keygen_takes(&export, seq, "a.ruiz"), "entry {seq}");
    }

    // What is planted with other tools is told by the command and by the audit view.
    let order = json!({"Bucket": BUCKET, "Key": "readme.txt", "Body": "hello"});
    team.boto.call(PROD, "s3", "put_object", order);
    let told = luis.json(&["ledger", "verify"]).ends(1).json();
    assert!(told["broken"].is_null());
    let trouble = text(&told, "/troubles/0");
    assert!(trouble.contains("readme.txt"), "{trouble}");
    let log = luis.run(&["log"]).ends(1);
    assert!(log.err.contains("their place does not"), "{}", log.err);
}
