//! Deployments of the past and of the running Jenkins, as one list.

use super::*;
use crate::{bank::Via, jenkins::post_as};
use std::time::Duration;

const DEPLOYMENTS: [&str; 3] = ["projects", "andes/payments", "deployments"];
const JOB: &str = "/job/payments/job/deploy-transfers/buildWithParameters?delay=0sec";

impl World {
    fn deployments(&self, fields: &[(&str, &str)]) -> Vec<Value> {
        let mut all = vec![("per_page", "100"), ("order_by", "id"), ("sort", "desc")];
        all.extend(fields);
        body(&self.get(&DEPLOYMENTS, &all))
            .as_array()
            .unwrap()
            .clone()
    }

    fn total(&self) -> usize {
        let reply = self.get(&DEPLOYMENTS, &[]);
        header(&reply, "x-total").unwrap().parse().unwrap()
    }

    /// Lets time pass as slowly as steps of builds need it.
    fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.gitlab.clock.advance(Duration::from_secs(1));
            self.gitlab.jenkins.tick();
        }
    }

    fn last_of(&self, environment: &str) -> Value {
        let found = self.get(
            &["projects", "andes/payments", "environments"],
            &[("name", environment)],
        );
        let id = body(&found)[0]["id"].to_string();
        let path = ["projects", "andes/payments", "environments", &id];
        body(&self.get(&path, &[]))["last_deployment"].clone()
    }
}

/// A version that went to dev before the one that runs there now.
fn earlier(world: &World) -> String {
    let mut found =
        world.gitlab.bank.deployments().iter().rev().filter(|d| {
            d.service == "transfers" && d.environment == "dev" && d.outcome.succeeded()
        });
    found.nth(1).unwrap().version.to_string()
}

#[test]
fn a_deployment_through_jenkins_appears_runs_and_becomes_the_last_one() {
    let world = world();
    let (before, version) = (world.total(), earlier(&world));
    let newest = world.deployments(&[])[0]["id"].as_u64().unwrap();
    let form = format!("ENVIRONMENT=dev&VERSION={version}");
    assert_eq!(post_as(&world.gitlab.jenkins, "s.lara", JOB, &form), 201);
    world.pass(2);
    assert_eq!(world.total(), before, "it has not come to deploy yet");
    let mut seen = Vec::new();
    for _ in 0..200 {
        world.pass(1);
        if world.total() > before {
            seen.push(
                world.deployments(&[])[0]["status"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    seen.dedup();
    assert_eq!(seen, ["running", "success"]);
    let made = &world.deployments(&[])[0];
    let last = world.gitlab.bank.deployments().last().unwrap().id;
    assert_eq!(made["id"], last + 1);
    assert!(newest <= last);
    assert_eq!(made["iid"], before as u64 + 1);
    assert_eq!(made["ref"], format!("transfers/v{version}"));
    assert_eq!(made["user"]["username"], "s.lara");
    assert_eq!(made["environment"]["name"], "dev/transfers");
    let tag = format!("transfers/v{version}");
    let path = ["projects", "andes/payments", "repository", "tags", &tag];
    assert_eq!(body(&world.get(&path, &[]))["commit"]["id"], made["sha"]);
    let time = |name: &str| {
        made[name]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap()
    };
    assert!(time("created_at") < time("updated_at"));
    assert!(time("updated_at") <= world.gitlab.clock.now());
    assert_eq!(world.last_of("dev/transfers")["id"], made["id"]);
}

#[test]
fn a_build_that_never_came_to_deploy_is_no_deployment() {
    let world = world();
    let before = world.total();
    let form = "ENVIRONMENT=dev&VERSION=0.0.1";
    assert_eq!(post_as(&world.gitlab.jenkins, "s.lara", JOB, form), 201);
    world.pass(120);
    assert_eq!(world.total(), before);
}

#[test]
fn only_what_jenkins_deployed_is_known() {
    let world = world();
    let bank = &world.gitlab.bank;
    let listed: Vec<u64> = world
        .deployments(&[])
        .iter()
        .map(|d| d["id"].as_u64().unwrap())
        .collect();
    assert!(!listed.is_empty());
    for id in listed {
        let recorded = bank.deployments().iter().find(|d| d.id == id).unwrap();
        assert!(
            matches!(recorded.via, Via::Jenkins(_)),
            "{}",
            recorded.service
        );
    }
    // Its change sets are executed in CloudFormation, which tells GitLab nothing.
    assert_eq!(world.last_of("prod/payments-api"), Value::Null);
}

#[test]
fn wrong_filters_are_refused_in_gitlabs_words() {
    let world = world();
    for (fields, words) in [
        (
            &[("order_by", "size")][..],
            "order_by does not have a valid value",
        ),
        (&[("sort", "up")], "sort does not have a valid value"),
        (&[("status", "done")], "status does not have a valid value"),
        (
            &[("updated_after", "soon"), ("order_by", "updated_at")],
            "updated_after is invalid",
        ),
    ] {
        let reply = world.get(&DEPLOYMENTS, fields);
        assert_eq!(
            (reply.status.as_u16(), &body(&reply)["error"]),
            (400, &json!(words))
        );
    }
    let reply = world.get(&DEPLOYMENTS, &[("updated_after", "2026-11-01T00:00:00Z")]);
    assert_eq!(reply.status, 400);
    assert_eq!(
        body(&reply)["message"],
        "400 Bad request - `updated_at` filter requires `updated_at` sort"
    );
}
