//! Other stacks of an account and region that read what a change takes away or alters.
//!
//! AWS knows who imports an export. It does not know who reads an output with `Fn::GetStackOutput`:
//! of those, the stacks are found whose templates were read before.

use crate::{
    compare::{facts, observed},
    console::{Console, UseCase},
    ports::TemplateStage,
};
use interlock_domain::{
    Scope,
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{Analysis, Budget, ChangedOutput, Reader, Side, Template};
use std::{collections::BTreeSet, sync::Arc};

/// A template that may read an output, with the stack that it belongs to.
struct Text {
    stack: Stack,
    text: Arc<str>,
}

impl Console {
    /// Adds to a judgement who reads the outputs of a stack that go or change.
    pub(crate) async fn read_by_others(
        &self,
        scope: &Scope,
        stack: &str,
        changed: &[ChangedOutput],
        analysis: &mut Analysis,
    ) {
        if changed.is_empty() {
            return;
        }
        let stacks = match self.stacks_beside(scope).await {
            Ok(stacks) => stacks,
            Err(error) => {
                analysis.unread.push(format!("who reads them: {error}"));
                return;
            }
        };
        let mut imports: Vec<(&str, String)> = Vec::new();
        for (export, _) in changed.iter().filter_map(|one| one.export.as_ref()) {
            match self.ports().stacks.importers(scope, export).await {
                Ok(names) => imports.extend(names.into_iter().map(|name| (export.as_str(), name))),
                Err(error) => {
                    let reason = error.message;
                    analysis
                        .unread
                        .push(format!("who imports {export}: {reason}"));
                }
            }
        }
        let importers: BTreeSet<&str> = imports.iter().map(|(_, name)| name.as_str()).collect();
        for other in stacks
            .into_iter()
            .filter(|other| other.name.as_str() != stack)
        {
            let text = match self.held_template(&other) {
                None if importers.contains(other.name.as_str()) => self
                    .template_of(scope, &other, TemplateStage::Original)
                    .await
                    .ok(),
                held => held,
            };
            if let Some(text) = text {
                lay_beside(
                    analysis,
                    (scope, stack),
                    changed,
                    &Text { stack: other, text },
                );
            }
        }
        for (export, name) in &imports {
            analysis.imported_by(changed, export, name);
        }
    }

    /// The stacks of account and region as they were last seen, or as they are.
    async fn stacks_beside(&self, scope: &Scope) -> UseCase<Vec<Stack>> {
        let snapshot = self.snapshot();
        let known = snapshot
            .scope(scope)
            .and_then(|state| state.stacks.last.as_ref());
        Ok(match known {
            Some((_, stacks)) => stacks.clone(),
            None => self.ports().stacks.stacks(scope).await?,
        })
    }
}

fn lay_beside(
    analysis: &mut Analysis,
    (scope, stack): (&Scope, &str),
    changed: &[ChangedOutput],
    other: &Text,
) {
    let may_read = ["ImportValue", "GetStackOutput"];
    if other.stack.status.phase() == StackPhase::InReview
        || !may_read.iter().any(|name| other.text.contains(name))
    {
        return;
    }
    let name = other.stack.name.as_str();
    // What cannot be read here cannot be deployed either; AWS still tells whether it imports.
    let Ok(template) = Template::read(other.text.as_bytes(), name, &Budget::default()) else {
        return;
    };
    let reader = Reader {
        stack: name.to_owned(),
        side: Side {
            template: Some(&template),
            parameters: observed(&other.stack.parameters),
            environment: facts(scope, name),
        },
    };
    analysis.read_by(stack, changed, &reader);
}
