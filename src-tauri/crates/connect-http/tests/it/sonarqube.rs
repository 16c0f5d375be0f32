//! SonarQube's answers, in the forms of its versions.

use crate::replay::{Played, Server, quick};
use interlock_app::ports::{IdentityReader, QualityReader};
use interlock_connect_http::SonarQube;
use interlock_domain::{FaultKind, Secret, quality::GateStatus};

const UP: &str = r#"{"id":"A","version":"2026.1.5.118742","status":"UP"}"#;
const ANALYSES: &str = r#"{"paging":{"pageIndex":1,"pageSize":1,"total":2},"analyses":[
    {"key":"AY2","date":"2026-11-20T17:12:45+0100","projectVersion":"1.4.0",
     "revision":"9bb211b15083d45f2c3f882edbe4b35947e698b5","events":[]},
    {"key":"AY1","date":"2026-11-19T11:00:00-0500","projectVersion":"not provided"}]}"#;
const RED: &str = r#"{"projectStatus":{"status":"ERROR","conditions":[
    {"status":"ERROR","metricKey":"new_coverage","comparator":"LT","errorThreshold":"80",
     "actualValue":"71.4"},
    {"status":"OK","metricKey":"new_violations","comparator":"GT","errorThreshold":"0",
     "actualValue":"0"}],"ignoredConditions":false,"caycStatus":"compliant"}}"#;

fn sonar(server: &Server) -> SonarQube {
    SonarQube::new(&server.url, Some(&Secret::new("squ_1")), &quick()).unwrap()
}

async fn up() -> Server {
    let server = Server::start().await;
    server.on("GET /api/system/status", Played::json(UP));
    server
}

#[tokio::test]
async fn a_gate_has_its_conditions_and_the_analysis_it_speaks_of() {
    let server = up().await;
    server
        .on("GET /api/project_analyses/search", Played::json(ANALYSES))
        .on("GET /api/qualitygates/project_status", Played::json(RED));
    let gate = sonar(&server).gate("transfers").await.unwrap();
    assert_eq!(gate.status, GateStatus::Failed);
    assert_eq!(gate.conditions.len(), 2);
    assert!(!gate.conditions[0].passed && gate.conditions[1].passed);
    assert_eq!(gate.conditions[0].actual.as_deref(), Some("71.4"));
    let analysis = gate.analysis.unwrap();
    assert_eq!(analysis.key, "AY2");
    assert_eq!(analysis.at.to_string(), "2026-11-20T16:12:45Z");
    let asked = server
        .asked()
        .into_iter()
        .find(|asked| asked.line.contains("project_status"))
        .unwrap();
    assert_eq!(asked.query["projectKey"], "transfers");
    assert_eq!(asked.headers["authorization"], "Bearer squ_1");
}

#[tokio::test]
async fn a_gate_is_not_lent_to_an_analysis_that_ended_meanwhile() {
    let server = up().await;
    let one = |key: &str| {
        Played::json(format!(
            r#"{{"analyses":[{{"key":"{key}","date":"2026-11-20T17:12:45+0100"}}]}}"#
        ))
    };
    let analyses = "GET /api/project_analyses/search";
    let status = "GET /api/qualitygates/project_status";
    server
        .on(analyses, one("old"))
        .on(analyses, one("new"))
        .on(status, Played::json(RED))
        .on(status, Played::json(r#"{"projectStatus":{"status":"OK"}}"#));
    let gate = sonar(&server).gate("transfers").await.unwrap();
    assert_eq!(gate.status, GateStatus::Passed);
    assert_eq!(gate.analysis.unwrap().key, "new");
}

#[tokio::test]
async fn a_recorded_status_of_another_scanner_is_read() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/sonarqube/report.json"
    );
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let server = up().await;
    server
        .on(
            "GET /api/qualitygates/project_status",
            Played::json(report["qualityGateStatus"].to_string()),
        )
        .on(
            "GET /api/project_analyses/search",
            Played::json(r#"{"analyses":[]}"#),
        );
    let gate = sonar(&server).gate("vulnerable-flask-app").await.unwrap();
    assert_eq!(gate.status, GateStatus::Passed);
    assert_eq!(gate.conditions.len(), 3);
    assert_eq!(gate.analysis, None);
}

#[tokio::test]
async fn a_gate_that_does_not_exist_is_none_and_an_unknown_word_is_never_a_pass() {
    let server = up().await;
    let status = "GET /api/qualitygates/project_status";
    server
        .on(
            "GET /api/project_analyses/search",
            Played::json(r#"{"analyses":[]}"#),
        )
        .on(
            status,
            Played::json(r#"{"projectStatus":{"status":"NONE","conditions":[]}}"#),
        )
        .on(
            status,
            Played::json(r#"{"projectStatus":{"status":"WARN"}}"#),
        )
        .on(
            status,
            Played::json(r#"{"projectStatus":{"status":"GREENISH"}}"#),
        );
    let sonar = sonar(&server);
    assert_eq!(sonar.gate("p").await.unwrap().status, GateStatus::None);
    assert_eq!(sonar.gate("p").await.unwrap().status, GateStatus::Failed);
    assert_eq!(
        sonar.gate("p").await.unwrap_err().kind,
        FaultKind::BadAnswer
    );
}

#[tokio::test]
async fn analyses_are_newest_first_with_their_commit() {
    let server = up().await;
    server.on("GET /api/project_analyses/search", Played::json(ANALYSES));
    let sonar = sonar(&server);
    let analyses = sonar.analyses("transfers", 5).await.unwrap();
    assert_eq!(analyses.len(), 2);
    assert!(analyses[0].at > analyses[1].at);
    assert_eq!(
        analyses[0].revision.as_deref(),
        Some("9bb211b15083d45f2c3f882edbe4b35947e698b5")
    );
    assert_eq!(analyses[1].version, None, "SonarQube says `not provided`");
    let one = sonar.analyses("transfers", 1).await.unwrap();
    assert_eq!(one.len(), 1);

    server.on("GET /api/qualitygates/project_status", Played::json(RED));
    let gate = sonar
        .gate_of_analysis("transfers", &analyses[1])
        .await
        .unwrap();
    assert_eq!(gate.analysis.as_ref(), Some(&analyses[1]));
    let last = server.asked().pop().unwrap();
    assert_eq!(last.query["analysisId"], "AY1");
    assert!(
        !last.query.contains_key("projectKey"),
        "exactly one of the three"
    );
}

#[tokio::test]
async fn measures_are_texts_and_those_of_new_code_stand_in_the_period() {
    let server = up().await;
    server.on(
        "GET /api/measures/component",
        Played::json(
            r#"{"component":{"key":"p","measures":[
            {"metric":"coverage","value":"82.50562381034781"},
            {"metric":"new_coverage","period":{"index":1,"value":"71.4","bestValue":false}},
            {"metric":"new_bugs"}]}}"#,
        ),
    );
    let measures = sonar(&server)
        .measures(
            "p",
            &["coverage", "new_coverage", "new_bugs", "accepted_issues"],
        )
        .await
        .unwrap();
    let values: Vec<_> = measures
        .iter()
        .map(|m| (m.metric.as_str(), m.value.as_deref()))
        .collect();
    assert_eq!(
        values,
        [
            ("coverage", Some("82.50562381034781")),
            ("new_coverage", Some("71.4")),
            ("new_bugs", None)
        ]
    );
    let asked = server.asked().pop().unwrap();
    assert_eq!(
        asked.query["metricKeys"],
        "coverage,new_coverage,new_bugs,accepted_issues"
    );
}

#[tokio::test]
async fn a_metric_that_this_version_has_not_does_not_hide_the_others() {
    let server = up().await;
    let component = "GET /api/measures/component";
    server
        .on(
            component,
            Played::new(404, r#"{"errors":[{"msg":"The following metric keys are not found: accepted_issues"}]}"#),
        )
        .on(
            component,
            Played::json(r#"{"component":{"measures":[{"metric":"ncloc","value":"12"}]}}"#),
        )
        .on(
            "GET /api/metrics/search",
            Played::json(r#"{"metrics":[{"key":"ncloc"},{"key":"coverage"}],"total":2}"#),
        );
    let measures = sonar(&server)
        .measures("p", &["ncloc", "accepted_issues"])
        .await
        .unwrap();
    assert_eq!(measures.len(), 1);
    let last = server.asked().pop().unwrap();
    assert_eq!(last.query["metricKeys"], "ncloc");
}

#[tokio::test]
async fn an_unknown_project_is_not_found_in_the_words_of_sonarqube() {
    let server = up().await;
    server.otherwise(Played::new(
        404,
        r#"{"errors":[{"msg":"Component key 'x' not found"}]}"#,
    ));
    let sonar = sonar(&server);
    for error in [
        sonar.gate("x").await.unwrap_err(),
        sonar.analyses("x", 1).await.unwrap_err(),
    ] {
        assert_eq!(error.kind, FaultKind::NotFound);
        assert!(error.message.contains("Component key 'x' not found"));
    }
    server.on(
        "GET /api/metrics/search",
        Played::json(r#"{"metrics":[{"key":"ncloc"}]}"#),
    );
    let error = sonar.measures("x", &["ncloc"]).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::NotFound);
}

#[tokio::test]
async fn version_9_9_gets_the_token_as_basic_user() {
    let server = Server::start().await;
    server
        .on(
            "GET /api/system/status",
            Played::json(r#"{"version":"9.9.8.100196","status":"UP"}"#),
        )
        .on("GET /api/project_analyses/search", Played::json(ANALYSES));
    sonar(&server).analyses("p", 1).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[1].headers["authorization"], "Basic c3F1XzE6");
}

#[tokio::test]
async fn a_refused_bearer_is_tried_as_basic_once_and_remembered() {
    let server = Server::start().await;
    let analyses = "GET /api/project_analyses/search";
    server
        .on("GET /api/system/status", Played::new(403, ""))
        .on(analyses, Played::new(401, ""))
        .on(analyses, Played::json(ANALYSES));
    let sonar = sonar(&server);
    sonar.analyses("p", 1).await.unwrap();
    sonar.analyses("p", 1).await.unwrap();
    let schemes: Vec<String> = server
        .asked()
        .iter()
        .filter(|asked| asked.line == analyses)
        .map(|asked| asked.headers["authorization"].clone())
        .collect();
    assert_eq!(
        schemes,
        ["Bearer squ_1", "Basic c3F1XzE6", "Basic c3F1XzE6"]
    );
}

#[tokio::test]
async fn a_401_with_an_empty_body_is_unauthenticated() {
    let server = up().await;
    server.otherwise(Played::new(401, ""));
    let error = sonar(&server).analyses("p", 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unauthenticated);
}

#[tokio::test]
async fn a_server_that_starts_or_migrates_is_unreachable_for_now() {
    for (status, said) in [
        ("STARTING", "is starting"),
        ("DB_MIGRATION_RUNNING", "upgraded"),
    ] {
        let server = Server::start().await;
        server.otherwise(Played::json(format!(r#"{{"status":"{status}"}}"#)));
        let error = sonar(&server).gate("p").await.unwrap_err();
        assert_eq!(error.kind, FaultKind::Unreachable);
        assert!(error.message.contains(said), "{}", error.message);
    }
}

#[tokio::test]
async fn who_am_i_does_not_trust_a_200_of_validate() {
    let server = up().await;
    let validate = "GET /api/authentication/validate";
    server
        .on(validate, Played::json(r#"{"valid":false}"#))
        .on(validate, Played::json(r#"{"valid":true}"#))
        .on(
            "GET /api/users/current",
            Played::json(r#"{"isLoggedIn":true,"login":"ana","name":"Ana Ruiz"}"#),
        );
    let sonar = sonar(&server);
    let refused = sonar.identities().await.remove(0).unwrap_err();
    assert_eq!(refused.kind, FaultKind::Unauthenticated);
    let me = sonar.identities().await.remove(0).unwrap();
    assert_eq!(me.name, "ana");
    assert_eq!(me.version.as_deref(), Some("2026.1.5.118742"));
}
