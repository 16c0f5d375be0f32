//! The stage API (`wfapi`) of pipelines: runs, stages, steps and their logs, waiting inputs, artifacts and changes.
//!
//! Addresses in its answers begin with the path that the caller used (`lastBuild` stays `lastBuild`). Its answers carry no
//! `X-Jenkins` header.

use super::builds::Build;
use super::controller::{Controller, job_path};
use super::flow::{Node, NodeStatus, Verdict};
use super::params::{Definition, Given, Kind};
use super::program::Gate;
use super::run::Run;
use serde_json::{Map, Value, json};

/// Describes a job: how many runs it has.
pub fn job(controller: &Controller, full_name: &str, name: &str) -> Value {
    let base = job_path(full_name);
    json!({
        "_links": {
            "self": {"href": format!("{base}wfapi/describe")},
            "runs": {"href": format!("{base}wfapi/runs")},
        },
        "name": name,
        "runCount": controller.builds(full_name).count(),
    })
}

/// Lists a job's newest runs, down to the one named by `since` ("#12").
pub fn runs(
    controller: &Controller,
    full_name: &str,
    since: Option<&str>,
    full_stages: bool,
    now: i64,
) -> Value {
    const LISTED: usize = 10;
    let since: u32 = since
        .and_then(|text| text.trim_start_matches('#').parse().ok())
        .unwrap_or(0);
    controller
        .builds(full_name)
        .take_while(|build| build.number >= since)
        .take(LISTED)
        .map(|build| {
            let base = format!("{}{}/", job_path(full_name), build.number);
            describe(&build, &base, full_stages, now)
        })
        .collect()
}

/// Describes a run with its stages.
pub fn describe(build: &Build, base: &str, full_stages: bool, now: i64) -> Value {
    let run = build.run();
    let end = build.ended.unwrap_or(now);
    let href = |path: &str| json!({"href": format!("{base}{path}")});
    let mut links = Map::new();
    links.insert("self".to_owned(), href("wfapi/describe"));
    if run.pending().is_some() {
        links.insert(
            "pendingInputActions".to_owned(),
            href("wfapi/pendingInputActions"),
        );
        links.insert(
            "nextPendingInputAction".to_owned(),
            href("wfapi/nextPendingInputAction"),
        );
    }
    if !run.artifacts.is_empty() {
        links.insert("artifacts".to_owned(), href("wfapi/artifacts"));
    }
    if !build.changes.is_empty() {
        links.insert("changesets".to_owned(), href("wfapi/changesets"));
    }
    let stages: Vec<Value> = run
        .nodes
        .iter()
        .filter(|node| node.is_stage)
        .map(|node| stage(&run, node, base, full_stages, now))
        .collect();
    json!({
        "_links": links,
        "id": build.number.to_string(),
        "name": format!("#{}", build.number),
        "status": status(build, &run),
        "startTimeMillis": build.started,
        "endTimeMillis": end,
        "durationMillis": end - build.started,
        "queueDurationMillis": 6,
        "pauseDurationMillis": 0,
        "stages": stages,
    })
}

fn status(build: &Build, run: &Run) -> &'static str {
    if run.pending().is_some() {
        return "PAUSED_PENDING_INPUT";
    }
    if build.is_building() {
        return "IN_PROGRESS";
    }
    match build.verdict {
        Some(Verdict::Success) | None => "SUCCESS",
        Some(Verdict::Unstable) => "UNSTABLE",
        Some(Verdict::Failure) => "FAILED",
        Some(Verdict::NotBuilt) => "NOT_EXECUTED",
        Some(Verdict::Aborted) => "ABORTED",
    }
}

/// Describes a node: a stage with its steps, or a step.
pub fn node(build: &Build, id: u32, base: &str, now: i64) -> Option<Value> {
    let run = build.run();
    let node = run.nodes.iter().find(|node| node.id == id)?;
    Some(if node.is_stage {
        stage(&run, node, base, true, now)
    } else {
        step(node, base, now)
    })
}

fn stage(run: &Run, node: &Node, base: &str, with_steps: bool, now: i64) -> Value {
    let mut value = common(node, base, now);
    if let (true, Value::Object(fields)) = (with_steps, &mut value) {
        let steps: Vec<Value> = run
            .nodes
            .iter()
            .filter(|other| !other.is_stage && other.stage == node.stage)
            .map(|other| step(other, base, now))
            .collect();
        fields.insert("stageFlowNodes".to_owned(), Value::Array(steps));
    }
    value
}

fn step(node: &Node, base: &str, now: i64) -> Value {
    let mut value = common(node, base, now);
    let execution = format!("{base}execution/node/{}/", node.id);
    value["_links"]["log"] = json!({"href": format!("{execution}wfapi/log")});
    value["_links"]["console"] = json!({"href": format!("{execution}log")});
    value["parentNodes"] = json!([node.parent.to_string()]);
    value
}

fn common(node: &Node, base: &str, now: i64) -> Value {
    let mut value = json!({
        "_links": {"self": {"href": format!("{base}execution/node/{}/wfapi/describe", node.id)}},
        "id": node.id.to_string(),
        "name": node.name,
        "execNode": "",
        "status": node.status.name(),
    });
    if let Some(error) = &node.error {
        value["error"] = json!({"message": error.message, "type": error.class});
    }
    if let Some(argument) = &node.argument {
        value["parameterDescription"] = argument.clone().into();
    }
    let waiting = if node.status == NodeStatus::Paused {
        now - node.started
    } else {
        0
    };
    value["startTimeMillis"] = node.started.into();
    value["durationMillis"] = (node.ended.unwrap_or(now) - node.started).into();
    value["pauseDurationMillis"] = (node.paused + waiting).into();
    value
}

/// Returns a step's log; the text is absent when the step has printed nothing.
pub fn node_log(build: &Build, id: u32, base: &str) -> Option<Value> {
    let run = build.run();
    let node = run.nodes.iter().find(|node| node.id == id)?;
    let (from, to) = node.log;
    let to = if node.ended.is_none() {
        run.log.len()
    } else {
        to
    };
    let text = if node.is_stage {
        String::new()
    } else {
        run.log.plain_between(from, to)
    };
    let mut value = json!({
        "nodeId": id.to_string(),
        "nodeStatus": node.status.name(),
        "length": text.len(),
        "hasMore": node.ended.is_none(),
    });
    if !text.is_empty() {
        value["text"] = text.into();
    }
    value["consoleUrl"] = format!("{base}execution/node/{id}/log").into();
    Some(value)
}

/// Lists the inputs that wait for a person; every reader sees them, and who may answer is not said.
pub fn pending_inputs(build: &Build, base: &str) -> Vec<Value> {
    build
        .run()
        .pending()
        .map(|gate| pending(gate, base))
        .into_iter()
        .collect()
}

fn pending(gate: &Gate, base: &str) -> Value {
    let id = gate.public_id();
    json!({
        "id": id,
        "proceedText": gate.ok,
        "message": gate.message,
        "inputs": gate.parameters.iter().map(input_field).collect::<Vec<_>>(),
        "proceedUrl": format!("{base}wfapi/inputSubmit?inputId={id}"),
        "abortUrl": format!("{base}input/{id}/abort"),
        "redirectApprovalUrl": format!("{base}input/"),
    })
}

fn input_field(definition: &Definition) -> Value {
    let mut value = json!({"type": definition.type_name(), "name": definition.name});
    if !definition.description.is_empty() {
        value["description"] = definition.description.clone().into();
    }
    let default = match definition.default_value().value {
        Given::Flag(flag) => json!(flag),
        Given::Password(_) => Value::Null,
        Given::Text(text) | Given::Lines(text) if text.is_empty() => Value::Null,
        Given::Text(text) | Given::Lines(text) => json!(text),
    };
    value["definition"] = json!({"defaultVal": default});
    if let Kind::Choice { choices } = &definition.kind {
        value["definition"]["choices"] = json!(choices);
    }
    value
}

/// Lists the archived files of a run.
pub fn artifacts(build: &Build, base: &str) -> Value {
    build
        .run()
        .artifacts
        .iter()
        .enumerate()
        .map(|(index, artifact)| {
            let path: Vec<String> = artifact
                .path
                .split('/')
                .map(super::http::encode_segment)
                .collect();
            let path = path.join("/");
            json!({
                "id": format!("n{}", index + 2),
                "name": artifact.file_name(),
                "path": path,
                "url": format!("{base}artifact/{path}"),
                "size": artifact.content.len(),
            })
        })
        .collect()
}

/// Lists the commits of a run.
pub fn change_sets(controller: &Controller, build: &Build, base: &str) -> Value {
    if build.changes.is_empty() {
        return json!([]);
    }
    let commits: Vec<Value> = build
        .changes
        .iter()
        .map(|commit| {
            let user = controller
                .plan_ref()
                .users
                .iter()
                .find(|user| user.full_name == commit.author);
            json!({
                "commitId": commit.id,
                "authorJenkinsId": user.map_or("", |user| &user.id),
                "message": commit.message.lines().next().unwrap_or_default(),
                "timestamp": commit.at,
                "consoleUrl": format!("{base}changes#{}", commit.id),
            })
        })
        .collect();
    json!([{
        "kind": "git",
        "commitCount": commits.len(),
        "commits": commits,
        "consoleUrl": format!("{base}changes"),
    }])
}
