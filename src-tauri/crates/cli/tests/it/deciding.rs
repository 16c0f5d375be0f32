//! What is said about a promotion beside an approval: rejected, taken back, waived, broken through,
//! reviewed; and the freezes ahead.

use crate::support::{Bank, Ended};

/// A promotion that somebody asked for: its id, and the digits of its manifest.
fn asked(bank: &Bank, service: &str) -> (String, String) {
    bank.run(&["status"]).ends(1);
    let view = bank.run(&[
        "promote",
        service,
        "--to",
        "prod",
        "--request",
        "--format",
        "json",
    ]);
    let view = view.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let digest = text(&view["digest"]);
    (text(&view["summary"]["id"]), digest[..12].to_owned())
}

fn approve(bank: &Bank, person: &str, id: &str, digest: &str) -> Ended {
    bank.run(&["--as", person, "approve", id, "--digest", digest])
}

#[test]
fn a_request_is_taken_back_by_who_asked_and_an_approval_by_who_gave_it() {
    let bank = Bank::open();
    let (id, digest) = asked(&bank, "payments-api");
    let others = bank.run(&["--as", "l.prado", "withdraw", &id]).ends(5);
    others.says(&["nothing of yours to take back"]);
    approve(&bank, "l.prado", &id, &digest).ends(0);
    let doubt = ["--as", "l.prado", "withdraw", &id, "--reason", "a doubt"];
    bank.run(&doubt).ends(0).prints(&["approvals 0 of 1"]);
    let words = [
        "withdraw",
        &id,
        "--reason",
        "the wrong version",
        "--format",
        "json",
    ];
    let view = bank.run(&words).ends(0).json();
    assert_eq!(view["summary"]["state"], "draft");
    assert_eq!(view["withdrawn"]["reason"], "the wrong version");
    approve(&bank, "l.prado", &id, &digest).ends(5);
    bank.run(&["log", &id])
        .ends(0)
        .prints(&["took back what was said: the wrong version"]);
}

#[test]
fn a_rejection_has_a_reason_and_says_who_may_not() {
    let bank = Bank::open();
    let (id, _) = asked(&bank, "payments-api");
    bank.run(&["reject", &id]).ends(2).says(&["--reason"]);
    let own = bank.run(&["reject", &id, "--reason", "no", "--format", "json"]);
    let own = own.ends(5);
    assert_eq!(own.json()["error"]["code"], "not-allowed");
    own.says(&["You requested this (policy guard-requester)"]);
    let words = [
        "--as",
        "l.prado",
        "reject",
        &id,
        "--reason",
        "the limit is not agreed",
    ];
    bank.run(&words)
        .ends(0)
        .prints(&["rejected; the limit is not agreed"]);
}

#[test]
fn a_gate_is_waived_until_a_time_asks_for_one_more_approval_and_never_looks_passed() {
    let bank = Bank::open();
    let (id, digest) = asked(&bank, "transfers");
    let waive = |person: &str, gate: &str, until: &str| {
        let reason = "known, mended tomorrow";
        let words = [
            "--as", person, "waive", &id, "--gate", gate, "--until", until,
        ];
        bank.run(&[&words[..], &["--reason", reason]].concat())
    };
    waive("s.lara", "quality-gate", "24h")
        .ends(5)
        .says(&["No policy lets a developer waive a gate in prod"]);
    waive("a.ruiz", "quality-gate", "soon")
        .ends(2)
        .says(&["neither a time nor a length"]);
    waive("a.ruiz", "quality-gate", "2020-01-01T00:00:00Z")
        .ends(5)
        .says(&["expired already"]);
    waive("a.ruiz", "nothing", "24h")
        .ends(5)
        .says(&["its rules are", "quality-gate"]);
    waive("a.ruiz", "quality-gate", "24h").ends(0).prints(&[
        "waived until",
        "by Ana Ruiz because known, mended tomorrow",
        "approvals 0 of 2",
    ]);
    approve(&bank, "l.prado", &id, &digest).ends(0);
    // A lead would do for the waiver, but Diego wrote a part of it.
    approve(&bank, "d.mora", &id, &digest)
        .ends(5)
        .says(&["of its commits (policy guard-author)"]);
    let view = bank
        .run(&["follow", &id, "--show", "--format", "json"])
        .json();
    assert_eq!(view["summary"]["state"], "waiting for approval");
    assert_eq!(
        (&view["approvalsHave"], &view["approvalsNeeded"]),
        (&1.into(), &2.into())
    );
    let gates = view["gates"].as_array().unwrap();
    let gate = gates
        .iter()
        .find(|gate| gate["rule"] == "quality-gate")
        .unwrap();
    assert_eq!(
        (&gate["outcome"], &gate["tone"]),
        (&"waived".into(), &"waiting".into())
    );
    assert_eq!(view["waivers"][0]["owner"], "Ana Ruiz");
}

#[test]
fn a_broken_glass_needs_its_incident_leaves_a_mark_and_owes_a_review() {
    let bank = Bank::open();
    let (id, _) = asked(&bank, "payments-api");
    let glass = |person: &str, words: &[&str]| {
        let begin = ["--as", person, "promote", &id, "--break-glass", "INC-7"];
        bank.run(&[&begin[..], words].concat())
    };
    let why = ["--comment", "payments are down", "--confirm", "prod"];
    glass("a.ruiz", &why[..2]).ends(2).says(&["--confirm prod"]);
    glass("a.ruiz", &why[2..]).ends(5).says(&["needs a reason"]);
    glass("d.mora", &why)
        .ends(5)
        .says(&["No policy lets a lead break the glass in prod"]);
    glass("a.ruiz", &[&why[..], &["--execute"]].concat())
        .ends(0)
        .prints(&["verified"]);
    bank.run(&["follow"])
        .ends(0)
        .prints(&["glass broken for INC-7", "a review until"]);
    bank.run(&["follow", &id, "--show"]).ends(0).prints(&[
        "The glass was broken",
        "for INC-7 by Ana Ruiz: payments are down",
    ]);
    let review =
        |person: &str| bank.run(&["--as", person, "review", &id, "--comment", "it was needed"]);
    review("a.ruiz").ends(5).says(&["You took part in it"]);
    review("d.mora")
        .ends(0)
        .prints(&["reviewed by Diego Mora: it was needed"]);
    review("d.mora").ends(5).says(&["No review is owed"]);
}

#[test]
fn freezes_ahead_are_told_with_what_the_past_says() {
    let bank = Bank::open();
    let all = bank.run(&["freezes"]).ends(0);
    all.prints(&[
        "dev: no freeze is ahead",
        "prod",
        "weekend",
        "ahead",
        "estate file",
    ]);
    let words = [
        "freezes",
        "prod",
        "--service",
        "payments-api",
        "--format",
        "json",
    ];
    let told = bank.run(&words).ends(0).json();
    let prod = &told["environments"][0];
    assert_eq!(prod["freezes"][0]["name"], "weekend");
    // Nothing was promoted here yet: the policy says what to assume.
    let forecast = &prod["forecast"];
    assert_eq!(
        (&forecast["seconds"], &forecast["runs"]),
        (&1800.into(), &0.into())
    );
    assert!(forecast["runsInto"].is_null());
    bank.run(&["freezes", "staging"]).ends(6);
}
