//! What to decide before anything else: loss, refusal, replacement, protection, access, interruption.
//!
//! What the environments explain is no danger: two environments are compared there, not an update.

use interlock_contract::diff::{DangerKind, DangerRow};
use interlock_stackdiff::{
    AccessVerdict, Action, Analysis, Dependent, Impact, NestedImpact, Note, OutputFate,
    ResourceImpact,
};

/// The dangers of a change, the worst first.
pub fn of(analysis: &Analysis) -> Vec<DangerRow> {
    let mut dangers: Vec<DangerRow> = analysis
        .resources
        .iter()
        .filter(|resource| !resource.is_expected())
        .flat_map(of_resource)
        .chain(analysis.nested.iter().flat_map(of_nested))
        .chain(analysis.dependents.iter().map(of_dependent))
        .chain(analysis.unread.iter().map(|reason| not_known(reason)))
        .collect();
    dangers.sort_by(|one, other| (one.kind, &one.logical_id).cmp(&(other.kind, &other.logical_id)));
    dangers
}

/// What is inside a nested stack is named by the stacks that lead to it.
fn of_nested(nested: &NestedImpact) -> Vec<DangerRow> {
    let stack = nested.stack();
    let resources = nested.analysis.resources.iter();
    resources
        .filter(|resource| !resource.is_expected())
        .flat_map(of_resource)
        .map(|row| DangerRow {
            logical_id: format!("{stack}/{}", row.logical_id),
            ..row
        })
        .collect()
}

/// AWS refuses to change what is imported; who reads an output otherwise is not asked.
fn of_dependent(dependent: &Dependent) -> DangerRow {
    let Dependent {
        stack, fate, later, ..
    } = dependent;
    let becomes = match fate {
        OutputFate::Goes => "goes",
        OutputFate::Changes => "changes",
        OutputFate::MayChange => "may change",
    };
    let places = match dependent.places.as_slice() {
        [] => String::new(),
        [one] => format!(" in {one}"),
        [one, rest @ ..] => format!(" in {one} and {} more", rest.len()),
    };
    let (title, text) = match (&dependent.export, fate, later) {
        (Some(export), _, Some(later)) => (
            "Used further on",
            format!(
                "{stack} imports {export}{places}, which {becomes} when {later} is deployed: if it does, AWS refuses that update"
            ),
        ),
        (None, _, Some(later)) => (
            "Read further on",
            format!("{stack} reads it of {later}{places}: it {becomes} when {later} is deployed"),
        ),
        (Some(export), OutputFate::Goes | OutputFate::Changes, None) => (
            "Used by another stack",
            format!(
                "{stack} imports {export}{places}, which {becomes}: AWS refuses this update as long as it is imported"
            ),
        ),
        (Some(export), OutputFate::MayChange, None) => (
            "Used by another stack",
            format!(
                "{stack} imports {export}{places}, which {becomes}: if it does, AWS refuses this update"
            ),
        ),
        (None, OutputFate::Goes, None) => (
            "Read by another stack",
            format!("{stack} reads it{places}: its next update will fail"),
        ),
        (None, _, None) => (
            "Read by another stack",
            format!("{stack} reads it{places}, and keeps the old value until it is updated itself"),
        ),
    };
    DangerRow {
        kind: DangerKind::Importers,
        title: title.to_owned(),
        logical_id: dependent.output.clone(),
        text,
    }
}

/// Who reads an output is not known: that is no reason to think that nobody does.
fn not_known(reason: &str) -> DangerRow {
    DangerRow {
        kind: DangerKind::Importers,
        title: "Not known".to_owned(),
        logical_id: "Outputs".to_owned(),
        text: reason.to_owned(),
    }
}

fn of_resource(resource: &ResourceImpact) -> Vec<DangerRow> {
    let mut rows = Vec::new();
    let mut add = |kind: DangerKind, title: &str, text: String| {
        rows.push(DangerRow {
            kind,
            title: title.to_owned(),
            logical_id: resource.logical_id.clone(),
            text,
        });
    };
    let through = through(resource);
    let impact = resource.impact;
    match (resource.action, impact) {
        (_, Impact::Rejected) => add(
            DangerKind::Rejected,
            "Will be rejected",
            refusal(resource).unwrap_or(through),
        ),
        (Action::Remove, Impact::Removes) if resource.data_loss => {
            add(
                DangerKind::DataLoss,
                "Data will be lost",
                "deleted with what it holds".into(),
            );
        }
        (Action::Remove, Impact::Removes) => {
            add(DangerKind::Removed, "Deleted", "it leaves the stack".into());
        }
        (Action::Remove, Impact::Snapshots) => add(
            DangerKind::Removed,
            "Deleted after a snapshot",
            "it leaves the stack; a snapshot of its data stays".into(),
        ),
        (Action::Modify, Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst)
            if resource.data_loss =>
        {
            add(
                DangerKind::DataLoss,
                "Data will be lost",
                format!("{impact}; what the old one holds is deleted; {through}"),
            );
        }
        (Action::Modify, Impact::MayReplace) if resource.data_loss => add(
            DangerKind::DataLoss,
            "Data can be lost",
            format!("{impact}; {through}"),
        ),
        (Action::Modify, Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst) => {
            add(
                DangerKind::Replaced,
                "Replaced",
                format!("{impact}; {through}"),
            );
        }
        (Action::Modify, Impact::MayReplace | Impact::MayInterrupt) => add(
            DangerKind::Interruption,
            if impact == Impact::MayReplace {
                "May be replaced"
            } else {
                "May be interrupted"
            },
            through,
        ),
        _ => {}
    }
    if let Some(access) = &resource.access {
        match access.verdict {
            AccessVerdict::Broadened => {
                add(DangerKind::Access, "Access broadened", reach(&access.added));
            }
            AccessVerdict::Incomparable => add(
                DangerKind::Access,
                "Access changed",
                if access.added.is_empty() {
                    "what it allows cannot be compared".to_owned()
                } else {
                    reach(&access.added)
                },
            ),
            AccessVerdict::Narrowed | AccessVerdict::Same => {}
        }
    }
    for note in &resource.notes {
        match note {
            Note::FixedName { .. } => {
                add(
                    DangerKind::FixedName,
                    "Replacement will fail",
                    note.to_string(),
                );
            }
            Note::ProtectionRemoved { protection } => {
                add(
                    DangerKind::Unprotected,
                    "Protection removed",
                    protection.clone(),
                );
            }
            _ => {}
        }
    }
    rows
}

/// The properties through which the worst happens.
fn through(resource: &ResourceImpact) -> String {
    let worst = resource.impact;
    let paths: Vec<String> = resource
        .properties
        .iter()
        .filter(|property| property.impact == worst && !property.expected)
        .map(|property| property.path.to_string())
        .collect();
    match paths.as_slice() {
        [] => String::new(),
        [one] => format!("through {one}"),
        [one, other] => format!("through {one} and {other}"),
        [one, rest @ ..] => format!("through {one} and {} more", rest.len()),
    }
}

fn refusal(resource: &ResourceImpact) -> Option<String> {
    resource.notes.iter().find_map(|note| match note {
        Note::Refused { reason } => Some(reason.clone()),
        _ => None,
    })
}

/// The first of what is added, and how much more.
fn reach(added: &[String]) -> String {
    match added {
        [] => "more than before".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one}; {other}"),
        [one, other, rest @ ..] => format!("{one}; {other}; and {} more", rest.len()),
    }
}
