//! Reading a Jenkins, as a real one answered.

use crate::replay::{Played, Recording, Server, quick};
use interlock_app::ports::{BuildReader, IdentityReader};
use interlock_connect_http::{Jenkins, Login};
use interlock_domain::{
    FaultKind, JobName, Secret,
    build::{BuildResult, QueueState},
};

pub fn rita() -> Login {
    Login {
        user: "rita".to_owned(),
        secret: Secret::new("11f00ba2-token"),
    }
}

pub fn job(name: &str) -> JobName {
    JobName::new(name).unwrap()
}

pub fn jenkins(url: &str) -> Jenkins {
    Jenkins::new(url, Some(&rita()), &quick()).unwrap()
}

#[tokio::test]
async fn building_with_a_result_already_set_is_not_finished() {
    let server = Server::start().await;
    server.play("22-build-paused");
    let build = jenkins(&server.url)
        .build(&job("release-pipeline"), 1)
        .await
        .unwrap();
    assert!(build.building);
    assert_eq!(build.result, None, "it says UNSTABLE while it runs");
    assert_eq!(build.duration_ms, 0);
    assert_eq!(build.causes, ["Started by user Rita Releaser"]);
    assert_eq!(build.parameter("NOTES"), Some("a\nb"));
    assert_eq!(build.parameter("DRY_RUN"), Some("false"));
    assert_eq!(build.parameter("SECRET"), None);
    let asked = &server.asked()[0];
    assert_eq!(
        asked.headers["authorization"],
        "Basic cml0YToxMWYwMGJhMi10b2tlbg=="
    );
    assert!(asked.query["tree"].contains("lastBuiltRevision[SHA1]"));
}

#[tokio::test]
async fn a_finished_build_has_its_result_and_commit() {
    let server = Server::start().await;
    server.play("29-build-done");
    let build = jenkins(&server.url)
        .build(&job("release-pipeline"), 1)
        .await
        .unwrap();
    assert_eq!(
        (build.building, build.result),
        (false, Some(BuildResult::Unstable))
    );
    assert_eq!(build.duration_ms, 43_268);
    assert_eq!(build.revision, None);

    server.on(
        "GET /job/team%20a/job/web-app/job/main/4/api/json",
        Played::recording("46-main-changes"),
    );
    let built = jenkins(&server.url)
        .build(&job("team a/web-app/main"), 4)
        .await
        .unwrap();
    assert_eq!(
        built.revision.as_deref(),
        Some("9bb211b15083d45f2c3f882edbe4b35947e698b5")
    );
}

#[tokio::test]
async fn two_checkouts_in_one_build_leave_the_commit_unknown() {
    let server = Server::start().await;
    server.on(
        "GET /job/x/1/api/json",
        Played::json(
            r#"{"number":1,"building":false,"result":"SUCCESS","timestamp":1795402122898,
            "duration":5,"actions":[{},null,{"lastBuiltRevision":{"SHA1":"aaaaaaaaaa"}},
            {"lastBuiltRevision":{"SHA1":"bbbbbbbbbb"}}]}"#,
        ),
    );
    let build = jenkins(&server.url).build(&job("x"), 1).await.unwrap();
    assert_eq!(build.revision, None);
}

#[tokio::test]
async fn branch_names_are_encoded_twice_and_addresses_rebased_on_the_configured_root() {
    let server = Server::start().await;
    let path = "/ci/job/team%20a/job/web-app/job/bugfix%252FACME-42+hotfix%25231/1";
    server.on(
        &format!("GET {path}/api/json"),
        Played::recording("46-branch-build"),
    );
    let build = jenkins(&format!("{}/ci/", server.url))
        .build(&job("team a/web-app/bugfix%2FACME-42+hotfix%231"), 1)
        .await
        .unwrap();
    assert_eq!(build.result, Some(BuildResult::Failure));
    assert!(server.lines()[0].contains("bugfix%252FACME-42%2Bhotfix%25231"));
    assert!(
        build
            .url
            .starts_with(&format!("{}/ci/job/team%20a/", server.url)),
        "{}",
        build.url
    );
    assert_eq!(build.causes, ["Branch indexing"]);
}

#[tokio::test]
async fn builds_are_asked_for_in_a_range_and_a_folder_has_none() {
    let server = Server::start().await;
    server.on(
        "GET /job/x/api/json",
        Played::json(
            r#"{"_class":"hudson.model.FreeStyleProject","builds":[
            {"number":7,"building":true,"result":null,"timestamp":1795402122898,"duration":0},
            {"number":6,"building":false,"result":"ABORTED","timestamp":1795402122000,"duration":-1}]}"#,
        ),
    );
    let jenkins = jenkins(&server.url);
    let builds = jenkins.builds(&job("x"), 2).await.unwrap();
    assert_eq!(builds.iter().map(|b| b.number).collect::<Vec<_>>(), [7, 6]);
    assert_eq!(builds[1].duration_ms, 0);
    let tree = &server.asked()[0].query["tree"];
    assert!(
        tree.starts_with("builds[") && tree.ends_with("]{0,2}"),
        "{tree}"
    );

    server.play("45-folder");
    let error = jenkins.builds(&job("team a"), 2).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unsupported);
}

#[tokio::test]
async fn a_green_parent_over_a_red_branch_is_shown_red() {
    let server = Server::start().await;
    server
        .play("43-fail-parallel-describe")
        .play("50-pgv_job_fail-parallel_1_pipeline-overview_tree");
    let stages = jenkins(&server.url)
        .stages(&job("fail-parallel"), 1)
        .await
        .unwrap();
    let statuses: Vec<_> = stages
        .iter()
        .map(|s| (s.name.as_str(), s.status.as_str()))
        .collect();
    assert_eq!(
        statuses,
        [
            ("A", "SUCCESS"),
            ("P", "FAILED"),
            ("X", "FAILED"),
            ("Y", "UNSTABLE")
        ]
    );
    assert_eq!(stages[2].error.as_deref(), Some("broken x"));
}

#[tokio::test]
async fn without_the_nested_view_the_red_branch_is_still_listed_and_the_view_asked_for_once() {
    let server = Server::start().await;
    server.play("43-fail-parallel-describe");
    let jenkins = jenkins(&server.url);
    for _ in 0..2 {
        let stages = jenkins.stages(&job("fail-parallel"), 1).await.unwrap();
        assert!(stages.iter().any(|s| s.name == "X" && s.status == "FAILED"));
    }
    let views = server
        .lines()
        .iter()
        .filter(|line| line.contains("pipeline-overview"))
        .count();
    assert_eq!(views, 1);
}

#[tokio::test]
async fn a_rejected_input_leaves_its_reason_on_the_stage() {
    let server = Server::start().await;
    server.play("30-aborted-describe");
    let stages = jenkins(&server.url)
        .stages(&job("simple-input"), 2)
        .await
        .unwrap();
    assert_eq!(stages[1].status, "ABORTED");
    assert_eq!(
        stages[1].error.as_deref(),
        Some("Rejected by Rita Releaser")
    );
}

#[tokio::test]
async fn a_freestyle_build_has_no_stages_and_a_missing_build_is_not_found() {
    let server = Server::start().await;
    server.play("51-freestyle-wfapi").on(
        "GET /job/freestyle-params/1/api/json",
        Played::json(r#"{"number":1}"#),
    );
    let jenkins = jenkins(&server.url);
    let stages = jenkins.stages(&job("freestyle-params"), 1).await.unwrap();
    assert!(stages.is_empty());

    server
        .on(
            "GET /job/nope/1/wfapi/describe",
            Played::recording("08-404"),
        )
        .on("GET /job/nope/1/api/json", Played::recording("08-404"));
    let error = jenkins.stages(&job("nope"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::NotFound);
    assert!(error.hint.unwrap().contains("may not see it"));
}

#[tokio::test]
async fn test_counts_are_read_and_their_absence_is_no_error() {
    let server = Server::start().await;
    server.play("24-testReport").play("52-no-testReport").on(
        "GET /job/long-log/1/api/json",
        Played::json(r#"{"number":1}"#),
    );
    let jenkins = jenkins(&server.url);
    let counts = jenkins
        .tests(&job("release-pipeline"), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((counts.passed, counts.failed, counts.skipped), (1, 2, 1));
    assert_eq!(jenkins.tests(&job("long-log"), 1).await.unwrap(), None);
}

#[tokio::test]
async fn a_log_without_notes_and_colours_reads_like_the_console_text() {
    let server = Server::start().await;
    let mut whole = Recording::read("32-prog-past-end").answer;
    whole = whole.header("x-played", "as the answer to start=0");
    server.on("GET /job/long-log/1/logText/progressiveText", whole);
    let chunk = jenkins(&server.url)
        .log(&job("long-log"), 1, 0)
        .await
        .unwrap();
    assert_eq!((chunk.next, chunk.more), (54_862, false));
    let plain = jenkins(&server.url);
    server.on(
        "GET /job/plain/1/logText/progressiveText",
        Played::recording("32-consoleText").header("x-text-size", "54862"),
    );
    let console = plain.log(&job("plain"), 1, 0).await.unwrap();
    assert_eq!(chunk.text, console.text);
    assert!(chunk.text.contains("echo line 15 éü – ✓ red\n"));
}

#[tokio::test]
async fn crlf_offsets_come_from_the_header_and_pieces_join() {
    let server = Server::start().await;
    for piece in ["32-prog-00", "32-prog-01", "32-prog-02"] {
        server.play(piece);
    }
    let jenkins = jenkins(&server.url);
    let mut offsets = vec![0];
    let mut text = String::new();
    for _ in 0..3 {
        let from = *offsets.last().unwrap();
        let chunk = jenkins.log(&job("long-log"), 1, from).await.unwrap();
        assert!(chunk.more);
        text.push_str(&chunk.text);
        offsets.push(chunk.next);
    }
    assert_eq!(offsets[1], 297, "the body had 298 bytes");
    let starts: Vec<String> = server
        .asked()
        .iter()
        .map(|asked| asked.query["start"].clone())
        .collect();
    assert_eq!(starts[1], "297");
    assert!(text.starts_with("Started by user Rita Releaser\n"));
    assert!(!text.contains('\u{1b}') && !text.contains("ha:////") && !text.contains('\r'));
}

#[tokio::test]
async fn a_start_beyond_the_end_does_not_repeat_the_log_and_one_at_the_end_is_empty() {
    let server = Server::start().await;
    server.play("32-prog-past-end").play("32-prog-at-end");
    let jenkins = jenkins(&server.url);
    for from in [999_999, 54_862] {
        let chunk = jenkins.log(&job("long-log"), 1, from).await.unwrap();
        assert_eq!((chunk.text.as_str(), chunk.next), ("", 54_862));
    }
}

#[tokio::test]
async fn queue_items_are_told_apart_by_their_class() {
    let server = Server::start().await;
    server
        .play("42-serial-15")
        .play("42-nolabel-freestyle")
        .play("40-queue-quiet")
        .play("41-unknown-item")
        .on(
            "GET /queue/item/3/api/json",
            Played::recording("07-queue-0"),
        )
        .on(
            "GET /queue/item/4/api/json",
            Played::recording("41-cancelled-item"),
        )
        .play("07-queue-left");
    let jenkins = jenkins(&server.url);
    let waiting = |why: &str| QueueState::Waiting {
        why: why.to_owned(),
    };
    assert_eq!(
        jenkins.queue(15).await.unwrap(),
        waiting("Build #1 is already in progress (ETA: N/A)")
    );
    assert_eq!(
        jenkins.queue(17).await.unwrap(),
        waiting("‘Jenkins’ doesn’t have label ‘gpu-farm’")
    );
    assert_eq!(
        jenkins.queue(12).await.unwrap(),
        waiting("Jenkins is about to shut down")
    );
    assert_eq!(
        jenkins.queue(3).await.unwrap(),
        waiting("In the quiet period. Expires in 4.7 sec")
    );
    assert_eq!(jenkins.queue(4).await.unwrap(), QueueState::Cancelled);
    assert_eq!(jenkins.queue(99_999).await.unwrap(), QueueState::Gone);
    assert_eq!(
        jenkins.queue(2).await.unwrap(),
        QueueState::Started {
            number: 2,
            url: format!("{}/job/freestyle-params/2/", server.url),
        }
    );
}

#[tokio::test]
async fn after_a_reset_of_the_queue_counter_the_started_build_names_its_own_job() {
    let server = Server::start().await;
    server.play("07-queue-left");
    let QueueState::Started { url, .. } = jenkins(&server.url).queue(2).await.unwrap() else {
        panic!("it left the queue");
    };
    // Item 2 may be another job's after a crash: the address lets the caller see that.
    assert!(url.ends_with("/job/freestyle-params/2/"));
}

#[tokio::test]
async fn an_item_that_left_the_queue_without_a_build_yet_still_waits() {
    let server = Server::start().await;
    server.on(
        "GET /queue/item/5/api/json",
        Played::json(
            r#"{"_class":"hudson.model.Queue$LeftItem","why":null,"cancelled":false,"executable":null}"#,
        ),
    );
    assert!(matches!(
        jenkins(&server.url).queue(5).await.unwrap(),
        QueueState::Waiting { .. }
    ));
}

#[tokio::test]
async fn waiting_inputs_are_listed_with_whether_they_ask_for_values() {
    let server = Server::start().await;
    server.play("20-pending").play("31-multi-pending").on(
        "GET /job/done/1/wfapi/pendingInputActions",
        Played::recording("29-pending-none"),
    );
    let jenkins = jenkins(&server.url);
    let one = jenkins
        .pending_inputs(&job("release-pipeline"), 1)
        .await
        .unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].id, "DeployGate");
    assert_eq!(one[0].message, "Deploy 9.9.9 to production?");
    assert_eq!(
        (one[0].proceed.as_str(), one[0].has_fields),
        ("Ship it", true)
    );
    let two = jenkins
        .pending_inputs(&job("multi-input"), 1)
        .await
        .unwrap();
    let fields: Vec<_> = two.iter().map(|i| (i.id.as_str(), i.has_fields)).collect();
    assert_eq!(fields, [("GateA", false), ("Gate-b", true)]);
    let none = jenkins.pending_inputs(&job("done"), 1).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn who_am_i_tells_the_user_and_the_version() {
    let server = Server::start().await;
    server.play("03-me");
    let identities = jenkins(&server.url).identities().await;
    let me = identities[0].as_ref().unwrap();
    assert_eq!(me.name, "admin");
    assert_eq!(me.version.as_deref(), Some("2.516.2"));
}

#[tokio::test]
async fn wrong_credentials_and_none_at_all_are_unauthenticated() {
    for (recording, login) in [
        ("02-bad-token", Some(rita())),
        ("60-jetty-401-json", Some(rita())),
        ("01-anon-api", None),
        ("60-jetty-anon-json", None),
    ] {
        let server = Server::start().await;
        server.otherwise(Played::recording(recording));
        let jenkins = Jenkins::new(&server.url, login.as_ref(), &quick()).unwrap();
        let error = jenkins.build(&job("x"), 1).await.unwrap_err();
        assert_eq!(error.kind, FaultKind::Unauthenticated, "{recording}");
        assert!(error.hint.is_some(), "{recording}");
    }
}

#[tokio::test]
async fn a_503_without_jenkins_header_means_that_it_is_starting() {
    for recording in ["00-startup-141", "61-restart-01"] {
        let server = Server::start().await;
        server.otherwise(Played::recording(recording));
        let error = jenkins(&server.url).queue(1).await.unwrap_err();
        assert_eq!(error.kind, FaultKind::Unreachable);
        assert_eq!(error.message, "Jenkins is starting.");
        assert_eq!(server.asked().len(), 3, "asked again, but not for ever");
    }
}

#[tokio::test]
async fn a_login_page_with_200_is_a_captive_portal() {
    let server = Server::start().await;
    server.otherwise(Played::recording("02-login"));
    let jenkins = jenkins(&server.url);
    let error = jenkins.build(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::CaptivePortal);
    assert!(
        error.message.contains("Sign in - Jenkins"),
        "{}",
        error.message
    );
    let log = jenkins.log(&job("x"), 1, 0).await.unwrap_err();
    assert_eq!(log.kind, FaultKind::CaptivePortal);
}

#[tokio::test]
async fn a_job_name_cannot_leave_its_folder() {
    let server = Server::start().await;
    let error = jenkins(&server.url)
        .build(&job("../script"), 1)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::NotFound);
    assert!(server.asked().is_empty());
}
