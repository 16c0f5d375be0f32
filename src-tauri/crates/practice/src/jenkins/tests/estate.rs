//! Deploy pipelines on the practice AWS: what they change there, seen from the accounts.

use crate::bank::{Bank, Promote, Service, Version};
use crate::people::{Person, Role, people};
use crate::{Practice, PracticeOptions};
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Running {
    practice: Practice,
    bank: Bank,
    _directory: tempfile::TempDir,
}

fn person(role: Role) -> &'static Person {
    people().iter().find(|who| who.role == role).unwrap()
}

impl Running {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut options = PracticeOptions::new(directory.path());
        options.pace = 0.02;
        let practice = Practice::start(options).await.unwrap();
        let bank = Bank::new(practice.context().shared.clock.now());
        Self {
            practice,
            bank,
            _directory: directory,
        }
    }

    async fn ask(&self, role: Role, method: &str, target: &str, form: &str) -> (u16, String) {
        let address = self.practice.jenkins_url().replace("http://", "");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let who = person(role);
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            super::basic(who.id, who.jenkins_token),
            form.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).await.unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let status = text[9..12].parse().unwrap();
        (status, text)
    }

    async fn json(&self, target: &str) -> Value {
        let (status, text) = self.ask(Role::Lead, "GET", target, "").await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// Starts a deployment and returns the build's path.
    async fn deploy(&self, role: Role, service: &Service, form: &str) -> String {
        let job = crate::jenkins::controller::job_path(&service.deploy_job());
        let target = format!("{job}buildWithParameters?delay=0sec");
        let (status, text) = self.ask(role, "POST", &target, form).await;
        assert_eq!(status, 201, "{text}");
        let number = self
            .json(&format!("{job}api/json?tree=nextBuildNumber,inQueue"))
            .await;
        let number = number["nextBuildNumber"].as_u64().unwrap() - 1;
        format!("{job}{number}/")
    }

    /// Lets time pass until the stage API says one of some states.
    async fn until(&self, build: &str, states: &[&str]) -> Value {
        for _ in 0..400 {
            let describe = self.json(&format!("{build}wfapi/describe")).await;
            if states.contains(&describe["status"].as_str().unwrap()) {
                return describe;
            }
            let clock = &self.practice.context().shared.clock;
            clock.advance(Duration::from_millis(500));
        }
        let (_, console) = self
            .ask(Role::Lead, "GET", &format!("{build}consoleText"), "")
            .await;
        panic!("never {states:?}: {console}");
    }

    async fn console(&self, build: &str) -> String {
        let target = format!("{build}consoleText");
        self.ask(Role::Lead, "GET", &target, "").await.1
    }

    /// Returns the version that a service's first stack bears in an environment.
    fn deployed(&self, service: &Service, environment: &str) -> String {
        let account = crate::bank::environment(environment).unwrap().account;
        let name = service.stacks[0].name(environment);
        let cloud = &self.practice.context().cloud;
        let stack = cloud.stack(account, "us-east-1", &name).unwrap();
        let tag = stack
            .tags
            .iter()
            .find(|(name, _)| name == crate::bank::VERSION_TAG);
        tag.unwrap().1.clone()
    }

    /// Finds a service of the Jenkins way that is ahead in one environment of another.
    fn behind(&self, ahead: &str, behind: &str) -> (Service, Version) {
        let service = self.bank.services().iter().find(|service| {
            let running = |environment| {
                let deployment = self.bank.running(&service.name, environment);
                deployment.map(|deployment| deployment.version)
            };
            service.promote == Promote::Jenkins
                && running(behind).is_some()
                && running(ahead) > running(behind)
        });
        let service = service.unwrap().clone();
        let version = self.bank.running(&service.name, ahead).unwrap().version;
        (service, version)
    }
}

#[tokio::test]
async fn a_promotion_through_jenkins_changes_the_stack_in_prod() {
    let estate = Running::start().await;
    let (service, version) = estate.behind("qa", "prod");
    assert_ne!(estate.deployed(&service, "prod"), version.to_string());
    let form = format!(
        "ENVIRONMENT=prod&VERSION={version}&PROMOTION_ID=prm-7&MANIFEST_SHA256={DIGEST}&ATTEMPT=1"
    );
    let build = estate.deploy(Role::ReleaseManager, &service, &form).await;
    estate.until(&build, &["PAUSED_PENDING_INPUT"]).await;
    assert_ne!(estate.deployed(&service, "prod"), version.to_string());
    let answer = format!("{build}input/Deploy-prod/proceedEmpty");
    assert_eq!(
        estate.ask(Role::Developer, "POST", &answer, "").await.0,
        400
    );
    assert_eq!(
        estate
            .ask(Role::ReleaseManager, "POST", &answer, "")
            .await
            .0,
        200
    );
    let ended = estate
        .until(&build, &["SUCCESS", "FAILED", "ABORTED"])
        .await;
    let console = estate.console(&build).await;
    assert_eq!(ended["status"], "SUCCESS", "{console}");
    assert_eq!(estate.deployed(&service, "prod"), version.to_string());
    assert!(console.contains("UPDATE_COMPLETE"), "{console}");
    assert!(
        console.contains("changeSet/rel-prm-7-001122334455/"),
        "{console}"
    );
    let cloud = &estate.practice.context().cloud;
    let name = service.stacks[0].name("prod");
    let events = cloud.events("333333333333", "us-east-1", &name);
    let token = events.last().unwrap().token.clone().unwrap();
    assert!(token.starts_with("rel-") && token.len() == 44, "{token}");
}

#[tokio::test]
async fn a_deployment_of_what_already_runs_changes_nothing_and_ends_well() {
    let estate = Running::start().await;
    let (service, _) = estate.behind("qa", "prod");
    let version = estate.deployed(&service, "dev");
    let form = format!("ENVIRONMENT=dev&VERSION={version}");
    let build = estate.deploy(Role::Developer, &service, &form).await;
    let ended = estate
        .until(&build, &["SUCCESS", "FAILED", "ABORTED"])
        .await;
    let console = estate.console(&build).await;
    assert_eq!(ended["status"], "SUCCESS", "{console}");
    assert!(console.contains("didn't contain changes"), "{console}");
    assert!(console.contains("nothing to execute"), "{console}");
}

#[tokio::test]
async fn a_resource_that_fails_rolls_the_stack_back_and_fails_the_build() {
    let estate = Running::start().await;
    let (service, version) = estate.behind("qa", "prod");
    let before = estate.deployed(&service, "prod");
    let cloud = &estate.practice.context().cloud;
    cloud.fail_next(crate::aws::FailureRule {
        stack: service.stacks[0].name("prod"),
        resource: "*".to_owned(),
        reason: "Rate exceeded".to_owned(),
        times: 1,
    });
    let form = format!(
        "ENVIRONMENT=prod&VERSION={version}&PROMOTION_ID=prm-8&MANIFEST_SHA256={DIGEST}&ATTEMPT=1"
    );
    let build = estate.deploy(Role::ReleaseManager, &service, &form).await;
    estate.until(&build, &["PAUSED_PENDING_INPUT"]).await;
    let answer = format!("{build}input/Deploy-prod/proceedEmpty");
    estate.ask(Role::ReleaseManager, "POST", &answer, "").await;
    let ended = estate
        .until(&build, &["SUCCESS", "FAILED", "ABORTED"])
        .await;
    let console = estate.console(&build).await;
    assert_eq!(ended["status"], "FAILED", "{console}");
    assert!(console.contains("Rate exceeded"), "{console}");
    assert!(console.contains("UPDATE_ROLLBACK_COMPLETE"), "{console}");
    assert_eq!(estate.deployed(&service, "prod"), before);
}
