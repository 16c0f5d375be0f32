//! Other stacks of an account and region that read what a change takes away or alters.
//!
//! AWS knows who imports an export. It does not know who reads an output with `Fn::GetStackOutput`:
//! of those, the stacks are found whose templates were read before. What a reader would become
//! with its own next deployment is followed to those that read it in turn, until nobody is left.

use crate::{
    compare::{facts, observed},
    console::{Console, UseCase},
    ports::TemplateStage,
};
use interlock_domain::{
    Scope,
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{Analysis, Budget, ChangedOutput, Giver, Reader, Side, Template};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Exports whose importers are asked for at most; what comes after them is said to be unknown.
const MOST_EXPORTS: usize = 200;

/// Outputs of a stack that go or change, on their way to those that read them.
struct Step {
    stack: String,
    /// Whether they only change with the stack's own next deployment.
    is_later: bool,
    changed: Vec<ChangedOutput>,
}

impl Step {
    fn giver(&self) -> Giver<'_> {
        if self.is_later {
            Giver::Later(&self.stack)
        } else {
            Giver::Changing(&self.stack)
        }
    }
}

/// The stacks of an account and region, with the templates that were looked at.
struct Beside<'s> {
    scope: &'s Scope,
    stacks: Vec<Stack>,
    /// Templates by place in the list; none for what reads nothing of others, or is not known.
    templates: BTreeMap<usize, Option<Template>>,
}

impl Console {
    /// Adds to a judgement who reads the outputs of a stack that go or change, and who reads what
    /// those would become.
    pub(crate) async fn read_by_others(
        &self,
        scope: &Scope,
        stack: &str,
        changed: &[ChangedOutput],
        analysis: &mut Analysis,
    ) {
        let mut waiting: VecDeque<Step> = first(stack, changed, analysis).collect();
        if waiting.is_empty() {
            return;
        }
        let mut beside = match self.stacks_beside(scope).await {
            Ok(stacks) => Beside {
                scope,
                stacks,
                templates: BTreeMap::new(),
            },
            Err(error) => {
                analysis.unread.push(format!("who reads them: {error}"));
                return;
            }
        };
        // Each output is followed once: a circle ends where it began.
        let mut followed: BTreeSet<(String, String)> = BTreeSet::new();
        let mut asked = 0;
        while let Some(step) = waiting.pop_front() {
            let exports = step.changed.iter().filter(|one| one.export.is_some());
            asked += exports.count();
            if asked > MOST_EXPORTS && step.is_later {
                let others = "who reads what further stacks would become: too many exports";
                analysis.unread.push(others.to_owned());
                break;
            }
            let readers = self
                .read_by_those(&mut beside, stack, &step, analysis)
                .await;
            for (reader, mut outputs) in readers {
                outputs.retain(|one| followed.insert((reader.clone(), one.output.clone())));
                if !outputs.is_empty() {
                    waiting.push_back(Step {
                        stack: reader,
                        is_later: true,
                        changed: outputs,
                    });
                }
            }
        }
    }

    /// One step: the stacks that read, each with its own outputs that may become others.
    ///
    /// The stack that changes, `root`, is not told of itself.
    async fn read_by_those(
        &self,
        beside: &mut Beside<'_>,
        root: &str,
        step: &Step,
        analysis: &mut Analysis,
    ) -> Vec<(String, Vec<ChangedOutput>)> {
        let scope = beside.scope;
        let mut imports: Vec<(&str, String)> = Vec::new();
        for (export, _) in step.changed.iter().filter_map(|one| one.export.as_ref()) {
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
        let mut readers = Vec::new();
        for at in 0..beside.stacks.len() {
            let name = beside.stacks[at].name.to_string();
            if name == root || name == step.stack {
                continue;
            }
            self.look_at(beside, at, importers.contains(name.as_str()))
                .await;
            let Some(Some(template)) = beside.templates.get(&at) else {
                continue;
            };
            let reader = Reader {
                side: Side {
                    template: Some(template),
                    parameters: observed(&beside.stacks[at].parameters),
                    environment: facts(scope, &name),
                },
                stack: name,
            };
            let outputs = analysis.read_by(step.giver(), &step.changed, &reader);
            readers.push((reader.stack, outputs));
        }
        for (export, name) in &imports {
            if name != root {
                analysis.imported_by(step.giver(), &step.changed, export, name);
            }
        }
        readers
    }

    /// Reads a stack's template if it was read before, or if the stack is known to import.
    async fn look_at(&self, beside: &mut Beside<'_>, at: usize, imports: bool) {
        let stack = &beside.stacks[at];
        if beside.templates.contains_key(&at) || stack.status.phase() == StackPhase::InReview {
            return;
        }
        let text = match self.held_template(stack) {
            None if imports => self
                .template_of(beside.scope, stack, TemplateStage::Original)
                .await
                .ok(),
            held => held,
        };
        let Some(text) = text else {
            // It may be found to import something further on.
            return;
        };
        let reads = ["ImportValue", "GetStackOutput"];
        let template = reads.iter().any(|name| text.contains(name)).then(|| {
            // What cannot be read here cannot be deployed either; AWS still tells whether it
            // imports.
            Template::read(text.as_bytes(), stack.name.as_str(), &Budget::default()).ok()
        });
        beside.templates.insert(at, template.flatten());
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

/// What the change itself makes of outputs: those of the stack, and the exports of those nested in
/// it.
fn first(
    stack: &str,
    changed: &[ChangedOutput],
    analysis: &Analysis,
) -> impl Iterator<Item = Step> {
    let nested = analysis.nested.iter().map(|nested| {
        let exported = nested.outputs.iter().filter(|one| one.export.is_some());
        (nested.stack(), exported.cloned().collect())
    });
    std::iter::once((stack.to_owned(), changed.to_vec()))
        .chain(nested)
        .filter(|(_, changed): &(_, Vec<_>)| !changed.is_empty())
        .map(|(stack, changed)| Step {
            stack,
            is_later: false,
            changed,
        })
        .collect::<Vec<_>>()
        .into_iter()
}
