//! Our judgement of what happens inside nested stacks, each with the change set that AWS made for
//! it beside that of the root.

use super::judged::{Judgement, NestedJudgement};
use crate::console::{Console, UseCase};
use futures::{StreamExt as _, stream};
use interlock_domain::{
    FaultKind, Scope,
    change_set::{ChangeSet, ResourceChange},
    stack::StackPhase,
};
use interlock_stackdiff::ResourceLine;

/// Nested stacks that are judged at the same time.
const AT_ONCE: usize = 4;
/// Nested stacks that are judged at most; of the others AWS's rows stand alone, and say so.
const MOST: usize = 100;

impl Console {
    /// Adds the judgements of nested stacks, and lays their rows beside what AWS announces there.
    /// What cannot be judged stays as AWS's word alone.
    pub(super) async fn judge_nested(
        &self,
        scope: &Scope,
        root: &ChangeSet,
        judgement: &mut Judgement,
    ) {
        let children = root.changes.iter().filter_map(|row: &ResourceChange| {
            let id = row.nested_change_set.clone()?;
            let mut path = row.nested_in.clone();
            path.push(row.logical_id.clone());
            Some((path, id))
        });
        let judge = |(path, id): (Vec<String>, String)| async move {
            let judged = self.judged_inside(scope, &id).await;
            (path, judged)
        };
        let children: Vec<(Vec<String>, String)> = children.take(MOST).collect();
        let judged = stream::iter(children.into_iter().map(judge)).buffered(AT_ONCE);
        for (path, judged) in judged.collect::<Vec<_>>().await {
            match judged {
                Ok(inside) => take(judgement, path, inside),
                Err(error) => {
                    tracing::info!(%error, stack = path.join("/"), "a nested stack is not judged");
                }
            }
        }
    }

    async fn judged_inside(&self, scope: &Scope, id: &str) -> UseCase<Judgement> {
        let ports = self.ports();
        let mut set = ports.changer.change_set(scope, "", id).await?;
        // Deeper ones are judged as children of the root, like this one.
        set.changes.retain(|row| row.nested_in.is_empty());
        let before = match ports.stacks.stack(scope, &set.stack_id).await {
            Err(error) if error.kind == FaultKind::NotFound => None,
            found => Some(found?).filter(|stack| stack.status.phase() != StackPhase::InReview),
        };
        self.judged_alone(scope, &set.stack, before.as_ref(), &set)
            .await
    }
}

/// Puts a nested judgement in the place of what was only AWS's word.
fn take(judgement: &mut Judgement, path: Vec<String>, inside: Judgement) {
    let lines = &mut judgement.reconciliation.resources;
    let first = lines.iter().position(|line| line.nested_in == path);
    lines.retain(|line| line.nested_in != path);
    let placed = inside.reconciliation.resources.into_iter();
    let placed = placed.map(|line| ResourceLine {
        nested_in: path.clone(),
        ..line
    });
    let at = first.unwrap_or(lines.len()).min(lines.len());
    lines.splice(at..at, placed);
    judgement.nested.push(NestedJudgement {
        path,
        prediction: inside.prediction,
    });
}
