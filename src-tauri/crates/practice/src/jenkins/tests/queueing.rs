//! From a click to a build: quiet period, merging, blocking, cancelling, forgetting.

use super::{Fixture, ROOT};
use serde_json::Value;

fn trigger(fixture: &Fixture, user: &str, target: &str, form: &str) -> String {
    let reply = fixture.post(user, target, form);
    assert_eq!(reply.status, 201);
    reply.get("location").unwrap().replace(ROOT, "")
}

fn item(fixture: &Fixture, path: &str) -> Value {
    fixture.json("admin", &format!("{path}api/json"))
}

#[test]
fn two_identical_requests_become_one_item_with_two_causes_and_one_build() {
    let fixture = Fixture::new();
    let target = "/job/serial/buildWithParameters";
    let first = trigger(&fixture, "rita", target, "X=2");
    let second = trigger(&fixture, "admin", target, "X=2");
    assert_eq!(first, second);
    assert_ne!(trigger(&fixture, "rita", target, "X=3"), first);
    let causes = item(&fixture, &first)["actions"][1]["causes"].clone();
    let users: Vec<&str> = causes
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|cause| cause["userId"].as_str())
        .collect();
    assert_eq!(users, ["rita", "admin"]);
    fixture.pass(5_100);
    let build = fixture.json("admin", "/job/serial/1/api/json");
    assert_eq!(build["actions"][1]["causes"], causes);
}

#[test]
fn an_item_waits_out_its_quiet_period_and_then_leaves_into_a_build() {
    let fixture = Fixture::new();
    let path = trigger(&fixture, "rita", "/job/serial/buildWithParameters", "");
    fixture.pass(4_900);
    let waiting = item(&fixture, &path);
    assert_eq!(waiting["_class"], "hudson.model.Queue$WaitingItem");
    assert_eq!(waiting["why"], "In the quiet period. Expires in 0.1 sec");
    fixture.pass(200);
    let left = item(&fixture, &path);
    assert_eq!(left["_class"], "hudson.model.Queue$LeftItem");
    assert_eq!(left["executable"]["number"], 1);
    let build = fixture.json("admin", "/job/serial/1/api/json");
    assert_eq!(build["timestamp"], super::START + 5_000);
    assert_eq!(build["queueId"], left["id"]);
}

#[test]
fn a_job_without_concurrent_builds_blocks_the_next_item_until_the_build_ends() {
    let fixture = Fixture::new();
    let target = "/job/serial/buildWithParameters?delay=0sec";
    trigger(&fixture, "rita", target, "X=1");
    fixture.pass(1_000);
    let second = trigger(&fixture, "rita", target, "X=2");
    fixture.pass(1_000);
    let blocked = item(&fixture, &second);
    assert_eq!(blocked["_class"], "hudson.model.Queue$BlockedItem");
    assert_eq!(blocked["why"], "Build #1 is already in progress (ETA: N/A)");
    assert_eq!(
        (&blocked["blocked"], &blocked["buildable"]),
        (&true.into(), &false.into())
    );
    fixture.pass(60_000);
    let first = fixture.json("admin", "/job/serial/1/api/json");
    let second = fixture.json("admin", "/job/serial/2/api/json");
    let end = first["timestamp"].as_i64().unwrap() + first["duration"].as_i64().unwrap();
    assert_eq!(second["timestamp"].as_i64().unwrap(), end);
    assert_eq!(second["result"], "SUCCESS");
}

#[test]
fn an_item_is_gone_five_minutes_after_it_left() {
    let fixture = Fixture::new();
    let path = trigger(
        &fixture,
        "rita",
        "/job/serial/buildWithParameters?delay=0sec",
        "",
    );
    fixture.pass(0);
    fixture.pass(299_000);
    assert_eq!(fixture.get("admin", &format!("{path}api/json")).status, 200);
    fixture.pass(2_000);
    assert_eq!(fixture.get("admin", &format!("{path}api/json")).status, 404);
}

#[test]
fn a_cancelled_item_says_so_and_cannot_be_cancelled_again() {
    let fixture = Fixture::new();
    let path = trigger(&fixture, "rita", "/job/serial/buildWithParameters", "");
    let id = item(&fixture, &path)["id"].clone();
    let target = format!("/queue/cancelItem?id={id}");
    assert_eq!(fixture.post("gil", &target, "").status, 422);
    assert_eq!(fixture.post("rita", &target, "").status, 204);
    assert_eq!(fixture.post("rita", &target, "").status, 404);
    let left = item(&fixture, &path);
    assert_eq!(
        (&left["cancelled"], &left["executable"]),
        (&true.into(), &Value::Null)
    );
    fixture.pass(60_000);
    assert_eq!(fixture.get("admin", "/job/serial/1/api/json").status, 404);
}

#[test]
fn the_job_is_in_the_queue_and_its_ball_blinks_while_it_runs() {
    let fixture = Fixture::new();
    trigger(&fixture, "rita", "/job/serial/buildWithParameters", "");
    let job = fixture.json("admin", "/job/serial/api/json");
    assert_eq!(
        (&job["inQueue"], &job["color"]),
        (&true.into(), &"notbuilt".into())
    );
    assert!(job["queueItem"].get("actions").is_none());
    fixture.pass(6_000);
    let job = fixture.json("admin", "/job/serial/api/json");
    assert_eq!(
        (&job["inQueue"], &job["color"]),
        (&false.into(), &"notbuilt_anime".into())
    );
    fixture.pass(60_000);
    let job = fixture.json("admin", "/job/serial/api/json");
    assert_eq!(job["color"], "blue");
    assert_eq!(job["lastStableBuild"]["number"], 1);
    assert_eq!(job["lastFailedBuild"], Value::Null);
}

#[test]
fn ranges_of_builds_are_cut_as_asked() {
    let fixture = Fixture::new();
    for number in 1..=4 {
        fixture.start("rita", "/job/freestyle-params/", &format!("WHO={number}"));
        fixture.pass(5_000);
    }
    let target = "/job/freestyle-params/api/json?tree=builds[number]{1,3},allBuilds[number]{2}";
    let job = fixture.json("admin", target);
    let numbers = |field: &str| -> Vec<i64> {
        let builds = job[field].as_array().unwrap();
        builds
            .iter()
            .map(|build| build["number"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(numbers("builds"), [3, 2]);
    assert_eq!(numbers("allBuilds"), [2]);
    let neighbours = fixture.json("admin", "/job/freestyle-params/2/api/json");
    assert_eq!(neighbours["previousBuild"]["number"], 1);
    assert_eq!(neighbours["nextBuild"]["number"], 3);
    assert!(neighbours["nextBuild"].get("_class").is_none());
}
