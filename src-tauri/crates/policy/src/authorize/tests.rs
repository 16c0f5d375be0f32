//! Invariants over every combination of the finite space of questions, and over bad policies.

use super::*;
use crate::policy::Exclusions;
use interlock_domain::{Tier, person::Role};
use std::sync::LazyLock;

static BUILT_IN: LazyLock<Authorizer> = LazyLock::new(Authorizer::built_in);
/// The loosest policies that a team can write: only the guards are left.
static ANYTHING: LazyLock<Authorizer> = LazyLock::new(|| {
    Authorizer::new("@id(\"anything\") permit (principal, action, resource);").unwrap()
});

const ROLES: [Role; 3] = [Role::Developer, Role::Lead, Role::ReleaseManager];
const TIERS: [Tier; 3] = [Tier::Development, Tier::Test, Tier::Production];

fn actor(role: Role) -> Actor {
    Actor {
        id: "a.ruiz".into(),
        role,
        groups: vec![],
        disabled: false,
    }
}

fn target(tier: Tier) -> Target {
    let (from, to) = match tier {
        Tier::Development => ("sandbox", "dev"),
        Tier::Test => ("dev", "qa"),
        Tier::Production => ("qa", "prod"),
    };
    Target {
        promotion: "PR-1".into(),
        service: "payments-api".into(),
        team: "payments".into(),
        from: from.into(),
        from_tier: Tier::Test,
        to: to.into(),
        tier,
    }
}

/// A promotion that nothing stands against.
fn clear() -> Standing {
    Standing {
        qualifies: true,
        gates_pass: true,
        ..Standing::default()
    }
}

fn ask(action: Action, role: Role, tier: Tier, standing: Standing) -> Request {
    Request {
        action,
        actor: actor(role),
        target: target(tier),
        standing,
        exclusions: Exclusions::default(),
    }
}

/// Every standing: ten facts, each holding or not.
fn standings() -> impl Iterator<Item = Standing> {
    (0..1024_u32).map(|bits| {
        let bit = |n: u32| bits >> n & 1 == 1;
        Standing {
            is_author: bit(0),
            is_committer: bit(1),
            is_merger: bit(2),
            is_requester: bit(3),
            has_approved: bit(4),
            qualifies: bit(5),
            frozen: bit(6),
            break_glass: bit(7),
            gates_pass: bit(8),
            approvals_missing: u32::from(bit(9)),
        }
    })
}

/// What must never be allowed, said once more in Rust.
fn is_forbidden(asked: &Request) -> bool {
    let (s, x) = (&asked.standing, &asked.exclusions);
    let decides = matches!(asked.action, Action::Approve | Action::Reject);
    let own = x.author && s.is_author
        || x.committer && s.is_committer
        || x.merger && s.is_merger
        || x.requester && s.is_requester;
    let keeps_roster = asked
        .actor
        .groups
        .iter()
        .any(|group| group == "roster-admin");
    asked.actor.disabled
        || decides && own
        || asked.action == Action::Review && (s.is_requester || s.has_approved)
        || asked.action == Action::Approve && (s.has_approved || keeps_roster)
        || asked.action == Action::Execute
            && (x.executor && s.has_approved
                || x.requester_from_executing && s.is_requester
                || s.frozen && !s.break_glass
                || !s.gates_pass
                || s.approvals_missing > 0)
}

/// What the built-in policies permit, said once more in Rust.
fn is_permitted(asked: &Request) -> bool {
    let (s, role, tier) = (&asked.standing, asked.actor.role, asked.target.tier);
    match asked.action {
        Action::Request => s.is_requester && (role != Role::Lead || tier != Tier::Production),
        Action::Approve | Action::Reject => s.qualifies,
        Action::Withdraw => s.is_requester || role == Role::ReleaseManager,
        Action::Execute => {
            role == Role::ReleaseManager || role == Role::Developer && tier != Tier::Production
        }
        Action::Waive | Action::Review => role != Role::Developer,
        Action::BreakGlass => role == Role::ReleaseManager,
        Action::ChangeRoster | Action::ChangePolicy => false,
    }
}

fn checked(asked: &Request) {
    let told = BUILT_IN.decide(asked);
    assert!(told.errors.is_empty(), "{:?}", told.errors);
    let forbidden = is_forbidden(asked);
    assert_eq!(
        told.allowed,
        is_permitted(asked) && !forbidden,
        "{asked:?} {told:?}"
    );
    assert_eq!(told.allowed, told.reasons.is_empty());
    if told.allowed && asked.target.tier == Tier::Production {
        for id in &told.because {
            let tier = BUILT_IN.annotation(id, "tier").unwrap_or("any");
            assert!(
                matches!(tier, "any" | "production"),
                "{id} reaches production"
            );
        }
    }
}

/// Author never approves; requester never approves; frozen denies; disabled never: for every
/// standing, action, role and tier, by the built-in policies.
#[test]
fn every_question_is_answered_as_said() {
    for standing in standings() {
        for action in Action::ON_PROMOTIONS {
            // What an action does not look at is tried once.
            let (roles, tiers): (&[Role], &[Tier]) = match action {
                Action::Approve | Action::Reject => (&ROLES[..1], &TIERS[2..]),
                Action::Waive | Action::BreakGlass | Action::Withdraw | Action::Review => {
                    (&ROLES[..], &TIERS[2..])
                }
                _ => (&ROLES[..], &TIERS[..]),
            };
            let is_idle = match action {
                Action::Execute => {
                    standing.is_author || standing.is_committer || standing.is_merger
                }
                Action::Approve | Action::Reject => {
                    standing.frozen || standing.break_glass || standing.approvals_missing > 0
                }
                _ => standing.is_author || standing.qualifies || standing.frozen,
            };
            if is_idle {
                continue;
            }
            for role in roles {
                for tier in tiers {
                    checked(&ask(action, *role, *tier, standing));
                }
            }
        }
    }
}

/// Whatever a team permits, the guards win: for every standing and every action that they speak of.
#[test]
fn no_policy_of_a_team_gets_past_the_guards() {
    for standing in standings() {
        for action in [Action::Approve, Action::Reject, Action::Execute] {
            let is_idle = match action {
                Action::Execute => {
                    standing.is_author || standing.is_committer || standing.is_merger
                }
                _ => standing.frozen || standing.break_glass || standing.approvals_missing > 0,
            } || standing.qualifies;
            if is_idle {
                continue;
            }
            let asked = ask(action, Role::ReleaseManager, Tier::Production, standing);
            assert_eq!(
                ANYTHING.decide(&asked).allowed,
                !is_forbidden(&asked),
                "{asked:?}"
            );
        }
    }
}

#[test]
fn a_disabled_person_is_never_allowed_anything() {
    for action in Action::ON_PROMOTIONS {
        for role in ROLES {
            for tier in TIERS {
                let mut asked = ask(
                    action,
                    role,
                    tier,
                    Standing {
                        is_requester: true,
                        ..clear()
                    },
                );
                asked.actor.disabled = true;
                for authorizer in [&*BUILT_IN, &*ANYTHING] {
                    let told = authorizer.decide(&asked);
                    assert!(!told.allowed);
                    assert!(told.reasons.contains(&"the person is disabled".to_owned()));
                }
            }
        }
    }
}

#[test]
fn fault_09_an_author_or_committer_does_not_approve_what_is_their_own() {
    for (standing, why) in [
        (
            Standing {
                is_author: true,
                ..clear()
            },
            "wrote a part of it",
        ),
        (
            Standing {
                is_committer: true,
                ..clear()
            },
            "committed a part of it",
        ),
        (
            Standing {
                is_merger: true,
                ..clear()
            },
            "merged a part of it",
        ),
        (
            Standing {
                is_requester: true,
                ..clear()
            },
            "asked for it",
        ),
    ] {
        for action in [Action::Approve, Action::Reject] {
            let told = BUILT_IN.decide(&ask(
                action,
                Role::ReleaseManager,
                Tier::Production,
                standing,
            ));
            assert!(!told.allowed);
            assert_eq!(told.reasons, [why]);
        }
    }
    let other = ask(
        Action::Approve,
        Role::ReleaseManager,
        Tier::Production,
        clear(),
    );
    assert!(BUILT_IN.decide(&other).allowed);
}

/// Each exclusion is switched by itself, and switches nothing else.
#[test]
fn every_exclusion_does_what_its_word_says() {
    for bits in 0..64_u8 {
        let bit = |n: u8| bits >> n & 1 == 1;
        let exclusions = Exclusions {
            author: bit(0),
            committer: bit(1),
            merger: bit(2),
            requester: bit(3),
            executor: bit(4),
            requester_from_executing: bit(5),
        };
        for standing in [
            Standing {
                is_author: true,
                ..clear()
            },
            Standing {
                is_committer: true,
                ..clear()
            },
            Standing {
                is_merger: true,
                ..clear()
            },
            Standing {
                is_requester: true,
                ..clear()
            },
            Standing {
                has_approved: true,
                ..clear()
            },
        ] {
            for action in [Action::Approve, Action::Execute] {
                let asked = Request {
                    exclusions,
                    ..ask(action, Role::ReleaseManager, Tier::Production, standing)
                };
                assert_eq!(
                    BUILT_IN.decide(&asked).allowed,
                    !is_forbidden(&asked),
                    "{asked:?}"
                );
            }
        }
    }
}

#[test]
fn a_freeze_denies_execution_unless_the_glass_is_broken() {
    let frozen = Standing {
        frozen: true,
        ..clear()
    };
    let asked = |standing| {
        ask(
            Action::Execute,
            Role::ReleaseManager,
            Tier::Production,
            standing,
        )
    };
    let told = BUILT_IN.decide(&asked(frozen));
    assert_eq!(
        (told.allowed, told.reasons),
        (false, vec!["the environment is frozen".to_owned()])
    );
    assert!(
        BUILT_IN
            .decide(&asked(Standing {
                break_glass: true,
                ..frozen
            }))
            .allowed
    );
}

/// Policies that a team writes for development let nobody into production.
#[test]
fn a_policy_for_development_never_reaches_production() {
    let team = Authorizer::new(
        "@id(\"dev\") @tier(\"development\")
         permit (principal, action, resource in Interlock::Environment::\"dev\");",
    )
    .unwrap();
    for action in Action::ON_PROMOTIONS {
        for role in ROLES {
            for standing in standings().filter(|s| s.gates_pass && s.approvals_missing == 0) {
                // In a promotion out of dev too: it is where it goes that counts.
                let mut asked = ask(action, role, Tier::Production, standing);
                asked.target.from = "dev".into();
                assert!(!team.decide(&asked).allowed);
                if !matches!(action, Action::Execute | Action::Withdraw) {
                    break;
                }
            }
            assert!(
                team.decide(&ask(action, role, Tier::Development, clear()))
                    .allowed
            );
        }
    }
}

#[test]
fn fault_44_an_error_in_any_policy_denies() {
    // Cedar skips the forbid, whose sum is too large for it, and would allow.
    let team = Authorizer::new(
        "@id(\"open\") permit (principal, action, resource);
         @id(\"careful\") forbid (principal, action == Interlock::Action::\"approve\", resource)
         when { context.approvalsMissing + 9223372036854775807 < 0 };",
    )
    .unwrap();
    let approve = |missing| {
        let standing = Standing {
            approvals_missing: missing,
            ..clear()
        };
        ask(
            Action::Approve,
            Role::ReleaseManager,
            Tier::Production,
            standing,
        )
    };
    assert!(team.decide(&approve(0)).allowed);
    let told = team.decide(&approve(1));
    assert!(!told.allowed);
    assert_eq!(told.errors.len(), 1);
    assert!(told.errors[0].contains("careful"), "{:?}", told.errors);
    assert_eq!(told.reasons, ["a policy ended in an error"]);
}

#[test]
fn policies_that_the_schema_does_not_know_are_refused_with_their_line() {
    for (text, words) in [
        (
            "permit (principal, action, resource)\nwhen { context.frozzen };",
            "frozzen",
        ),
        (
            "permit (principal, action == Interlock::Action::\"aprove\", resource);",
            "aprove",
        ),
        (
            "permit (principal, action, resource)\nwhen { principal.role == 1 };",
            "",
        ),
        (
            "permit (principal == Interlock::Persona::\"x\", action, resource);",
            "Persona",
        ),
        ("permit (principal, action, resource", ""),
        (
            "permit (principal == ?principal, action, resource);",
            "template",
        ),
        (
            "@id(\"guard-frozen\") permit (principal, action, resource);",
            "there twice",
        ),
        (
            "@id(\"a\") permit (principal, action, resource);@id(\"a\") permit (principal, action, resource);",
            "",
        ),
    ] {
        let error = Authorizer::new(text).unwrap_err();
        assert!(!error.problems.is_empty());
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
    let error =
        Authorizer::new("// mine\npermit (principal, action, resource)\nwhen { context.frozzen };");
    assert_eq!(error.unwrap_err().problems[0].line, Some(3));
    assert!(
        Authorizer::new("").is_ok(),
        "no permit at all denies everything"
    );
}

#[test]
fn roster_and_policy_are_changed_by_those_who_keep_them() {
    let ask = |action, groups: &[&str], disabled| Administration {
        action,
        actor: Actor {
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
            disabled,
            ..actor(Role::ReleaseManager)
        },
        estate: "Andes Bank".into(),
    };
    let allowed = |action, groups: &[&str], disabled| {
        BUILT_IN
            .decide_administration(&ask(action, groups, disabled))
            .allowed
    };
    assert!(allowed(Action::ChangeRoster, &["roster-admin"], false));
    assert!(!allowed(Action::ChangeRoster, &["policy-admin"], false));
    assert!(allowed(Action::ChangePolicy, &["policy-admin"], false));
    assert!(!allowed(Action::ChangePolicy, &[], false));
    assert!(!allowed(Action::ChangeRoster, &["roster-admin"], true));
    let mut keeper = self::ask(
        Action::Approve,
        Role::ReleaseManager,
        Tier::Production,
        clear(),
    );
    keeper.actor.groups = vec!["roster-admin".into()];
    assert!(!BUILT_IN.decide(&keeper).allowed);
    // An action of the other kind cannot even be asked.
    let wrong = BUILT_IN.decide_administration(&ask(Action::Approve, &[], false));
    assert!(!wrong.allowed && !wrong.errors.is_empty());
}
