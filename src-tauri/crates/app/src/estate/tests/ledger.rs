//! The ledger's place, its administrators, and people's keys.

use crate::estate::{Administration, LedgerPlace, parse};
use interlock_domain::PersonId;

const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOk9HhJATquU8ffKsjrdOGccGAnSDSsn4+JQS6svS8ih";
const P256: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJZu/K8nxlxrnaoAjHMt0IuVBVZ2zdbbXTSseWnsj80JzDO7tKcQzNfeCvnC3QOxJrllYGY4pSe26BI8LkF4oJ0=";
const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDkpU1t1Z9w1rTPlxtkPa9RT/0AjHjJn8y9v+u6ttakzygSsRemI+u/p4xfAXIgf07WKRzy56STZdVqQVoRePhhuLBHh2DLb6wVy3hY7bBYAg5dha/FJ4SgjzdBIIeYVqwUAsGpcAGNdYAR8DoMPz2iEfe/bnW2QCJoY5VxFJp47VoqCV+0RRl8/oaAcmj0fiEnFdqjvllD18CfphEAORtY1NdABGCKa7Cldx++hgKpts3q3LD0xeyUJibfj9qKvdMHPwkjHVZR6nd+GCY1s0n/2CHkygEcj1/CUPzBz8OtO43i0unbRIj8Z39PAy2HcJnoL6av0bjgsxpANqHhbSLd";

fn text() -> String {
    format!(
        r#"name = "Andes Bank"
[[environments]]
name = "prod"
tier = "production"
account = "333333333333"
regions = ["us-east-1"]
[ledger]
store = "s3"
log = "andes"
bucket = "andes-ledger"
account = "444444444444"
region = "sa-east-1"
profile = "audit"
administrators = ["ana", "luis"]
threshold = 2
[[people]]
id = "ana"
name = "Ana Ruiz"
role = "release-manager"
keys = ["{ED25519} ana@laptop"]
groups = ["risk"]
[[people]]
id = "luis"
name = "Luis Prado"
role = "release-manager"
keys = ["{P256}"]
[[people]]
id = "sofia"
name = "Sofia Lara"
role = "developer"
"#
    )
}

#[test]
fn a_ledger_of_a_team_is_read() {
    let estate = parse(&text(), "interlock.toml").unwrap();
    let LedgerPlace::Team { log, bucket } = &estate.ledger else {
        panic!("{:?}", estate.ledger);
    };
    assert_eq!(
        (log.as_str(), bucket.name.as_str()),
        ("andes", "andes-ledger")
    );
    assert_eq!(bucket.account.as_str(), "444444444444");
    assert_eq!(bucket.profile.as_deref(), Some("audit"));
    assert_eq!(bucket.retention_days, 1900);
    let person = |id: &str| PersonId::new(id).unwrap();
    let wish = Administration {
        people: vec![person("ana"), person("luis")],
        threshold: 2,
        decide: true,
    };
    assert_eq!(estate.administration, Some(wish));
    let ana = &estate.enrolments[&person("ana")];
    assert_eq!(
        ana.keys.as_ref().unwrap()[0].line(),
        ED25519,
        "without its comment"
    );
    assert_eq!(ana.groups.as_ref().unwrap(), &["risk"]);
    let sofia = &estate.enrolments[&person("sofia")];
    assert_eq!((&sofia.keys, &sofia.groups), (&None, &None));
}

#[test]
fn without_the_table_it_is_a_file_of_this_machine_named_like_the_estate() {
    let whole = text();
    let (before, rest) = whole.split_once("[ledger]").unwrap();
    let (_, people) = rest.split_once("[[people]]").unwrap();
    let estate = parse(&format!("{before}[[people]]{people}"), "f").unwrap();
    let log = "Andes Bank".to_owned();
    assert_eq!(estate.ledger, LedgerPlace::Machine { log });
    assert_eq!(estate.administration, None);
    let table = "[ledger]\nadministrators = [\"ana\"]\n";
    let estate = parse(&format!("{before}{table}[[people]]{people}"), "f").unwrap();
    assert!(!estate.ledger.is_shared());
    assert_eq!(estate.administration.unwrap().threshold, 1);
}

/// Each case: what is replaced, by what, the field, and a part of the message.
#[test]
fn every_bad_line_is_told_with_its_field() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "\"s3\"",
            "\"dynamodb\"",
            "ledger.store",
            "not a store of ledgers",
        ),
        ("log = \"andes\"\n", "", "ledger.log", "needs `log`"),
        (
            "\"andes\"\n",
            "\"andes bank\"\n",
            "ledger.log",
            "name of a log in S3",
        ),
        (
            "bucket = \"andes-ledger\"\n",
            "",
            "ledger.bucket",
            "needs `bucket`",
        ),
        (
            "\"andes-ledger\"",
            "\"Andes\"",
            "ledger.bucket",
            "name of a bucket",
        ),
        (
            "\"444444444444\"",
            "\"4444\"",
            "ledger.account",
            "twelve digits",
        ),
        (
            "region = \"sa-east-1\"\n",
            "",
            "ledger.region",
            "needs `region`",
        ),
        (
            "profile = \"audit\"",
            "endpoint = \"s3.bank\"",
            "ledger.endpoint",
            "web address",
        ),
        (
            "profile = \"audit\"",
            "retention_days = 0",
            "ledger.retention_days",
            "no record",
        ),
        (
            "administrators = [\"ana\", \"luis\"]\nthreshold = 2\n",
            "",
            "ledger.administrators",
            "needs `administrators`",
        ),
        (
            "[\"ana\", \"luis\"]",
            "[\"ana\", \"luiz\"]",
            "ledger.administrators[1]",
            "none of the people",
        ),
        (
            "[\"ana\", \"luis\"]",
            "[\"ana\", \"ana\"]",
            "ledger.administrators[1]",
            "named twice",
        ),
        (
            "threshold = 2",
            "threshold = 3",
            "ledger.threshold",
            "3 administrators cannot sign",
        ),
        (
            "threshold = 2",
            "threshold = 0",
            "ledger.threshold",
            "0 administrators cannot sign",
        ),
        (
            "\"s3\"",
            "\"sqlite\"",
            "ledger.bucket",
            "is for a ledger in S3",
        ),
    ];
    for (from, to, field, part) in cases {
        assert!(text().contains(from), "{from}");
        let error = parse(&text().replacen(from, to, 1), "interlock.toml").unwrap_err();
        let found = error
            .problems
            .iter()
            .find(|it| it.field.as_deref() == Some(*field));
        let problem = found.unwrap_or_else(|| panic!("{field}: {error}"));
        assert!(problem.message.contains(part), "{}", problem.message);
        assert!(problem.line > 6, "{error}");
    }
}

#[test]
fn keys_that_are_none_or_are_there_twice_are_told_and_private_ones_never_repeated() {
    let luis = format!("keys = [\"{P256}\"]");
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----hunter2";
    for (keys, part) in [
        (format!("keys = [\"{ED25519}\"]"), "already one of Ana Ruiz"),
        (
            format!("keys = [\"{P256}\", \"{P256} again\"]"),
            "already one of Luis Prado",
        ),
        (format!("keys = [\"{RSA}\"]"), "keys are not taken"),
        (format!("keys = [\"{private}\"]"), "cannot be read"),
        ("keys = [\"ed25519 hunter2\"]".into(), "cannot be read"),
    ] {
        let error = parse(&text().replacen(&luis, &keys, 1), "f").unwrap_err();
        let problem = &error.problems[0];
        assert!(problem.message.contains(part), "{}", problem.message);
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(
            problem
                .field
                .as_deref()
                .unwrap()
                .starts_with("people[1].keys[")
        );
    }
}
