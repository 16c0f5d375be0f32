//! The import of resources: each is found and taken over, or all of it is undone.

use super::writer::{Writer, duration};
use super::{Setting, Timeline, settled};
use crate::aws::model::{Deployment, Inputs, Outcome, StackStatus};
use crate::aws::plan::{Action, Plan};

/// Works out the import of the resources that a plan would create.
pub fn take_over(
    setting: &Setting<'_>,
    plan: &Plan,
    live: &Deployment,
    inputs: &Inputs,
) -> Timeline {
    let mut writer = Writer::new(setting);
    writer.stack(0, StackStatus::ImportInProgress, Some("User Initiated"));
    let mut first = None;
    for planned in plan.resources.iter().filter(|p| p.action == Action::Create) {
        let resource = &planned.resource;
        let id = &resource.physical_id;
        let begin = writer.last() + 1;
        let end = begin + duration(setting, resource, "act");
        let started = Some("Resource import started.");
        writer.resource(begin, resource, id, "IMPORT_IN_PROGRESS", started);
        if let Some(reason) = setting.failures.get(&resource.logical_id) {
            writer.resource(end, resource, id, "IMPORT_FAILED", Some(reason));
            first = Some(format!("{}: {reason}", resource.logical_id));
            break;
        }
        let done = Some("Resource import completed.");
        writer.resource(end, resource, id, "IMPORT_COMPLETE", done);
    }
    let end = writer.last() + 2;
    let Some(first) = first else {
        writer.stack(end, StackStatus::ImportComplete, None);
        let (events, statuses, ended_at) = writer.finish();
        let resources = plan
            .resources
            .iter()
            .map(|planned| settled(planned, &events, ended_at))
            .collect();
        return Timeline {
            after: Deployment {
                inputs: inputs.clone(),
                resources,
                outputs: plan.outputs.clone(),
                imports: plan.imports.clone(),
            },
            rollback_at: None,
            events,
            statuses,
            ended_at,
            outcome: Outcome::Done,
        };
    };
    let reason = Some("The following resource(s) failed to import.");
    writer.stack(end, StackStatus::ImportRollbackInProgress, reason);
    writer.stack(end + 2, StackStatus::ImportRollbackComplete, None);
    let (events, statuses, ended_at) = writer.finish();
    Timeline {
        after: live.clone(),
        rollback_at: Some(setting.started_at),
        events,
        statuses,
        ended_at,
        outcome: Outcome::Failed(first),
    }
}
