//! Users, views, the queue and the computers.

use super::super::access::User;
use super::super::builds::Build;
use super::super::controller::Controller;
use super::super::params::Parameter;
use super::super::plan::Cause;
use super::super::queue::{Item, Place, time_span};
use super::super::tree::{ALWAYS, Bean, OWN, REF, Selector};
use super::build;
use super::job::{color, entry_bean, top_level};
use serde_json::{Value, json};

/// Executors of the built-in node.
pub const EXECUTORS: u32 = 4;

/// Writes a user.
pub fn user(controller: &Controller, user: &User, selector: &Selector) -> Value {
    const PROPERTIES: [(&str, Option<&str>); 6] = [
        ("jenkins.security.ApiTokenProperty", None),
        ("hudson.model.MyViewsProperty", None),
        (
            "hudson.search.UserSearchProperty",
            Some("insensitiveSearch"),
        ),
        ("hudson.model.TimeZoneProperty", None),
        ("hudson.security.HudsonPrivateSecurityRealm$Details", None),
        ("hudson.tasks.Mailer$UserProperty", Some("address")),
    ];
    Bean::of("hudson.model.User", selector)
        .put(ALWAYS, "absoluteUrl", || {
            format!("{}/user/{}", controller.root, user.id)
        })
        .put(OWN, "description", || Value::Null)
        .put(ALWAYS, "fullName", || user.full_name.clone())
        .put(OWN, "id", || user.id.clone())
        .list(OWN, "property", PROPERTIES, |(class, field), inner| {
            let mut bean = Bean::of(class, inner);
            match field {
                Some("insensitiveSearch") => bean.put(REF, "insensitiveSearch", || true),
                Some(name) => bean.put(REF, name, || Value::Null),
                None => &mut bean,
            };
            bean.done()
        })
        .done()
}

/// Writes who the caller is.
pub fn who_am_i(user: Option<&User>, selector: &Selector) -> Value {
    let authorities = match user {
        Some(user) => vec!["authenticated", user.group.name()],
        None => vec!["anonymous"],
    };
    Bean::of("hudson.security.WhoAmI", selector)
        .put(OWN, "anonymous", || user.is_none())
        .put(OWN, "authenticated", || true)
        .put(OWN, "authorities", || authorities)
        .put(OWN, "name", || {
            user.map_or("anonymous".to_owned(), |user| user.id.clone())
        })
        .done()
}

/// Writes the one view, which shows everything.
pub fn view(controller: &Controller, selector: &Selector) -> Value {
    let root = &controller.root;
    Bean::of("hudson.model.AllView", selector)
        .put(OWN, "description", || Value::Null)
        .list(OWN, "jobs", top_level(controller), |entry, inner| {
            entry_bean(controller, &entry, inner)
        })
        .put(ALWAYS, "name", || "all")
        .put(OWN, "property", || json!([]))
        .put(ALWAYS, "url", || format!("{root}/"))
        .done()
}

pub(super) fn view_reference(root: &str, selector: &Selector) -> Value {
    Bean::of("hudson.model.AllView", selector)
        .put(ALWAYS, "name", || "all")
        .put(ALWAYS, "url", || format!("{root}/"))
        .done()
}

/// Writes the queue at an instant.
pub fn queue(controller: &Controller, now: i64, selector: &Selector) -> Value {
    Bean::of("hudson.model.Queue", selector)
        .put(OWN, "discoverableItems", || json!([]))
        .inline("items", controller.queue.waiting(), |waiting, inner| {
            item(controller, waiting, now, inner)
        })
        .done()
}

/// Writes a queue item at an instant.
pub fn item(controller: &Controller, item: &Item, now: i64, selector: &Selector) -> Value {
    let class = match item.place {
        Place::Waiting => "hudson.model.Queue$WaitingItem",
        Place::Blocked { .. } => "hudson.model.Queue$BlockedItem",
        Place::Buildable { .. } => "hudson.model.Queue$BuildableItem",
        Place::Left { .. } => "hudson.model.Queue$LeftItem",
    };
    let mut bean = Bean::of(class, selector);
    bean.list(OWN, "actions", item_actions(item), |action, inner| {
        action.export(inner)
    })
    .put(REF, "blocked", || {
        matches!(item.place, Place::Blocked { .. })
    })
    .put(REF, "buildable", || {
        matches!(item.place, Place::Buildable { .. })
    })
    .put(REF, "id", || item.id)
    .put(REF, "inQueueSince", || item.since)
    .put(REF, "params", || {
        item.parameters
            .iter()
            .map(Parameter::summary)
            .collect::<String>()
    })
    .put(REF, "stuck", || false)
    .bean(REF, "task", |inner| task(controller, &item.job, inner))
    .put(REF, "url", || format!("queue/item/{}/", item.id))
    .put(REF, "why", || why(controller, item, now));
    match item.place {
        Place::Waiting => {
            bean.put(REF, "timestamp", || item.ready);
        }
        Place::Blocked { since } => {
            bean.put(REF, "buildableStartMilliseconds", || since);
        }
        Place::Buildable { since } => {
            bean.put(REF, "buildableStartMilliseconds", || since)
                .put(REF, "pending", || false);
        }
        Place::Left { build: number, .. } => {
            bean.put(OWN, "cancelled", || number.is_none())
                .bean(OWN, "executable", |inner| {
                    number
                        .and_then(|number| controller.build(&item.job, number))
                        .map_or(Value::Null, |found| build(controller, &found, inner))
                });
        }
    }
    bean.done()
}

fn task(controller: &Controller, full_name: &str, selector: &Selector) -> Value {
    match controller.job(full_name) {
        Some(plan) => Bean::of("org.jenkinsci.plugins.workflow.job.WorkflowJob", selector)
            .put(ALWAYS, "name", || plan.name.clone())
            .put(ALWAYS, "url", || controller.job_url(full_name))
            .put(REF, "color", || color(controller, plan))
            .done(),
        None => json!({}),
    }
}

fn why(controller: &Controller, item: &Item, now: i64) -> Value {
    match item.place {
        Place::Waiting => format!(
            "In the quiet period. Expires in {}",
            time_span(item.ready - now)
        )
        .into(),
        Place::Blocked { .. } => {
            let running = controller.builds(&item.job).find(Build::is_building);
            let Some(running) = running else {
                return Value::Null;
            };
            let left = controller
                .estimate(&item.job)
                .map(|millis| running.started + millis - now)
                .filter(|left| *left > 0)
                .map_or("N/A".to_owned(), time_span);
            format!(
                "Build #{} is already in progress (ETA: {left})",
                running.number
            )
            .into()
        }
        Place::Buildable { .. } => "Jenkins is about to shut down".into(),
        Place::Left { .. } => Value::Null,
    }
}

pub(super) enum Action<'a> {
    Parameters(&'a [Parameter]),
    Causes(&'a [Cause]),
}

fn item_actions(item: &Item) -> Vec<Action<'_>> {
    let mut actions = Vec::new();
    if !item.parameters.is_empty() {
        actions.push(Action::Parameters(&item.parameters));
    }
    actions.push(Action::Causes(&item.causes));
    actions
}

impl Action<'_> {
    pub(super) fn export(&self, selector: &Selector) -> Value {
        match self {
            Self::Parameters(values) => Bean::of("hudson.model.ParametersAction", selector)
                .list(REF, "parameters", *values, |value, inner| {
                    value.export(inner)
                })
                .done(),
            Self::Causes(causes) => Bean::of("hudson.model.CauseAction", selector)
                .list(REF, "causes", *causes, cause)
                .done(),
        }
    }
}

fn cause(cause: &Cause, selector: &Selector) -> Value {
    match cause {
        Cause::User { id, name } => Bean::of("hudson.model.Cause$UserIdCause", selector)
            .put(ALWAYS, "shortDescription", || {
                format!("Started by user {name}")
            })
            .put(ALWAYS, "userId", || id.clone())
            .put(ALWAYS, "userName", || name.clone())
            .done(),
        Cause::BranchIndexing => Bean::of("jenkins.branch.BranchIndexingCause", selector)
            .put(ALWAYS, "shortDescription", || "Branch indexing")
            .done(),
    }
}

/// Writes the computers: one built-in node.
pub fn computers(controller: &Controller, selector: &Selector) -> Value {
    let busy = controller.running().count();
    Bean::of("hudson.model.ComputerSet", selector)
        .put(OWN, "busyExecutors", || busy)
        .inline("computer", [()], |(), inner| computer(controller, inner))
        .put(OWN, "displayName", || "Nodes")
        .put(OWN, "totalExecutors", || EXECUTORS)
        .done()
}

/// Writes the built-in node.
pub fn computer(controller: &Controller, selector: &Selector) -> Value {
    let running: Vec<(String, u32)> = controller.running().collect();
    let executable = |place: Option<&(String, u32)>, inner: &Selector| {
        place
            .and_then(|(name, number)| controller.build(name, *number))
            .map_or(Value::Null, |found| build(controller, &found, inner))
    };
    Bean::of("hudson.model.Hudson$MasterComputer", selector)
        .put(OWN, "actions", || json!([]))
        .list(OWN, "assignedLabels", ["built-in"], |name, inner| {
            Bean::plain(inner).put(ALWAYS, "name", || name).done()
        })
        .put(
            OWN,
            "description",
            || "the Jenkins controller's built-in node",
        )
        .put(OWN, "displayName", || "Built-In Node")
        .list(OWN, "executors", 0..EXECUTORS as usize, |index, inner| {
            Bean::plain(inner)
                .bean(OWN, "currentExecutable", |inner| {
                    executable(running.get(index), inner)
                })
                .put(OWN, "idle", || running.get(index).is_none())
                .put(OWN, "number", || index)
                .done()
        })
        .put(OWN, "icon", || "symbol-computer")
        .put(OWN, "iconClassName", || "symbol-computer")
        .put(OWN, "idle", || running.is_empty())
        .put(OWN, "jnlpAgent", || false)
        .put(OWN, "launchSupported", || true)
        .put(OWN, "manualLaunchAllowed", || true)
        .put(OWN, "numExecutors", || EXECUTORS)
        .put(OWN, "offline", || false)
        .put(OWN, "offlineCause", || Value::Null)
        .put(OWN, "offlineCauseReason", || "")
        .list(OWN, "oneOffExecutors", &running, |place, inner| {
            Bean::plain(inner)
                .bean(OWN, "currentExecutable", |inner| {
                    executable(Some(place), inner)
                })
                .put(OWN, "idle", || false)
                .put(OWN, "number", || -1)
                .done()
        })
        .put(OWN, "temporarilyOffline", || false)
        .done()
}
