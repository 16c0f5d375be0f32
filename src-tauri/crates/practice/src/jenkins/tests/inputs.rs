//! Input steps and stopping: who may answer what, and what becomes of the build.

use super::{Fixture, Stacks, gate, job, plan};
use crate::jenkins::access::Group;
use crate::jenkins::program::{Stage, Step};
use serde_json::{Value, json};
use std::sync::Arc;

fn paused(submitters: &str) -> (Fixture, String) {
    let mut plan = plan();
    let stages = vec![
        Stage::new(
            "Gate",
            vec![Step::input(gate("go-on", "Continue?", submitters))],
        ),
        Stage::new("After", vec![Step::echo("after")]),
    ];
    plan.jobs.push(job("gated", Vec::new(), stages));
    plan.users
        .push(super::user("dev", "Dev Eloper", Group::Developers));
    let fixture = Fixture::with(plan, Arc::new(Stacks::default()));
    let build = fixture.start("rita", "/job/gated/", "");
    fixture.pass(3_000);
    (fixture, build)
}

fn stages(fixture: &Fixture, build: &str) -> Vec<Value> {
    let describe = fixture.json("gil", &format!("{build}wfapi/describe"));
    let stages = describe["stages"].as_array().unwrap();
    stages.iter().map(|stage| stage["status"].clone()).collect()
}

#[test]
fn an_input_is_listed_under_its_capitalised_id_until_it_is_answered() {
    let (fixture, build) = paused("release-managers");
    let list = || fixture.json("gil", &format!("{build}wfapi/pendingInputActions"));
    let pending = list();
    assert_eq!(pending[0]["id"], "Go-on");
    assert_eq!(
        pending[0]["proceedUrl"],
        format!("{build}wfapi/inputSubmit?inputId=Go-on")
    );
    let reply = fixture.post("rita", &format!("{build}input/Go-on/proceedEmpty"), "");
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    fixture.pass(2_000);
    assert_eq!(list(), json!([]));
    assert_eq!(fixture.result(&build), "SUCCESS");
    assert!(
        fixture
            .console(&build)
            .contains("Approved by Rita Releaser\n")
    );
}

#[test]
fn only_submitters_may_proceed_and_the_refusal_names_them() {
    let (fixture, build) = paused("ana,release-managers");
    for user in ["gil", "dev"] {
        let reply = fixture.post(user, &format!("{build}input/Go-on/proceedEmpty"), "");
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.get("x-error"),
            Some("You need to be ana,release-managers to submit this.")
        );
    }
    assert_eq!(stages(&fixture, &build), ["PAUSED_PENDING_INPUT"]);
    let reply = fixture.post(
        "rita",
        &format!("{build}wfapi/inputSubmit?inputId=Go-on"),
        "json=%7B%7D",
    );
    assert_eq!(reply.status, 200);
    fixture.pass(2_000);
    assert_eq!(fixture.result(&build), "SUCCESS");
}

#[test]
fn without_a_submitter_list_everybody_who_may_build_may_answer() {
    let (fixture, build) = paused("");
    assert_eq!(
        fixture
            .post("gil", &format!("{build}input/Go-on/proceedEmpty"), "")
            .status,
        400
    );
    assert_eq!(
        fixture
            .post("dev", &format!("{build}input/Go-on/proceedEmpty"), "")
            .status,
        200
    );
}

#[test]
fn whoever_may_cancel_may_also_refuse_an_input() {
    let (fixture, build) = paused("release-managers");
    assert_eq!(
        fixture
            .post("gil", &format!("{build}input/Go-on/abort"), "")
            .status,
        400
    );
    assert_eq!(
        fixture
            .post("dev", &format!("{build}input/Go-on/abort"), "")
            .status,
        200
    );
    fixture.pass(2_000);
    assert_eq!(fixture.result(&build), "ABORTED");
    assert_eq!(stages(&fixture, &build), ["ABORTED", "NOT_EXECUTED"]);
    assert_eq!(
        fixture
            .post("dev", &format!("{build}input/Go-on/abort"), "")
            .status,
        404
    );
}

#[test]
fn stopping_a_waiting_build_aborts_it_within_two_seconds() {
    for verb in ["stop", "term", "kill"] {
        let (fixture, build) = paused("release-managers");
        assert_eq!(
            fixture.post("gil", &format!("{build}{verb}"), "").status,
            403
        );
        let reply = fixture.post("rita", &format!("{build}{verb}"), "");
        assert_eq!(
            (reply.status, reply.get("location")),
            (302, Some(build.as_str()))
        );
        fixture.pass(2_000);
        assert_eq!(fixture.result(&build), "ABORTED");
        assert_eq!(
            fixture.json("gil", &format!("{build}wfapi/pendingInputActions")),
            json!([])
        );
        assert!(
            fixture
                .console(&build)
                .contains("Aborted by Rita Releaser\n")
        );
    }
}

#[test]
fn stopping_a_running_build_ends_the_step_and_skips_the_rest() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/long-log/", "");
    fixture.pass(5_000);
    fixture.post("rita", &format!("{build}stop"), "");
    fixture.pass(2_000);
    let ended = fixture.json("rita", &format!("{build}api/json"));
    assert_eq!(ended["result"], "ABORTED");
    assert!(ended["duration"].as_i64().unwrap() < 7_000);
    let console = fixture.console(&build);
    assert!(
        console.contains("line 20") && !console.contains("line 199"),
        "{console}"
    );
    let before = console.len();
    assert_eq!(
        fixture.post("rita", &format!("{build}stop"), "").status,
        302
    );
    fixture.pass(2_000);
    assert_eq!(fixture.console(&build).len(), before);
}
