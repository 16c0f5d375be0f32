//! Promotions: one that went as it should, and one in an emergency.

use super::bank::{CANARIES, HOSTILE, Story, at, person};
use crate::Facts;
use interlock_ledger::{Outcome, Predicate, predicate::StepObserved};
use std::{collections::BTreeMap, sync::LazyLock};

/// The facts of the promotion that went as it should, always the same ones.
pub fn facts() -> Facts {
    static FACTS: LazyLock<Facts> = LazyLock::new(|| good().facts(usize::MAX));
    assert_eq!(FACTS.record.ignored, BTreeMap::new());
    FACTS.clone()
}

fn intent() -> Predicate {
    Predicate::PrepareIntent {
        to: "prod".into(),
        services: vec!["payments-api".into()],
    }
}

/// One that moved once, was asked for again, approved, carried out and verified.
pub fn good() -> Story {
    let story = Story::begun();
    let (first, old) = story.draft(CANARIES[5]);
    let (second, new) = story.draft(CANARIES[4]);
    let say = |subject, actor: &str, predicate| story.say(Some("PR-1"), subject, actor, predicate);
    say(first, "ana", intent());
    say(first, "ana", Predicate::Draft {});
    let comment = format!("{} {}", CANARIES[3], HOSTILE[5]);
    say(first, "ana", Predicate::Request { comment });
    let moved = old.moved_to(&new);
    say(first, "ana", Predicate::Voided { moved });
    say(second, "ana", intent());
    say(second, "ana", Predicate::Draft {});
    let comment = String::new();
    say(second, "ana", Predicate::Request { comment });
    let comment = format!("{} {}", CANARIES[2], HOSTILE[0]);
    say(second, "luis", Predicate::Approval { comment });
    let fence = story.len() as u64;
    carried_out(fence, &|predicate| say(second, "ana", predicate));
    story
}

/// One that broke the glass, was rolled back, and was reviewed afterwards.
pub fn emergency() -> Story {
    let story = Story::begun();
    let (subject, _) = story.draft(CANARIES[4]);
    let say = |actor: &str, predicate| story.say(Some("PR-1"), subject, actor, predicate);
    say("ana", intent());
    say("ana", Predicate::Draft {});
    say(
        "luis",
        Predicate::Waiver {
            gate: "build-and-tests".into(),
            service: "payments-api".into(),
            owner: person("luis"),
            reason: CANARIES[2].into(),
            expires: at(600),
        },
    );
    let comment = CANARIES[3].to_owned();
    say("ana", Predicate::Request { comment });
    // Who asked for it cannot approve it.
    let comment = String::new();
    say("ana", Predicate::Approval { comment });
    say(
        "ana",
        Predicate::BreakGlass {
            reason: CANARIES[2].into(),
            incident: format!("INC-7 {}", CANARIES[0]),
        },
    );
    let (attempt, step) = (1, "payments-api-prod".to_owned());
    say(
        "ana",
        Predicate::ExecutionClaim {
            attempt,
            runner: "desktop".into(),
        },
    );
    let fence = story.len() as u64;
    say(
        "ana",
        Predicate::Lease {
            attempt,
            runner: "another desktop".into(),
            reason: CANARIES[2].into(),
        },
    );
    say(
        "ana",
        Predicate::StepIntent {
            attempt,
            fence,
            step: step.clone(),
            token: "token-1".into(),
            call: format!("execute with {}", CANARIES[4]),
        },
    );
    let outcome = Outcome::RolledBack;
    for observed in [
        StepObserved::OutcomeUnknown,
        StepObserved::Ended { outcome },
    ] {
        let (step, detail) = (step.clone(), CANARIES[4].to_owned());
        say(
            "ana",
            Predicate::StepObservation {
                attempt,
                step,
                observed,
                detail,
            },
        );
    }
    let detail = format!("rolled back {}", CANARIES[4]);
    say(
        "ana",
        Predicate::Completion {
            attempt,
            outcome,
            detail,
        },
    );
    let comment = CANARIES[3].to_owned();
    say("eva", Predicate::Review { comment });
    story
}

fn carried_out(fence: u64, say: &dyn Fn(Predicate)) {
    let (attempt, step) = (1, "payments-api-prod".to_owned());
    say(Predicate::ExecutionClaim {
        attempt,
        runner: format!("command line of {}", CANARIES[1]),
    });
    say(Predicate::StepIntent {
        attempt,
        fence,
        step: step.clone(),
        token: "token-1".into(),
        call: format!("execute with {}", CANARIES[4]),
    });
    for observed in [
        StepObserved::Accepted {
            handle: "arn:aws:cloudformation:stack/1".into(),
        },
        StepObserved::Ended {
            outcome: Outcome::Succeeded,
        },
    ] {
        say(Predicate::StepObservation {
            attempt,
            step: step.clone(),
            observed,
            detail: "seen".into(),
        });
    }
    say(Predicate::Completion {
        attempt,
        outcome: Outcome::Succeeded,
        detail: "payments-api-prod is done".into(),
    });
    say(Predicate::Verification {
        attempt,
        held: true,
        detail: format!("{} is as approved", CANARIES[4]),
    });
}
