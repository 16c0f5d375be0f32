//! After it: does the environment hold what was approved? Applied and verified are two states.

use super::engine::Drive;
use crate::{
    console::{ConsoleEvent, UseCase},
    ports::TemplateStage,
    promotion::{scope_of, scope_of_job},
};
use interlock_domain::{
    ConnectorError, Digest, Scope,
    manifest::{Delivery, StackDelivery},
    stack::{Stack, StackPhase},
};
use interlock_ledger::Predicate;

/// How often a system that does not answer is asked before the check is given up.
const TRIES: u32 = 5;

impl Drive {
    pub(super) async fn verify(&self) -> UseCase<()> {
        let mut problems = Vec::new();
        let mut checks = 0;
        for service in &self.manifest.services {
            let version = service.version.as_deref();
            match &service.delivery {
                Delivery::CloudFormation { stacks } => {
                    checks += stacks.len();
                    for delivery in stacks {
                        self.verify_delivery(delivery, version, &mut problems).await;
                    }
                }
                Delivery::Jenkins { stacks, .. } => {
                    checks += stacks.len();
                    for planned in stacks {
                        let scope = scope_of_job(&self.manifest, planned);
                        match self.deployed(&scope, planned.stack.as_str()).await {
                            Ok((stack, _)) => self.check_stack(&stack, version, &mut problems),
                            Err(error) => {
                                problems.push(format!("{} cannot be read: {error}", planned.stack));
                            }
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

    /// Looks once more at where it went, so that the overview tells what is there now.
    pub(super) async fn look_at_target(&self) {
        let mut scopes: Vec<Scope> = Vec::new();
        for (account, region, _) in self.manifest.stacks() {
            let scope = Scope {
                environment: self.manifest.to.clone(),
                account,
                region,
            };
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let reader = self.console.ports().stacks.clone();
        for scope in scopes {
            // What does not answer now stays as it was last known.
            if let Ok(stacks) = reader.stacks(&scope).await {
                self.console.take_stacks(&scope, self.console.now(), stacks);
            }
        }
        self.console.tell(ConsoleEvent::SnapshotChanged);
    }

    async fn verify_delivery(
        &self,
        delivery: &StackDelivery,
        version: Option<&str>,
        problems: &mut Vec<String>,
    ) {
        let scope = scope_of(&self.manifest, delivery);
        let (stack, template) = match self.deployed(&scope, delivery.stack.as_str()).await {
            Ok(found) => found,
            Err(error) => {
                problems.push(format!("{} cannot be read: {error}", delivery.stack));
                return;
            }
        };
        self.check_stack(&stack, version, problems);
        if Digest::of(template.as_bytes()) != delivery.template_at_aws && !delivery.empty {
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

    fn check_stack(&self, stack: &Stack, version: Option<&str>, problems: &mut Vec<String>) {
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
        if let (Some(seen), Some(wanted)) = (tag, version)
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
