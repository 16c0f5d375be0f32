//! Rows of the fault table that judging decides, named after them.

use super::*;
use crate::{BreakGlass, ForecastRule, Rule};

/// Takes one fact away.
type Blind = fn(&mut Facts);

#[test]
fn fault_13_unpinned_reference_fails_in_production() {
    let f = Facts {
        floating_references: seen(vec!["{{resolve:ssm:/payments/limit}}".into()]),
        ..facts()
    };
    let stopped = |facts: &Facts| judged(&Policy::built_in(), facts).blocks();
    let verdicts = judged(&Policy::built_in(), &f).verdicts;
    let pinned = verdicts
        .iter()
        .find(|v| v.rule == "content-pinned")
        .unwrap();
    assert_eq!(pinned.outcome, Outcome::Fail);
    assert!(pinned.summary.contains("/payments/limit"));
    assert!(stopped(&f));
    let mut test = f;
    test.subject.tier = Tier::Test;
    assert!(
        !stopped(&test),
        "elsewhere the built-in policy does not ask"
    );
}

#[test]
fn fault_26_a_freeze_that_begins_between_approval_and_claim_stops_the_claim() {
    let policy = policy(STRICT);
    let friday = |time: &str| Facts {
        now: at(time),
        in_source_since: seen(at("2026-11-18T12:00:00Z")),
        past_durations: seen(vec![60]),
        ..facts()
    };
    // Approved in time ...
    assert!(!judged(&policy, &friday("2026-11-20T22:00:00Z")).blocks());
    // ... and claimed when the weekend has begun in Bogota.
    let late = friday("2026-11-20T23:00:00Z");
    let judgement = judged(&policy, &late);
    assert!(judgement.blocks());
    let glass = Given {
        break_glass: Some(BreakGlass {
            reason: "payments are down".into(),
            incident: "INC-1".into(),
        }),
        ..Given::default()
    };
    let broken = judge(&policy, &late, &glass);
    assert!(
        !broken.blocks() && broken.mark.is_some(),
        "break-glass only"
    );
}

#[test]
fn fault_29_a_gate_that_turns_red_after_the_approval_stops_the_claim() {
    let policy = policy(STRICT);
    assert!(!judged(&policy, &facts()).blocks());
    let mut relabelled = facts();
    relabelled.quality = Some(seen(GateFact {
        passed: Some(false),
        broken: vec!["new_bugs is 1, above 0".into()],
        revision: Some("8c41d0e51be902a0".into()),
        wanted: Some("8c41d0e".into()),
    }));
    let mut found = facts();
    found.findings = Some(seen([("critical".to_owned(), 1)].into()));
    for flipped in [relabelled, found] {
        assert!(judged(&policy, &flipped).blocks());
    }
}

#[test]
fn fault_30_a_system_that_does_not_answer_at_the_claim_stops_it_as_unknown() {
    let policy = policy(STRICT);
    let blind: [(&str, Blind); 16] = [
        ("source", |f| f.source_stacks = unseen()),
        ("target", |f| f.target_stacks = unseen()),
        ("path", |f| f.path = unseen()),
        ("quality", |f| f.quality = Some(unseen())),
        ("coverage", |f| f.measures = Some(unseen())),
        ("findings", |f| f.findings = Some(unseen())),
        ("tests", |f| f.tests = Some(unseen())),
        ("soak", |f| f.in_source_since = unseen()),
        ("stateful", |f| f.changes = Some(unseen())),
        ("access", |f| f.access_broadened = Some(unseen())),
        ("drift", |f| f.drift_overwritten = Some(unseen())),
        ("rejected", |f| f.rejected = Some(unseen())),
        ("pinned", |f| f.floating_references = unseen()),
        ("size", |f| f.commits = Some(unseen())),
        ("ticket", |f| f.commits = Some(unseen())),
        ("freeze", |f| f.past_durations = unseen()),
    ];
    for (rule, take_away) in blind {
        let mut f = facts();
        take_away(&mut f);
        let verdicts = judged(&policy, &f).verdicts;
        let verdict = verdicts.iter().find(|v| v.rule == rule).unwrap();
        assert_eq!(verdict.outcome, Outcome::Unknown, "{rule}");
        assert!(verdict.blocks(), "{rule}");
    }
    let kinds: std::collections::BTreeSet<_> =
        policy.gates.iter().map(|gate| gate.rule.kind()).collect();
    assert_eq!(
        kinds.len(),
        crate::KINDS.len(),
        "every kind is in the table"
    );
}

#[test]
fn fault_43_a_promotion_is_judged_by_the_policy_in_force_and_the_change_shows_in_its_digest() {
    let before = policy(STRICT);
    let after = policy(&STRICT.replace("time = \"24h\"", "time = \"100h\""));
    let (then, now) = (judged(&before, &facts()), judged(&after, &facts()));
    assert!(!then.blocks() && now.blocks());
    assert_ne!(then.policy, now.policy);
    assert_eq!(then.policy, judged(&policy(STRICT), &facts()).policy);
    // The Cedar policies are a part of it.
    let own = "@id(\"x\") permit (principal, action, resource);";
    let text = format!("cedar = \"own.cedar\"\n{STRICT}");
    let with = crate::parse(&text, "policy.toml", Some(own), None).unwrap();
    let without = crate::parse(&text, "policy.toml", Some(crate::permits_text()), None).unwrap();
    assert_ne!(with.digest(), without.digest());
    let kept: serde_json::Value = serde_json::from_slice(&with.bundle.to_bytes()).unwrap();
    assert_eq!(kept["policy"], text);
    assert_eq!(kept["cedar"], own);
}

#[test]
fn fault_45_a_policy_with_words_of_a_later_program_is_refused_and_not_half_read() {
    for later in ["min_verifier = 9\n", "[[gates.sixth_sense]]\nid = \"x\"\n"] {
        let text = format!("{later}{STRICT}");
        assert!(
            crate::parse(&text, "policy.toml", None, None).is_err(),
            "{later}"
        );
    }
}

#[test]
fn a_freeze_gate_of_the_policy_is_the_one_that_counts() {
    let policy = policy(STRICT);
    let f = facts();
    let gates = crate::gates_for(&policy, &f.subject);
    let freezes: Vec<_> = gates
        .iter()
        .filter_map(|gate| match gate.rule {
            Rule::Freeze { forecast, .. } => Some(forecast),
            _ => None,
        })
        .collect();
    assert_eq!(freezes, [ForecastRule::Fail]);
}
