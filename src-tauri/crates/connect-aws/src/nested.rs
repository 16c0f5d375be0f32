//! Change sets of nested stacks, laid into the one of their root as one list.

use crate::call::Call;
use crate::connector::AwsConnector;
use crate::convert;
use crate::explain::error;
use crate::stacks::broken;
use interlock_app::ports::Answer;
use interlock_domain::change_set::{ChangeSet, ChangeSetState, ResourceChange};
use interlock_domain::{FaultKind, Scope};
use std::collections::BTreeSet;

/// How many change sets of nested stacks are read at most: so many resources a stack can have, and
/// an approval of a part of them would be an approval of something else.
const MOST: usize = 500;

impl AwsConnector {
    /// Puts the rows of nested change sets behind the rows of their stacks, and folds away the
    /// nested stacks that AWS lists although nothing in them changes.
    pub(crate) async fn with_nested(&self, scope: &Scope, mut set: ChangeSet) -> Answer<ChangeSet> {
        if set
            .changes
            .iter()
            .all(|row| row.nested_change_set.is_none())
        {
            fold(&mut set);
            return Ok(set);
        }
        let mut seen = BTreeSet::from([set.id.clone()]);
        // Rows still to be looked at, the first one last.
        let mut waiting: Vec<ResourceChange> = set.changes.drain(..).rev().collect();
        while let Some(mut row) = waiting.pop() {
            if let Some(id) = row.nested_change_set.take()
                && seen.insert(id.clone())
            {
                if seen.len() > MOST + 1 {
                    let call = Call::question("DescribeChangeSet", scope).about(&set.id);
                    let sentence = format!(
                        "Change set {} has more than {MOST} change sets of nested stacks.",
                        set.name
                    );
                    let hint = "Promote the nested stacks in parts.".to_owned();
                    return Err(error(&call, FaultKind::Unsupported, sentence, Some(hint)));
                }
                match self.nested_rows(scope, &id, &row).await {
                    Ok(inside) => {
                        waiting.extend(inside.into_iter().rev());
                        row.nested_change_set = Some(id);
                    }
                    // It comes and goes with its root: only one that can be executed must have it.
                    Err(fault)
                        if fault.kind == FaultKind::NotFound
                            && set.state != ChangeSetState::Available => {}
                    Err(fault) => return Err(fault),
                }
            }
            set.changes.push(row);
        }
        fold(&mut set);
        Ok(set)
    }

    async fn nested_rows(
        &self,
        scope: &Scope,
        id: &str,
        parent: &ResourceChange,
    ) -> Answer<Vec<ResourceChange>> {
        let call = Call::question("DescribeChangeSet", scope).about(id);
        let pages = self.all_pages(scope, "", id).await?;
        let set = convert::change_set(&pages).map_err(|fault| broken(&call, &fault))?;
        let mut rows = set.changes;
        for row in &mut rows {
            row.nested_in.clone_from(&parent.nested_in);
            row.nested_in.push(parent.logical_id.clone());
        }
        Ok(rows)
    }
}

/// Takes out nested stacks that are listed only because AWS always lists them.
fn fold(set: &mut ChangeSet) {
    let mut index = set.changes.len();
    while index > 0 {
        index -= 1;
        let row = &set.changes[index];
        let mut place = row.nested_in.clone();
        place.push(row.logical_id.clone());
        let has_inside = set.changes.iter().any(|other| other.nested_in == place);
        if is_automatic(row) && !has_inside {
            set.folded.push(place.join("/"));
            set.changes.remove(index);
        }
    }
    set.folded.reverse();
}

fn is_automatic(row: &ResourceChange) -> bool {
    row.resource_type == "AWS::CloudFormation::Stack"
        && row.action == "Modify"
        && !row.details.is_empty()
        && row
            .details
            .iter()
            .all(|detail| detail.source.as_deref() == Some("Automatic"))
        // A change set of its own that could be read would have said what changes inside.
        && row.nested_change_set.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_domain::change_set::PropertyChange;

    fn stack(id: &str, source: &str, nested_in: &[&str]) -> ResourceChange {
        ResourceChange {
            action: "Modify".to_owned(),
            logical_id: id.to_owned(),
            resource_type: "AWS::CloudFormation::Stack".to_owned(),
            nested_in: nested_in.iter().map(|id| (*id).to_owned()).collect(),
            nested_change_set: Some(format!("arn:{id}")),
            details: vec![PropertyChange {
                source: Some(source.to_owned()),
                ..PropertyChange::default()
            }],
            ..ResourceChange::default()
        }
    }

    fn leaf(id: &str, nested_in: &[&str]) -> ResourceChange {
        ResourceChange {
            resource_type: "AWS::SQS::Queue".to_owned(),
            nested_change_set: None,
            ..stack(id, "DirectModification", nested_in)
        }
    }

    #[test]
    fn nested_stacks_in_which_nothing_changes_are_folded_from_the_inside_out() {
        let mut set = ChangeSet {
            id: String::new(),
            name: String::new(),
            stack_id: String::new(),
            stack: String::new(),
            state: ChangeSetState::Available,
            status: String::new(),
            execution_status: String::new(),
            reason: None,
            parameters: Vec::new(),
            capabilities: Vec::new(),
            tags: Vec::new(),
            changes: vec![
                stack("Idle", "Automatic", &[]),
                stack("Inner", "Automatic", &["Idle"]),
                stack("Busy", "Automatic", &[]),
                leaf("Queue", &["Busy"]),
                stack("Edited", "DirectModification", &[]),
            ],
            folded: Vec::new(),
            drift_status: None,
            deployment_mode: None,
        };
        fold(&mut set);
        let left: Vec<&str> = set
            .changes
            .iter()
            .map(|row| row.logical_id.as_str())
            .collect();
        assert_eq!(left, ["Busy", "Queue", "Edited"]);
        assert_eq!(set.folded, ["Idle", "Idle/Inner"]);
    }
}
