//! Going on although something stands against it, and taking back what was said: end to end over the
//! ledger, by the policy.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{
    Console, UseCaseError,
    estate::parse,
    policy,
    ports::Clock,
    promotion::{Takes, WaiverOrder},
};
use interlock_domain::{
    Digest, EnvironmentName, PersonId, PromotionId, ServiceName, Timestamp,
    verdict::{Lifted, Outcome},
};
use interlock_ledger::{Ledger, Promotion, PromotionState, SqliteStore};
use jiff::SignedDuration;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use support::{Cloud, ESTATE, ports};

/// Real time, and so many hours more.
#[derive(Default)]
struct Later(AtomicI64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_hours(self.0.load(Ordering::SeqCst))
    }
}

/// A bank with a policy of its own, and a clock that a test can put forward.
struct Office {
    cloud: Arc<Cloud>,
    policy: String,
    cedar: Option<String>,
    clock: Arc<Later>,
    ledger: PathBuf,
    _folder: tempfile::TempDir,
}

const LEAD: &str = "[[people]]\nid = \"diego\"\nname = \"Diego Mora\"\nrole = \"lead\"\n";

impl Office {
    fn new(policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            cloud: Cloud::new(),
            policy: policy.into(),
            cedar: None,
            clock: Arc::default(),
            ledger: folder.path().join("l.db"),
            _folder: folder,
        }
    }

    fn with_cedar(policy: &str, cedar: &str) -> Self {
        Self {
            cedar: Some(cedar.into()),
            ..Self::new(&format!("cedar = \"policy.cedar\"\n{policy}"))
        }
    }

    /// Somebody at a desk of their own.
    fn desk(&self, person: &'static str) -> Arc<Console> {
        let environments = Some(&["qa", "prod"][..]);
        let policy = policy::parse(
            &self.policy,
            "policy.toml",
            self.cedar.as_deref(),
            environments,
        );
        let estate = parse(&format!("{ESTATE}{LEAD}"), "interlock.toml").unwrap();
        Arc::new(Console::new(
            estate.with_policy(policy.unwrap()),
            ports(&self.cloud, person),
            Arc::new(Ledger::new(open(&self.ledger), "test")),
            self.clock.clone(),
            None,
            format!("desk of {person}"),
        ))
    }

    /// Ana prepares it and asks.
    async fn asked(&self) -> (Arc<Console>, Digest) {
        let ana = self.desk("ana");
        let digest = prepared(&ana).await;
        ana.request(&id(), digest, "please".into()).await.unwrap();
        (ana, digest)
    }

    async fn approve(&self, person: &'static str, digest: Digest) -> Result<(), UseCaseError> {
        self.desk(person)
            .approve(&id(), digest, String::new())
            .await
    }
}

fn open(ledger: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(ledger).unwrap())
}

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

async fn prepared(desk: &Arc<Console>) -> Digest {
    let service = ServiceName::new("payments-api").unwrap();
    let prod = EnvironmentName::new("prod").unwrap();
    desk.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    desk.promotion(&id()).unwrap().digest.unwrap()
}

async fn settled(desk: &Arc<Console>) -> Promotion {
    for _ in 0..600 {
        let promotion = desk.promotion(&id()).unwrap();
        if matches!(
            promotion.state,
            PromotionState::Failed { .. } | PromotionState::Verified
        ) {
            return promotion;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?}", desk.promotion(&id()).unwrap().state);
}

fn waiver(desk: &Console, gate: &str, owner: &str) -> WaiverOrder {
    WaiverOrder {
        gate: gate.into(),
        service: None,
        owner: PersonId::new(owner).unwrap(),
        reason: "the table is empty".into(),
        expires: desk.now() + SignedDuration::from_hours(24),
    }
}

#[track_caller]
fn says(result: Result<(), UseCaseError>, words: &str) {
    let error = result.unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

/// A gate that fails, and one manager.
const TOO_LARGE: &str = r#"
[[gates.size]]
id = "size"
name = "Not too much at once"
max_resources = 0
[[gates.target_ready]]
id = "target"
[[approvals]]
id = "managers"
name = "Release managers"
from = ["release-manager"]
count = 1
[break_glass]
bypasses = ["size", "freeze"]
review_within = "24h"
"#;

#[tokio::test]
async fn a_waived_gate_asks_for_one_more_approval_and_never_looks_passed() {
    let office = Office::new(TOO_LARGE);
    let (ana, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    says(ana.execute(&id(), digest).await, "Not too much at once");
    ana.waive(&id(), digest, waiver(&ana, "size", "eva"))
        .await
        .unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert!(promotion.approvals.is_empty(), "Luis did not know of it");
    let rules: Vec<_> = promotion.rules().into_iter().map(|r| r.name).collect();
    assert_eq!(rules, ["Release managers", "Waiver"]);
    office.approve("luis", digest).await.unwrap();
    says(ana.execute(&id(), digest).await, "it is not approved");
    office.approve("eva", digest).await.unwrap();
    let gates = ana.judge_promotion(&id()).await.unwrap().verdicts;
    let gate = gates.iter().find(|gate| gate.rule == "size").unwrap();
    assert_eq!(gate.outcome, Outcome::Fail);
    assert!(matches!(&gate.lifted, Some(Lifted::Waiver { owner, .. }) if owner == "eva"));
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana).await.state, PromotionState::Verified);
    let record = ana.record().unwrap();
    assert!(record.ignored.is_empty(), "{:?}", record.ignored);
}

#[tokio::test]
async fn a_waiver_that_cannot_be_is_refused_with_the_reason_and_leaves_nothing() {
    let office = Office::new(TOO_LARGE);
    let (ana, digest) = office.asked().await;
    let order = |gate: &str| waiver(&ana, gate, "ana");
    let cases = [
        (
            WaiverOrder {
                reason: " ".into(),
                ..order("size")
            },
            "needs a reason",
        ),
        (
            WaiverOrder {
                expires: ana.now(),
                ..order("size")
            },
            "expired already",
        ),
        (waiver(&ana, "size", "nobody"), "not in the roster"),
        (order("target"), "does not stop the promotion"),
        (order("sise"), "its rules are target, size"),
    ];
    for (order, words) in cases {
        says(ana.waive(&id(), digest, order).await, words);
    }
    let developer = office.desk("sofia");
    let denied = developer.waive(&id(), digest, order("size")).await;
    says(denied, "no policy lets a developer waive a gate in prod");
    assert!(ana.promotion(&id()).unwrap().waivers.is_empty());
}

#[tokio::test]
async fn who_gave_a_waiver_does_not_approve_and_an_expired_one_lifts_nothing() {
    let office = Office::new(TOO_LARGE);
    let (ana, digest) = office.asked().await;
    let luis = office.desk("luis");
    luis.waive(&id(), digest, waiver(&luis, "size", "luis"))
        .await
        .unwrap();
    says(office.approve("luis", digest).await, "waived a gate of it");
    office.approve("eva", digest).await.unwrap();
    office.approve("diego", digest).await.unwrap();
    assert_eq!(
        ana.promotion(&id()).unwrap().state,
        PromotionState::Approved
    );
    office.clock.0.store(25, Ordering::SeqCst);
    says(ana.execute(&id(), digest).await, "Not too much at once");
    let (_, ignored) = ana.given(&ana.promotion(&id()).unwrap());
    assert!(ignored[0].1.starts_with("it expired"), "{}", ignored[0].1);
}

#[tokio::test]
async fn a_broken_glass_goes_without_approvals_is_marked_for_ever_and_owes_a_review() {
    let office = Office::new(TOO_LARGE);
    let (ana, digest) = office.asked().await;
    let glass = |desk: Arc<Console>, incident: &'static str| async move {
        let reason = "payments are down".to_owned();
        desk.break_glass(&id(), digest, reason, incident.into())
            .await
    };
    says(
        glass(office.desk("sofia"), "INC-7").await,
        "no policy lets a developer break the glass",
    );
    says(glass(ana.clone(), " ").await, "needs the incident");
    glass(ana.clone(), "INC-7").await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(
        promotion.state,
        PromotionState::AwaitingApproval,
        "it never looks approved"
    );
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana).await;
    assert_eq!(promotion.state, PromotionState::Verified);
    assert!(promotion.owes_review());
    let broken = promotion.break_glass.as_ref().unwrap();
    assert_eq!(
        ana.review_by(&promotion).unwrap(),
        broken.at + SignedDuration::from_hours(24)
    );
    says(
        ana.review(&id(), "fine".into()).await,
        "you took part in it",
    );
    let sofia = office.desk("sofia");
    says(
        sofia.review(&id(), "fine".into()).await,
        "no policy lets a developer review it",
    );
    let diego = office.desk("diego");
    says(diego.review(&id(), " ".into()).await, "says what was found");
    diego.review(&id(), "it was needed".into()).await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert!(!promotion.owes_review());
    let found = promotion.break_glass.unwrap().reviewed.unwrap();
    assert_eq!(
        (found.0.as_str(), found.2.as_str()),
        ("diego", "it was needed")
    );
}

#[tokio::test]
async fn a_broken_glass_passes_over_what_the_policy_names_and_nothing_else() {
    let text = TOO_LARGE.replace("[\"size\", \"freeze\"]", "[\"freeze\"]");
    let office = Office::new(&text);
    let (ana, digest) = office.asked().await;
    ana.break_glass(&id(), digest, "r".into(), "INC-7".into())
        .await
        .unwrap();
    says(ana.execute(&id(), digest).await, "Not too much at once");
    // Another manifest is another emergency.
    ana.prepare_again(&id()).await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert!(promotion.break_glass.is_some() && !promotion.in_emergency());
    let digest = promotion.digest.unwrap();
    says(ana.execute(&id(), digest).await, "it is not approved");
}

#[tokio::test]
async fn rules_for_an_emergency_are_waited_for() {
    let rule = "[[approvals]]\nid = \"board\"\nname = \"Change board\"\nfrom = [\"lead\"]\ncount = 1\nwhen = [\"break-glass\"]\n";
    let office = Office::new(&format!("{TOO_LARGE}{rule}"));
    let (ana, digest) = office.asked().await;
    ana.break_glass(&id(), digest, "r".into(), "INC-7".into())
        .await
        .unwrap();
    says(
        ana.execute(&id(), digest).await,
        "one approval is missing (policy guard-approvals)",
    );
    office.approve("diego", digest).await.unwrap();
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana).await.state, PromotionState::Verified);
}

const PLAIN: &str = "[[approvals]]\nid = \"managers\"\nname = \"Release managers\"\nfrom = [\"release-manager\"]\ncount = 1\n";

#[tokio::test]
async fn who_asked_takes_the_request_back_and_who_approved_the_approval() {
    let office = Office::new(PLAIN);
    let (ana, digest) = office.asked().await;
    let luis = office.desk("luis");
    let nothing = luis.withdraw(&id(), digest, String::new()).await;
    says(nothing, "nothing of yours to take back");
    office.approve("luis", digest).await.unwrap();
    luis.withdraw(&id(), digest, "a doubt".into())
        .await
        .unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    office.approve("luis", digest).await.unwrap();
    ana.withdraw(&id(), digest, "the wrong version".into())
        .await
        .unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::Draft);
    assert!(promotion.approvals.is_empty());
    assert_eq!(promotion.withdrawn.unwrap().1, "the wrong version");
    says(
        office.approve("luis", digest).await,
        "nobody is asked to decide now",
    );
    says(ana.execute(&id(), digest).await, "it is not approved");
    ana.request(&id(), digest, "again".into()).await.unwrap();
    assert!(ana.promotion(&id()).unwrap().withdrawn.is_none());
}

#[tokio::test]
async fn an_approval_that_is_too_old_counts_for_nothing_and_is_given_again() {
    let office = Office::new(&format!("approvals_expire_after = \"3d\"\n{PLAIN}"));
    let (ana, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(
        promotion.manifest.as_ref().unwrap().approvals_expire_hours,
        Some(72)
    );
    let until = promotion.counts_until(&promotion.approvals[0]).unwrap();
    assert_eq!(
        until,
        promotion.approvals[0].at + SignedDuration::from_hours(72)
    );
    office.clock.0.store(73, Ordering::SeqCst);
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    assert!(promotion.approvals.is_empty());
    assert_eq!(promotion.expired[0].by.as_str(), "luis");
    says(ana.execute(&id(), digest).await, "it is not approved");
    office.approve("luis", digest).await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(
        (promotion.state.clone(), promotion.expired.len()),
        (PromotionState::Approved, 0)
    );
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana).await.state, PromotionState::Verified);
}

const ANYTHING: &str = "@id(\"anything\") permit (principal, action, resource);\n";

#[tokio::test]
async fn a_team_s_own_cedar_decides_and_is_named_in_the_refusal() {
    let forbids = "@id(\"not-luis\") @says(\"is on leave\") forbid (principal == Interlock::Person::\"luis\", action == Interlock::Action::\"approve\", resource);\n";
    let office = Office::with_cedar(PLAIN, &format!("{ANYTHING}{forbids}"));
    let (ana, digest) = office.asked().await;
    let denied = office.approve("luis", digest).await.unwrap_err();
    assert!(
        matches!(denied, UseCaseError::NotAllowed { .. }),
        "{denied:?}"
    );
    says(Err(denied), "is on leave (policy not-luis)");
    // What the guards and the ledger forbid no team permits.
    says(
        office.approve("ana", digest).await,
        "you requested this (policy guard-requester)",
    );
    office.approve("eva", digest).await.unwrap();
    says(
        office.desk("eva").execute(&id(), digest).await,
        "you approved it, and somebody else starts it (policy guard-approver-executes)",
    );
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana).await.state, PromotionState::Verified);
}

#[tokio::test]
async fn an_approver_whom_the_policy_in_force_denies_does_not_count_when_it_begins() {
    let mut office = Office::with_cedar(PLAIN, ANYTHING);
    let (_, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    // The digest of the policy moves as well: what was asked is void before anything else counts.
    office.cedar = Some(format!(
        "{ANYTHING}@id(\"not-luis\") forbid (principal == Interlock::Person::\"luis\", action, resource);\n"
    ));
    says(
        office.desk("ana").execute(&id(), digest).await,
        "one approval is missing (policy guard-approvals)",
    );
}

#[tokio::test]
async fn fault_44_a_policy_that_ends_in_an_error_denies_end_to_end() {
    let odd = "@id(\"odd\") forbid (principal, action == Interlock::Action::\"approve\", resource) when { context.approvalsMissing - 9223372036854775807 - 2 < 0 };\n";
    let office = Office::with_cedar(PLAIN, &format!("{ANYTHING}{odd}"));
    let (_, digest) = office.asked().await;
    says(
        office.approve("luis", digest).await,
        "a policy ended in an error",
    );
}

#[tokio::test]
async fn a_freeze_denies_the_start_and_names_itself() {
    let freeze = "[[freezes]]\nname = \"audit\"\nfrom = \"2020-01-01T00:00:00Z\"\nto = \"2999-01-01T00:00:00Z\"\n";
    let office = Office::new(&format!("{PLAIN}{freeze}"));
    let (ana, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    says(
        ana.execute(&id(), digest).await,
        "prod is frozen until 2999-01-01T00:00:00Z: audit (policy guard-frozen)",
    );
    ana.break_glass(&id(), digest, "r".into(), "INC-7".into())
        .await
        .unwrap();
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana).await.state, PromotionState::Verified);
}

#[tokio::test]
async fn a_lead_neither_asks_nor_starts_in_production() {
    let office = Office::new(PLAIN);
    let diego = office.desk("diego");
    let service = ServiceName::new("payments-api").unwrap();
    let prod = EnvironmentName::new("prod").unwrap();
    let denied = diego
        .prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap_err();
    assert_eq!(
        denied.to_string(),
        "no policy lets a lead ask for it in prod"
    );
    let (_, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    says(
        diego.execute(&id(), digest).await,
        "no policy lets a lead start or stop it in prod",
    );
}

#[tokio::test]
async fn fault_17_a_stack_whose_rollback_failed_is_refused_whatever_is_waived_or_broken() {
    let office = Office::new(TOO_LARGE);
    let (ana, digest) = office.asked().await;
    office.approve("luis", digest).await.unwrap();
    office.cloud.prod_is("UPDATE_ROLLBACK_FAILED");
    says(
        ana.execute(&id(), digest).await,
        "base state of payments-api-prod",
    );
    ana.prepare_again(&id()).await.unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    let order = waiver(&ana, "target", "ana");
    says(ana.waive(&id(), digest, order).await, "is never waived");
    ana.break_glass(&id(), digest, "r".into(), "INC-7".into())
        .await
        .unwrap();
    says(ana.execute(&id(), digest).await, "UPDATE_ROLLBACK_FAILED");
    assert_eq!(office.cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_calendar_tells_freezes_in_order_and_holds_the_past_against_the_next() {
    let soon = (Timestamp::now() + SignedDuration::from_mins(20)).to_string();
    let text = format!(
        "{PLAIN}[[gates.freeze]]\nid = \"freeze\"\nforecast = \"warn\"\nassume = \"30m\"\n\
         [[freezes]]\nname = \"nights\"\nweekly = {{ from = \"Mon 22:00\", to = \"Tue 04:00\" }}\nzone = \"America/Bogota\"\n\
         [[freezes]]\nname = \"audit\"\nfrom = \"{soon}\"\nto = \"2999-01-01T00:00:00Z\"\n"
    );
    let ana = Office::new(&text).desk("ana");
    let prod = EnvironmentName::new("prod").unwrap();
    let service = ServiceName::new("payments-api").unwrap();
    let calendar = ana.calendar(&prod, Some(&service), 4).unwrap();
    assert_eq!(calendar.freezes.len(), 4);
    let starts: Vec<_> = calendar.freezes.iter().map(|it| it.starts).collect();
    assert!(starts.is_sorted());
    let nights = calendar.freezes.iter().find(|it| it.name == "nights");
    assert_eq!(nights.unwrap().zone.iana_name(), Some("America/Bogota"));
    match calendar.takes.unwrap() {
        Takes::Known {
            assumed,
            seconds,
            runs,
            runs_into,
            ..
        } => {
            assert_eq!((assumed, seconds, runs), (true, 1_800, 0));
            assert!(runs_into.is_some());
        }
        unknown @ Takes::Unknown { .. } => panic!("{unknown:?}"),
    }
    // Without a past and without an assumption nothing is made up.
    let ana = Office::new(PLAIN).desk("ana");
    let calendar = ana.calendar(&prod, Some(&service), 4).unwrap();
    assert!(calendar.freezes.is_empty());
    assert!(
        matches!(calendar.takes, Some(Takes::Unknown { reason }) if reason.contains("has succeeded yet"))
    );
}
