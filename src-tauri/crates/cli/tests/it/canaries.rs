//! No secret that the product handles stands in anything that it writes: not in its folders, not in
//! what it prints, not in its log at the finest level, and not in an export of the ledger.

use crate::{
    canary::{Canary, files, found_below, found_in},
    support::{Bank, Ended},
};
use interlock_practice::{bank::secret_values, faults::FaultKind, people};
use serde_json::Value;
use std::fs;

/// The seed of a key that signs ledger entries.
const LEDGER_KEY: &str = "c0ffee5a11c0de5a11c0ffee5a11c0de5a11c0ffee5a11c0de5a11c0ffee5a11";

/// Secrets that open nothing: what is said about them must not hold them either.
const WRONG: [(&str, &str); 5] = [
    (
        "AWS_SECRET_ACCESS_KEY",
        "wrong/canary+of/the/secret/key0000000001",
    ),
    (
        "AWS_SESSION_TOKEN",
        "wrong-canary-of-the-session-token/000001",
    ),
    ("INTERLOCK_JENKINS_TOKEN", "wrong-canary-of-jenkins-000001"),
    (
        "INTERLOCK_SONARQUBE_TOKEN",
        "wrong-canary-of-sonarqube-000001",
    ),
    ("INTERLOCK_GITLAB_TOKEN", "wrong-canary-of-gitlab-000001"),
];

/// Everything that was printed, with the words that made it.
#[derive(Default)]
struct Printed(Vec<(String, Ended)>);

impl Printed {
    fn add(&mut self, words: &[&str], ended: Ended) -> &Ended {
        let (out, err) = (ended.out.clone(), ended.err.clone());
        let code = ended.code;
        self.0.push((words.join(" "), Ended { code, out, err }));
        &self.0.last().unwrap().1
    }

    fn found(&self, canaries: &[Canary]) -> Vec<String> {
        let of = |(words, ended): &(String, Ended)| {
            let mut found = found_in(
                &format!("`{words}`, stdout"),
                ended.out.as_bytes(),
                canaries,
            );
            let err = ended.err.as_bytes();
            found.extend(found_in(&format!("`{words}`, stderr"), err, canaries));
            found
        };
        self.0.iter().flat_map(of).collect()
    }
}

/// Every secret of the people, the bank, its sessions and this test.
fn canaries(bank: &Bank) -> Vec<Canary> {
    let mut all = vec![Canary::new("ledger key", LEDGER_KEY)];
    for person in people::people() {
        for (what, value) in [
            ("AWS secret key", person.aws_secret_access_key),
            ("Jenkins token", person.jenkins_token),
            ("GitLab token", person.gitlab_token),
            ("SonarQube token", person.sonarqube_token),
        ] {
            all.push(Canary::new(format!("{what} of {}", person.id), value));
        }
    }
    all.extend(WRONG.map(|(name, value)| Canary::new(format!("wrong {name}"), value)));
    all.extend(secret_values().map(|(name, value)| Canary::new(name, value)));
    let sessions = bank.practice().context().cloud.session_secrets();
    assert!(sessions.len() > 3, "roles were assumed");
    for (at, (key, token)) in sessions.iter().enumerate() {
        all.push(Canary::new(format!("secret key of session {at}"), key));
        all.push(Canary::new(format!("token of session {at}"), token));
    }
    all
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Reads everything there is to read, as a person and as a program.
fn read_everything(bank: &Bank, file: &str, printed: &mut Printed) {
    for words in [
        &["status"][..],
        &["doctor"],
        &[
            "compare",
            "payments-api",
            "--from",
            "qa",
            "--to",
            "prod",
            "--all",
        ],
        &[
            "compare",
            "instant-payments",
            "--from",
            "qa",
            "--to",
            "prod",
            "--all",
        ],
        &["variables", "payments-api", "--all"],
        &["variables", "onboarding", "--all"],
        &["drift", "payments-api", "prod"],
        &["policy", "show"],
        &["follow"],
        &["log"],
    ] {
        printed.add(words, bank.run_on(file, words));
        let json = [words, &["--format", "json"]].concat();
        printed.add(&json, bank.run_on(file, &json));
    }
}

/// Prepares, asks for, approves, starts and follows promotions; some of it fails.
fn decide_and_run(bank: &Bank, printed: &mut Printed) {
    let file = bank.practice().estate_file().display().to_string();
    for service in ["payments-api", "transfers"] {
        let words = [
            "promote",
            service,
            "--to",
            "prod",
            "--request",
            "--format",
            "json",
        ];
        let view = printed.add(&words, bank.run_on(&file, &words)).json();
        let (id, digest) = (text(&view["summary"]["id"]), text(&view["digest"]));
        for words in [
            &["follow", &id, "--show"][..],
            &["approve", &id, "--digest", &digest[..12]],
            &["--as", "l.prado", "approve", &id, "--digest", &digest[..12]],
            &["--as", "d.mora", "approve", &id, "--digest", &digest[..12]],
            &["promote", &id, "--execute", "--confirm", "prod"],
            &["follow", &id, "--show", "--format", "json"],
            &["log", &id, "--format", "json"],
        ] {
            printed.add(words, bank.run_on(&file, words));
        }
    }
    for words in [
        &["ledger", "verify", "--format", "json"][..],
        &["ledger", "export", "exported"],
        &["ledger", "show"],
    ] {
        printed.add(words, bank.run_on(&file, words));
    }
}

#[test]
fn threat_10_11_no_secret_stands_in_what_is_kept_printed_logged_or_exported() {
    let mut bank = Bank::open();
    let mut printed = Printed::default();
    bank.desk.set("INTERLOCK_LOG", "trace");
    decide_and_run(&bank, &mut printed);

    // As oneself, with every secret in the environment of the process.
    bank.desk.set("INTERLOCK_LEDGER_KEY", LEDGER_KEY);
    let table = "\n[ledger]\nadministrators = [\"a.ruiz\"]\n";
    let file = bank.as_real(|text| text + table);
    for words in [
        &["ledger", "init"][..],
        &["roster", "key"],
        &["promote", "payments-api", "--to", "prod", "--request"],
        &["ledger", "export", "exported-too"],
    ] {
        printed.add(words, bank.run_on(&file, words));
    }
    read_everything(&bank, &file, &mut printed);
    let words = ["login", "gitlab"];
    let token = people::by_id("a.ruiz").unwrap().gitlab_token;
    printed.add(&words, bank.desk.run_with(&words, &format!("{token}\n")));

    // While systems fail, and with secrets that open nothing.
    bank.fault("*", "*", None, FaultKind::HtmlLogin200);
    read_everything(&bank, &file, &mut printed);
    bank.clear_faults();
    for (name, value) in WRONG {
        bank.desk.set(name, value);
    }
    read_everything(&bank, &file, &mut printed);
    let words = ["promote", "transfers", "--to", "prod"];
    printed.add(&words, bank.run_on(&file, &words));

    // It was a whole use: every kind of output is there to be searched.
    let ran = |start: &str, code: i32| {
        let mut calls = printed.0.iter();
        calls.any(|(words, ended)| words.starts_with(start) && ended.code == code)
    };
    assert!(ran("promote PR-", 0), "a promotion ran");
    assert!(ran("ledger export", 0) && ran("ledger init", 0) && ran("doctor", 1));
    let logged = printed.0.iter().flat_map(|(_, ended)| ended.err.lines());
    let fine = logged
        .filter(|line| line.contains("DEBUG interlock_"))
        .count();
    assert!(fine > 100, "the log is at its finest level: {fine} lines");

    let canaries = canaries(&bank);
    let mut found = printed.found(&canaries);
    // Everything in the home of the person, but for the servers of the bank itself.
    let mut searched = 0;
    for entry in fs::read_dir(bank.desk.path(".")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("bank") {
            searched += files(&path).len();
            found.extend(found_below(&path, &canaries));
        }
    }
    let kept = |name: &str| bank.desk.path(".local/share/interlock").join(name);
    for expected in [
        kept("andes-bank/ledger.db"),
        kept("andes-bank/last-known.db"),
        bank.desk.path("exported/log.jsonl"),
        bank.desk.path("exported-too/log.jsonl"),
    ] {
        assert!(expected.exists(), "{} is not there", expected.display());
    }
    assert!(searched > 8, "{searched} files");
    assert!(found.is_empty(), "{found:#?}");
}
