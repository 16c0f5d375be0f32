//! The contract: authentication, numbers as strings, periods, errors, and answers that agree.

use super::*;
use crate::bank::story;
use crate::web::{Reply, Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

const TOKEN: &str = "squ_0000000000000000000000000000000000000102";

fn world() -> (Arc<Bank>, Sonarqube) {
    let bank = crate::bank::sample();
    let sonarqube = Sonarqube::new(&bank);
    (bank, sonarqube)
}

fn ask(sonarqube: &Sonarqube, who: Option<&str>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut headers = HeaderMap::new();
    if let Some(who) = who {
        headers.insert("authorization", HeaderValue::from_str(who).unwrap());
    }
    let request = Request {
        method: Method::GET,
        path: path.split('/').map(str::to_owned).collect(),
        fields: fields
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        headers,
    };
    routes::answer(sonarqube, &request)
}

fn get(sonarqube: &Sonarqube, path: &str, fields: &[(&str, &str)]) -> Value {
    let reply = ask(sonarqube, Some(&format!("Bearer {TOKEN}")), path, fields);
    serde_json::from_slice(&reply.body.unwrap().1).unwrap()
}

fn message(answer: &Value) -> &str {
    answer["errors"][0]["msg"].as_str().unwrap()
}

#[test]
fn a_token_works_as_bearer_and_as_user_name() {
    let (_, sonarqube) = world();
    let basic = format!("Basic {}", STANDARD.encode(format!("{TOKEN}:")));
    for who in [format!("Bearer {TOKEN}"), basic] {
        let reply = ask(&sonarqube, Some(&who), "api/users/current", &[]);
        let header = "sonarqube-authentication-token-expiration";
        assert!(reply.headers.iter().any(|(name, _)| *name == header));
        let body: Value = serde_json::from_slice(&reply.body.unwrap().1).unwrap();
        assert_eq!(body["login"], "d.mora");
    }
}

#[test]
fn a_bad_token_gets_an_empty_401_and_validate_always_answers() {
    let (_, sonarqube) = world();
    for who in [None, Some("Bearer squ_wrong")] {
        let refused = ask(&sonarqube, who, "api/users/current", &[]);
        assert_eq!((refused.status.as_u16(), refused.body), (401, None));
        let validate = ask(&sonarqube, who, "api/authentication/validate", &[]);
        assert_eq!(validate.status, 200);
        let body: Value = serde_json::from_slice(&validate.body.unwrap().1).unwrap();
        assert_eq!(body, json!({"valid": false}));
        assert_eq!(ask(&sonarqube, who, "api/system/status", &[]).status, 200);
    }
}

#[test]
fn the_gate_is_red_where_the_story_says_and_nowhere_else_now() {
    let (bank, sonarqube) = world();
    for service in bank.services() {
        let key = service.sonarqube_project();
        let status = get(
            &sonarqube,
            "api/qualitygates/project_status",
            &[("projectKey", &key)],
        );
        let is_red = service.name == story::RED_GATE.0;
        let expected = if is_red { "ERROR" } else { "OK" };
        assert_eq!(status["projectStatus"]["status"], expected, "{key}");
    }
}

#[test]
fn a_gate_can_be_asked_of_the_analysis_of_a_commit() {
    let (bank, sonarqube) = world();
    let fields = [("project", "andes:transfers")];
    let analyses = get(&sonarqube, "api/project_analyses/search", &fields);
    let of = |version: &str| {
        let commit = &bank
            .release("transfers", &version.parse().unwrap())
            .unwrap()
            .commit;
        let list = analyses["analyses"].as_array().unwrap();
        let analysis = list
            .iter()
            .find(|a| a["revision"] == commit.as_str())
            .unwrap();
        let id = analysis["key"].as_str().unwrap();
        get(
            &sonarqube,
            "api/qualitygates/project_status",
            &[("analysisId", id)],
        )
    };
    assert_eq!(of("5.1.9")["projectStatus"]["status"], "OK");
    let red = of("5.2.0");
    assert_eq!(red["projectStatus"]["conditions"][0]["actualValue"], "5");
    assert_eq!(red["projectStatus"]["period"]["parameter"], "5.1.9");
    let both = [("projectKey", "andes:transfers"), ("analysisId", "x")];
    let refused = get(&sonarqube, "api/qualitygates/project_status", &both);
    assert!(message(&refused).starts_with("Either 'analysisId'"));
}

#[test]
fn numbers_are_strings_and_new_code_stands_in_the_period() {
    let (_, sonarqube) = world();
    let fields = [
        ("component", "andes:payments-api"),
        ("metricKeys", "coverage,new_coverage,security_rating"),
    ];
    let answer = get(&sonarqube, "api/measures/component", &fields);
    let measures = answer["component"]["measures"].as_array().unwrap();
    assert_eq!(
        measures[0],
        json!({"metric": "coverage", "value": "81.4", "bestValue": false})
    );
    assert!(measures[1]["period"]["value"].is_string() && measures[1].get("value").is_none());
    assert_eq!(measures[2]["value"], "1.0");
    let unknown = [
        ("component", "andes:payments-api"),
        ("metricKeys", "coverage,beauty"),
    ];
    let refused = get(&sonarqube, "api/measures/component", &unknown);
    assert_eq!(
        message(&refused),
        "The following metric keys are not found: beauty"
    );
}

#[test]
fn history_leads_to_the_measure_of_today() {
    let (_, sonarqube) = world();
    let metric = [
        ("component", "andes:payments-api"),
        ("metrics", "vulnerabilities,coverage"),
    ];
    let history = get(&sonarqube, "api/measures/search_history", &metric);
    let of = |index: usize| history["measures"][index]["history"].as_array().unwrap();
    assert_eq!(of(0).last().unwrap()["value"], "0");
    assert!(of(0).iter().any(|point| point["value"] == "4"));
    assert_eq!(of(1).last().unwrap()["value"], "81.4");
    assert!(of(1)[0]["date"].as_str().unwrap().ends_with("+0000"));
}

#[test]
fn issues_facets_and_measures_agree() {
    let (bank, sonarqube) = world();
    for service in bank.services() {
        let key = service.sonarqube_project();
        let fields = [
            ("components", key.as_str()),
            ("issueStatuses", "OPEN"),
            ("facets", "types"),
            ("ps", "500"),
        ];
        let answer = get(&sonarqube, "api/issues/search", &fields);
        let total = answer["paging"]["total"].as_u64().unwrap();
        assert_eq!(answer["issues"].as_array().unwrap().len() as u64, total);
        let measure = [("component", key.as_str()), ("metricKeys", "violations")];
        let measure = get(&sonarqube, "api/measures/component", &measure);
        assert_eq!(
            measure["component"]["measures"][0]["value"],
            total.to_string(),
            "{key}"
        );
        let counted: u64 = answer["facets"][0]["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| value["count"].as_u64().unwrap())
            .sum();
        assert_eq!(counted, total);
    }
}

#[test]
fn a_search_gives_new_vulnerabilities_and_ends_at_ten_thousand() {
    let (_, sonarqube) = world();
    let new = [
        ("components", "andes:transfers"),
        ("inNewCodePeriod", "true"),
        ("types", "VULNERABILITY"),
    ];
    let answer = get(&sonarqube, "api/issues/search", &new);
    assert_eq!(answer["total"], 3);
    let beyond = get(
        &sonarqube,
        "api/issues/search",
        &[("p", "21"), ("ps", "500")],
    );
    assert_eq!(
        message(&beyond),
        "Can return only the first 10000 results. 10500th result asked."
    );
    let missing = get(
        &sonarqube,
        "api/components/show",
        &[("component", "andes:nothing")],
    );
    assert_eq!(message(&missing), "Component key 'andes:nothing' not found");
}

#[test]
fn hotspots_are_never_issues_and_have_one_status_each() {
    let (_, sonarqube) = world();
    let all = get(&sonarqube, "api/issues/search", &[("facets", "types")]);
    assert!(!all["facets"].to_string().contains("HOTSPOT"));
    let project = ("project", "andes:cards");
    let count = |status: &str| {
        let answer = get(
            &sonarqube,
            "api/hotspots/search",
            &[project, ("status", status)],
        );
        answer["paging"]["total"].as_u64().unwrap()
    };
    let both = get(&sonarqube, "api/hotspots/search", &[project]);
    assert_eq!(
        count("TO_REVIEW") + count("REVIEWED"),
        both["paging"]["total"].as_u64().unwrap()
    );
    assert!(message(&get(&sonarqube, "api/hotspots/search", &[])).contains("'hotspots'"));
}
