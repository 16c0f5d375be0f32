//! Builds, stages, inputs and test reports, field by field as a real Jenkins wrote them.

use super::*;

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
