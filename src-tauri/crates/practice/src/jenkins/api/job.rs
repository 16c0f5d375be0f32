//! Root, folders and jobs.

use super::super::builds::Build;
use super::super::controller::Controller;
use super::super::flow::Verdict;
use super::super::params::Definition;
use super::super::plan::{FolderPlan, JobPlan};
use super::super::tree::{ALWAYS, ASKED, Bean, OWN, REF, Selector};
use super::{build, item, place};
use serde_json::{Value, json};

const JOB_CLASS: &str = "org.jenkinsci.plugins.workflow.job.WorkflowJob";
const BUILDS_LISTED: usize = 100;

/// The fields that name the last build that ended in one of some ways.
const ENDINGS: [(&str, &[Verdict]); 6] = {
    use Verdict::{Aborted, Failure, NotBuilt, Success, Unstable};
    [
        (
            "lastCompletedBuild",
            &[Success, Unstable, Failure, NotBuilt, Aborted],
        ),
        ("lastFailedBuild", &[Failure]),
        ("lastStableBuild", &[Success]),
        ("lastSuccessfulBuild", &[Success, Unstable]),
        ("lastUnstableBuild", &[Unstable]),
        (
            "lastUnsuccessfulBuild",
            &[Unstable, Failure, NotBuilt, Aborted],
        ),
    ]
};

/// Writes the server itself.
pub fn root(controller: &Controller, selector: &Selector) -> Value {
    let quieting = controller.quieting();
    let root = &controller.root;
    Bean::of("hudson.model.Hudson", selector)
        .list(OWN, "assignedLabels", ["built-in"], |name, inner| {
            Bean::plain(inner).put(ALWAYS, "name", || name).done()
        })
        .put(OWN, "mode", || "NORMAL")
        .put(
            OWN,
            "nodeDescription",
            || "the Jenkins controller's built-in node",
        )
        .put(OWN, "nodeName", || "")
        .put(OWN, "numExecutors", || place::EXECUTORS)
        .put(OWN, "description", || Value::Null)
        .list(OWN, "jobs", top_level(controller), |entry, inner| {
            entry_bean(controller, &entry, inner)
        })
        .put(OWN, "overallLoad", || json!({}))
        .bean(OWN, "primaryView", |inner| {
            place::view_reference(root, inner)
        })
        .put(OWN, "quietDownReason", || {
            json!(quieting.and_then(|quieting| quieting.reason.as_deref()))
        })
        .put(OWN, "quietingDown", || quieting.is_some())
        .put(OWN, "slaveAgentPort", || -1)
        .put(
            OWN,
            "unlabeledLoad",
            || json!({"_class": "hudson.model.UnlabeledLoadStatistics"}),
        )
        .put(OWN, "url", || format!("{root}/"))
        .put(OWN, "useCrumbs", || true)
        .put(OWN, "useSecurity", || true)
        .list(OWN, "views", [()], |(), inner| {
            place::view_reference(root, inner)
        })
        .done()
}

/// What stands at the top level.
pub(super) enum Entry<'a> {
    Folder(&'a FolderPlan),
    Job(&'a JobPlan),
}

pub(super) fn top_level(controller: &Controller) -> Vec<Entry<'_>> {
    let plan = controller.plan_ref();
    let mut entries: Vec<(String, Entry)> = plan
        .folders
        .iter()
        .map(|folder| (folder.name.to_lowercase(), Entry::Folder(folder)))
        .chain(
            controller
                .jobs_in(None)
                .into_iter()
                .map(|job| (job.name.to_lowercase(), Entry::Job(job))),
        )
        .collect();
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

pub(super) fn entry_bean(controller: &Controller, entry: &Entry, selector: &Selector) -> Value {
    match entry {
        Entry::Folder(plan) => folder(controller, plan, selector),
        Entry::Job(plan) => job(controller, plan, selector),
    }
}

/// Writes a folder.
pub fn folder(controller: &Controller, plan: &FolderPlan, selector: &Selector) -> Value {
    let url = controller.job_url(&plan.name);
    Bean::of("com.cloudbees.hudson.plugins.folder.Folder", selector)
        .put(OWN, "actions", || {
            json!([{}, {}, {"_class": "com.cloudbees.plugins.credentials.ViewCredentialsAction"}])
        })
        .put(OWN, "description", || json!(plan.description))
        .put(OWN, "displayName", || plan.display_name.clone())
        .put(OWN, "displayNameOrNull", || {
            if plan.display_name == plan.name {
                Value::Null
            } else {
                plan.display_name.clone().into()
            }
        })
        .put(OWN, "fullDisplayName", || plan.display_name.clone())
        .put(OWN, "fullName", || plan.name.clone())
        .put(ALWAYS, "name", || plan.name.clone())
        .put(ALWAYS, "url", || url.clone())
        .put(OWN, "healthReport", || json!([]))
        .list(
            OWN,
            "jobs",
            controller.jobs_in(Some(&plan.name)),
            |plan, inner| job(controller, plan, inner),
        )
        .bean(OWN, "primaryView", |inner| folder_view(&url, inner))
        .list(OWN, "views", [()], |(), inner| folder_view(&url, inner))
        .done()
}

fn folder_view(url: &str, selector: &Selector) -> Value {
    Bean::of("hudson.model.AllView", selector)
        .put(ALWAYS, "name", || "All")
        .put(ALWAYS, "url", || url)
        .done()
}

/// Writes a job.
pub fn job(controller: &Controller, plan: &JobPlan, selector: &Selector) -> Value {
    let full_name = plan.full_name();
    let item_waiting = || controller.queue.waiting_for(&full_name);
    let reference = |found: Option<Build>, inner: &Selector| {
        found.map_or(Value::Null, |found| build(controller, &found, inner))
    };
    let mut bean = Bean::of(JOB_CLASS, selector);
    bean.put(OWN, "actions", || {
        json!([{}, {}, {}, {"_class": "org.jenkinsci.plugins.displayurlapi.actions.JobDisplayAction"}, {},
            {"_class": "com.cloudbees.plugins.credentials.ViewCredentialsAction"}])
    })
    .put(OWN, "description", || json!(plan.description))
    .put(OWN, "displayName", || plan.name.clone())
    .put(OWN, "displayNameOrNull", || Value::Null)
    .put(OWN, "fullDisplayName", || full_display_name(controller, plan))
    .put(OWN, "fullName", || full_name.clone())
    .put(ALWAYS, "name", || plan.name.clone())
    .put(ALWAYS, "url", || controller.job_url(&full_name))
    .list(ASKED, "allBuilds", controller.builds(&full_name), |found, inner| {
        build(controller, &found, inner)
    })
    .put(OWN, "buildable", || !plan.disabled)
    .list(
        OWN,
        "builds",
        controller.builds(&full_name).take(BUILDS_LISTED),
        |found, inner| build(controller, &found, inner),
    )
    .put(REF, "color", || color(controller, plan))
    .bean(OWN, "firstBuild", |inner| {
        reference(controller.builds(&full_name).last(), inner)
    })
    .list(OWN, "healthReport", health(controller, &full_name), |(score, text), inner| {
        health_bean(score, &text, inner)
    })
    .put(OWN, "keepDependencies", || false);
    bean.bean(OWN, "lastBuild", |inner| {
        reference(controller.builds(&full_name).next(), inner)
    });
    for (name, verdicts) in ENDINGS {
        bean.bean(OWN, name, |inner| {
            let last = controller.builds(&full_name).find(|build| {
                !build.is_building() && build.verdict.is_some_and(|own| verdicts.contains(&own))
            });
            reference(last, inner)
        });
    }
    bean.put(OWN, "nextBuildNumber", || {
        controller.next_number(&full_name)
    })
    .list(OWN, "property", properties(plan), |property, inner| {
        property_bean(plan, property, inner)
    })
    .put(OWN, "concurrentBuild", || plan.concurrent)
    .put(OWN, "disabled", || plan.disabled)
    .put(OWN, "inQueue", || item_waiting().is_some())
    .bean(OWN, "queueItem", |inner| {
        item_waiting().map_or(Value::Null, |waiting| {
            item(controller, waiting, controller.now(), inner)
        })
    })
    .put(OWN, "resumeBlocked", || false)
    .done()
}

/// Returns folder and job names as people read them.
pub(super) fn full_display_name(controller: &Controller, plan: &JobPlan) -> String {
    let folder = plan.folder.as_ref().map(|name| {
        controller
            .plan_ref()
            .folders
            .iter()
            .find(|folder| folder.name == *name)
            .map_or(name.clone(), |folder| folder.display_name.clone())
    });
    match folder {
        Some(folder) => format!("{folder} » {}", plan.name),
        None => plan.name.clone(),
    }
}

/// Returns the colour of a job's ball.
pub(super) fn color(controller: &Controller, plan: &JobPlan) -> String {
    if plan.disabled {
        return "disabled".to_owned();
    }
    let full_name = plan.full_name();
    let mut builds = controller.builds(&full_name);
    let mut running = false;
    let last = builds.find(|build| {
        running |= build.is_building();
        !build.is_building()
    });
    let color = match last.and_then(|build| build.verdict) {
        Some(Verdict::Success) => "blue",
        Some(Verdict::Unstable) => "yellow",
        Some(Verdict::Failure) => "red",
        Some(Verdict::Aborted) => "aborted",
        Some(Verdict::NotBuilt) | None => "notbuilt",
    };
    if running {
        format!("{color}_anime")
    } else {
        color.to_owned()
    }
}

fn health(controller: &Controller, full_name: &str) -> Option<(u32, String)> {
    let last: Vec<bool> = controller
        .builds(full_name)
        .filter(|build| !build.is_building())
        .take(5)
        .map(|build| build.verdict == Some(Verdict::Failure))
        .collect();
    let total = u32::try_from(last.len()).ok().filter(|total| *total > 0)?;
    let failed = u32::try_from(last.iter().filter(|failed| **failed).count()).unwrap_or(0);
    let text = if failed == 0 {
        "Build stability: No recent builds failed.".to_owned()
    } else {
        format!("Build stability: {failed} out of the last {total} builds failed.")
    };
    Some((100 - 100 * failed / total, text))
}

fn health_bean(score: u32, text: &str, selector: &Selector) -> Value {
    let range = match score {
        81.. => "80plus",
        61..=80 => "60to79",
        41..=60 => "40to59",
        21..=40 => "20to39",
        _ => "00to19",
    };
    Bean::plain(selector)
        .put(REF, "description", || text)
        .put(REF, "iconClassName", || format!("icon-health-{range}"))
        .put(REF, "iconUrl", || format!("health-{range}.png"))
        .put(REF, "score", || score)
        .done()
}

#[derive(Clone, Copy)]
enum Property {
    Serial,
    Parameters,
}

fn properties(plan: &JobPlan) -> Vec<Property> {
    let mut properties = Vec::new();
    if !plan.concurrent {
        properties.push(Property::Serial);
    }
    if !plan.parameters.is_empty() {
        properties.push(Property::Parameters);
    }
    properties
}

fn property_bean(plan: &JobPlan, property: Property, selector: &Selector) -> Value {
    match property {
        Property::Serial => Bean::of(
            "org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty",
            selector,
        )
        .done(),
        Property::Parameters => Bean::of("hudson.model.ParametersDefinitionProperty", selector)
            .list(
                REF,
                "parameterDefinitions",
                &plan.parameters,
                Definition::export,
            )
            .done(),
    }
}
