//! Promotions: inbox lines, the drawer, what may be done.

use super::{audit::entries_about, instant};
use interlock_app::{
    Console,
    promotion::{Action, ActionState},
};
use interlock_contract::{
    Tone,
    promotion::{
        ActionView, ChangeSetView, InboxGroup, ManifestElementView, ParticipantView,
        PromotionAction, PromotionSummaryView, PromotionView, ResourceChangeDetailView,
        ResourceChangeView, VerdictView, VoidedView,
    },
};
use interlock_domain::{
    change_set::{ChangeSet, ChangeSetState, ResourceChange},
    manifest::{Delivery, Manifest},
    person::{Person, Role},
    verdict::{Outcome as GateOutcome, Verdict},
};
use interlock_ledger::{
    Outcome, Promotion, PromotionState,
    fold::{Record, approval_barrier},
};

/// Words and tone of a state.
pub fn state_words(state: &PromotionState) -> (&'static str, Tone) {
    match state {
        PromotionState::Preparing => ("preparing", Tone::Running),
        PromotionState::PrepareFailed { .. } => ("could not be prepared", Tone::Bad),
        PromotionState::Draft => ("draft", Tone::Neutral),
        PromotionState::AwaitingApproval => ("waiting for approval", Tone::Waiting),
        PromotionState::Approved => ("approved", Tone::Ok),
        PromotionState::Voided => ("voided", Tone::Waiting),
        PromotionState::Executing { .. } => ("running", Tone::Running),
        PromotionState::Applied => ("applied", Tone::Waiting),
        PromotionState::Verified => ("verified", Tone::Ok),
        PromotionState::Failed { outcome, .. } => match outcome {
            Outcome::RolledBack => ("rolled back", Tone::Bad),
            Outcome::Aborted => ("aborted", Tone::Bad),
            Outcome::Failed | Outcome::Succeeded => ("failed", Tone::Bad),
        },
        PromotionState::Rejected { .. } => ("rejected", Tone::Bad),
        PromotionState::Abandoned { .. } => ("abandoned", Tone::Neutral),
    }
}

fn words_of(promotion: &Promotion) -> (&'static str, Tone) {
    if promotion
        .last_attempt()
        .is_some_and(interlock_ledger::Attempt::has_unknown)
    {
        return ("outcome unknown", Tone::Unknown);
    }
    state_words(&promotion.state)
}

/// One line of the inbox.
pub fn summary(
    console: &Console,
    promotion: &Promotion,
    me: Option<&Person>,
) -> PromotionSummaryView {
    let (state, tone) = words_of(promotion);
    let manifest = promotion.manifest.as_ref();
    let actions = states_of(console, promotion, me);
    let can = |wanted: &[Action]| {
        actions
            .iter()
            .any(|a| a.barrier.is_none() && wanted.contains(&a.action))
    };
    let mine = me.is_some_and(|me| me.id == promotion.begun_by);
    let needs_me = match promotion.state {
        PromotionState::AwaitingApproval => can(&[Action::Approve]),
        PromotionState::Approved => can(&[Action::Execute]),
        PromotionState::Draft => can(&[Action::Request]),
        PromotionState::Voided => mine,
        _ => false,
    };
    PromotionSummaryView {
        id: promotion.id.to_string(),
        service: promotion.service.clone(),
        from: manifest.map_or_else(String::new, |m| m.from.to_string()),
        to: promotion.to.clone(),
        version: manifest.and_then(|m| m.version.clone()),
        via: match manifest.map(|m| &m.delivery) {
            Some(Delivery::Jenkins { .. }) => "jenkins".into(),
            _ => "cloudformation".into(),
        },
        state: state.into(),
        tone,
        requested_by: console.name_of(&promotion.begun_by),
        created_at: instant(promotion.created_at),
        updated_at: instant(promotion.updated_at),
        digest_short: promotion.digest.map(|d| d.short()).unwrap_or_default(),
        waiting_on: waiting_on(console, promotion),
        group: if promotion.state.is_over() {
            InboxGroup::Done
        } else if needs_me {
            InboxGroup::NeedsMe
        } else {
            InboxGroup::Waiting
        },
    }
}

fn waiting_on(console: &Console, promotion: &Promotion) -> Option<String> {
    match &promotion.state {
        PromotionState::AwaitingApproval => {
            let needed = promotion
                .manifest
                .as_ref()
                .map_or(0, |m| m.approvals as usize);
            let missing = needed.saturating_sub(promotion.approvals.len());
            Some(format!("{missing} of {needed} approvals"))
        }
        PromotionState::Approved => Some("somebody to start it".into()),
        PromotionState::Draft => Some(format!(
            "{} to ask for approval",
            console.name_of(&promotion.begun_by)
        )),
        PromotionState::Voided => Some("somebody to prepare it again".into()),
        PromotionState::Executing { .. } => console
            .live(&promotion.id)
            .and_then(|live| live.read(|s| s.waiting.as_ref().map(|w| w.0.clone()))),
        PromotionState::Rejected { reason, .. }
        | PromotionState::PrepareFailed { reason }
        | PromotionState::Failed { detail: reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

fn states_of(console: &Console, promotion: &Promotion, me: Option<&Person>) -> Vec<ActionState> {
    let tier = interlock_domain::EnvironmentName::new(promotion.to.clone())
        .ok()
        .and_then(|name| {
            console
                .estate
                .environment(&name)
                .map(|e| e.environment.tier)
        })
        .unwrap_or(interlock_domain::Tier::Production);
    interlock_app::promotion::actions(
        promotion,
        me,
        &console.estate.people,
        tier,
        console.is_driven(&promotion.id),
    )
}

/// What the drawer shows beyond the record: asked for live.
pub struct Asked {
    /// Change sets, or why they are not known.
    pub change_sets: Vec<Result<ChangeSet, (String, String)>>,
    /// Commits that it brings, with a note.
    pub commits: Vec<interlock_contract::overview::CommitView>,
    /// Why commits are absent or cut.
    pub commits_note: Option<String>,
    /// Gates judged now; none shows those of the manifest.
    pub gates: Option<Vec<Verdict>>,
}

/// The drawer.
pub fn promotion(
    console: &Console,
    record: &Record,
    entries: &[interlock_ledger::Entry],
    promotion: &Promotion,
    me: Option<&Person>,
    asked: Asked,
) -> PromotionView {
    let manifest = promotion.manifest.as_ref();
    let bytes = promotion
        .digest
        .filter(|_| manifest.is_some())
        .and_then(|digest| console.ledger.manifest_bytes(&digest).ok().flatten())
        .unwrap_or_default();
    let gates = asked
        .gates
        .unwrap_or_else(|| manifest.map(|m| m.gates.clone()).unwrap_or_default());
    PromotionView {
        summary: summary(console, promotion, me),
        digest: promotion
            .digest
            .filter(|_| manifest.is_some())
            .map(|d| d.to_string())
            .unwrap_or_default(),
        elements: manifest
            .map(|m| {
                m.elements()
                    .into_iter()
                    .map(|(group, name, value)| ManifestElementView { group, name, value })
                    .collect()
            })
            .unwrap_or_default(),
        manifest: String::from_utf8_lossy(&bytes).into_owned(),
        change_sets: manifest
            .map(|m| change_sets(m, asked.change_sets))
            .unwrap_or_default(),
        change_note: change_note(promotion),
        commits: asked.commits,
        commits_note: asked.commits_note,
        gates: gates.iter().map(verdict).collect(),
        approvals_needed: manifest.map_or(0, |m| m.approvals),
        approvals_have: u32::try_from(promotion.approvals.len()).unwrap_or(u32::MAX),
        people: people(console, promotion, me),
        voided: promotion.voided.as_ref().and_then(|(at, moved)| {
            let first = moved.first()?;
            let more = match moved.len() - 1 {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            Some(VoidedView {
                at: instant(*at),
                element: format!("{}{more}", first.element),
                before: first.before.clone(),
                after: first.after.clone(),
            })
        }),
        actions: states_of(console, promotion, me)
            .into_iter()
            .map(|state| action(console, promotion, me, state))
            .collect(),
        run: super::run::run(console, promotion),
        record: entries_about(console, record, entries, promotion),
    }
}

fn change_note(promotion: &Promotion) -> Option<String> {
    match promotion.manifest.as_ref().map(|m| &m.delivery) {
        Some(Delivery::Jenkins { job, stacks, .. }) => {
            let names: Vec<_> = stacks.iter().map(|s| s.stack.to_string()).collect();
            Some(format!(
                "The job {job} deploys {}. AWS announces its changes when the job prepares them.",
                names.join(", ")
            ))
        }
        Some(Delivery::CloudFormation { .. }) => None,
        None => match &promotion.state {
            PromotionState::PrepareFailed { reason } => Some(reason.clone()),
            _ => Some("Change sets are being prepared.".into()),
        },
    }
}

fn change_sets(
    manifest: &Manifest,
    asked: Vec<Result<ChangeSet, (String, String)>>,
) -> Vec<ChangeSetView> {
    let Delivery::CloudFormation { stacks } = &manifest.delivery else {
        return Vec::new();
    };
    stacks
        .iter()
        .zip(asked)
        .map(|(stack, answer)| {
            let name = stack
                .change_set
                .rsplit('/')
                .nth(1)
                .unwrap_or(&stack.change_set)
                .to_owned();
            let base = ChangeSetView {
                stack: stack.stack.to_string(),
                account: stack.account.to_string(),
                region: stack.region.to_string(),
                name,
                status: String::new(),
                tone: Tone::Unknown,
                reason: None,
                empty: stack.empty,
                changes: Vec::new(),
            };
            match answer {
                Err((status, reason)) => ChangeSetView {
                    status,
                    reason: Some(reason),
                    ..base
                },
                Ok(set) => ChangeSetView {
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
        });
    }
    ResourceChangeView {
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

/// One verdict.
pub fn verdict(verdict: &Verdict) -> VerdictView {
    let (tone, outcome) = match verdict.outcome {
        GateOutcome::Pass => (Tone::Ok, "passed"),
        GateOutcome::Fail => (Tone::Bad, "failed"),
        GateOutcome::Unknown => (Tone::Unknown, "unknown"),
    };
    VerdictView {
        gate: verdict.gate.clone(),
        tone,
        outcome: outcome.into(),
        summary: verdict.summary.clone(),
        evidence: verdict.evidence.clone(),
        at: verdict.at.map(instant),
        blocking: verdict.blocks(),
    }
}

fn people(console: &Console, promotion: &Promotion, me: Option<&Person>) -> Vec<ParticipantView> {
    let manifest = promotion.manifest.as_ref();
    console
        .estate
        .people
        .iter()
        .filter_map(|person| {
            let approval = promotion.approvals.iter().find(|a| a.by == person.id);
            let barrier =
                manifest.and_then(|m| approval_barrier(m, &person.id, &console.estate.people));
            let (state, tone, detail, at) = if let Some(approval) = approval {
                let comment = Some(approval.comment.clone()).filter(|c| !c.is_empty());
                ("approved", Tone::Ok, comment, Some(instant(approval.at)))
            } else if let PromotionState::Rejected { by, reason } = &promotion.state
                && by == &person.id
            {
                (
                    "rejected",
                    Tone::Bad,
                    Some(reason.clone()),
                    Some(instant(promotion.updated_at)),
                )
            } else if person.id == promotion.begun_by {
                let asked = !matches!(
                    promotion.state,
                    PromotionState::Preparing
                        | PromotionState::PrepareFailed { .. }
                        | PromotionState::Draft
                );
                (
                    if asked { "requested" } else { "prepared" },
                    Tone::Neutral,
                    barrier.map(|b| format!("cannot approve: {b}")),
                    Some(instant(promotion.created_at)),
                )
            } else if let Some(barrier) = barrier {
                if person.role != Role::ReleaseManager && me.is_none_or(|me| me.id != person.id) {
                    return None;
                }
                ("cannot approve", Tone::Neutral, Some(barrier), None)
            } else {
                (
                    "may approve",
                    Tone::Waiting,
                    Some("not author, not requester".into()),
                    None,
                )
            };
            Some(ParticipantView {
                person: person.id.to_string(),
                name: person.name.clone(),
                role: person.role.word().into(),
                me: me.is_some_and(|me| me.id == person.id),
                state: state.into(),
                tone,
                detail,
                at,
            })
        })
        .collect()
}

fn action(
    console: &Console,
    promotion: &Promotion,
    me: Option<&Person>,
    state: ActionState,
) -> ActionView {
    let name = me.map_or("nobody", |me| me.name.as_str());
    let production = interlock_domain::EnvironmentName::new(promotion.to.clone())
        .ok()
        .and_then(|env| console.estate.environment(&env).map(|e| e.environment.tier))
        .is_none_or(|tier| tier == interlock_domain::Tier::Production);
    let blocked = promotion
        .manifest
        .as_ref()
        .and_then(|m| m.gates.iter().find(|v| v.blocks()))
        .filter(|_| state.action == Action::Execute);
    let reason = state
        .barrier
        .map(|barrier| {
            // Ids of persons become names.
            console
                .estate
                .people
                .iter()
                .fold(barrier, |text, p| text.replace(p.id.as_str(), &p.name))
        })
        .or_else(|| blocked.map(|v| format!("{}: {}", v.gate, v.summary)));
    let (action, label, confirm) = match state.action {
        Action::Request => (
            PromotionAction::Request,
            format!("Request approval for {}", promotion.to),
            None,
        ),
        Action::Approve => (PromotionAction::Approve, format!("Approve as {name}"), None),
        Action::Reject => (PromotionAction::Reject, "Reject".to_owned(), None),
        Action::Execute => (
            PromotionAction::Execute,
            format!("Promote {} to {}", promotion.service, promotion.to),
            production.then(|| promotion.to.clone()),
        ),
        Action::Abandon => (PromotionAction::Abandon, "Abandon".to_owned(), None),
        Action::Abort => (
            PromotionAction::Abort,
            "Abort the run".to_owned(),
            production.then(|| promotion.to.clone()),
        ),
        Action::Resume => (
            PromotionAction::Resume,
            "Find out and go on".to_owned(),
            None,
        ),
        Action::PrepareAgain => (
            PromotionAction::PrepareAgain,
            "Prepare again".to_owned(),
            None,
        ),
    };
    ActionView {
        action,
        label,
        enabled: reason.is_none(),
        reason,
        confirm,
    }
}
