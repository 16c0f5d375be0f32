//! How far a run came, service by service, and who drives it.

use super::instant;
use interlock_app::Console;
use interlock_contract::{
    Tone,
    run::{DriverView, ServiceRunView},
};
use interlock_domain::manifest::{Delivery, ServiceDelivery};
use interlock_ledger::{Attempt, Outcome, Promotion, StepOutcome};

/// How far each service is: what its steps say together.
pub(super) fn services(promotion: &Promotion, attempt: &Attempt) -> Vec<ServiceRunView> {
    let each = promotion.manifest.iter().flat_map(|it| &it.services);
    each.map(|service| {
        let wanted = steps_of(service);
        let outcomes: Vec<Option<StepOutcome>> = wanted
            .iter()
            .map(|(id, _)| attempt.step(id).map(|step| step.outcome))
            .collect();
        let is_done =
            |it: &Option<StepOutcome>| *it == Some(StepOutcome::Ended(Outcome::Succeeded));
        let has =
            |wanted: &dyn Fn(StepOutcome) -> bool| outcomes.iter().flatten().any(|it| wanted(*it));
        let done = outcomes.iter().filter(|it| is_done(it)).count();
        let failed =
            has(&|it| matches!(it, StepOutcome::Ended(outcome) if outcome != Outcome::Succeeded));
        let (state, tone) = if done == outcomes.len() {
            ("delivered", Tone::Ok)
        } else if failed && done > 0 {
            ("partly delivered", Tone::Bad)
        } else if failed {
            ("failed", Tone::Bad)
        } else if has(&|it| it == StepOutcome::Unknown) {
            ("outcome unknown", Tone::Unknown)
        } else if attempt.ended.is_some() {
            ("not begun", Tone::Neutral)
        } else if outcomes.iter().all(Option::is_none) {
            ("pending", Tone::Neutral)
        } else {
            ("running", Tone::Running)
        };
        ServiceRunView {
            service: service.service.to_string(),
            state: state.into(),
            tone,
        }
    })
    .collect()
}

/// Ids and names of the steps that deliver a service.
pub(super) fn steps_of(service: &ServiceDelivery) -> Vec<(String, String)> {
    match &service.delivery {
        Delivery::CloudFormation { stacks } => stacks
            .iter()
            .filter(|stack| !stack.empty)
            .map(|stack| {
                (
                    format!("execute:{}:{}", stack.region, stack.stack),
                    format!("Deploy {} in {}", stack.stack, stack.region),
                )
            })
            .collect(),
        Delivery::Jenkins { job, .. } => {
            vec![(format!("trigger:{}", service.service), format!("Run {job}"))]
        }
    }
}

/// Who drives it, while somebody does.
pub(super) fn driver(
    console: &Console,
    promotion: &Promotion,
    attempt: &Attempt,
) -> Option<DriverView> {
    if attempt.ended.is_some() {
        return None;
    }
    let driver = &attempt.driver;
    Some(DriverView {
        by: console.name_of(&driver.by),
        runner: driver.runner.clone(),
        here: console.is_driven(&promotion.id),
        heard_at: instant(driver.heard_at),
        until: instant(driver.until()),
        silent: console.is_abandoned(driver),
    })
}
