//! Who drives an attempt, as the fold sees it.

use crate::support::{Bank, approval, claim, manifest, now};
use interlock_ledger::{Driver, LEASE, Predicate, Statement};

fn lease(runner: &str, reason: &str) -> Predicate {
    Predicate::Lease {
        attempt: 1,
        runner: runner.into(),
        reason: reason.into(),
    }
}

fn intent(fence: u64, step: &str) -> Predicate {
    Predicate::StepIntent {
        attempt: 1,
        fence,
        step: step.into(),
        token: "t".into(),
        call: "c".into(),
    }
}

/// A bank with a claim, and the entry of it.
fn claimed() -> (Bank, interlock_domain::Digest, u64) {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let claim = bank.say(digest, "ana", claim(1));
    (bank, digest, claim)
}

fn driver(bank: &Bank) -> Driver {
    bank.promotion().last_attempt().unwrap().driver.clone()
}

/// The same, said so long after the claim.
fn later(
    bank: &Bank,
    digest: interlock_domain::Digest,
    after: jiff::SignedDuration,
    it: Predicate,
) -> u64 {
    let statement = Statement {
        at: now().checked_add(after).unwrap(),
        ..bank.statement(Some("PR-1"), digest, "ines", it)
    };
    bank.append(&statement, &crate::support::key_of("ines"))
}

#[test]
fn within_a_lease_taking_over_takes_a_reason() {
    let (bank, digest, fence) = claimed();
    let silent = bank.say(digest, "ines", lease("desk 2", " "));
    assert!(
        bank.ignored(silent)
            .contains("taking over before takes a reason")
    );
    assert_eq!(driver(&bank).fence, fence);
    let taken = bank.say(digest, "ines", lease("desk 2", "the laptop is lost"));
    let now = driver(&bank);
    assert_eq!((now.fence, now.runner.as_str()), (taken, "desk 2"));
    assert_eq!(now.by.as_str(), "ines");
}

#[test]
fn after_a_lease_anybody_goes_on() {
    let second = jiff::SignedDuration::from_secs(1);
    let (bank, digest, _) = claimed();
    let at_its_end = later(&bank, digest, LEASE, lease("desk 2", ""));
    assert!(bank.ignored(at_its_end).contains("takes a reason"));
    let after = later(&bank, digest, LEASE + second, lease("desk 2", ""));
    assert_eq!(driver(&bank).fence, after);
}

#[test]
fn who_was_taken_over_intends_nothing_any_more() {
    let (bank, digest, old) = claimed();
    bank.say(digest, "ana", intent(old, "first"));
    let new = bank.say(digest, "ines", lease("desk 2", "gone"));
    let late = bank.say(digest, "ana", intent(old, "second"));
    assert!(bank.ignored(late).contains("desk 2 took over"));
    bank.say(digest, "ines", intent(new, "second"));
    let promotion = bank.promotion();
    let steps = &promotion.last_attempt().unwrap().steps;
    let steps: Vec<_> = steps.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(steps, ["first", "second"]);
}

#[test]
fn a_driver_that_is_heard_of_keeps_its_lease_and_its_fence() {
    let (bank, digest, fence) = claimed();
    let own = driver(&bank).runner;
    let minute = jiff::SignedDuration::from_mins(1);
    later(&bank, digest, minute * 10, lease(&own, ""));
    let kept = driver(&bank);
    assert_eq!(kept.fence, fence);
    assert_eq!(kept.until(), now() + minute * 25);
    // What it intends says as well that it is there; an older word takes nothing back.
    later(&bank, digest, minute * 12, intent(fence, "s"));
    later(&bank, digest, minute * 5, lease(&own, ""));
    assert_eq!(driver(&bank).heard_at, now() + minute * 12);
}
