//! What the stages of a deployment do: prepare and execute change sets, ask a person, publish, test.

use super::Deployment;
use crate::jenkins::flow::Verdict;
use crate::jenkins::program::{Artifact, Case, Gate, Outcome, Step, Suite};
use crate::jenkins::target::StackChange;
use serde_json::json;

impl Deployment<'_> {
    /// Creates the change sets, or looks at those that were approved.
    pub(super) fn prepare(&self, stacks: &[StackChange]) -> Vec<Step> {
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

    /// Executes the change sets, one stack after another.
    pub(super) fn execute(&self, stacks: &[StackChange]) -> Vec<Step> {
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

    /// Asks a person.
    pub(super) fn gate(&self) -> Gate {
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

    /// Publishes what was built and archives a record of the deployment.
    pub(super) fn publish(&self, stacks: &[StackChange]) -> Vec<Step> {
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

    /// Tests what was deployed.
    pub(super) fn smoke(&self) -> Vec<Step> {
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
