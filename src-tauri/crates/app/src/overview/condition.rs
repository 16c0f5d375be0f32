//! How a service is in an environment, from the phases of its stacks and the freshness of its scopes.

use super::{
    claims::Placed,
    matrix::{Condition, GateMark},
    snapshot::Snapshot,
};
use crate::estate::{EstateEnvironment, Service};
use interlock_domain::{quality::GateStatus, stack::StackPhase};

pub(super) fn condition(
    snapshot: &Snapshot,
    environment: &EstateEnvironment,
    stacks: &[Placed<'_>],
) -> (Condition, Option<String>) {
    let mut stale = None;
    for scope in environment.environment.scopes() {
        let state = snapshot.scope(&scope);
        match state.map(|state| (&state.stacks.last, &state.stacks.failure)) {
            Some((Some(_), None)) => {}
            Some((Some((at, _)), Some((_, error)))) => {
                stale.get_or_insert_with(|| {
                    let at = at.strftime("%Y-%m-%d %H:%M UTC");
                    format!("{scope} was last read {at}: {error}")
                });
            }
            Some((None, Some((_, error)))) => {
                return (
                    Condition::Unknown {
                        reason: error.message.clone(),
                    },
                    None,
                );
            }
            Some((None, None)) | None => {
                return (
                    Condition::Unknown {
                        reason: format!("{scope} was not read yet"),
                    },
                    None,
                );
            }
        }
    }
    let by_phase = |phase: StackPhase| {
        stacks
            .iter()
            .map(|placed| placed.stack)
            .find(|stack| stack.status.phase() == phase)
    };
    let condition = if stacks.is_empty() {
        Condition::NotDeployed
    } else if let Some(stack) = by_phase(StackPhase::Moving) {
        Condition::Moving {
            stack: stack.name.to_string(),
            status: stack.status.0.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::Failed) {
        Condition::Failed {
            stack: stack.name.to_string(),
            status: stack.status.0.clone(),
            reason: stack.status_reason.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::Unknown) {
        Condition::Unknown {
            reason: format!("{} says {}", stack.name, stack.status.0),
        }
    } else if let Some(stack) = by_phase(StackPhase::RolledBack) {
        Condition::RolledBack {
            stack: stack.name.to_string(),
            reason: stack.status_reason.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::InReview) {
        Condition::InReview {
            stack: stack.name.to_string(),
        }
    } else {
        Condition::Stable
    };
    (condition, stale)
}

pub(super) fn gate(
    snapshot: &Snapshot,
    service: &Service,
    commit: Option<&str>,
) -> Option<GateMark> {
    let project = service.sonarqube_project.as_ref()?;
    let Some(told) = snapshot.quality.get(project) else {
        return Some(GateMark::Unknown("SonarQube was not asked yet".into()));
    };
    let quality = match (told.current(), &told.failure) {
        (Some(quality), _) => quality,
        (None, Some((_, error))) => return Some(GateMark::Unknown(error.message.clone())),
        (None, None) => return Some(GateMark::Unknown("SonarQube was not asked yet".into())),
    };
    let commit = commit?;
    Some(match quality.gates.get(commit) {
        None => GateMark::Unknown(format!("no analysis of {}", &commit[..commit.len().min(7)])),
        Some(gate) => match gate.status {
            GateStatus::Passed => GateMark::Passed,
            GateStatus::None => GateMark::Unknown("the project has no quality gate".into()),
            GateStatus::Failed => GateMark::Failed(
                gate.conditions
                    .iter()
                    .filter(|c| !c.passed)
                    .map(|c| c.metric.clone())
                    .collect(),
            ),
        },
    })
}
