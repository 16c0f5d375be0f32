//! What the bank promises to the servers and to the person who looks at it.

use super::*;
use std::collections::BTreeSet;

fn bank() -> Arc<Bank> {
    sample()
}

fn runs(bank: &Bank, service: &str) -> [Option<String>; 3] {
    ["dev", "qa", "prod"].map(|environment| {
        bank.running(service, environment)
            .map(|deployment| deployment.version.to_string())
    })
}

#[test]
fn the_bank_is_large_enough_and_mostly_quiet() {
    let bank = bank();
    assert!(bank.services().len() >= 14);
    let stacks: usize = bank
        .services()
        .iter()
        .flat_map(|service| &service.stacks)
        .map(|stack| {
            ENVIRONMENTS
                .iter()
                .map(|e| stack.regions(e.name).len())
                .sum::<usize>()
        })
        .sum();
    assert!(stacks >= 30, "{stacks}");
    let quiet = bank
        .services()
        .iter()
        .filter(|service| {
            let [dev, qa, prod] = runs(&bank, &service.name);
            dev == qa && qa == prod
        })
        .count();
    assert!(quiet * 2 > bank.services().len(), "{quiet} quiet");
}

#[test]
fn the_differences_worth_finding_are_there() {
    let bank = bank();
    let some = |v: &str| Some(v.to_owned());
    assert_eq!(
        runs(&bank, "payments-api"),
        [some("9.3.1"), some("9.3.1"), some("9.1.4")]
    );
    let versions: Vec<String> = bank
        .releases_of("payments-api")
        .map(|r| r.version.to_string())
        .collect();
    assert!(versions.ends_with(&["9.1.4".into(), "9.2.0".into(), "9.3.1".into()]));
    assert_eq!(
        runs(&bank, "ledger-export"),
        [some("0.4.0"), some("0.4.0"), None]
    );
    assert_eq!(
        runs(&bank, "onboarding"),
        [some("3.5.0"), some("3.4.2"), some("3.4.2")]
    );
    let broken = bank
        .release("statements", &"2.2.0".parse().unwrap())
        .unwrap();
    assert!(!broken.outcome.succeeded());
    let table = |v: &str| {
        bank.template(
            "transactions-table",
            "transactions-table-prod",
            &v.parse().unwrap(),
        )
        .unwrap()
    };
    assert!(table("1.11.0").contains("\"moment\"") && !table("1.12.0").contains("\"moment\""));
    let payments = bank
        .template(
            "payments-api",
            "payments-api-{env}",
            &"9.3.1".parse().unwrap(),
        )
        .unwrap();
    assert!(payments.contains("MemorySize: 1024") && payments.contains("Notificación"));
}

#[test]
fn a_version_travels_in_path_order_and_time() {
    for shift in 0..9 {
        let now = Timestamp::from_second(1_795_000_000 + shift * 17 * 3600).unwrap();
        let bank = Bank::new(now);
        for deployment in bank.deployments() {
            let release = bank
                .release(&deployment.service, &deployment.version)
                .unwrap();
            assert!(release.time < deployment.started, "{deployment:?}");
            assert!(deployment.started < now, "{deployment:?}");
            let place = ENVIRONMENTS
                .iter()
                .position(|e| e.name == deployment.environment)
                .unwrap();
            if place > 0 {
                let before = bank.deployments().iter().find(|d| {
                    d.service == deployment.service
                        && d.version == deployment.version
                        && d.environment == ENVIRONMENTS[place - 1].name
                });
                assert!(
                    before.unwrap().started < deployment.started,
                    "{deployment:?}"
                );
            }
        }
    }
}

#[test]
fn three_months_of_history_name_real_commits_and_people() {
    let bank = bank();
    let oldest = bank.deployments().first().unwrap().started;
    assert!(bank.now().duration_since(oldest).as_hours() > 75 * 24);
    assert!(
        bank.deployments().len() > 200,
        "{}",
        bank.deployments().len()
    );
    let commits: BTreeSet<&str> = bank
        .repositories()
        .iter()
        .flat_map(|r| &r.commits)
        .map(|c| c.id.as_str())
        .collect();
    for deployment in bank.deployments() {
        assert!(commits.contains(deployment.commit.as_str()));
        assert!(crate::people::by_id(&deployment.by).is_some());
        assert!(!deployment.approved_by.contains(&deployment.by) || deployment.environment == "qa");
    }
}

#[test]
fn parameters_are_those_that_the_template_declares() {
    let bank = bank();
    for release in bank.releases() {
        let service = bank.service(&release.service).unwrap();
        for stack in &service.stacks {
            let text = bank
                .template(&service.name, &stack.pattern, &release.version)
                .unwrap();
            for (name, _) in
                bank.parameters(&service.name, &stack.pattern, "prod", &release.version)
            {
                assert!(
                    text.contains(&format!("  {name}:")) || text.contains(&format!("\"{name}\":")),
                    "{} {}: {name}",
                    service.name,
                    release.version
                );
            }
        }
    }
}

#[test]
fn there_is_a_pipeline_for_every_kind() {
    let bank = bank();
    for kind in Kind::ALL {
        assert!(bank.pipeline(kind).contains("pipeline {"), "{kind:?}");
    }
}

#[test]
fn a_large_bank_has_the_stacks_that_were_asked_for() {
    let now = "2026-11-23T14:30:00Z".parse().unwrap();
    let bank = Bank::large(
        now,
        Scale {
            services: 100,
            two_regions: true,
        },
    );
    let stacks: usize = ENVIRONMENTS
        .iter()
        .flat_map(|e| {
            bank.services()
                .iter()
                .map(|s| s.stacks[0].regions(e.name).len())
        })
        .sum();
    assert_eq!(stacks, 600);
    assert_eq!(bank.regions("dev"), [MAIN_REGION, SECOND_REGION]);
    let commits = &bank.repositories()[0].commits;
    assert!(
        bank.deployments()
            .iter()
            .all(|d| commits.iter().any(|c| c.id == d.commit))
    );
    let template = bank.template(
        "service-0007",
        "service-0007-prod",
        &Version::new([1, 2, 0]),
    );
    assert!(template.unwrap().contains("service-0007/1.2.0.zip"));
    let behind = |name| bank.running(name, "prod").unwrap().version != Version::new([1, 2, 0]);
    assert!(behind("service-0010") && !behind("service-0011"));
}

#[test]
fn who_deployed_was_allowed_to() {
    use crate::people::{Role, by_id};
    for deployment in bank().deployments() {
        let role = by_id(&deployment.by).unwrap().role;
        let allowed = match deployment.environment {
            "dev" => role != Role::Lead,
            _ => role == Role::ReleaseManager,
        };
        assert!(allowed, "{} to {}", deployment.by, deployment.environment);
        assert!(!deployment.approved_by.contains(&deployment.by));
    }
}
