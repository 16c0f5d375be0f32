//! Builds: their actions, artifacts, changes.

use super::super::builds::Build;
use super::super::controller::Controller;
use super::super::flow::NodeStatus;
use super::super::params::Parameter;
use super::super::plan::{Commit, Pipeline};
use super::super::program::{Artifact, Outcome};
use super::super::run::Run;
use super::super::tree::{ALWAYS, ASKED, Bean, OWN, REF, Selector};
use super::job::full_display_name;
use super::place::Action;
use serde_json::{Value, json};

/// Writes a build.
pub fn build(controller: &Controller, build: &Build, selector: &Selector) -> Value {
    let full_name = build.job.full_name();
    let duration = build.ended.map_or(0, |ended| ended - build.started);
    let url = build_url(controller, build);
    let mut bean = Bean::of("org.jenkinsci.plugins.workflow.job.WorkflowRun", selector);
    bean.bean(OWN, "actions", |inner| actions(controller, build, inner))
        .list(
            OWN,
            "artifacts",
            artifacts(build, selector),
            |artifact, inner| {
                Bean::plain(inner)
                    .put(REF, "displayPath", || artifact.file_name().to_owned())
                    .put(REF, "fileName", || artifact.file_name().to_owned())
                    .put(REF, "relativePath", || artifact.path.clone())
                    .done()
            },
        )
        .put(OWN, "building", || build.is_building())
        .put(OWN, "description", || json!(build.notes.description))
        .put(OWN, "displayName", || format!("#{}", build.number))
        .put(OWN, "duration", || duration)
        .put(OWN, "estimatedDuration", || {
            controller.estimate(&full_name).unwrap_or(-1)
        })
        .put(OWN, "executor", || {
            if build.is_building() {
                json!({"_class": "hudson.model.OneOffExecutor"})
            } else {
                Value::Null
            }
        })
        .put(OWN, "fullDisplayName", || {
            format!(
                "{} #{}",
                full_display_name(controller, build.job),
                build.number
            )
        })
        .put(OWN, "id", || build.number.to_string())
        .put(OWN, "keepLog", || build.notes.keep)
        .put(REF, "number", || build.number)
        .put(OWN, "queueId", || build.queue_id)
        .put(OWN, "result", || {
            build
                .verdict
                .map_or(Value::Null, |verdict| verdict.name().into())
        })
        .put(OWN, "timestamp", || build.started)
        .put(REF, "url", || url)
        .list(OWN, "changeSets", change_sets(build), |changes, inner| {
            change_set(controller, changes, inner)
        })
        .list(OWN, "culprits", culprits(build), |commit, inner| {
            author(controller, commit, inner)
        })
        .put(OWN, "inProgress", || build.is_building());
    let neighbours = [
        ("nextBuild", controller.neighbour(build, true)),
        ("previousBuild", controller.neighbour(build, false)),
    ];
    for (name, neighbour) in neighbours {
        bean.bean(OWN, name, |inner| match neighbour {
            Some(number) => Bean::plain(inner)
                .put(REF, "number", || number)
                .put(REF, "url", || {
                    format!("{}{number}/", controller.job_url(&full_name))
                })
                .done(),
            None => Value::Null,
        });
    }
    bean.done()
}

fn build_url(controller: &Controller, build: &Build) -> String {
    format!(
        "{}{}/",
        controller.job_url(&build.job.full_name()),
        build.number
    )
}

/// Returns the archived files, without playing a recorded build again when nobody asks for them.
fn artifacts(build: &Build, selector: &Selector) -> Vec<Artifact> {
    if selector.wants("artifacts", OWN) {
        build.run().artifacts.clone()
    } else {
        Vec::new()
    }
}

fn actions(controller: &Controller, build: &Build, selector: &Selector) -> Value {
    let run = build.run();
    let parameters: Vec<Parameter> = build.parameters();
    let class = |name: &str| Bean::of(name, selector).done();
    let mut actions = Vec::new();
    if !parameters.is_empty() {
        actions.push(Action::Parameters(&parameters).export(selector));
    }
    actions.push(Action::Causes(&build.causes).export(selector));
    actions.push(time_in_queue(build, selector));
    actions.push(class("org.jenkinsci.plugins.workflow.libs.LibrariesAction"));
    actions.push(json!({}));
    if let Some(data) = build_data(build, selector) {
        actions.push(data);
    }
    if !run.tests.is_empty() {
        actions.push(test_result(&run, selector));
    }
    if let Some(interrupted) = interrupted(&run, selector) {
        actions.push(interrupted);
    }
    let inputs = || {
        run.nodes
            .iter()
            .filter(|node| node.name == "Wait for interactive input")
    };
    if inputs().next().is_some() {
        actions.push(class(
            "org.jenkinsci.plugins.workflow.support.steps.input.InputAction",
        ));
        actions.push(json!({}));
    }
    if inputs().any(|node| node.status == NodeStatus::Success) {
        actions.push(class(
            "org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction",
        ));
    }
    // Only a build in which something set a variable has an environment of its own.
    let sets_variables = |name: &str| {
        name == "Wait for interactive input" || name == "Check out from version control"
    };
    let set = run
        .nodes
        .iter()
        .any(|node| node.status == NodeStatus::Success && sets_variables(&node.name));
    if set {
        actions.push(class("org.jenkinsci.plugins.workflow.cps.EnvActionImpl"));
    }
    actions.extend([json!({}), json!({})]);
    actions.push(run_display(controller, build, selector));
    actions.push(
        Bean::of(
            "org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction",
            selector,
        )
        .put(ASKED, "restartEnabled", || !build.is_building())
        .put(ASKED, "restartableStages", || json!([]))
        .done(),
    );
    actions.push(json!({}));
    actions.push(class(
        "org.jenkinsci.plugins.workflow.job.views.FlowGraphAction",
    ));
    actions.extend([json!({}), json!({})]);
    Value::Array(actions)
}

fn time_in_queue(build: &Build, selector: &Selector) -> Value {
    let waited = build.started - build.queued;
    let building = build.ended.map_or(0, |ended| ended - build.started);
    Bean::of("jenkins.metrics.impl.TimeInQueueAction", selector)
        .put(REF, "blockedDurationMillis", || 0)
        .put(REF, "blockedTimeMillis", || 0)
        .put(REF, "buildableDurationMillis", || 0)
        .put(REF, "buildableTimeMillis", || 0)
        .put(REF, "buildingDurationMillis", || building)
        .put(REF, "executingTimeMillis", || building)
        .put(REF, "executorUtilization", || 1.0)
        .put(REF, "subTaskCount", || 0)
        .put(REF, "waitingDurationMillis", || waited)
        .put(REF, "waitingTimeMillis", || waited)
        .done()
}

fn build_data(build: &Build, selector: &Selector) -> Option<Value> {
    let (remote, branch) = match &build.job.pipeline {
        Pipeline::Build(pipeline) => (&pipeline.repository, &pipeline.branch),
        Pipeline::Deploy(pipeline) => (&pipeline.repository, &pipeline.branch),
        Pipeline::Script(_) => return None,
    };
    let given = || {
        build
            .parameters()
            .iter()
            .find(|value| value.name == "COMMIT")
            .map(Parameter::as_text)
            .filter(|text| !text.is_empty())
    };
    let commit = build
        .commit
        .map(|commit| commit.id.clone())
        .or_else(given)?;
    let revision = |inner: &Selector| {
        Bean::plain(inner)
            .put(ALWAYS, "SHA1", || commit.clone())
            .list(ALWAYS, "branch", [()], |(), inner| {
                Bean::plain(inner)
                    .put(ALWAYS, "SHA1", || commit.clone())
                    .put(ALWAYS, "name", || branch.clone())
                    .done()
            })
            .done()
    };
    let mut bean = Bean::of("hudson.plugins.git.util.BuildData", selector);
    bean.bean(REF, "buildsByBranchName", |inner| {
        Bean::plain(inner)
            .bean(ALWAYS, branch, |inner| {
                Bean::of("hudson.plugins.git.util.Build", inner)
                    .put(ALWAYS, "buildNumber", || build.number)
                    .put(ALWAYS, "buildResult", || Value::Null)
                    .bean(ALWAYS, "marked", revision)
                    .bean(ALWAYS, "revision", revision)
                    .done()
            })
            .done()
    })
    .bean(REF, "lastBuiltRevision", revision)
    .put(REF, "remoteUrls", || vec![remote.clone()])
    .put(REF, "scmName", || "");
    Some(bean.done())
}

fn test_result(run: &Run, selector: &Selector) -> Value {
    let count = |wanted: fn(&Outcome) -> bool| {
        run.tests
            .iter()
            .flat_map(|(.., suite)| &suite.cases)
            .filter(|case| wanted(&case.outcome))
            .count()
    };
    Bean::of("hudson.tasks.junit.TestResultAction", selector)
        .put(REF, "failCount", || {
            count(|outcome| matches!(outcome, Outcome::Failed { .. }))
        })
        .put(REF, "skipCount", || {
            count(|outcome| matches!(outcome, Outcome::Skipped(_)))
        })
        .put(REF, "totalCount", || count(|_| true))
        .put(REF, "urlName", || "testReport")
        .done()
}

fn interrupted(run: &Run, selector: &Selector) -> Option<Value> {
    let stop = run.interruption.as_ref()?;
    run.ended?;
    let (class, text) = if stop.rejection {
        (
            "org.jenkinsci.plugins.workflow.support.steps.input.Rejection",
            format!("Rejected by {}", stop.by),
        )
    } else {
        (
            "jenkins.model.CauseOfInterruption$UserInterruption",
            format!("Aborted by {}", stop.by),
        )
    };
    let mut bean = Bean::of("jenkins.model.InterruptedBuildAction", selector);
    bean.list(REF, "causes", [()], |(), inner| {
        let mut cause = Bean::of(class, inner);
        cause.put(ALWAYS, "shortDescription", || text.clone());
        if stop.rejection {
            cause
                .put(REF, "timestamp", || stop.at)
                .put(REF, "user", || json!({}));
        }
        cause.done()
    });
    Some(bean.done())
}

fn run_display(controller: &Controller, build: &Build, selector: &Selector) -> Value {
    let url = build_url(controller, build);
    Bean::of(
        "org.jenkinsci.plugins.displayurlapi.actions.RunDisplayAction",
        selector,
    )
    .put(ASKED, "artifactsUrl", || format!("{url}artifact"))
    .put(ASKED, "changesUrl", || format!("{url}changes"))
    .put(ASKED, "displayUrl", || format!("{url}pipeline-overview"))
    .put(ASKED, "testsUrl", || format!("{url}testReport"))
    .done()
}

fn change_sets<'b>(build: &'b Build) -> Option<&'b [Commit]> {
    (!build.changes.is_empty()).then_some(build.changes)
}

fn change_set(controller: &Controller, changes: &[Commit], selector: &Selector) -> Value {
    Bean::of("hudson.plugins.git.GitChangeSetList", selector)
        .list(REF, "items", changes, |commit, inner| {
            Bean::of("hudson.plugins.git.GitChangeSet", inner)
                .put(ALWAYS, "affectedPaths", || {
                    commit
                        .paths
                        .iter()
                        .map(|(path, _)| path.clone())
                        .collect::<Vec<_>>()
                })
                .put(ALWAYS, "commitId", || commit.id.clone())
                .put(ALWAYS, "timestamp", || commit.at)
                .bean(ALWAYS, "author", |inner| author(controller, commit, inner))
                .put(ALWAYS, "authorEmail", || commit.email.clone())
                .put(ALWAYS, "comment", || format!("{}\n", commit.message))
                .put(ALWAYS, "date", || git_date(commit.at))
                .put(ALWAYS, "id", || commit.id.clone())
                .put(ALWAYS, "msg", || {
                    commit.message.lines().next().unwrap_or_default().to_owned()
                })
                .list(ALWAYS, "paths", &commit.paths, |(path, kind), inner| {
                    Bean::plain(inner)
                        .put(ALWAYS, "editType", || kind.clone())
                        .put(ALWAYS, "file", || path.clone())
                        .done()
                })
                .done()
        })
        .put(REF, "kind", || "git")
        .done()
}

fn culprits<'b>(build: &'b Build) -> Vec<&'b Commit> {
    let mut seen: Vec<&Commit> = Vec::new();
    for commit in build.changes {
        if !seen.iter().any(|known| known.author == commit.author) {
            seen.push(commit);
        }
    }
    seen
}

fn author(controller: &Controller, commit: &Commit, selector: &Selector) -> Value {
    let id = controller
        .plan_ref()
        .users
        .iter()
        .find(|user| user.full_name == commit.author)
        .map_or(&commit.author, |user| &user.id);
    Bean::plain(selector)
        .put(ALWAYS, "absoluteUrl", || {
            format!(
                "{}/user/{}",
                controller.root,
                super::super::http::encode_segment(id)
            )
        })
        .put(ALWAYS, "fullName", || commit.author.clone())
        .done()
}

/// Writes an instant as Git change sets do: "2026-11-23 02:56:55 +0000".
fn git_date(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map(|instant| instant.strftime("%Y-%m-%d %H:%M:%S +0000").to_string())
        .unwrap_or_default()
}
