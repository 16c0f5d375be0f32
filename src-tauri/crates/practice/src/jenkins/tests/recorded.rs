//! Answers compared with those of a real Jenkins: status, headers, fields and classes for the same requests.

use super::recording::{again, again_at, recording, same_shape};
use super::{Fixture, ROOT, basic, text};
use http::Method;
use serde_json::Value;
use std::collections::BTreeSet;

fn body(reply: &super::Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn who_a_caller_is_decides_the_answer() {
    let fixture = Fixture::new();
    for name in [
        "01-anon-api",
        "01-anon-job",
        "52-anon-log",
        "60-jetty-anon-json",
    ] {
        let reply = again(&fixture, name, "token");
        assert!(text(&reply).contains("http-equiv='refresh'"), "{name}");
        assert!(reply.get("set-cookie").unwrap().starts_with("JSESSIONID"));
    }
    assert!(
        text(&again(&fixture, "01-anon-api", "token")).contains("url=/login?from=%2Fapi%2Fjson'")
    );
    let reply = again(&fixture, "60-jetty-401", "wrong");
    assert_eq!(
        text(&reply).contains("Error 401 Unauthorized"),
        recording("60-jetty-401")
            .body
            .contains("Error 401 Unauthorized")
    );
    let reply = again(&fixture, "60-jetty-401-json", "wrong");
    assert_eq!(body(&reply), recording("60-jetty-401-json").json());
    for name in ["03-me", "03-user"] {
        let reply = again(&fixture, name, "token");
        same_shape(&body(&reply), &recording(name).json(), name);
    }
}

#[test]
fn a_password_needs_a_crumb_and_its_session() {
    let fixture = Fixture::new();
    let reply = again(&fixture, "60-jetty-403-crumb-json", "password");
    assert_eq!(body(&reply), recording("60-jetty-403-crumb-json").json());
    let page = text(&again(&fixture, "60-jetty-403-crumb", "password"));
    assert!(page.contains("<title>Error 403 No valid crumb was included in the request</title>"));

    let issued = again(&fixture, "04-crumb-password", "password");
    same_shape(
        &body(&issued),
        &recording("04-crumb-password").json(),
        "crumb",
    );
    let crumb = body(&issued)["crumb"].as_str().unwrap().to_owned();
    let cookie = issued.get("set-cookie").unwrap().split(';').next().unwrap();
    let build = |headers: &[(&str, &str)]| {
        let mut all = vec![
            ("authorization", basic("gil", "gil-password")),
            ("jenkins-crumb", crumb.clone()),
        ];
        all.extend(
            headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fixture
            .ask(Method::POST, "/job/freestyle-params/build", &all, "")
            .status
    };
    assert_eq!(build(&[]), 403);
    // With crumb and cookie the request gets as far as the permission, which gil lacks.
    let reply = fixture.ask(
        Method::POST,
        "/job/freestyle-params/buildWithParameters",
        &[
            ("authorization", &basic("gil", "gil-password")),
            ("jenkins-crumb", &crumb),
            ("cookie", cookie),
        ],
        "",
    );
    assert_eq!(
        reply.get("x-required-permission"),
        Some("hudson.model.Item.Build")
    );
}

#[test]
fn refusals_have_the_recorded_status_and_headers() {
    let fixture = Fixture::new();
    for name in [
        "08-404",
        "08-disabled",
        "08-get-bwp",
        "08-manage-gil",
        "08-config-gil",
        "08-no-permission-build",
        "08-bwp-on-nonparam",
        "09-bad-choice",
        "40-quietDown-rita",
        "41-cancel-unknown",
        "41-unknown-item",
        "47-bad-tree",
        "47-lastBuild-404",
        "55-safeRestart",
        "60-jetty-400-nothing",
        "60-jetty-403-perm-json",
        "60-jetty-404-json",
        "60-jetty-409-json",
        "60-jetty-500-choice-json",
    ] {
        let target = recording(name).target.replace("lastBuild-404", "lastBuild");
        let target = target.replace("freestyle-params/api", "serial/api");
        let reply = again_kind(&fixture, name, &target);
        if reply.status == 403 {
            assert!(text(&reply).contains("Access Denied"), "{name}");
        }
    }
    let denied = again_kind(&fixture, "08-no-permission-build", "/job/serial/build");
    let implied = denied
        .headers
        .iter()
        .filter(|(name, _)| *name == "x-permission-implied-by")
        .count();
    assert_eq!(implied, 3);
    assert!(text(&denied).contains("gil is missing the Job/Build permission"));
}

/// As `again_at`, for pages whose content type Tomcat and Jetty write differently.
fn again_kind(fixture: &Fixture, name: &str, target: &str) -> super::Reply {
    again_at(fixture, name, target, "token")
}

#[test]
fn an_address_without_its_slash_is_redirected() {
    let fixture = Fixture::new();
    let reply = again(&fixture, "48-no-slash", "token");
    assert_eq!(
        reply.get("location"),
        recording("48-no-slash").header("location")
    );
}

#[test]
fn triggering_answers_with_the_item_or_the_job() {
    let fixture = Fixture::new();
    for name in ["09-bwp-delay", "53-multipart"] {
        let reply = again(&fixture, name, "token");
        let location = reply.get("location").unwrap();
        assert!(
            location.starts_with(&format!("{ROOT}/queue/item/")),
            "{name}: {location}"
        );
        assert!(reply.body.is_empty());
    }
    let reply = again(&fixture, "53-build-json", "token");
    assert_eq!(
        reply.get("location"),
        recording("53-build-json").header("location")
    );
}

#[test]
fn a_waiting_item_and_its_job_have_the_recorded_fields() {
    let fixture = Fixture::new();
    again(&fixture, "09-bwp-delay", "token");
    let queue = fixture.json("admin", "/queue/api/json");
    same_shape(&queue, &recording("09-queue-quiet").json(), "queue");
    let item = &queue["items"][0];
    assert_eq!(
        item["params"],
        recording("09-queue-quiet").json()["items"][0]["params"]
    );
    assert_eq!(item["why"], "In the quiet period. Expires in 5.0 sec");

    let job = fixture.json("admin", "/job/release-pipeline/api/json");
    let recorded = recording("10-job").json();
    same_shape(&job, &recorded, "job");
    let ours = &job["property"][0]["parameterDefinitions"];
    let theirs = &recorded["property"][0]["parameterDefinitions"];
    for index in 0..5 {
        assert_eq!(ours[index], theirs[index]);
    }

    let item = fixture.post(
        "rita",
        "/job/freestyle-params/buildWithParameters",
        "WHO=t%C3%B6k+%26+%3Cx%3E",
    );
    let path = item.get("location").unwrap().replace(ROOT, "");
    let item = fixture.json("rita", &format!("{path}api/json"));
    same_shape(
        &item,
        &classes_as_pipeline(recording("07-queue-0").json()),
        "item",
    );
    fixture.pass(6_000);
    let item = fixture.json("rita", &format!("{path}api/json"));
    same_shape(
        &item,
        &classes_as_pipeline(recording("07-queue-left").json()),
        "left",
    );
}

/// The recorded server had freestyle jobs; this one has pipelines only.
fn classes_as_pipeline(value: Value) -> Value {
    let text = value
        .to_string()
        .replace(
            "hudson.model.FreeStyleProject",
            "org.jenkinsci.plugins.workflow.job.WorkflowJob",
        )
        .replace(
            "hudson.model.FreeStyleBuild",
            "org.jenkinsci.plugins.workflow.job.WorkflowRun",
        );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_paused_and_a_finished_build_have_the_recorded_fields() {
    let fixture = Fixture::new();
    again(&fixture, "09-bwp-delay", "token");
    fixture.pass(30_000);
    let build = fixture.json("admin", "/job/release-pipeline/1/api/json");
    same_shape(&build, &recording("22-build-paused").json(), "paused");
    assert_eq!(
        (&build["result"], &build["building"]),
        (&"UNSTABLE".into(), &true.into())
    );
    let describe = fixture.json("admin", "/job/release-pipeline/1/wfapi/describe");
    same_shape(
        &describe,
        &recording("21-describe-paused").json(),
        "describe",
    );
    assert_eq!(describe["status"], "PAUSED_PENDING_INPUT");
    assert_eq!(describe["stages"][1]["status"], "PAUSED_PENDING_INPUT");

    let pending = again(&fixture, "20-pending-gil", "token");
    assert_eq!(body(&pending), recording("20-pending-gil").json());
    let pending = again(&fixture, "20-nextPending", "token");
    assert_eq!(body(&pending), recording("20-nextPending").json());
    again(&fixture, "20-input-api", "token");

    for name in [
        "26-abort-gil",
        "26-proceedEmpty-gil",
        "26-submit-gil",
        "26-no-such-input",
        "26-submit-unknown-param",
    ] {
        again(&fixture, name, "token");
    }
    let reply = again(&fixture, "27-submit-rita", "token");
    assert_eq!(
        reply.get("location"),
        recording("27-submit-rita").header("location")
    );
    again(&fixture, "27-submit-twice", "token");
    fixture.pass(60_000);

    let build = fixture.json("admin", "/job/release-pipeline/1/api/json");
    let recorded = recording("29-build-done").json();
    same_shape(&build, &recorded, "done");
    let classes = |value: &Value| -> BTreeSet<String> {
        value["actions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|action| action["_class"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(classes(&build), classes(&recorded));
    assert_eq!(build["artifacts"], recorded["artifacts"]);
    let describe = fixture.json("admin", "/job/release-pipeline/1/wfapi/describe");
    let recorded = recording("28-describe-done").json();
    same_shape(&describe, &recorded, "describe");
    let stages = |value: &Value, field: &str| -> Vec<Value> {
        let stages = value["stages"].as_array().unwrap();
        stages.iter().map(|stage| stage[field].clone()).collect()
    };
    assert_eq!(stages(&describe, "name"), stages(&recorded, "name"));
    assert_eq!(stages(&describe, "status"), stages(&recorded, "status"));
    assert_eq!(describe["stages"][0]["id"], recorded["stages"][0]["id"]);

    for name in ["28-changesets", "28-wf-artifacts", "29-pending-none"] {
        assert_eq!(
            body(&again(&fixture, name, "token")),
            recording(name).json(),
            "{name}"
        );
    }
    for name in [
        "28-node-6",
        "28-nodelog-7",
        "28-nodelog-8",
        "28-runs",
        "51-job-wfapi",
        "51-wfapi",
        "24-testReport",
        "24-testReport-tree",
    ] {
        same_shape(
            &body(&again(&fixture, name, "token")),
            &recording(name).json(),
            name,
        );
    }
    let log = body(&again(&fixture, "28-nodelog-7", "token"));
    assert_eq!(log["text"], recording("28-nodelog-7").json()["text"]);
    let artifact = again(&fixture, "25-artifact", "token");
    assert_eq!(text(&artifact), "hello\n");
    again(&fixture, "25-artifact-404", "token");
    for name in ["48-desc", "48-keep"] {
        let reply = again(&fixture, name, "token");
        assert_eq!(reply.get("location"), recording(name).header("location"));
    }
    again(&fixture, "54-delete", "token");
    let build = fixture.json("admin", "/job/release-pipeline/1/api/json");
    assert_eq!(build["description"], "Released by console");
    assert_eq!(build["keepLog"], true);
}

#[test]
fn the_test_report_says_what_the_recorded_one_says() {
    let fixture = Fixture::new();
    again(&fixture, "09-bwp-delay", "token");
    fixture.pass(30_000);
    let ours = fixture.json("admin", "/job/release-pipeline/1/testReport/api/json");
    let theirs = recording("24-testReport").json();
    for field in ["duration", "failCount", "passCount", "skipCount", "empty"] {
        assert_eq!(ours[field], theirs[field], "{field}");
    }
    for index in 0..3 {
        for field in [
            "name",
            "status",
            "failedSince",
            "age",
            "skippedMessage",
            "errorDetails",
        ] {
            let at = format!("/suites/0/cases/{index}/{field}");
            assert_eq!(ours.pointer(&at), theirs.pointer(&at), "{at}");
        }
    }
    assert_eq!(
        ours.pointer("/suites/0/enclosingBlockNames"),
        theirs.pointer("/suites/0/enclosingBlockNames")
    );
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/long-log/", "");
    let reply = fixture.get("admin", &format!("{build}testReport/api/json"));
    assert_eq!((reply.status, reply.get("x-jenkins")), (404, None));
}

#[test]
fn folders_and_lists_have_the_recorded_fields() {
    let fixture = Fixture::new();
    for name in ["45-folder", "45-umlaut"] {
        same_shape(
            &body(&again(&fixture, name, "token")),
            &recording(name).json(),
            name,
        );
    }
    assert_eq!(
        body(&again(&fixture, "45-umlaut", "token")),
        recording("45-umlaut").json()
    );
    let computers = body(&again(&fixture, "47-computer", "token"));
    same_shape(&computers, &recording("47-computer").json(), "computers");
    let jobs = body(&again(&fixture, "47-tree-jobs", "token"));
    same_shape(&jobs, &recording("47-tree-jobs").json(), "jobs");
    let folder = jobs["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["name"] == "team a")
        .unwrap();
    assert!(folder.get("color").is_none());
    assert_eq!(folder["jobs"][0]["name"], "gate go ü");
}

#[test]
fn quieting_down_holds_items_and_says_so() {
    let fixture = Fixture::new();
    again(&fixture, "40-quietDown", "token");
    let reply = fixture.post(
        "rita",
        "/job/freestyle-params/buildWithParameters?delay=0sec",
        "WHO=q",
    );
    let item = reply.get("location").unwrap().replace(ROOT, "");
    fixture.pass(100);
    let target = format!("{item}api/json?tree=why,blocked,buildable,stuck,_class,cancelled");
    assert_eq!(
        fixture.json("admin", &target),
        recording("40-queue-quiet").json()
    );
    let root = body(&again(&fixture, "60-quiet", "token"));
    assert_eq!(root["quietDownReason"], "maintenance");
    again(&fixture, "40-cancelQuiet", "token");
    fixture.pass(100);
    assert_eq!(
        fixture.json("admin", &format!("{item}api/json"))["cancelled"],
        false
    );
}

#[test]
fn an_aborted_build_reads_as_the_recorded_one() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/simple-input/", "");
    fixture.pass(5_000);
    let reply = fixture.post("rita", &format!("{build}input/140e317e/abort"), "");
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    fixture.pass(2_000);
    let ours = fixture.json(
        "admin",
        &format!("{build}api/json?tree=result,building,actions[causes[*],_class]"),
    );
    same_shape(&ours, &recording("30-aborted-build").json(), "aborted");
    let describe = fixture.json("admin", &format!("{build}wfapi/describe"));
    let recorded = recording("30-aborted-describe").json();
    assert_eq!(
        describe["stages"][1]["error"],
        recorded["stages"][1]["error"]
    );
    assert_eq!(describe["stages"][1]["status"], "ABORTED");
    let console = fixture.console(&build);
    assert!(
        console.contains("Continue?\nProceed or Abort\n[Pipeline] }\n[Pipeline] // stage\n"),
        "{console}"
    );
    assert!(console.contains("Rejected by Rita Releaser\n"), "{console}");
    assert!(console.ends_with("Finished: ABORTED\n"), "{console}");
}

#[test]
fn a_starting_server_answers_503_without_its_version() {
    let fixture = Fixture::new();
    fixture.jenkins.restart(10_000);
    let reply = again(&fixture, "61-restart-01", "token");
    assert!(text(&reply).contains("<title>Starting Jenkins</title>"));
    fixture.pass(10_000);
    assert_eq!(fixture.get("admin", "/api/json").status, 200);
}
