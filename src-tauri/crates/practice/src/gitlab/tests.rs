//! The contract: authentication, errors, paging, and data that agrees with Git.

mod deployments;

use super::*;
use crate::web::Request;
use http::{HeaderMap, HeaderValue, Method};

const TOKEN: &str = "glpat-practice-s-lara-00001";

struct World {
    gitlab: Gitlab,
    _directory: tempfile::TempDir,
}

fn world() -> World {
    let bank = crate::bank::sample();
    let directory = tempfile::tempdir().unwrap();
    crate::git::write(bank.repositories(), directory.path()).unwrap();
    let clock = PracticeClock::default();
    World {
        gitlab: Gitlab {
            jenkins: crate::jenkins::of_bank(&bank, clock.clone()),
            bank,
            git: directory.path().to_owned(),
            base: "http://127.0.0.1:1".to_owned(),
            clock,
        },
        _directory: directory,
    }
}

impl World {
    fn get(&self, path: &[&str], fields: &[(&str, &str)]) -> Reply {
        self.ask(Method::GET, Some(("private-token", TOKEN)), path, fields)
    }

    fn ask(
        &self,
        method: Method,
        token: Option<(&'static str, &str)>,
        path: &[&str],
        fields: &[(&str, &str)],
    ) -> Reply {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = token {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let request = Request {
            method,
            path: ["api", "v4"]
                .iter()
                .chain(path)
                .map(|p| (*p).to_owned())
                .collect(),
            fields: fields
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            headers,
        };
        routes::answer(&self.gitlab, &request)
    }
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body.as_ref().unwrap().1).unwrap()
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply
        .headers
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.as_str())
}

#[test]
fn both_headers_authenticate_and_a_wrong_token_is_401() {
    let world = world();
    for token in [
        ("private-token", TOKEN.to_owned()),
        ("authorization", format!("Bearer {TOKEN}")),
    ] {
        let reply = world.ask(Method::GET, Some((token.0, &token.1)), &["user"], &[]);
        assert_eq!(body(&reply)["username"], "s.lara");
    }
    for token in [None, Some(("private-token", "glpat-wrong"))] {
        let reply = world.ask(Method::GET, token, &["version"], &[]);
        assert_eq!(reply.status, 401);
        assert_eq!(body(&reply), json!({"message": "401 Unauthorized"}));
    }
}

#[test]
fn writing_is_refused_for_lack_of_scope() {
    let world = world();
    let reply = world.ask(
        Method::POST,
        Some(("private-token", TOKEN)),
        &["projects", "andes/payments", "repository", "tags"],
        &[],
    );
    assert_eq!(reply.status, 403);
    assert_eq!(body(&reply)["error"], "insufficient_scope");
}

#[test]
fn a_project_is_found_by_number_and_by_path_only() {
    let world = world();
    let by_path = body(&world.get(&["projects", "andes/payments"], &[]));
    let id = by_path["id"].to_string();
    assert_eq!(body(&world.get(&["projects", &id], &[])), by_path);
    let missing = world.get(&["projects", "payments"], &[]);
    assert_eq!(missing.status, 404);
    assert_eq!(body(&missing), json!({"message": "404 Project Not Found"}));
}

#[test]
fn commits_are_paged_without_a_total_and_agree_with_the_bank() {
    let world = world();
    let path = ["projects", "andes/payments", "repository", "commits"];
    let (mut page, mut ids, mut pages) = ("1".to_owned(), Vec::new(), 0);
    while !page.is_empty() {
        let reply = world.get(&path, &[("per_page", "30"), ("page", &page)]);
        assert_eq!(header(&reply, "x-total"), None);
        assert!(!header(&reply, "link").unwrap().contains("rel=\"last\""));
        ids.extend(
            body(&reply)
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["id"].as_str().unwrap().to_owned()),
        );
        page = header(&reply, "x-next-page").unwrap().to_owned();
        pages += 1;
    }
    assert!(pages > 2);
    let planned = world.gitlab.bank.repositories();
    let payments = planned.iter().find(|r| r.name == "payments").unwrap();
    let mut expected: Vec<String> = payments
        .commits
        .iter()
        .filter(|c| c.plan.branch.is_none())
        .map(|c| c.id.clone())
        .collect();
    expected.reverse();
    assert_eq!(ids, expected);
}

#[test]
fn commits_of_a_path_and_of_a_time_are_fewer() {
    let world = world();
    let path = ["projects", "andes/payments", "repository", "commits"];
    let count = |fields: &[(&str, &str)]| {
        let mut all = vec![("per_page", "100")];
        all.extend(fields);
        body(&world.get(&path, &all)).as_array().unwrap().len()
    };
    let everything = count(&[]);
    let of_transfers = count(&[("path", "templates/lambda/transfers.yaml")]);
    let recent = count(&[("since", "2026-11-20T00:00:00Z")]);
    assert!(of_transfers > 0 && of_transfers < everything);
    assert!(recent > 0 && recent < everything);
    assert_eq!(
        count(&[
            ("ref_name", "payments-api/v9.1.4"),
            ("since", "2026-11-20T00:00:00Z")
        ]),
        0
    );
}

#[test]
fn a_comparison_lists_commits_oldest_first_with_hunks() {
    let world = world();
    let reply = world.get(
        &["projects", "andes/payments", "repository", "compare"],
        &[
            ("from", "payments-api/v9.1.4"),
            ("to", "payments-api/v9.3.1"),
        ],
    );
    let answer = body(&reply);
    let commits = answer["commits"].as_array().unwrap();
    assert!(
        commits.last().unwrap()["title"]
            .as_str()
            .unwrap()
            .starts_with("Release payments-api 9.3.1")
    );
    assert_eq!(answer["commit"], *commits.last().unwrap());
    let template = answer["diffs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["new_path"] == "templates/lambda/payments-api.yaml")
        .unwrap();
    let diff = template["diff"].as_str().unwrap();
    assert!(
        diff.starts_with("@@ ") && diff.contains("+                  - dynamodb:*"),
        "{diff}"
    );
    let missing = world.get(
        &["projects", "andes/payments", "repository", "compare"],
        &[("from", "nothing"), ("to", "main")],
    );
    assert_eq!(body(&missing), json!({"message": "404 Ref Not Found"}));
}

#[test]
fn a_file_is_the_one_of_its_revision() {
    let world = world();
    let bank = &world.gitlab.bank;
    let version = "9.1.4".parse().unwrap();
    let template = bank
        .template("payments-api", "payments-api-{env}", &version)
        .unwrap();
    let path = [
        "projects",
        "andes/payments",
        "repository",
        "files",
        "templates/lambda/payments-api.yaml",
        "raw",
    ];
    let raw = world.get(&path, &[("ref", "payments-api/v9.1.4")]);
    assert_eq!(raw.body.unwrap().1, template.as_bytes());
    let missing = world.get(&path, &[("ref", "payments-api/v0.0.1")]);
    assert_eq!(body(&missing), json!({"message": "404 Commit Not Found"}));
}

#[test]
fn every_commit_has_a_reviewed_merge_request_by_somebody_else() {
    let world = world();
    let release = world
        .gitlab
        .bank
        .release("payments-api", &"9.3.1".parse().unwrap())
        .unwrap();
    let found = body(&world.get(
        &[
            "projects",
            "andes/payments",
            "repository",
            "commits",
            &release.commit,
            "merge_requests",
        ],
        &[],
    ));
    let request = &found[0];
    assert_eq!(request["state"], "merged");
    assert_eq!(request["squash_commit_sha"], release.commit.as_str());
    let iid = request["iid"].to_string();
    let approvals = body(&world.get(
        &[
            "projects",
            "andes/payments",
            "merge_requests",
            &iid,
            "approvals",
        ],
        &[],
    ));
    assert_ne!(
        approvals["approved_by"][0]["user"]["username"],
        request["author"]["username"]
    );
    let open = body(&world.get(
        &["projects", "andes/payments", "merge_requests"],
        &[("state", "opened")],
    ));
    assert_eq!(open.as_array().unwrap().len(), 1);
}

#[test]
fn deployments_of_an_environment_end_with_what_runs() {
    let world = world();
    let path = ["projects", "andes/payments", "deployments"];
    let fields = [
        ("environment", "prod/transfers"),
        ("order_by", "created_at"),
        ("sort", "desc"),
        ("status", "success"),
    ];
    let reply = world.get(&path, &fields);
    let list = body(&reply);
    let runs = world.gitlab.bank.running("transfers", "prod").unwrap();
    assert_eq!(list[0]["ref"], format!("transfers/v{}", runs.version));
    assert_eq!(
        header(&reply, "x-total").unwrap(),
        list.as_array().unwrap().len().to_string()
    );
}

#[test]
fn wrong_page_numbers_are_400() {
    let world = world();
    for (name, value) in [("page", "x"), ("per_page", "0"), ("per_page", "many")] {
        assert_eq!(
            world.get(&["projects"], &[(name, value)]).status,
            400,
            "{name}={value}"
        );
    }
}
