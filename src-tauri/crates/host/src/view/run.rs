//! A run: steps, resources, build and log.

use super::{
    instant,
    reached::{driver, services, steps_of},
};
use interlock_app::{
    Console,
    run::{LiveBuild, LogLine, Severity},
};
use interlock_contract::{
    Tone,
    run::{BuildView, InputView, LogLineView, ResourceRunView, RunView, StepView},
};
use interlock_domain::{Timestamp, build::Stage, manifest::Delivery, stack::StackEvent};
use interlock_ledger::{Attempt, Outcome, Promotion, PromotionState, Step, StepOutcome};
use std::collections::{BTreeMap, HashSet};

/// The run of a promotion's last attempt; none before the first.
pub fn run(console: &Console, promotion: &Promotion) -> Option<RunView> {
    let attempt = promotion.last_attempt()?;
    let live = console.live(&promotion.id);
    let (state, tone) = state(promotion, attempt);
    let read = |look: &mut dyn FnMut(&interlock_app::run::LiveState)| {
        if let Some(live) = &live {
            live.read(|s| look(s));
        }
    };
    let mut view = RunView {
        promotion: promotion.id.to_string(),
        state: state.into(),
        tone,
        finished: promotion.state.is_over()
            && !matches!(promotion.state, PromotionState::Applied if attempt.verified.is_none()),
        started_at: instant(attempt.started_at),
        ended_at: attempt.ended.as_ref().map(|(_, at, _)| instant(*at)),
        usual_ms: usual(console, promotion),
        services: services(promotion, attempt),
        driver: driver(console, promotion, attempt),
        waiting_on: None,
        steps: Vec::new(),
        resources: Vec::new(),
        builds: Vec::new(),
        inputs: Vec::new(),
        first_error: None,
        first_error_line: None,
    };
    let mut stages: BTreeMap<String, Vec<Stage>> = BTreeMap::new();
    read(&mut |s| {
        view.waiting_on = match (&s.waiting, &s.trouble) {
            (Some((what, since)), None) => Some(format!("{what}, since {since}")),
            (Some((what, _)), Some(trouble)) => Some(format!("{what}: {trouble} Trying again.")),
            (None, Some(trouble)) => Some(format!("{trouble} Trying again.")),
            (None, None) => None,
        };
        view.resources = resources(&s.events);
        for build in &s.builds {
            stages.insert(build.service.to_string(), build.stages.clone());
        }
        view.inputs = s
            .inputs
            .iter()
            .map(|i| InputView {
                id: i.id.clone(),
                message: i.message.clone(),
                proceed: i.proceed.clone(),
            })
            .collect();
        view.builds = s.builds.iter().filter_map(build).collect();
        if let Some((line, text)) = s.log.first_error() {
            view.first_error = Some(text.to_owned());
            view.first_error_line = u32::try_from(line).ok();
        }
    });
    if let Some((outcome, _, detail)) = &attempt.ended
        && *outcome != Outcome::Succeeded
        && view.first_error.is_none()
    {
        view.first_error = Some(detail.clone());
    }
    if view.finished {
        view.waiting_on = None;
    }
    view.steps = steps(promotion, attempt, &stages);
    Some(view)
}

/// A build, or why there is none yet.
fn build(live: &LiveBuild) -> Option<BuildView> {
    let started = live.build.as_ref();
    if started.is_none() && live.queue.is_none() {
        return None;
    }
    Some(BuildView {
        service: live.service.to_string(),
        job: live.job.to_string(),
        number: started.map(|it| it.number),
        url: started.map(|it| it.url.clone()),
        queue_reason: live.queue.clone().filter(|_| started.is_none()),
    })
}

fn state(promotion: &Promotion, attempt: &Attempt) -> (&'static str, Tone) {
    if attempt.has_unknown() {
        return ("outcome unknown", Tone::Unknown);
    }
    if let Some((false, _, _)) = attempt.verified {
        return ("applied, not verified", Tone::Bad);
    }
    super::promotion::state_words(&promotion.state)
}

/// Median duration of past runs of the same services and environment.
fn usual(console: &Console, promotion: &Promotion) -> Option<u32> {
    let record = console.record().ok()?;
    let mut past: Vec<i64> = record
        .promotions
        .values()
        .filter(|p| {
            p.services == promotion.services && p.to == promotion.to && p.id != promotion.id
        })
        .flat_map(|p| &p.attempts)
        .filter_map(|a| match &a.ended {
            Some((Outcome::Succeeded, at, _)) => Some(millis(a.started_at, *at)),
            _ => None,
        })
        .collect();
    past.sort_unstable();
    past.get(past.len() / 2)
        .and_then(|ms| u32::try_from(*ms).ok())
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    i64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}

fn steps(
    promotion: &Promotion,
    attempt: &Attempt,
    stages: &BTreeMap<String, Vec<Stage>>,
) -> Vec<StepView> {
    let approved = promotion.approvals.iter().map(|a| a.at).max();
    let mut list = vec![fixed(
        "approved",
        if promotion.approvals.is_empty() {
            "No approval needed"
        } else {
            "Approvals complete"
        },
        approved,
    )];
    for step in &attempt.steps {
        list.push(step_view(promotion, step));
        if let Some(service) = step.id.strip_prefix("trigger:") {
            list.extend(stages.get(service).into_iter().flatten().map(stage));
        }
    }
    list.extend(ahead(promotion, attempt));
    let (verify_state, verify_tone, at, detail) = match (&attempt.verified, &attempt.ended) {
        (Some((true, at, detail)), _) => ("done", Tone::Ok, Some(*at), Some(detail.clone())),
        (Some((false, at, detail)), _) => ("failed", Tone::Bad, Some(*at), Some(detail.clone())),
        (None, Some((Outcome::Succeeded, _, _))) => ("running", Tone::Running, None, None),
        (None, Some(_)) => ("skipped", Tone::Neutral, None, None),
        (None, None) => ("pending", Tone::Neutral, None, None),
    };
    list.push(StepView {
        id: "verify".into(),
        name: "Verify what is there now".into(),
        depth: 0,
        state: verify_state.into(),
        tone: verify_tone,
        // What was left out took no time.
        started_at: attempt
            .ended
            .as_ref()
            .filter(|_| verify_state != "skipped")
            .map(|(_, at, _)| instant(*at)),
        ended_at: at.map(instant),
        usual_ms: None,
        detail,
    });
    list
}

/// Steps that the manifest asks for and that were not begun.
fn ahead(promotion: &Promotion, attempt: &Attempt) -> Vec<StepView> {
    let services = promotion.manifest.iter().flat_map(|it| &it.services);
    let wanted: Vec<(String, String)> = services.flat_map(steps_of).collect();
    let state = if attempt.ended.is_some() {
        "not reached"
    } else {
        "pending"
    };
    wanted
        .into_iter()
        .filter(|(id, _)| attempt.steps.iter().all(|step| step.id != *id))
        .map(|(id, name)| StepView {
            id,
            name,
            depth: 0,
            state: state.into(),
            tone: Tone::Neutral,
            started_at: None,
            ended_at: None,
            usual_ms: None,
            detail: attempt.ended.is_some().then(|| state.to_owned()),
        })
        .collect()
}

fn fixed(id: &str, name: &str, at: Option<Timestamp>) -> StepView {
    StepView {
        id: id.into(),
        name: name.into(),
        depth: 0,
        state: "done".into(),
        tone: Tone::Ok,
        started_at: at.map(instant),
        ended_at: at.map(instant),
        usual_ms: None,
        detail: None,
    }
}

fn step_view(promotion: &Promotion, step: &Step) -> StepView {
    let (state, tone) = match step.outcome {
        StepOutcome::Unknown => ("outcome unknown", Tone::Unknown),
        StepOutcome::Intended | StepOutcome::Accepted => ("running", Tone::Running),
        StepOutcome::Ended(Outcome::Succeeded) => ("done", Tone::Ok),
        StepOutcome::Ended(_) => ("failed", Tone::Bad),
    };
    let mut parts = step.id.splitn(3, ':');
    let name = match (parts.next(), parts.next(), parts.next()) {
        (Some("execute"), Some(region), Some(stack)) => format!("Deploy {stack} in {region}"),
        (Some("trigger"), Some(service), _) => format!("Run {}", job_of(promotion, service)),
        (Some("abort"), _, _) => "Abort".into(),
        (Some("input"), _, Some(input)) => format!("Answer {input}"),
        _ => step.call.clone(),
    };
    let ended = matches!(step.outcome, StepOutcome::Ended(_));
    StepView {
        id: step.id.clone(),
        name,
        depth: 0,
        state: state.into(),
        tone,
        started_at: Some(instant(step.intended_at)),
        ended_at: step.observed_at.filter(|_| ended).map(instant),
        usual_ms: None,
        detail: Some(step.detail.clone()).filter(|d| !d.is_empty()),
    }
}

/// The job that delivers a service.
fn job_of(promotion: &Promotion, service: &str) -> String {
    let mut services = promotion.manifest.iter().flat_map(|it| &it.services);
    let named = services.find(|it| it.service.as_str() == service);
    match named.map(|it| &it.delivery) {
        Some(Delivery::Jenkins { job, .. }) => job.to_string(),
        _ => format!("the job of {service}"),
    }
}

fn stage(stage: &Stage) -> StepView {
    let (state, tone) = match stage.status.as_str() {
        "SUCCESS" => ("done", Tone::Ok),
        "IN_PROGRESS" => ("running", Tone::Running),
        "PAUSED_PENDING_INPUT" => ("waiting", Tone::Waiting),
        "UNSTABLE" => ("unstable", Tone::Waiting),
        "FAILED" => ("failed", Tone::Bad),
        "ABORTED" => ("aborted", Tone::Bad),
        "NOT_EXECUTED" => ("skipped", Tone::Neutral),
        _ => ("unknown", Tone::Unknown),
    };
    let over = !matches!(
        stage.status.as_str(),
        "IN_PROGRESS" | "PAUSED_PENDING_INPUT"
    );
    let length = jiff::SignedDuration::from_millis(i64::try_from(stage.duration_ms).unwrap_or(0));
    StepView {
        id: format!("stage:{}", stage.id),
        name: stage.name.clone(),
        depth: 1,
        state: state.into(),
        tone,
        started_at: stage.started_at.map(instant),
        ended_at: stage
            .started_at
            .filter(|_| over)
            .map(|at| instant(at + length)),
        usual_ms: None,
        detail: stage.error.clone(),
    }
}

fn resources(events: &[StackEvent]) -> Vec<ResourceRunView> {
    let mut list: Vec<ResourceRunView> = Vec::new();
    let mut rolled_back = HashSet::new();
    for event in events {
        if event.is_stack() {
            if event.status.contains("ROLLBACK") {
                rolled_back.insert(&event.stack);
            }
            continue;
        }
        let known = list
            .iter()
            .position(|r| r.stack == event.stack && r.logical_id == event.logical_id);
        let at = known.unwrap_or_else(|| {
            list.push(ResourceRunView {
                stack: event.stack.clone(),
                logical_id: event.logical_id.clone(),
                resource_type: event.resource_type.clone(),
                status: String::new(),
                tone: Tone::Running,
                started_at: instant(event.at),
                ended_at: None,
                reason: None,
            });
            list.len() - 1
        });
        let row = &mut list[at];
        // A rollback puts back what failed, and even succeeds in that: the failure stays in sight.
        if row.status.ends_with("_FAILED") {
            continue;
        }
        row.status.clone_from(&event.status);
        row.tone = match super::status_tone(&event.status) {
            Tone::Ok if rolled_back.contains(&event.stack) => Tone::Neutral,
            tone => tone,
        };
        let over = !event.status.ends_with("_IN_PROGRESS");
        row.ended_at = over.then(|| instant(event.at));
        if event.reason.is_some() && (row.reason.is_none() || event.status.ends_with("_FAILED")) {
            row.reason.clone_from(&event.reason);
        }
    }
    list
}

/// One log line.
pub fn line(line: &LogLine) -> LogLineView {
    LogLineView {
        at: line.at.map(instant),
        text: line.text.clone(),
        tone: match line.severity {
            Severity::Plain => Tone::Neutral,
            Severity::Progress => Tone::Running,
            Severity::Good => Tone::Ok,
            Severity::Error => Tone::Bad,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u8, logical_id: &str, status: &str, reason: Option<&str>) -> StackEvent {
        let stack = logical_id == "payments-api-prod";
        StackEvent {
            id: number.to_string(),
            at: format!("2026-11-23T10:00:{number:02}Z").parse().unwrap(),
            stack: "payments-api-prod".into(),
            logical_id: logical_id.into(),
            physical_id: None,
            resource_type: if stack {
                "AWS::CloudFormation::Stack".into()
            } else {
                "AWS::SQS::Queue".into()
            },
            status: status.into(),
            reason: reason.map(str::to_owned),
            token: None,
        }
    }

    #[test]
    fn what_failed_stays_failed_and_what_was_put_back_is_no_success() {
        let rows = resources(&[
            event(1, "payments-api-prod", "UPDATE_IN_PROGRESS", None),
            event(2, "Topic", "UPDATE_COMPLETE", None),
            event(3, "Queue", "UPDATE_FAILED", Some("too many queues")),
            event(4, "payments-api-prod", "UPDATE_ROLLBACK_IN_PROGRESS", None),
            event(5, "Topic", "UPDATE_IN_PROGRESS", None),
            event(6, "Topic", "UPDATE_COMPLETE", None),
            event(7, "Queue", "UPDATE_COMPLETE", None),
        ]);
        assert_eq!(rows[0].tone, Tone::Neutral);
        assert_eq!(
            (rows[1].tone, rows[1].status.as_str()),
            (Tone::Bad, "UPDATE_FAILED")
        );
        assert_eq!(rows[1].reason.as_deref(), Some("too many queues"));
    }

    #[test]
    fn what_succeeds_is_a_success() {
        let rows = resources(&[event(1, "Topic", "CREATE_COMPLETE", None)]);
        assert_eq!(rows[0].tone, Tone::Ok);
    }
}
