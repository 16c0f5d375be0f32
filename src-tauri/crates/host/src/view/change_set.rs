//! Change sets of a promotion: what AWS says that it would do.

use super::{dangers, diff, drift::known, instant};
use interlock_app::promotion::{DriftLine, Judgement, SeenChangeSet};
use interlock_contract::{
    Tone,
    diff::{DangerRow, SecurityVerdict},
    promotion::{
        AgreementName, ChangeSetProblemView, ChangeSetView, DriftRowView, JudgementView,
        ReconciledRowView, ResourceChangeDetailView, ResourceChangeView,
    },
};
use interlock_domain::{
    change_set::{ChangeSetProblem, ChangeSetState, ResourceChange},
    manifest::Manifest,
};
use interlock_stackdiff::{Agreement, Analysis, DriftFate, ResourceLine};

/// Change sets as a manifest names them, each with what AWS answered.
pub(super) fn change_sets(
    manifest: &Manifest,
    asked: Vec<Result<SeenChangeSet, (String, String)>>,
) -> Vec<ChangeSetView> {
    manifest
        .change_sets()
        .zip(asked)
        .map(|((service, stack), answer)| {
            let name = stack
                .change_set
                .rsplit('/')
                .nth(1)
                .unwrap_or(&stack.change_set)
                .to_owned();
            let base = ChangeSetView {
                service: service.service.to_string(),
                stack: stack.stack.to_string(),
                account: stack.account.to_string(),
                region: stack.region.to_string(),
                name,
                status: String::new(),
                tone: Tone::Unknown,
                reason: None,
                empty: stack.empty,
                changes: Vec::new(),
                folded: Vec::new(),
                problems: Vec::new(),
                drift: Vec::new(),
                drift_known: None,
                reverts_drift: false,
                judgement: None,
                judgement_note: None,
            };
            match answer {
                Err((status, reason)) => ChangeSetView {
                    status,
                    reason: Some(reason),
                    ..base
                },
                Ok(SeenChangeSet {
                    set,
                    problems,
                    drift,
                    judgement,
                }) => ChangeSetView {
                    name: set.name.clone(),
                    status: if stack.empty {
                        "no change".into()
                    } else {
                        format!("{} / {}", set.status, set.execution_status)
                    },
                    tone: match set.state {
                        ChangeSetState::Available | ChangeSetState::Executed => Tone::Ok,
                        ChangeSetState::Empty => Tone::Neutral,
                        ChangeSetState::Pending | ChangeSetState::Executing => Tone::Running,
                        ChangeSetState::Failed
                        | ChangeSetState::ExecutionFailed
                        | ChangeSetState::Obsolete => Tone::Bad,
                        ChangeSetState::Unknown => Tone::Unknown,
                    },
                    reason: set.reason.clone(),
                    changes: set.changes.iter().map(resource_change).collect(),
                    problems: problems.into_iter().map(problem).collect(),
                    drift_known: drift
                        .as_ref()
                        .map(|seen| known(&base.stack, &base.region, &seen.knowledge)),
                    reverts_drift: drift.as_ref().is_some_and(|seen| seen.reverts),
                    drift: drift
                        .map(|seen| seen.lines.into_iter().map(by_hand).collect())
                        .unwrap_or_default(),
                    judgement: judgement.as_ref().ok().map(judged),
                    judgement_note: judgement.err(),
                    folded: set.folded,
                    ..base
                },
            }
        })
        .collect()
}

fn resource_change(change: &ResourceChange) -> ResourceChangeView {
    let (impact, tone) = match (change.action.as_str(), change.replacement.as_deref()) {
        ("Add", _) => ("added", Tone::Ok),
        ("Remove", _) => match change.policy_action.as_deref() {
            Some("Retain") => ("left behind", Tone::Waiting),
            Some("Snapshot") => ("removed after a snapshot", Tone::Bad),
            _ => ("removed", Tone::Bad),
        },
        ("Import", _) => ("imported", Tone::Ok),
        ("Modify", Some("True")) => ("replaced", Tone::Bad),
        ("Modify", Some("Conditional")) => ("may be replaced", Tone::Waiting),
        ("Modify", _) => ("changes in place", Tone::Running),
        _ => ("decided by AWS at run time", Tone::Unknown),
    };
    let mut details: Vec<ResourceChangeDetailView> = Vec::new();
    for detail in &change.details {
        let path = if detail.path.is_empty() {
            detail.attribute.clone()
        } else {
            detail.path.clone()
        };
        let cause = match (detail.source.as_deref(), detail.causing_entity.as_deref()) {
            (Some("ParameterReference"), Some(name)) => format!("parameter {name}"),
            (Some("ResourceReference" | "ResourceAttribute"), Some(name)) => {
                format!("follows {name}")
            }
            (Some("DirectModification"), _) => "edited in the template".into(),
            (Some("Automatic"), _) => "nested stack".into(),
            _ => "not said".into(),
        };
        // One property that a parameter changes comes as two rows: they are one for a reader.
        if let Some(known) = details.iter_mut().find(|known| known.path == path) {
            if known.cause == "edited in the template" && cause != "not said" {
                known.cause = cause;
            }
            if known.before.is_none() {
                known.before.clone_from(&detail.before);
            }
            if known.after.is_none() {
                known.after.clone_from(&detail.after);
            }
            continue;
        }
        details.push(ResourceChangeDetailView {
            path,
            before: detail.before.clone(),
            after: detail.after.clone(),
            cause,
            recreation: detail
                .recreation
                .clone()
                .unwrap_or_else(|| "not said".into()),
            cut: detail.cut,
        });
    }
    ResourceChangeView {
        nested_in: change.nested_in.clone(),
        action: change.action.clone(),
        logical_id: change.logical_id.clone(),
        physical_id: change.physical_id.clone(),
        resource_type: change.resource_type.clone(),
        replacement: change.replacement.clone(),
        impact: impact.into(),
        tone,
        details,
    }
}

fn problem(problem: ChangeSetProblem) -> ChangeSetProblemView {
    ChangeSetProblemView {
        fails: problem.fails,
        name: problem.name,
        reason: problem.reason,
        logical_id: problem.logical_id,
        path: problem.path,
    }
}

fn by_hand(line: DriftLine) -> DriftRowView {
    DriftRowView {
        logical_id: line.logical_id,
        path: line.path,
        live: line.live,
        deployed: line.deployed,
        after: line.after,
        fate: line.fate.to_string(),
        tone: match line.fate {
            DriftFate::Overwritten => Tone::Bad,
            DriftFate::Stays => Tone::Drift,
            DriftFate::InSync | DriftFate::SameAlready => Tone::Neutral,
            DriftFate::Unknown => Tone::Unknown,
        },
        at: line.at.map(instant),
    }
}

const fn agreement(agreement: Agreement) -> AgreementName {
    match agreement {
        Agreement::Agree => AgreementName::Agree,
        Agreement::WeKnowMore => AgreementName::WeKnowMore,
        Agreement::AwsKnowsMore => AgreementName::AwsKnowsMore,
        Agreement::Disagree => AgreementName::Disagree,
    }
}

fn judged(judgement: &Judgement) -> JudgementView {
    let Judgement {
        prediction,
        reconciliation,
        nested,
    } = judgement;
    let mut dangers = dangers::of(prediction);
    let mut security = prediction.access.as_ref().map(diff::security);
    let (mut access_added, mut access_removed) = reach(prediction, "");
    for inside in nested {
        let place = inside.path.join(" / ") + " / ";
        dangers.extend(
            dangers::of(&inside.prediction)
                .into_iter()
                .map(|danger| DangerRow {
                    logical_id: format!("{place}{}", danger.logical_id),
                    ..danger
                }),
        );
        let access = inside.prediction.access.as_ref().map(diff::security);
        security = together(security, access);
        let (added, removed) = reach(&inside.prediction, &place);
        access_added.extend(added);
        access_removed.extend(removed);
    }
    dangers.sort_by_key(|danger| danger.kind);
    JudgementView {
        agreement: agreement(reconciliation.verdict()),
        text: reconciliation.to_string(),
        agree: u32::try_from(reconciliation.counts().agree).unwrap_or(u32::MAX),
        rows: reconciliation
            .resources
            .iter()
            .map(|line| reconciled(line, judgement))
            .collect(),
        dangers,
        security,
        access_added,
        access_removed,
    }
}

/// What is allowed now and no longer, with the place of the stack before it.
fn reach(prediction: &Analysis, place: &str) -> (Vec<String>, Vec<String>) {
    let placed = |lines: &[String]| lines.iter().map(|line| format!("{place}{line}")).collect();
    prediction
        .access
        .as_ref()
        .map_or_else(Default::default, |change| {
            (placed(&change.added), placed(&change.removed))
        })
}

/// The verdict over two stacks that are deployed as one.
fn together(
    one: Option<SecurityVerdict>,
    other: Option<SecurityVerdict>,
) -> Option<SecurityVerdict> {
    match (one, other) {
        (None | Some(SecurityVerdict::Same), any) | (any, None | Some(SecurityVerdict::Same)) => {
            any.or(one)
        }
        (Some(one), Some(other)) if one == other => Some(one),
        _ => Some(SecurityVerdict::Incomparable),
    }
}

fn reconciled(line: &ResourceLine, judgement: &Judgement) -> ReconciledRowView {
    let inside = judgement
        .nested
        .iter()
        .find(|nested| nested.path == line.nested_in);
    let prediction = inside.map_or(&judgement.prediction, |nested| &nested.prediction);
    let predicted = prediction
        .resources
        .iter()
        .find(|resource| line.predicted && resource.logical_id == line.logical_id);
    let inside = line.properties.iter().flat_map(|property| {
        let path = &property.path;
        property
            .findings
            .iter()
            .map(move |finding| format!("{path}: {finding}"))
    });
    ReconciledRowView {
        nested_in: line.nested_in.clone(),
        logical_id: line.logical_id.clone(),
        resource_type: line.resource_type.clone(),
        impact: predicted.map(|resource| resource.impact.to_string()),
        announced: line.announced,
        agreement: agreement(line.agreement),
        findings: line
            .findings
            .iter()
            .map(ToString::to_string)
            .chain(inside)
            .collect(),
    }
}
