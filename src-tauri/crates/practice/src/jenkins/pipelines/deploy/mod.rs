//! Deploy pipelines: what a build was asked for, which stacks it changes, and its stages in order.
//!
//! `verify` says what is refused before anything is touched, `steps` what each stage does.

mod steps;
mod verify;

use super::{Circumstances, Program};
use crate::jenkins::params::{Definition, Parameter};
use crate::jenkins::plan::{DeployPipeline, JobPlan, StackPlan};
use crate::jenkins::program::{Stage, Step};
use crate::jenkins::target::{Source, StackChange};
use sha2::{Digest as _, Sha256};

/// Name of the stage in which stacks change: whoever enters it has begun a deployment.
pub const DEPLOYMENT_STAGE: &str = "Deploy infrastructure";

/// Returns the parameters that every deploy job asks for.
pub fn deploy_parameters(environments: &[&str]) -> Vec<Definition> {
    vec![
        Definition::choice("ENVIRONMENT", environments, "Environment to deploy to"),
        Definition::text("VERSION", "", "Version to deploy"),
        Definition::text(
            "COMMIT",
            "",
            "Commit of templates and variables; empty takes the version's",
        ),
        Definition::text(
            "PROMOTION_ID",
            "",
            "Promotion that this deployment carries out",
        ),
        Definition::text(
            "MANIFEST_SHA256",
            "",
            "Digest of the approved release manifest",
        ),
        Definition::text("ATTEMPT", "1", "Which attempt of the promotion this is"),
        Definition::text(
            "CHANGE_SET_ARN",
            "",
            "Approved change sets (ARN, or stack=ARN), separated by commas; empty creates them here",
        ),
    ]
}

/// A deployment being written down as stages.
pub(super) struct Deployment<'a> {
    pipeline: &'a DeployPipeline,
    around: Circumstances<'a>,
    environment: String,
    version: String,
    commit: String,
    promotion: String,
    manifest: String,
    attempt: String,
    approved: Vec<String>,
    job: String,
}

impl<'a> Deployment<'a> {
    /// Reads what the parameters ask for.
    pub(super) fn new(
        job: &JobPlan,
        pipeline: &'a DeployPipeline,
        values: &[Parameter],
        around: Circumstances<'a>,
    ) -> Self {
        let text = |name: &str| {
            values
                .iter()
                .find(|value| value.name == name)
                .map(Parameter::as_text)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let version = text("VERSION");
        let commit = match text("COMMIT") {
            none if none.is_empty() => pipeline.versions.get(&version).cloned().unwrap_or_default(),
            commit => commit,
        };
        Self {
            pipeline,
            around,
            environment: text("ENVIRONMENT"),
            commit,
            version,
            promotion: text("PROMOTION_ID"),
            manifest: text("MANIFEST_SHA256"),
            attempt: text("ATTEMPT"),
            approved: text("CHANGE_SET_ARN")
                .split(',')
                .map(str::trim)
                .filter(|arn| !arn.is_empty())
                .map(str::to_owned)
                .collect(),
            job: job.name.clone(),
        }
    }

    /// Writes stages and stacks down.
    pub(super) fn program(&self) -> Program {
        let plans = self
            .pipeline
            .stacks
            .get(&self.environment)
            .cloned()
            .unwrap_or_default();
        let mut stacks: Vec<StackChange> = plans.iter().map(|plan| self.change(plan)).collect();
        self.assign(&mut stacks);
        let mut stages = vec![
            Stage::new(
                "Checkout",
                vec![Step::checkout(
                    &self.pipeline.repository,
                    &self.pipeline.branch,
                    &self.commit,
                )],
            ),
            Stage::new("Verify promotion", self.verify(&stacks)),
            Stage::new("Prepare change set", self.prepare(&stacks)),
        ];
        if self.pipeline.approved_by_input.contains(&self.environment) {
            stages.push(Stage::new("Approval", vec![Step::input(self.gate())]));
        }
        stages.push(Stage::new(DEPLOYMENT_STAGE, self.execute(&stacks)));
        stages.push(Stage::new("Publish artifacts", self.publish(&stacks)));
        stages.push(Stage::new("Smoke tests", self.smoke()));
        stages.push(Stage::post(vec![Step::echo(format!(
            "Deployment of {} {} to {} is over",
            self.pipeline.service, self.version, self.environment
        ))]));
        Program { stages, stacks }
    }

    fn change(&self, plan: &StackPlan) -> StackChange {
        let (name, token) = if self.promotion.is_empty() {
            (
                format!("jenkins-{}-{}", self.job, self.around.number),
                format!("jenkins-{}-{}", self.job, self.around.number),
            )
        } else {
            let short: String = self.manifest.chars().take(12).collect();
            let whole = format!(
                "{}|{}|{}|execute|{}",
                self.promotion, self.manifest, plan.name, self.attempt
            );
            let digest = hex::encode(Sha256::digest(whole));
            (
                match self.attempt.as_str() {
                    "" | "1" => format!("rel-{}-{short}", self.promotion),
                    again => format!("rel-{}-{short}-{again}", self.promotion),
                },
                format!("rel-{}", &digest[..40]),
            )
        };
        StackChange {
            service: self.pipeline.service.clone(),
            environment: self.environment.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            stack: plan.name.clone(),
            version: self.version.clone(),
            commit: self.commit.clone(),
            source: Source::Created,
            change_set_name: as_identifier(&name),
            token: as_identifier(&token),
        }
    }

    /// Gives the approved change sets to their stacks: "stack=arn" by name, a bare ARN where only one stack can be meant.
    fn assign(&self, stacks: &mut [StackChange]) {
        if self.approved.is_empty() {
            return;
        }
        for stack in stacks.iter_mut() {
            stack.source = Source::Nothing;
        }
        let named = |text: &str| {
            text.split_once('=')
                .map(|(name, arn)| (name.to_owned(), arn.to_owned()))
        };
        let (by_name, bare): (Vec<&String>, Vec<&String>) =
            self.approved.iter().partition(|text| named(text).is_some());
        for (name, arn) in by_name.into_iter().filter_map(|text| named(text)) {
            for stack in stacks
                .iter_mut()
                .filter(|stack| stack.stack == name && is_in(stack, &arn))
            {
                stack.source = Source::Approved(arn.clone());
            }
        }
        for arn in bare {
            let mut meant: Vec<&mut StackChange> = stacks
                .iter_mut()
                .filter(|stack| is_in(stack, arn))
                .collect();
            if let [stack] = meant.as_mut_slice() {
                stack.source = Source::Approved(arn.clone());
            }
        }
    }
}

/// Reports whether a change set is in the account and region of a stack.
fn is_in(stack: &StackChange, arn: &str) -> bool {
    arn.contains(&format!(":{}:{}:changeSet/", stack.region, stack.account))
}

/// Makes a name that CloudFormation accepts for change sets and tokens.
fn as_identifier(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .map(|character| match character {
            kept if kept.is_ascii_alphanumeric() => kept,
            _ => '-',
        })
        .take(128)
        .collect();
    cleaned.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_only_what_cloudformation_accepts() {
        assert_eq!(as_identifier("rel-prm_1/x y-"), "rel-prm-1-x-y");
        assert_eq!(as_identifier(&"a".repeat(300)).len(), 128);
    }
}
