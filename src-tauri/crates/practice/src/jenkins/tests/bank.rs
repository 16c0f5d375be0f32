//! The practice Jenkins of the bank: its jobs, its people, and three months of builds.

use super::{Stacks, text};
use crate::bank::{Bank, story};
use crate::jenkins::flow::{NodeStatus, Verdict};
use crate::jenkins::http::{Reply, Request};
use crate::jenkins::seed;
use crate::jenkins::service::Jenkins;
use crate::people::{Role, people};
use axum::body::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::sync::Arc;

struct Estate {
    jenkins: Jenkins,
    bank: Bank,
}

impl Estate {
    fn new() -> Self {
        let now: jiff::Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let bank = Bank::new(now);
        let plan = seed::plan(&bank, |name| format!("file:///git/{name}.git"));
        let millis = now.as_millisecond();
        let jenkins = Jenkins::new(plan, Arc::new(Stacks::default()), super::ROOT, move || {
            millis
        });
        Self { jenkins, bank }
    }

    fn ask(&self, role: Role, method: Method, target: &str, form: &str) -> Reply {
        let person = people().iter().find(|who| who.role == role).unwrap();
        let mut headers = HeaderMap::new();
        let basic = super::basic(person.id, person.jenkins_token);
        headers.insert("authorization", basic.parse().unwrap());
        headers.insert(
            "content-type",
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        let body = Bytes::from(form.to_owned());
        self.jenkins
            .answer(&Request::new(method, target, headers, body))
    }

    fn json(&self, target: &str) -> Value {
        let reply = self.ask(Role::Lead, Method::GET, target, "");
        assert_eq!(reply.status, 200, "{target}: {}", text(&reply));
        serde_json::from_slice(&reply.body).unwrap()
    }
}

/// The bank's Jenkins on a clock, acting on no real account.
pub(crate) fn of_bank(bank: &Bank, clock: crate::clock::PracticeClock) -> Jenkins {
    let plan = seed::plan(bank, |name| format!("file:///git/{name}.git"));
    Jenkins::new(plan, Arc::new(Stacks::default()), super::ROOT, move || {
        clock.now_millis()
    })
}

/// Posts a form to the bank's Jenkins as one of its people and returns the status.
pub(crate) fn post_as(jenkins: &Jenkins, person: &str, target: &str, form: &str) -> u16 {
    let person = crate::people::by_id(person).unwrap();
    let mut headers = HeaderMap::new();
    let credentials = super::basic(person.id, person.jenkins_token);
    headers.insert("authorization", credentials.parse().unwrap());
    headers.insert(
        "content-type",
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    let body = Bytes::from(form.to_owned());
    let request = Request::new(Method::POST, target, headers, body);
    jenkins.answer(&request).status
}

fn path(full_name: &str) -> String {
    crate::jenkins::controller::job_path(full_name)
}

#[test]
fn every_service_has_its_two_jobs_in_the_folder_of_its_repository() {
    let estate = Estate::new();
    let root = estate.json("/api/json?tree=jobs[name,_class,jobs[fullName,color]]");
    let mut names: Vec<String> = root["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|folder| folder["jobs"].as_array().into_iter().flatten())
        .map(|job| job["fullName"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut expected: Vec<String> = estate
        .bank
        .services()
        .iter()
        .flat_map(|service| [service.build_job(), service.deploy_job()])
        .collect();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn the_failing_build_is_red_and_its_report_says_which_test() {
    let estate = Estate::new();
    let service = estate.bank.service(story::FAILING_BUILD.0).unwrap();
    let job = estate.json(&format!("{}api/json", path(&service.build_job())));
    assert_eq!(job["color"], "red");
    let last = format!("{}lastBuild/", path(&service.build_job()));
    let report = estate.json(&format!("{last}testReport/api/json"));
    assert_eq!(
        (&report["failCount"], &report["passCount"]),
        (&2.into(), &212.into())
    );
    let describe = estate.json(&format!("{last}wfapi/describe"));
    assert_eq!(describe["status"], "FAILED");
    let others = estate
        .bank
        .services()
        .iter()
        .filter(|other| other.name != service.name);
    for other in others {
        let job = estate.json(&format!("{}api/json?tree=color", path(&other.build_job())));
        assert_eq!(job["color"], "blue", "{}", other.name);
    }
}

#[test]
fn builds_carry_commits_changes_and_causes_of_the_bank() {
    let estate = Estate::new();
    for release in estate.bank.releases() {
        let service = estate.bank.service(&release.service).unwrap();
        let target = format!("{}{}/api/json", path(&service.build_job()), release.build);
        let build = estate.json(&target);
        let data = build["actions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|action| action["_class"] == "hudson.plugins.git.util.BuildData")
            .unwrap();
        assert_eq!(data["lastBuiltRevision"]["SHA1"], release.commit.as_str());
        let cause = &build["actions"][0]["causes"][0];
        assert_eq!(cause["_class"], "jenkins.branch.BranchIndexingCause");
        if let Some(items) = build["changeSets"][0]["items"].as_array() {
            assert_eq!(items.last().unwrap()["commitId"], release.commit.as_str());
        }
    }
    let with_changes = estate
        .json("/job/payments/job/build-payments-api/api/json?tree=builds[changeSets[items[msg]]]");
    let builds = with_changes["builds"].as_array().unwrap();
    assert!(
        builds
            .iter()
            .any(|build| build["changeSets"][0]["items"][0]["msg"].is_string())
    );
}

#[test]
fn every_recorded_build_plays_to_the_end_that_was_recorded() {
    let bank = Estate::new().bank;
    let plan = seed::plan(&bank, str::to_owned);
    let mut seen = 0;
    let controller =
        crate::jenkins::controller::Controller::new(plan, Arc::new(Stacks::default()), super::ROOT);
    for job in &controller.plan().jobs {
        for build in controller.builds(&job.full_name()) {
            let run = build.run();
            let place = format!("{} #{}", job.full_name(), build.number);
            let last = run.nodes.last().unwrap();
            let failed = run
                .nodes
                .iter()
                .any(|node| node.status == NodeStatus::Failed);
            assert_eq!(failed, build.verdict == Some(Verdict::Failure), "{place}");
            assert!(last.ended.unwrap() <= build.ended.unwrap() + 500, "{place}");
            let name = build.verdict.unwrap().name();
            assert!(
                run.log.plain().ends_with(&format!("Finished: {name}\n")),
                "{place}"
            );
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn developers_build_managers_answer_for_prod_and_leads_read() {
    let estate = Estate::new();
    let service = estate
        .bank
        .services()
        .iter()
        .find(|service| service.promote == crate::bank::Promote::Jenkins)
        .unwrap();
    let build = format!("{}build?delay=0sec", path(&service.build_job()));
    let deploy = format!(
        "{}buildWithParameters?delay=0sec",
        path(&service.deploy_job())
    );
    assert_eq!(estate.ask(Role::Lead, Method::POST, &build, "").status, 403);
    assert_eq!(
        estate.ask(Role::Lead, Method::POST, &deploy, "").status,
        403
    );
    assert_eq!(
        estate.ask(Role::Developer, Method::POST, &build, "").status,
        201
    );
    assert_eq!(
        estate
            .ask(Role::ReleaseManager, Method::POST, &deploy, "")
            .status,
        201
    );
    let disabled = "/job/nightly-cleanup/build";
    assert_eq!(
        estate
            .ask(Role::ReleaseManager, Method::POST, disabled, "")
            .status,
        409
    );
}
