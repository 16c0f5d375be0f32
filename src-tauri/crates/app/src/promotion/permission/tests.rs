//! What must never be, for everybody, every tier and every standing, by the loosest policies that a
//! team can write: the use cases ask with what the record says, and nothing gets past.

use super::*;
use crate::estate::parse;
use interlock_domain::{
    Digest,
    manifest::{Delivery, Manifest, SCHEMA, ServiceDelivery},
    verdict::Outcome,
};
use interlock_ledger::{
    BreakGlass, Ed25519Signer, PromotionState, Signer as _,
    matching::Voter,
    roster::{Admins, Member, MemberKey, SCHEMA as ROSTER},
};
use interlock_policy::ApprovalRule;
use std::{collections::BTreeMap, fmt::Write as _};

const ROLES: [Role; 3] = [Role::Developer, Role::Lead, Role::ReleaseManager];
const ANYTHING: &str = "@id(\"anything\") permit (principal, action, resource);";
const FREEZE: &str = "[[freezes]]\nname = \"audit\"\nfrom = \"2026-01-01T00:00:00Z\"\nto = \"2027-01-01T00:00:00Z\"\n";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Environments of every tier, with a freeze or without, and a team's own permissions or none.
fn estate(frozen: bool, cedar: Option<&str>) -> Estate {
    let mut text = String::from("name = \"Test\"\n");
    for (digit, name, tier) in [
        (1, "sandbox", "development"),
        (2, "dev", "development"),
        (3, "qa", "test"),
        (4, "prod", "production"),
    ] {
        let account = digit.to_string().repeat(12);
        let _ = write!(
            text,
            "[[environments]]\nname = \"{name}\"\ntier = \"{tier}\"\naccount = \"{account}\"\nregions = [\"us-east-1\"]\n"
        );
    }
    text += "[[services]]\nname = \"payments-api\"\nstacks = [\"payments-api-{env}\"]\n";
    let mut policy = String::new();
    if cedar.is_some() {
        policy += "cedar = \"policy.cedar\"\n";
    }
    if frozen {
        policy += FREEZE;
    }
    let policy = interlock_policy::parse(&policy, "policy.toml", cedar, None).unwrap();
    parse(&text, "interlock.toml").unwrap().with_policy(policy)
}

fn somebody(role: Role) -> Person {
    Person {
        id: PersonId::new("somebody").unwrap(),
        name: "Somebody".into(),
        role,
        known_as: vec!["somebody@bank.example".into()],
    }
}

fn roster(role: Role, active: bool) -> Roster {
    let key = Ed25519Signer::from_seed(Digest::of(b"somebody").as_bytes()).unwrap();
    let person = somebody(role);
    Roster {
        schema: ROSTER.into(),
        log: "test".into(),
        version: 1,
        previous: None,
        admins: Admins {
            threshold: 1,
            people: vec![PersonId::new("keeper").unwrap()],
            decide: false,
        },
        people: vec![Member {
            id: person.id,
            name: person.name,
            role,
            groups: Vec::new(),
            active,
            known_as: person.known_as,
            keys: vec![MemberKey {
                key: key.key().clone(),
                assurance: 1,
            }],
        }],
    }
}

/// How somebody stands to a promotion, and how it stands itself.
#[derive(Debug, Clone, Copy)]
struct Case {
    role: Role,
    to: &'static str,
    active: bool,
    author: bool,
    committer: bool,
    requester: bool,
    approver: bool,
    approved: bool,
    frozen: bool,
    emergency: bool,
    stopped: bool,
}

fn cases() -> impl Iterator<Item = Case> {
    let flags = (0..512_u32).map(|bits| move |n: u32| bits >> n & 1 == 1);
    flags.flat_map(|bit| {
        ROLES.into_iter().flat_map(move |role| {
            ["dev", "qa", "prod"].into_iter().map(move |to| Case {
                role,
                to,
                active: bit(0),
                author: bit(1),
                committer: bit(2),
                requester: bit(3),
                approver: bit(4),
                approved: bit(5),
                frozen: bit(6),
                emergency: bit(7),
                stopped: bit(8),
            })
        })
    })
}

fn promotion(case: Case) -> Promotion {
    let (id, me) = (
        PromotionId::new("PR-1").unwrap(),
        PersonId::new("somebody").unwrap(),
    );
    let other = PersonId::new("other").unwrap();
    let digest = Digest::of(b"manifest");
    let address = "somebody@bank.example".to_owned();
    let mut promotion =
        Promotion::planned(&id, &other, &["payments-api".to_owned()], case.to, now());
    let from = match case.to {
        "dev" => "sandbox",
        "qa" => "dev",
        _ => "qa",
    };
    promotion.manifest = Some(Manifest {
        schema: SCHEMA.into(),
        promotion: id,
        revision: 1,
        from: EnvironmentName::new(from).unwrap(),
        to: EnvironmentName::new(case.to).unwrap(),
        requester: if case.requester {
            me.clone()
        } else {
            other.clone()
        },
        services: vec![ServiceDelivery {
            service: "payments-api".parse_name(),
            after: Vec::new(),
            version: None,
            commit: None,
            merge_requests: Vec::new(),
            authors: if case.author || case.committer {
                vec![address.clone()]
            } else {
                Vec::new()
            },
            commits_by: if case.author {
                BTreeMap::from([(address, 9)])
            } else {
                BTreeMap::from([("other@bank.example".to_owned(), 1)])
            },
            origin_note: None,
            artifacts: Vec::new(),
            delivery: Delivery::CloudFormation { stacks: Vec::new() },
        }],
        approval_rules: if case.approved && !case.approver {
            Vec::new()
        } else {
            let count = if case.approved { 1 } else { 2 };
            vec![ApprovalRule {
                name: "Anybody".into(),
                from: Vec::new(),
                count,
                assurance: 0,
            }]
        },
        waiver_rules: Vec::new(),
        emergency_rules: Vec::new(),
        approvals_expire_hours: None,
        policy: None,
        roster: None,
        gates: Vec::new(),
    });
    promotion.digest = Some(digest);
    promotion.state = PromotionState::AwaitingApproval;
    if case.approver {
        promotion.approvals.push(Approval {
            by: me.clone(),
            at: now(),
            seq: 3,
            key: "key".into(),
            voter: Voter {
                person: me,
                groups: Vec::new(),
                assurance: 1,
            },
            comment: String::new(),
        });
    }
    if case.emergency {
        promotion.break_glass = Some(BreakGlass {
            manifest: digest,
            by: other,
            at: now(),
            reason: "outage".into(),
            incident: "INC-1".into(),
            reviewed: None,
        });
    }
    promotion
}

trait ParseName {
    fn parse_name(&self) -> interlock_domain::ServiceName;
}

impl ParseName for str {
    fn parse_name(&self) -> interlock_domain::ServiceName {
        interlock_domain::ServiceName::new(self).unwrap()
    }
}

fn verdicts(case: Case) -> Vec<Verdict> {
    let outcome = if case.stopped {
        Outcome::Unknown
    } else {
        Outcome::Pass
    };
    vec![Verdict {
        gate: "Tests".into(),
        service: "payments-api".into(),
        outcome,
        summary: "412 of 412".into(),
        evidence: "Jenkins".into(),
        at: None,
        rule: "tests".into(),
        place: String::new(),
        lifted: None,
    }]
}

/// Every case with the answers to every question.
fn asked(cedar: Option<&str>, check: impl Fn(Case, Action, Option<String>)) {
    let estates = [estate(false, cedar), estate(true, cedar)];
    for case in cases() {
        let (promotion, verdicts) = (promotion(case), verdicts(case));
        let roster = roster(case.role, case.active);
        let question = Question {
            estate: &estates[usize::from(case.frozen)],
            roster: Some(&roster),
            promotion: &promotion,
            verdicts: &verdicts,
            now: now(),
            in_flight: false,
        };
        // What an action does not look at is tried once.
        let is_quiet = case.to == "prod" && !(case.frozen || case.emergency || case.stopped);
        let actions: &[Action] = match (is_quiet, case.author || case.committer) {
            (true, true) => &[Action::Approve, Action::Reject],
            (true, false) => &[Action::Approve, Action::Reject, Action::Execute],
            (false, false) => &[Action::Execute],
            (false, true) => &[],
        };
        for &action in actions {
            let barrier = question.barrier(action, &somebody(case.role), Voice::You);
            check(case, action, barrier);
        }
    }
}

#[test]
fn an_author_never_decides_and_a_freeze_a_gate_or_a_missing_approval_never_lets_it_begin() {
    asked(Some(ANYTHING), |case, action, barrier| {
        let own = case.author || case.committer || case.requester;
        let must_not = match action {
            Action::Execute => {
                let approvals = !case.emergency && !case.approved;
                case.frozen && !case.emergency || case.stopped || approvals || case.approver
            }
            Action::Approve => own || case.approver,
            _ => own,
        };
        if !case.active || must_not {
            assert!(barrier.is_some(), "{action:?} {case:?}");
        }
        // What is refused says by which policy, or that the ledger would ignore it.
        if let Some(reason) = &barrier {
            assert!(
                reason.contains("(policy guard-") || reason.starts_with("you "),
                "{action:?} {case:?}: {reason}"
            );
        }
    });
}

#[test]
fn what_is_allowed_below_production_reaches_it_by_no_built_in_policy() {
    asked(None, |case, action, barrier| {
        let is_manager = case.role == Role::ReleaseManager;
        if action == Action::Execute && case.to == "prod" && !is_manager {
            assert!(barrier.is_some(), "{case:?}");
        }
        if action == Action::Execute && case.role == Role::Lead {
            assert!(barrier.is_some(), "{case:?}");
        }
        // And nobody is kept out of what is theirs.
        let clear = case.active
            && !(case.author || case.committer || case.requester || case.approver)
            && !(case.frozen || case.stopped);
        if action == Action::Execute && clear && case.approved && is_manager {
            assert_eq!(barrier, None, "{case:?}");
        }
    });
}
