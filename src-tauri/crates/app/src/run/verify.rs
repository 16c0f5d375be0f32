//! After it: does the environment hold what was approved? Applied and verified are two states.

use super::engine::Drive;
use crate::{console::UseCase, ports::TemplateStage, promotion::scope_of};
use interlock_domain::{
    ConnectorError, Digest, Scope,
    manifest::Delivery,
    stack::{Stack, StackPhase},
};
use interlock_ledger::Predicate;

/// How often a system that does not answer is asked before the check is given up.
const TRIES: u32 = 5;

impl Drive {
    pub(super) async fn verify(&self) -> UseCase<()> {
        let mut problems = Vec::new();
        let mut checks = 0;
        match &self.manifest.delivery {
            Delivery::CloudFormation { stacks } => {
                for delivery in stacks {
                    let scope = scope_of(&self.manifest, delivery);
                    checks += 1;
                    match self.deployed(&scope, delivery.stack.as_str()).await {
                        Ok((stack, template)) => {
                            self.check_stack(&stack, &mut problems);
                            if Digest::of(template.as_bytes()) != delivery.template_at_aws
                                && !delivery.empty
                            {
                                problems.push(format!(
                                    "the template of {} is not the approved one",
                                    delivery.stack
                                ));
                            }
                            for parameter in stack.parameters.iter().filter(|p| !p.is_masked()) {
                                let seen = parameter.resolved.as_ref().unwrap_or(&parameter.value);
                                let approved = delivery.parameters.get(&parameter.key);
                                if approved.is_some_and(|a| a != seen && a != "previous value") {
                                    problems.push(format!(
                                        "parameter {} of {} is {seen}",
                                        parameter.key, delivery.stack
                                    ));
                                }
                            }
                        }
                        Err(error) => {
                            problems.push(format!("{} cannot be read: {error}", delivery.stack));
                        }
                    }
                }
            }
            Delivery::Jenkins { stacks, .. } => {
                for planned in stacks {
                    let scope = Scope {
                        environment: self.manifest.to.clone(),
                        account: planned.account.clone(),
                        region: planned.region.clone(),
                    };
                    checks += 1;
                    match self.deployed(&scope, planned.stack.as_str()).await {
                        Ok((stack, _)) => self.check_stack(&stack, &mut problems),
                        Err(error) => {
                            problems.push(format!("{} cannot be read: {error}", planned.stack));
                        }
                    }
                }
            }
        }
        let held = problems.is_empty();
        let detail = match (held, checks) {
            (true, 1) => "1 stack is stable and holds what was approved".to_owned(),
            (true, _) => format!("{checks} stacks are stable and hold what was approved"),
            (false, _) => problems.join("; "),
        };
        self.say(Predicate::Verification {
            attempt: self.attempt,
            held,
            detail,
        })
    }

    fn check_stack(&self, stack: &Stack, problems: &mut Vec<String>) {
        if stack.status.phase() != StackPhase::Stable {
            problems.push(format!("{} is {}", stack.name, stack.status.0));
        }
        let tag = self
            .console
            .estate
            .version
            .tag
            .as_ref()
            .and_then(|tag| stack.tags.get(tag));
        if let (Some(seen), Some(wanted)) = (tag, &self.manifest.version)
            && seen != wanted
        {
            problems.push(format!("{} says version {seen}, not {wanted}", stack.name));
        }
    }

    async fn deployed(&self, scope: &Scope, name: &str) -> Result<(Stack, String), ConnectorError> {
        let reader = self.console.ports().stacks.clone();
        let mut tries = 0;
        loop {
            tries += 1;
            let result = async {
                let stack = reader.stack(scope, name).await?;
                let template = reader
                    .template(scope, name, TemplateStage::Original)
                    .await?;
                Ok((stack, template))
            }
            .await;
            match result {
                Err(error) if ConnectorError::clone(&error).kind.retryable() && tries < TRIES => {
                    self.trouble(&error, tries).await;
                }
                other => return other,
            }
        }
    }
}
