//! Whether a cell can be promoted into, by whom, and why not.

use super::matrix::{Cell, Condition, GateMark, Promotability};
use crate::{
    estate::{Estate, EstateEnvironment, Service, current_or_next},
    promotion::why_not_ask,
};
use interlock_domain::{EnvironmentName, Timestamp, person::Person};
use interlock_ledger::{Promotion, Roster, fold::Record};

#[expect(
    clippy::too_many_arguments,
    reason = "everything that decides, and nothing is optional"
)]
pub(super) fn promotability(
    estate: &Estate,
    service: &Service,
    environment: &EstateEnvironment,
    left: &Cell,
    cell: &Cell,
    record: &Record,
    (me, roster): (Result<&Person, &str>, Option<&Roster>),
    now: Timestamp,
) -> Promotability {
    if let Some(open) = open_promotion(record, service, &environment.environment.name) {
        return Promotability::Open {
            id: open.id.clone(),
        };
    }
    let known = left.version.is_some() || left.commit.is_some();
    if cell.same_as_left && matches!(cell.condition, Condition::Stable)
        || left.condition == Condition::NotDeployed
    {
        return Promotability::Nothing;
    }
    let from = left.environment.clone();
    let mut reasons = Vec::new();
    match &left.condition {
        Condition::Stable => {}
        Condition::Unknown { reason } => reasons.push(format!("{from} is not known: {reason}")),
        _ => reasons.push(format!("it is not stable in {from}")),
    }
    match &cell.condition {
        Condition::Unknown { reason } => {
            reasons.push(format!("{} is not known: {reason}", cell.environment));
        }
        Condition::Moving { stack, .. } => reasons.push(format!("{stack} is being changed")),
        Condition::Failed { stack, status, .. } => reasons.push(format!("{stack} is {status}")),
        Condition::NotDeployed
        | Condition::Stable
        | Condition::RolledBack { .. }
        | Condition::InReview { .. } => {}
    }
    if !known {
        reasons.push(format!("its version in {from} is not known"));
    }
    if let Some(GateMark::Failed(metrics)) = &left.gate {
        reasons.push(format!("the quality gate failed: {}", metrics.join(", ")));
    }
    let freezes = estate.freezes_in(&environment.environment, Some(service));
    if let Some(freeze) = current_or_next(freezes, now).filter(|freeze| freeze.holds_at(now)) {
        reasons.push(format!("{} is frozen: {}", cell.environment, freeze.name));
    }
    match me {
        Err(why) => reasons.push(why.to_owned()),
        // Asking the policy costs more than all of the above.
        Ok(person) if reasons.is_empty() => reasons.extend(why_not_ask(
            estate,
            roster,
            person,
            service,
            &cell.environment,
            now,
        )),
        Ok(_) => {}
    }
    if reasons.is_empty() {
        Promotability::Allowed {
            from,
            version: left.version.clone(),
        }
    } else {
        Promotability::Refused { from, reasons }
    }
}

/// The promotion of a service into an environment that is not over.
pub(crate) fn open_promotion<'r>(
    record: &'r Record,
    service: &Service,
    to: &EnvironmentName,
) -> Option<&'r Promotion> {
    record.promotions.values().find(|p| {
        let brings = p.services.iter().any(|it| it == service.name.as_str());
        brings && p.to == to.as_str() && !p.state.is_over()
    })
}
