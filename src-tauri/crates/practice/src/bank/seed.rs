//! Puts the bank into the practice AWS: every stack with its last updates, as three months left them.

use super::{
    Bank, Deployment, Environment, MAIN_REGION, Outcome, Service, Stack, chance::Chance,
    environment, story,
};
use crate::aws::{Cloud, CloudError, DriftChange, SeedDrift, SeedStack, SeedUpdate, StackStatus};
use jiff::{SignedDuration, Timestamp};

/// Tag of a stack that names its service.
pub const SERVICE_TAG: &str = "interlock:service";
/// Tag of a stack that names its version.
pub const VERSION_TAG: &str = "interlock:version";
/// Tag of a stack that names its commit.
pub const COMMIT_TAG: &str = "interlock:commit";

/// How many updates of a stack are replayed one by one.
const REPLAYED: usize = 3;

/// Services whose exports and parameters others need, first.
const FIRST: [&str; 4] = [
    "transactions-table",
    "limits",
    "users-pool",
    "notifications",
];

/// Puts every stack into the accounts; those that exist already stay as they are.
pub fn seed(bank: &Bank, cloud: &Cloud) -> Result<(), CloudError> {
    let is_first = |service: &&Service| FIRST.contains(&service.name.as_str());
    let first = bank.services().iter().filter(is_first);
    let others = bank.services().iter().filter(|service| !is_first(service));
    for service in first.chain(others) {
        for environment in &super::ENVIRONMENTS {
            let deployments: Vec<&Deployment> = bank
                .deployments()
                .iter()
                .filter(|d| d.service == service.name && d.environment == environment.name)
                .collect();
            for stack in &service.stacks {
                for region in stack.regions(environment.name) {
                    let place = Place {
                        bank,
                        service,
                        stack,
                        environment,
                        region,
                    };
                    place.replay(cloud, &deployments)?;
                }
            }
        }
    }
    review(bank, cloud)?;
    nightly_check(bank, cloud)?;
    emergency(bank, cloud)
}

/// One stack in one account and region.
struct Place<'a> {
    bank: &'a Bank,
    service: &'a Service,
    stack: &'a Stack,
    environment: &'a Environment,
    region: &'static str,
}

impl Place<'_> {
    fn replay(&self, cloud: &Cloud, deployments: &[&Deployment]) -> Result<(), CloudError> {
        let start = deployments.len().saturating_sub(REPLAYED + 1);
        let Some((first, updates)) = deployments[start..].split_first() else {
            return Ok(());
        };
        cloud.seed_stack(SeedStack {
            account: self.environment.account.to_owned(),
            region: self.region.to_owned(),
            name: self.stack.name(self.environment.name),
            template: self.template(first),
            parameters: self.parameters(first),
            tags: self.tags(first),
            created_at: self.created(first.started),
            updated_at: Some(first.started),
            termination_protection: self.environment.tier == "production",
            token: Some(token(first)),
            ..SeedStack::default()
        })?;
        for update in updates {
            let failure = match &update.outcome {
                Outcome::Succeeded => None,
                Outcome::Failed(reason) => {
                    Some((story::ROLLED_BACK_RESOURCE.to_owned(), reason.clone()))
                }
            };
            cloud.seed_update(SeedUpdate {
                account: self.environment.account.to_owned(),
                region: self.region.to_owned(),
                name: self.stack.name(self.environment.name),
                template: self.template(update),
                parameters: self.parameters(update),
                tags: self.tags(update),
                started_at: update.started + self.delay(),
                token: Some(token(update)),
                failure,
            })?;
        }
        Ok(())
    }

    /// A second stack or region of the same deployment begins a little later.
    fn delay(&self) -> SignedDuration {
        let place = self
            .service
            .stacks
            .iter()
            .position(|stack| stack == self.stack)
            .unwrap_or(0);
        let stacks = i64::try_from(place).unwrap_or(0);
        let regions = i64::from(self.region != MAIN_REGION);
        SignedDuration::from_secs(75 * stacks + 40 * regions)
    }

    /// Stacks are older than their history.
    fn created(&self, first: Timestamp) -> Timestamp {
        let days = Chance::of(&self.stack.name(self.environment.name)).whole(160, 900);
        first - SignedDuration::from_hours(24 * i64::from(days)) + self.delay()
    }

    fn template(&self, deployment: &Deployment) -> String {
        self.bank
            .template(&self.service.name, &self.stack.pattern, &deployment.version)
            .unwrap_or_default()
    }

    fn parameters(&self, deployment: &Deployment) -> Vec<(String, String)> {
        self.bank.parameters(
            &self.service.name,
            &self.stack.pattern,
            self.environment.name,
            &deployment.version,
        )
    }

    fn tags(&self, deployment: &Deployment) -> Vec<(String, String)> {
        let mut tags = tags(self.service, deployment);
        tags.push(("ambiente".to_owned(), self.environment.name.to_owned()));
        tags
    }
}

/// Tags that a deployment puts on a stack.
fn tags(service: &Service, deployment: &Deployment) -> Vec<(String, String)> {
    [
        (SERVICE_TAG, service.name.clone()),
        (VERSION_TAG, deployment.version.to_string()),
        (COMMIT_TAG, deployment.commit.clone()),
        ("equipo", service.team.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn token(deployment: &Deployment) -> String {
    match &deployment.via {
        super::Via::CloudFormation(name) => name.clone(),
        super::Via::Jenkins(number) => {
            format!("jenkins-deploy-{}-{number}", deployment.service)
        }
    }
}

/// The stack that waits for its first execution.
fn review(bank: &Bank, cloud: &Cloud) -> Result<(), CloudError> {
    let (service, version) = story::IN_REVIEW;
    let (Some(service), Ok(version), Some(prod)) =
        (bank.service(service), version.parse(), environment("prod"))
    else {
        return Ok(());
    };
    let (Some(stack), Some(release)) = (
        service.stacks.first(),
        bank.release(&service.name, &version),
    ) else {
        return Ok(());
    };
    cloud.seed_stack(SeedStack {
        account: prod.account.to_owned(),
        region: MAIN_REGION.to_owned(),
        name: stack.name(prod.name),
        template: bank
            .template(&service.name, &stack.pattern, &version)
            .unwrap_or_default(),
        parameters: bank.parameters(&service.name, &stack.pattern, prod.name, &version),
        created_at: release.time + SignedDuration::from_hours(30),
        status: Some(StackStatus::ReviewInProgress),
        ..SeedStack::default()
    })
}

/// Every night a job looks for drift in prod; all but the emergency is as it should be.
fn nightly_check(bank: &Bank, cloud: &Cloud) -> Result<(), CloudError> {
    let Some(prod) = environment("prod") else {
        return Ok(());
    };
    let detected_at = bank.now() - SignedDuration::from_hours(9);
    for service in bank.services() {
        if bank.running(&service.name, prod.name).is_none() {
            continue;
        }
        for stack in &service.stacks {
            for region in stack.regions(prod.name) {
                let name = stack.name(prod.name);
                let nothing = SeedDrift {
                    detected_at: Some(detected_at),
                    changes: Vec::new(),
                };
                cloud.drift(prod.account, region, &name, nothing)?;
            }
        }
    }
    Ok(())
}

/// The change made by hand, past CloudFormation.
fn emergency(bank: &Bank, cloud: &Cloud) -> Result<(), CloudError> {
    let told = &story::EMERGENCY;
    let is_there = bank
        .services()
        .iter()
        .flat_map(|service| &service.stacks)
        .any(|stack| stack.name("prod") == told.stack);
    let (true, Some(prod)) = (is_there, environment("prod")) else {
        return Ok(());
    };
    cloud.drift(
        prod.account,
        MAIN_REGION,
        told.stack,
        SeedDrift {
            detected_at: Some(bank.now() - SignedDuration::from_hours(9)),
            changes: vec![DriftChange::Property {
                logical_id: told.resource.to_owned(),
                path: told.property.to_owned(),
                actual: told.live.into(),
            }],
        },
    )
}
