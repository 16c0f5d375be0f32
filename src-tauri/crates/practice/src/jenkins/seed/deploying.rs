//! The deploy job of a service: its stacks in each environment, who may deploy where, and the deployments of the past.

use super::{History, QUEUED_MILLIS, failure, split, verdict};
use crate::bank::{Deployment, ENVIRONMENTS, Promote, Service, Via};
use crate::jenkins::access::Group;
use crate::jenkins::pipelines::{DEPLOYMENT_STAGE, deploy_parameters};
use crate::jenkins::plan::{Cause, DeployPipeline, JobPlan, PastBuild, Pipeline, StackPlan};
use crate::people::by_id;
use std::collections::BTreeMap;

/// Makes the deploy job of a service.
pub(super) fn deploy_job(history: &History, service: &Service, url: &str) -> JobPlan {
    let environments: Vec<&str> = ENVIRONMENTS.iter().map(|e| e.name).collect();
    let stacks = environments
        .iter()
        .map(|environment| ((*environment).to_owned(), stacks(service, environment)))
        .collect();
    let (folder, name) = split(&service.deploy_job());
    let managers = || vec![Group::ReleaseManagers];
    JobPlan {
        folder,
        name,
        description: Some(format!("Deploys {} to an environment", service.name)),
        parameters: deploy_parameters(&environments),
        concurrent: false,
        disabled: false,
        builders: vec![Group::Developers, Group::ReleaseManagers],
        pipeline: Pipeline::Deploy(DeployPipeline {
            service: service.name.clone(),
            repository: url.to_owned(),
            branch: "main".to_owned(),
            stacks,
            environments: environments.iter().map(|e| (*e).to_owned()).collect(),
            deployers: BTreeMap::from([("prod".to_owned(), managers())]),
            approved_by_input: if asks_before_prod(service) {
                vec!["prod".to_owned()]
            } else {
                Vec::new()
            },
            promotion_needed: vec!["prod".to_owned()],
            versions: history
                .releases(service)
                .iter()
                .map(|release| (release.version.to_string(), release.commit.clone()))
                .collect(),
        }),
        past: past_deployments(history, service),
    }
}

/// Services promoted through Jenkins ask a person before they touch prod.
fn asks_before_prod(service: &Service) -> bool {
    service.promote == Promote::Jenkins
}

fn stacks(service: &Service, environment: &str) -> Vec<StackPlan> {
    let account = crate::bank::environment(environment).map_or("", |e| e.account);
    service
        .stacks
        .iter()
        .flat_map(|stack| {
            stack
                .regions(environment)
                .into_iter()
                .map(|region| StackPlan {
                    account: account.to_owned(),
                    region: region.to_owned(),
                    name: stack.name(environment),
                })
        })
        .collect()
}

fn past_deployments(history: &History, service: &Service) -> Vec<PastBuild> {
    let mut past: Vec<PastBuild> = history
        .deployments(service)
        .iter()
        .filter_map(|deployment| match deployment.via {
            Via::Jenkins(number) => Some(past_deployment(service, deployment, number)),
            Via::CloudFormation(_) => None,
        })
        .collect();
    past.sort_by_key(|build| build.number);
    past.dedup_by_key(|build| build.number);
    past
}

fn past_deployment(service: &Service, deployment: &Deployment, number: u32) -> PastBuild {
    let started = deployment.started.as_millisecond();
    let name_of = |id: &str| by_id(id).map_or_else(|| id.to_owned(), |who| who.name.to_owned());
    let asked = deployment.environment == "prod" && asks_before_prod(service);
    let duration = i64::from(deployment.seconds) * 1_000;
    PastBuild {
        number,
        queued: started - QUEUED_MILLIS,
        started,
        duration,
        verdict: verdict(&deployment.outcome),
        cause: Cause::User {
            id: deployment.by.clone(),
            name: name_of(&deployment.by),
        },
        parameters: vec![
            ("ENVIRONMENT".to_owned(), deployment.environment.to_owned()),
            ("VERSION".to_owned(), deployment.version.to_string()),
            ("COMMIT".to_owned(), deployment.commit.clone()),
        ],
        commit: None,
        changes: Vec::new(),
        version: deployment.version.to_string(),
        failure: failure(&deployment.outcome, DEPLOYMENT_STAGE),
        approval: asked.then(|| {
            let approver = deployment.approved_by.first().unwrap_or(&deployment.by);
            (name_of(approver), duration / 4)
        }),
    }
}
