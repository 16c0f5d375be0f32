//! Stacks with their values, and commits, as lists show them.

use super::{instant, status_tone};
use interlock_contract::overview::{CommitView, KeyValueView, StackView};
use interlock_domain::{
    Scope,
    source::Commit,
    stack::{Stack, StackParameter},
};

/// One stack.
pub fn stack_view(scope: &Scope, stack: &Stack) -> StackView {
    StackView {
        name: stack.name.to_string(),
        environment: scope.environment.to_string(),
        region: scope.region.to_string(),
        status: stack.status.0.clone(),
        tone: status_tone(&stack.status.0),
        status_reason: stack.status_reason.clone(),
        updated_at: Some(instant(stack.changed_at())),
        parent: stack.parent.clone(),
        drift: stack.drift.status.clone(),
        drift_at: stack.drift.checked_at.map(instant),
        outputs: stack
            .outputs
            .iter()
            .map(|o| KeyValueView {
                key: o.key.clone(),
                value: Some(o.value.clone()),
                note: o.export.as_ref().map(|name| format!("exported as {name}")),
            })
            .collect(),
        parameters: stack.parameters.iter().map(parameter).collect(),
        tags: stack
            .tags
            .iter()
            .map(|(key, value)| KeyValueView {
                key: key.clone(),
                value: Some(value.clone()),
                note: None,
            })
            .collect(),
    }
}

/// One stack that no service claims: what it is and whose its tags say it is, without its values.
///
/// An estate may have hundreds of them, and all go to the window with every overview.
pub fn unclaimed_view(scope: &Scope, stack: &Stack) -> StackView {
    StackView {
        outputs: Vec::new(),
        parameters: Vec::new(),
        ..stack_view(scope, stack)
    }
}

fn parameter(parameter: &StackParameter) -> KeyValueView {
    if parameter.is_masked() {
        return KeyValueView {
            key: parameter.key.clone(),
            value: None,
            note: Some("hidden by AWS (NoEcho)".into()),
        };
    }
    KeyValueView {
        key: parameter.key.clone(),
        value: Some(
            parameter
                .resolved
                .clone()
                .unwrap_or_else(|| parameter.value.clone()),
        ),
        note: parameter
            .resolved
            .as_ref()
            .map(|_| format!("Systems Manager parameter {}", parameter.value)),
    }
}

/// One commit; a `!123` in its title is its merge request.
pub fn commit_view(commit: &Commit) -> CommitView {
    CommitView {
        id: commit.id.to_string(),
        title: commit.title.clone(),
        author: commit.author.clone(),
        at: Some(instant(commit.at)),
        merge_request: commit.merge_request().map(|number| format!("!{number}")),
        tickets: commit.tickets(),
        files: commit.files.clone(),
        file_count: u32::try_from(commit.file_count).unwrap_or(u32::MAX),
    }
}
