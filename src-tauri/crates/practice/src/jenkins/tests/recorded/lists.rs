//! Queue items, jobs, folders and lists, field by field as a real Jenkins wrote them.

use super::*;

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
