//! What a person sees, kept word for word in `tests/expected`.
//!
//! `INTERLOCK_WRITE_EXPECTED=1` writes what the program prints now; read the change before it
//! is committed. Ids, digests, times and addresses are masked with text of the same width.

use crate::{
    masks::{hidden, masked},
    support::{Bank, Desk, Ended},
};
use std::path::PathBuf;

const COMMANDS: [&str; 20] = [
    "practice", "init", "login", "doctor", "status", "compare", "diff", "promote", "approve",
    "reject", "withdraw", "waive", "review", "freezes", "follow", "log", "dossier", "policy",
    "ledger", "roster",
];

/// Pictures of this test, and those that do not look as expected.
#[derive(Default)]
struct Album {
    wrong: Vec<String>,
    /// Words that differ from run to run.
    volatile: Vec<String>,
}

impl Album {
    fn file(name: &str) -> PathBuf {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expected");
        PathBuf::from(folder).join(format!("{name}.txt"))
    }

    /// Compares stdout with what is kept.
    fn shows(&mut self, name: &str, ended: &Ended) {
        self.compares(name, &ended.out);
    }

    fn compares(&mut self, name: &str, text: &str) {
        let file = Self::file(name);
        let words = self.volatile.iter();
        let now = masked(&words.fold(text.to_owned(), |text, word| hidden(&text, word)));
        if std::env::var_os("INTERLOCK_WRITE_EXPECTED").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, now).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        if kept != now {
            let line = (0..kept.lines().count().max(now.lines().count()))
                .find(|&line| kept.lines().nth(line) != now.lines().nth(line));
            let line = line.unwrap_or_default();
            self.wrong.push(format!(
                "{name}:{}\n  kept {:?}\n  now  {:?}",
                line + 1,
                kept.lines().nth(line),
                now.lines().nth(line)
            ));
        }
    }
}

impl Drop for Album {
    fn drop(&mut self) {
        let wrong = self.wrong.join("\n");
        assert!(
            wrong.is_empty() || std::thread::panicking(),
            "not as in tests/expected (INTERLOCK_WRITE_EXPECTED=1 writes them anew):\n{wrong}"
        );
    }
}

/// The program on a terminal of so many columns.
fn on(bank: &mut Bank, columns: &str, words: &[&str]) -> Ended {
    bank.desk.set("COLUMNS", columns);
    bank.run(words)
}

#[test]
fn help_of_every_command() {
    let mut album = Album::default();
    let mut desk = Desk::new();
    desk.set("COLUMNS", "80");
    let whole = desk.run(&["--help"]).ends(0);
    album.shows("help", &whole);
    for command in COMMANDS {
        assert!(whole.out.contains(&format!("  {command} ")), "{command}");
        let help = desk.run(&[command, "--help"]).ends(0);
        for line in help.out.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        album.shows(&format!("help-{command}"), &help);
    }
}

#[test]
fn screens_that_only_read() {
    let mut album = Album::default();
    let mut bank = Bank::open();
    let compare = ["compare", "payments-api", "--from", "prod", "--to", "qa"];
    for columns in ["80", "120"] {
        let named = |name: &str| format!("{name}-{columns}");
        let status = on(&mut bank, columns, &["status"]).ends(1);
        assert!(status.err.contains("<- can be promoted from the left"));
        album.shows(&named("status"), &status);
        album.shows(
            &named("doctor"),
            &on(&mut bank, columns, &["doctor"]).ends(0),
        );
        let all = on(
            &mut bank,
            columns,
            &["compare", "--from", "prod", "--to", "qa"],
        );
        album.shows(&named("compare-all"), &all.ends(1));
        album.shows(&named("compare"), &on(&mut bank, columns, &compare).ends(1));
    }
    bank.desk.set("COLUMNS", "");
    let piped = bank.run(&["status", "--differences"]).ends(1);
    for line in piped.out.lines() {
        let service = line.split_whitespace().next().unwrap();
        assert!(line.starts_with(service), "a row is one line: {line}");
    }
    album.shows("status-piped", &piped);
    let unknown = bank.run(&["status", "payment-api"]).ends(6);
    album.compares("error-unknown-service", &unknown.err);
}

#[test]
fn a_doctor_with_findings() {
    let mut album = Album::default();
    let mut bank = Bank::open();
    let file = bank.as_real(|text| {
        text.replace("account = \"222222222222\"", "account = \"999999999999\"")
            .replace("payments/deploy-transfers", "payments/build-transfers")
    });
    bank.desk.set("COLUMNS", "120");
    album.shows(
        "doctor-findings-120",
        &bank.run_on(&file, &["doctor"]).ends(1),
    );
    let wrong = bank.desk.write(
        "wrong.toml",
        bank.estate_text().replacen("team = ", "teem = ", 1),
    );
    let told = bank.run_on(&wrong, &["status"]).ends(3);
    let folder = bank.desk.path("").display().to_string();
    album.compares("error-unknown-key", &told.err.replace(&folder, ""));
}

#[test]
fn two_templates() {
    let mut album = Album::default();
    let desk = Desk::new();
    desk.write(
        "before.yaml",
        "Resources:\n  Notices:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: Avisos}\n  Old:\n    Type: AWS::SQS::Queue\n",
    );
    desk.write(
        "after.json",
        r#"{"Resources": {"Notices": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Notificación"}}, "New": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}}}}"#,
    );
    album.shows(
        "diff",
        &desk.run(&["diff", "before.yaml", "after.json"]).ends(1),
    );
    album.shows(
        "diff-same",
        &desk.run(&["diff", "before.yaml", "before.yaml"]).ends(0),
    );
}

#[test]
fn a_promotion_from_its_draft_to_the_record() {
    let mut album = Album::default();
    let mut bank = Bank::open();
    on(&mut bank, "80", &["status"]).ends(1);
    let prepare = ["promote", "payments-api", "--to", "prod"];
    let draft = on(&mut bank, "80", &prepare).ends(0);
    // The short digest, whose groups may stand on two lines.
    let short = draft.out.split("manifest ").nth(1).unwrap();
    let short = short.split(" = ").next().unwrap();
    album.volatile = short.split(' ').map(str::to_owned).collect();
    album.shows("promote-draft-80", &draft);
    let id = draft.out.split(':').next().unwrap().to_owned();
    let asked = bank.run(&["promote", &id, "--request"]).ends(0);
    assert!(asked.out.contains("approvals 0 of 1"));
    for columns in ["80", "120"] {
        let list = on(&mut bank, columns, &["follow"]).ends(0);
        album.shows(&format!("follow-list-{columns}"), &list);
    }
    let unread = bank.run(&["--as", "l.prado", "approve", &id]).ends(2);
    album.compares("error-unread", &unread.err);
    let digest = album.volatile.join(" ");
    let approve = ["--as", "l.prado", "approve", &id, "--digest", &digest];
    album.shows("approve-120", &bank.run(&approve).ends(0));
    let unconfirmed = bank.run(&["promote", &id, "--execute"]).ends(2);
    album.compares("error-unconfirmed", &unconfirmed.err);
    let ran = bank.run(&["promote", &id, "--execute", "--confirm", "prod"]);
    let (log, result) = ran.out.split_once("\n\n").unwrap();
    assert!(!log.is_empty());
    for line in log.lines() {
        assert_eq!(line.as_bytes()[19], b'Z', "a time to the second: {line}");
    }
    album.compares("execute-result-120", result);
    ran.ends(0);
    for columns in ["80", "120"] {
        let log = on(&mut bank, columns, &["log"]).ends(0);
        assert!(log.err.contains("The ledger: 14 entries hold together."));
        album.shows(&format!("log-{columns}"), &log);
    }
    album.shows(
        "follow-show-120",
        &bank.run(&["follow", &id, "--show"]).ends(0),
    );
    let job = bank.run(&["promote", "mobile-bff", "--to", "qa"]).ends(0);
    album.shows("promote-jenkins-120", &job);
}

#[test]
fn what_a_policy_says() {
    let mut album = Album::default();
    let mut bank = Bank::open();
    bank.desk.set("COLUMNS", "80");
    for action in ["show", "test", "explain"] {
        let help = bank.desk.run(&["policy", action, "--help"]).ends(0);
        for line in help.out.lines() {
            assert!(line.chars().count() <= 80, "{action}: {line}");
        }
        album.shows(&format!("help-policy-{action}"), &help);
    }
    let default = bank.desk.run(&["policy", "show", "--default"]).ends(0);
    album.shows("policy-show-default", &default);
    album.shows("policy-test", &bank.run(&["policy", "test"]).ends(0));
    let explain = ["policy", "explain", "payments-api", "--to", "prod"];
    let folder = bank.desk.path("").display().to_string();
    let explained = bank.run(&explain).ends(0);
    album.compares("policy-explain", &explained.out.replace(&folder, ""));
    let draft = bank
        .run(&["promote", "payments-api", "--to", "prod"])
        .ends(0);
    let id = draft.out.split(':').next().unwrap().to_owned();
    let judged = bank
        .run(&[&explain[..], &["--promotion", &id]].concat())
        .ends(0);
    let (_, told) = judged.out.split_once("\n\nPR-").unwrap();
    // Ages differ from run to run.
    let ageless = told.lines().map(|line| {
        let is_place = line.starts_with("     ");
        let source = line.rsplit_once(", ").filter(|_| is_place);
        source.map_or(line, |(source, _)| source)
    });
    let told = ageless.collect::<Vec<_>>().join("\n");
    album.compares("policy-explain-promotion", &format!("PR-{told}"));
}

#[test]
fn threat_02_colour_stays_out_of_pipes_and_foreign_control_characters_out_of_everything() {
    let bank = Bank::open();
    let mut desk = Desk::new();
    for (name, value) in [("TERM", "xterm-256color"), ("NO_COLOR", "")] {
        desk.set(name, value);
    }
    desk.write("a.yaml", "Resources:\n  A:\n    Type: \"x\\e[2Jy\"\n");
    desk.write("b.yaml", "Resources:\n  A:\n    Type: z\n");
    let ended = desk.run(&["diff", "a.yaml", "b.yaml"]).ends(1);
    assert!(!ended.out.contains('\u{1b}'), "{:?}", ended.out);
    assert!(ended.out.contains("x[U+001B][2Jy"), "{:?}", ended.out);
    let refused = bank.run(&["follow", "PR-NONE00"]).ends(6);
    assert!(!refused.err.contains('\u{1b}'));
}
