//! What a POST changes: builds started and stopped, queue items cancelled, inputs answered, builds described.

use super::access::Permission;
use super::controller::Controller;
use super::http::{Reply, Request};
use super::pages;
use super::params;
use super::plan::{Cause, JobPlan, Pipeline};
use super::queue::QUIET_MILLIS;
use super::routes::{Spot, Visit};
use super::run::Decision;
use http::Method;
use serde_json::Value;

impl Visit<'_> {
    fn denied(&self, permission: Permission) -> Reply {
        pages::access_denied(&self.user.id, permission, &self.session)
    }

    fn oops(&self, status: u16) -> Reply {
        let salt = format!("{}/{}", self.request.target, self.now);
        pages::oops(status, &self.session, &salt)
    }

    fn cause(&self) -> Cause {
        Cause::User {
            id: self.user.id.clone(),
            name: self.user.full_name.clone(),
        }
    }
}

/// Starts a build of a job without parameters, or one whose parameters come in a `json` form field.
pub fn build(controller: &mut Controller, visit: &Visit, job: &JobPlan, name: &str) -> Reply {
    if let Err(reply) = may_start(visit, job) {
        return reply;
    }
    if job.parameters.is_empty() {
        return scheduled(controller, visit, name, Vec::new());
    }
    let form = visit.request.form();
    let Some(sent) = submitted_json(&form) else {
        return pages::container_error(visit.request, 400, "Nothing is submitted");
    };
    match params::from_json(&job.parameters, &sent) {
        Ok(values) => {
            if !may_deploy(visit, job, &values) {
                return visit.denied(Permission::JobBuild);
            }
            let Some(quiet) = quiet_period(visit.request) else {
                return visit.oops(500);
            };
            controller
                .queue
                .add(name, values, visit.cause(), quiet, visit.now);
            // The form of the web page leads back to the job, not to the item.
            Reply::empty(201).header("location", controller.job_url(name))
        }
        Err(_) => visit.oops(500),
    }
}

/// Starts a build with the parameters of the form and the query.
pub fn build_with_parameters(
    controller: &mut Controller,
    visit: &Visit,
    job: &JobPlan,
    name: &str,
) -> Reply {
    if let Err(reply) = may_start(visit, job) {
        return reply;
    }
    if job.parameters.is_empty() {
        return visit.oops(500);
    }
    match params::from_form(&job.parameters, &visit.request.fields()) {
        Ok(values) if !may_deploy(visit, job, &values) => visit.denied(Permission::JobBuild),
        Ok(values) => scheduled(controller, visit, name, values),
        Err(_) => visit.oops(500),
    }
}

/// Reports whether the caller may deploy to the environment that the parameters name; true for other jobs.
fn may_deploy(visit: &Visit, job: &JobPlan, values: &[params::Parameter]) -> bool {
    let Pipeline::Deploy(pipeline) = &job.pipeline else {
        return true;
    };
    values
        .iter()
        .find(|value| value.name == "ENVIRONMENT")
        .is_none_or(|value| pipeline.may_deploy(visit.user.group, &value.as_text()))
}

fn may_start(visit: &Visit, job: &JobPlan) -> Result<(), Reply> {
    if visit.request.method != Method::POST {
        return Err(pages::post_wanted(&visit.session));
    }
    if !visit.user.may(Permission::JobBuild, &job.builders) {
        return Err(visit.denied(Permission::JobBuild));
    }
    if job.disabled {
        return Err(visit.oops(409));
    }
    Ok(())
}

fn scheduled(
    controller: &mut Controller,
    visit: &Visit,
    name: &str,
    values: Vec<params::Parameter>,
) -> Reply {
    let Some(quiet) = quiet_period(visit.request) else {
        return visit.oops(500);
    };
    let id = controller
        .queue
        .add(name, values, visit.cause(), quiet, visit.now);
    let location = format!("{}/queue/item/{id}/", controller.root);
    Reply::empty(201).header("location", location)
}

/// Reads `delay`: seconds when it ends with "sec" or "secs", else milliseconds; none when it is no duration.
fn quiet_period(request: &Request) -> Option<i64> {
    /// Longer ones would never end anyway.
    const LONGEST: i64 = 10 * 365 * 86_400_000;
    let fields = request.fields();
    let Some((_, text)) = fields.iter().find(|(name, _)| name == "delay") else {
        return Some(QUIET_MILLIS);
    };
    let text = text.trim();
    let seconds = text
        .strip_suffix("secs")
        .or_else(|| text.strip_suffix("sec"));
    let millis = match seconds {
        Some(digits) => digits.trim().parse::<i64>().ok()?.saturating_mul(1_000),
        // The queue counts whole seconds.
        None => text.parse::<i64>().ok()? / 1_000 * 1_000,
    };
    Some(millis.clamp(0, LONGEST))
}

fn submitted_json(form: &[(String, String)]) -> Option<Value> {
    let (_, text) = form.iter().find(|(name, _)| name == "json")?;
    serde_json::from_str(text).ok()
}

/// Takes the item that the form names out of the queue.
pub fn cancel_item(controller: &mut Controller, visit: &Visit) -> Reply {
    let fields = visit.request.fields();
    let id = fields.iter().find(|(name, _)| name == "id");
    match id.and_then(|(_, id)| cancel(controller, visit, id)) {
        Some(true) => Reply::empty(204),
        Some(false) => visit.oops(422),
        None => visit.oops(404),
    }
}

/// Takes an item out of the queue from its own address, and leads back to where the caller was.
pub fn cancel_queue(controller: &mut Controller, visit: &Visit, id: &str) -> Reply {
    match cancel(controller, visit, id) {
        Some(true) => Reply::redirect(visit.request.header("referer").unwrap_or("/queue/")),
        Some(false) => visit.oops(422),
        None => pages::not_found(&visit.session),
    }
}

/// Cancels a waiting item: none when there is no such item, false when the caller may not.
fn cancel(controller: &mut Controller, visit: &Visit, id: &str) -> Option<bool> {
    let item = controller.queue.get(id.parse().ok()?)?;
    if !item.is_waiting() {
        return None;
    }
    let (id, name) = (item.id, item.job.clone());
    let builders = controller
        .job(&name)
        .map(|job| job.builders.clone())
        .unwrap_or_default();
    let may = visit.user.may(Permission::JobCancel, &builders);
    Some(may && controller.queue.cancel(id, visit.now))
}

fn builders_of(controller: &Controller, spot: &Spot) -> Vec<super::access::Group> {
    controller
        .job(&spot.job)
        .map(|job| job.builders.clone())
        .unwrap_or_default()
}

/// Stops a build; a build that has ended is left alone, with the same answer.
pub fn stop(controller: &mut Controller, visit: &Visit, spot: &Spot) -> Reply {
    if !visit
        .user
        .may(Permission::JobCancel, &builders_of(controller, spot))
    {
        return visit.denied(Permission::JobCancel);
    }
    if let Some(run) = controller.run_mut(&spot.job, spot.number) {
        run.interrupt(&visit.user.full_name, &visit.user.id, visit.now);
    }
    Reply::redirect(&spot.base)
}

/// Changes a build's description.
pub fn describe(controller: &mut Controller, visit: &Visit, spot: &Spot) -> Reply {
    if !visit
        .user
        .may(Permission::RunUpdate, &builders_of(controller, spot))
    {
        return visit.denied(Permission::RunUpdate);
    }
    let form = visit.request.form();
    let text = form.into_iter().find(|(name, _)| name == "description");
    if let Some(notes) = controller.notes_mut(&spot.job, spot.number) {
        notes.description = text.map(|(_, text)| text).filter(|text| !text.is_empty());
    }
    Reply::redirect(&spot.base)
}

/// Keeps a build for ever, or no longer.
pub fn keep(controller: &mut Controller, visit: &Visit, spot: &Spot) -> Reply {
    if !visit
        .user
        .may(Permission::RunUpdate, &builders_of(controller, spot))
    {
        return visit.denied(Permission::RunUpdate);
    }
    if let Some(notes) = controller.notes_mut(&spot.job, spot.number) {
        notes.keep = !notes.keep;
    }
    Reply::redirect(&spot.base)
}

/// Answers a waiting input in one of the four ways that Jenkins offers.
pub fn answer_input(
    controller: &mut Controller,
    visit: &Visit,
    spot: &Spot,
    id: &str,
    verb: &str,
) -> Reply {
    let gate = controller
        .build(&spot.job, spot.number)
        .and_then(|build| build.run().pending().cloned())
        .filter(|gate| gate.public_id() == id || gate.id == id);
    let Some(gate) = gate else {
        return pages::not_found(&visit.session);
    };
    let builders = builders_of(controller, spot);
    let form = visit.request.form();
    let refuses =
        verb == "abort" || (verb == "submit" && !form.iter().any(|(name, _)| name == "proceed"));
    let listed = if gate.submitters.is_empty() {
        visit.user.may(Permission::JobBuild, &builders)
    } else {
        visit.user.is_submitter(&gate.submitters)
    };
    let allowed = listed || (refuses && visit.user.may(Permission::JobCancel, &builders));
    if !allowed {
        let message = if refuses {
            format!(
                "You need to be '{}' (or have Job/Cancel permissions) to cancel this.",
                gate.submitters
            )
        } else {
            format!("You need to be {} to submit this.", gate.submitters)
        };
        return pages::refused(&message, &visit.session);
    }
    let decision = if refuses {
        Decision::Abort
    } else {
        let sent = submitted_json(&form).unwrap_or(Value::Null);
        match params::from_json(&gate.parameters, &sent) {
            Ok(values) => Decision::Proceed(values),
            Err(_) => return visit.oops(500),
        }
    };
    if let Some(run) = controller.run_mut(&spot.job, spot.number) {
        run.decide(decision, &visit.user.full_name, &visit.user.id, visit.now);
    }
    controller.advance(visit.now);
    match verb {
        "submit" => Reply::redirect(format!("{}console", spot.base)),
        _ => Reply::empty(200),
    }
}
