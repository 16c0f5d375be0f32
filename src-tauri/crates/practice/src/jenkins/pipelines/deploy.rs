//! Deploy pipelines: verify the promotion, prepare and execute change sets, publish, test.

use super::{Circumstances, Program};
use crate::jenkins::flow::Verdict;
use crate::jenkins::params::{Definition, Parameter};
use crate::jenkins::plan::{DeployPipeline, JobPlan, StackPlan};
use crate::jenkins::program::{Artifact, Case, Gate, Outcome, Stage, Step, Suite};
use crate::jenkins::target::{Source, StackChange};
use serde_json::json;
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

    fn verify(&self, stacks: &[StackChange]) -> Vec<Step> {
        let or_none = |text: &str| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                text.to_owned()
            }
        };
        let mut steps = vec![
            Step::echo(format!(
                "PROMOTION_ID={} ATTEMPT={}",
                or_none(&self.promotion),
                or_none(&self.attempt)
            )),
            Step::echo(format!("MANIFEST_SHA256={}", or_none(&self.manifest))),
            Step::echo(format!(
                "{} {} (commit {}) to {}",
                self.pipeline.service,
                or_none(&self.version),
                or_none(&self.commit),
                self.environment
            )),
        ];
        if let Some(url) = self.around.claimed_by {
            steps.push(Step::end_early(format!(
                "Promotion {} attempt {} is already claimed by {url}: nothing to do",
                self.promotion, self.attempt
            )));
        } else if let Some(reason) = self.refusal(stacks) {
            steps.push(Step::error(reason));
        }
        steps
    }

    fn refusal(&self, stacks: &[StackChange]) -> Option<String> {
        if self.around.past.is_some() {
            return None;
        }
        let environment = &self.environment;
        // Jenkins refuses such a request itself; the job still does not take that on trust.
        if let Some(starter) = self.around.starter
            && !self.pipeline.may_deploy(starter.group, environment)
        {
            return Some(format!(
                "{} ({}) may not deploy to {environment}",
                starter.id,
                starter.group.name()
            ));
        }
        if self.pipeline.promotion_needed.contains(environment)
            && (self.promotion.is_empty() || self.manifest.is_empty())
        {
            return Some(format!(
                "A deployment to {environment} needs PROMOTION_ID and MANIFEST_SHA256"
            ));
        }
        if !self.manifest.is_empty() && !is_sha256(&self.manifest) {
            return Some("MANIFEST_SHA256 is not a SHA-256 digest in hexadecimal".to_owned());
        }
        if self.version.is_empty() && self.commit.is_empty() {
            return Some("VERSION or COMMIT is needed".to_owned());
        }
        if !self.version.is_empty()
            && self.commit.is_empty()
            && !self.pipeline.versions.contains_key(&self.version)
        {
            return Some(format!(
                "Version {} of {} is not known",
                self.version, self.pipeline.service
            ));
        }
        if !self.approved.is_empty()
            && !stacks
                .iter()
                .any(|stack| matches!(stack.source, Source::Approved(_)))
        {
            return Some("CHANGE_SET_ARN names no change set of this service's stacks; write stack=ARN where it has several".to_owned());
        }
        if stacks.is_empty() {
            return Some(format!(
                "{} has no stacks in {environment}",
                self.pipeline.service
            ));
        }
        None
    }

    fn prepare(&self, stacks: &[StackChange]) -> Vec<Step> {
        for_each_stack(stacks, |index, stack| {
            let command = format!(
                "aws cloudformation create-change-set --region {} --stack-name {} --change-set-name {}",
                stack.region, stack.stack, stack.change_set_name
            );
            if self.around.past.is_some() {
                Step::shell(&command, 4_000, vec!["CREATE_COMPLETE".to_owned()])
            } else if self.approved.is_empty() {
                Step::prepare(index, &command)
            } else {
                Step::prepare(
                    index,
                    &format!(
                        "aws cloudformation describe-change-set --region {} --stack-name {}",
                        stack.region, stack.stack
                    ),
                )
            }
        })
    }

    fn execute(&self, stacks: &[StackChange]) -> Vec<Step> {
        let mut steps: Vec<Step> = stacks
            .first()
            .map(|stack| {
                Step::echo(format!(
                    "Assuming arn:aws:iam::{}:role/PipelineDeploy",
                    stack.account
                ))
            })
            .into_iter()
            .collect();
        steps.extend(for_each_stack(stacks, |index, stack| {
            let command = format!(
                "aws cloudformation execute-change-set --region {} --stack-name {} --client-request-token {}",
                stack.region, stack.stack, stack.token
            );
            if self.around.past.is_some() {
                let ending = self.around.past.is_none_or(|past| past.failure.is_none());
                let mut lines = vec![format!("UPDATE_IN_PROGRESS {}", stack.stack)];
                if ending {
                    lines.push(format!("UPDATE_COMPLETE {}", stack.stack));
                }
                Step::shell(&command, 25_000, lines)
            } else {
                Step::execute(index, &command)
            }
        }));
        steps
    }

    fn gate(&self) -> Gate {
        let environment = &self.environment;
        let groups = self.pipeline.deployers.get(environment);
        Gate {
            id: format!("deploy-{environment}"),
            message: format!(
                "Deploy to {environment}? {} {}",
                self.pipeline.service, self.version
            ),
            ok: "Deploy".to_owned(),
            submitters: groups
                .into_iter()
                .flatten()
                .map(|group| group.name())
                .collect::<Vec<_>>()
                .join(","),
            submitter_variable: Some("APPROVER".to_owned()),
            parameters: Vec::new(),
            answered: self.around.past.map(|past| {
                past.approval
                    .clone()
                    .unwrap_or_else(|| ("Jenkins".to_owned(), 1_000))
            }),
        }
    }

    fn publish(&self, stacks: &[StackChange]) -> Vec<Step> {
        let record = json!({
            "service": self.pipeline.service,
            "version": self.version,
            "commit": self.commit,
            "environment": self.environment,
            "promotion": self.promotion,
            "manifestSha256": self.manifest,
            "attempt": self.attempt,
            "stacks": stacks.iter().map(|stack| stack.stack.clone()).collect::<Vec<_>>(),
        });
        vec![
            Step::shell(
                &format!(
                    "aws s3 sync dist/ s3://artifacts-{}/{}/{}/",
                    self.environment, self.pipeline.service, self.version
                ),
                2_000,
                vec![format!("upload: dist/{}.zip", self.pipeline.service)],
            ),
            Step::archive(vec![Artifact {
                path: "out/deployment.json".to_owned(),
                content: format!("{record:#}\n"),
            }]),
        ]
    }

    fn smoke(&self) -> Vec<Step> {
        let service = &self.pipeline.service;
        let unstable = self
            .around
            .past
            .is_some_and(|past| past.verdict == Verdict::Unstable);
        let case = |name: &str, millis: u32, failing: bool| Case {
            class: format!("{service}.smoke"),
            name: name.to_owned(),
            millis,
            outcome: if failing {
                Outcome::Failed {
                    message: "timed out after 10 s".to_owned(),
                    stack: format!("TimeoutError: {name}\n  at smoke/{service}.ts:31"),
                }
            } else {
                Outcome::Passed
            },
        };
        vec![
            Step::shell(
                &format!("make smoke ENVIRONMENT={}", self.environment),
                4_000,
                vec![format!("3 checks against {}", self.environment)],
            ),
            Step::junit(
                "reports/smoke-*.xml",
                vec![Suite {
                    name: format!("{service}.smoke"),
                    cases: vec![
                        case("health answers", 120, false),
                        case("version is the deployed one", 85, false),
                        case("main operation answers in time", 640, unstable),
                    ],
                }],
            ),
        ]
    }
}

fn for_each_stack(
    stacks: &[StackChange],
    mut step: impl FnMut(usize, &StackChange) -> Step,
) -> Vec<Step> {
    stacks
        .iter()
        .enumerate()
        .map(|(index, stack)| step(index, stack))
        .collect()
}

/// Reports whether a change set is in the account and region of a stack.
fn is_in(stack: &StackChange, arn: &str) -> bool {
    arn.contains(&format!(":{}:{}:changeSet/", stack.region, stack.account))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
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

    #[test]
    fn a_digest_is_sixty_four_hexadecimal_digits() {
        assert!(is_sha256(
            &"0aF".repeat(21).chars().chain(['1']).collect::<String>()
        ));
        assert!(!is_sha256("abc"));
        assert!(!is_sha256(&"g".repeat(64)));
    }
}
