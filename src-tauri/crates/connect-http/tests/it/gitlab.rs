//! GitLab's answers, with paging and errors of every shape.

use crate::replay::{Played, Server, quick};
use interlock_app::ports::{IdentityReader, MergeRequestReader};
use interlock_connect_http::GitLab;
use interlock_domain::{FaultKind, Secret};

const PROJECT: &str = "GET /api/v4/projects/bank%2Ftransfers";
const COMMIT: &str = "2be7ddb704c7b6b83732fdd5b9f09d5a397b5f8f";

fn gitlab(server: &Server) -> GitLab {
    GitLab::new(&server.url, Some(&Secret::new("glpat-1")), &quick()).unwrap()
}

fn requests_of(sha: &str) -> String {
    format!("{PROJECT}/repository/commits/{sha}/merge_requests")
}

async fn with_project() -> Server {
    let server = Server::start().await;
    server.on(
        PROJECT,
        Played::json(r#"{"id":3,"path_with_namespace":"bank/transfers"}"#),
    );
    server
}

fn recorded() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/gitlab/merge-request.json"
    );
    std::fs::read_to_string(file).unwrap()
}

fn request(iid: u32, state: &str) -> String {
    format!(r#"{{"iid":{iid},"title":"t{iid}","state":"{state}","web_url":"u"}}"#)
}

#[tokio::test]
async fn a_recorded_merge_request_is_read() {
    let server = with_project().await;
    server.on(
        &requests_of(COMMIT),
        Played::json(format!("[{}]", recorded())),
    );
    let requests = gitlab(&server)
        .merge_requests("bank/transfers", &[COMMIT.to_owned()])
        .await
        .unwrap();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!((request.iid, request.author.as_str()), (1, "admin"));
    assert_eq!(request.merged_by.as_deref(), Some("DouweM"));
    assert_eq!(
        request.commit.as_deref(),
        Some("37a1f246848c3dc2bb82964a183417e2e72fe1a7")
    );
    let asked = server.asked();
    assert!(asked[0].line.ends_with("/projects/bank%2Ftransfers"));
    assert_eq!(asked[0].headers["private-token"], "glpat-1");
}

#[tokio::test]
async fn one_request_of_many_commits_is_listed_once_and_open_ones_are_left_out() {
    let server = with_project().await;
    let merged = format!("[{},{}]", request(4, "merged"), request(5, "opened"));
    server
        .on(&requests_of("aaaaaaa"), Played::json(&merged))
        .on(&requests_of("bbbbbbb"), Played::json(&merged))
        .on(
            &requests_of("ccccccc"),
            Played::new(404, r#"{"message":"404 Commit Not Found"}"#),
        );
    let commits = ["aaaaaaa", "bbbbbbb", "aaaaaaa", "ccccccc"].map(str::to_owned);
    let requests = gitlab(&server)
        .merge_requests("bank/transfers", &commits)
        .await
        .unwrap();
    let iids: Vec<u32> = requests.iter().map(|r| r.iid).collect();
    assert_eq!(iids, [4]);
    assert_eq!(server.asked().len(), 4, "each commit is asked about once");
}

#[tokio::test]
async fn pages_are_followed_without_any_total() {
    let server = with_project().await;
    let line = requests_of(COMMIT);
    server
        .on(
            &line,
            Played::json(format!("[{}]", request(1, "merged"))).header(
                "link",
                // The address that GitLab believes in is not the one that we reach.
                format!(
                    "<http://gitlab.internal/api/v4/projects/bank%2Ftransfers/repository/commits/{COMMIT}/merge_requests?page=2&per_page=100>; rel=\"next\""
                ),
            ),
        )
        .on(
            &line,
            Played::json(format!("[{}]", request(2, "merged"))).header("x-next-page", "3"),
        )
        .on(
            &line,
            Played::json(format!("[{}]", request(3, "merged"))).header("x-next-page", ""),
        );
    let requests = gitlab(&server)
        .merge_requests("bank/transfers", &[COMMIT.to_owned()])
        .await
        .unwrap();
    let iids: Vec<u32> = requests.iter().map(|r| r.iid).collect();
    assert_eq!(iids, [3, 2, 1]);
    let pages: Vec<Option<String>> = server.asked()[1..]
        .iter()
        .map(|asked| asked.query.get("page").cloned())
        .collect();
    assert_eq!(pages, [None, Some("2".to_owned()), Some("3".to_owned())]);
}

#[tokio::test]
async fn a_total_that_contradicts_the_pages_is_not_trusted() {
    let server = with_project().await;
    server.on(
        &requests_of(COMMIT),
        Played::json(format!("[{}]", request(1, "merged")))
            .header("x-total", "500")
            .header("x-total-pages", "5")
            .header("x-next-page", ""),
    );
    let requests = gitlab(&server)
        .merge_requests("bank/transfers", &[COMMIT.to_owned()])
        .await
        .unwrap();
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn a_list_without_end_is_a_bad_answer() {
    let server = with_project().await;
    let line = requests_of(COMMIT);
    for page in 2..400 {
        server.on(
            &line,
            Played::json("[]").header("x-next-page", page.to_string()),
        );
    }
    let error = gitlab(&server)
        .merge_requests("bank/transfers", &[COMMIT.to_owned()])
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer);
}

#[tokio::test]
async fn refusals_are_told_apart_whatever_the_shape_of_their_message() {
    for (status, body, kind, said) in [
        (
            401,
            r#"{"message":"401 Unauthorized"}"#,
            FaultKind::Unauthenticated,
            "401 Unauthorized",
        ),
        (
            401,
            r#"{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"#,
            FaultKind::Expired,
            "Token is expired",
        ),
        (
            401,
            r#"{"error":"invalid_token","error_description":"Token was revoked."}"#,
            FaultKind::Unauthenticated,
            "revoked",
        ),
        (
            403,
            r#"{"error":"insufficient_scope","error_description":"higher privileges","scope":"api read_api"}"#,
            FaultKind::Forbidden,
            "higher privileges",
        ),
        (
            404,
            r#"{"message":"404 Project Not Found"}"#,
            FaultKind::NotFound,
            "404 Project Not Found",
        ),
        (429, "Retry later", FaultKind::Throttled, "fewer questions"),
        (
            400,
            r#"{"message":{"sha":["is bad","is short"]}}"#,
            FaultKind::Refused,
            "sha: is bad, is short",
        ),
        (
            400,
            r#"{"message":["one","two"]}"#,
            FaultKind::Refused,
            "one, two",
        ),
    ] {
        let server = Server::start().await;
        server.otherwise(Played::new(status, body));
        let error = gitlab(&server)
            .merge_requests("bank/transfers", &[])
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind, "{body}");
        assert!(
            error.message.contains(said),
            "{} lacks {said}",
            error.message
        );
    }
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named_in_the_hint() {
    let server = Server::start().await;
    server.otherwise(Played::new(
        403,
        r#"{"error":"insufficient_scope","scope":"api read_api"}"#,
    ));
    let error = gitlab(&server).identities().await.remove(0).unwrap_err();
    assert!(error.hint.unwrap().contains("api read_api"));
}

#[tokio::test]
async fn who_am_i_works_without_the_version() {
    let server = Server::start().await;
    server
        .on(
            "GET /api/v4/user",
            Played::json(r#"{"id":7,"username":"ana.ruiz"}"#),
        )
        .on("GET /api/v4/version", Played::new(403, ""))
        .on(
            "GET /api/v4/version",
            Played::json(r#"{"version":"19.5.0-ee"}"#),
        );
    let gitlab = gitlab(&server);
    let me = gitlab.identities().await.remove(0).unwrap();
    assert_eq!((me.name.as_str(), me.version), ("ana.ruiz", None));
    let me = gitlab.identities().await.remove(0).unwrap();
    assert_eq!(me.version.as_deref(), Some("19.5.0-ee"));
}

#[tokio::test]
async fn a_sign_in_page_with_200_is_a_captive_portal() {
    let server = Server::start().await;
    server.otherwise(
        Played::new(200, "<!DOCTYPE html><title>Sign in · GitLab</title>")
            .header("content-type", "text/html"),
    );
    let error = gitlab(&server).identities().await.remove(0).unwrap_err();
    assert_eq!(error.kind, FaultKind::CaptivePortal);
}

#[tokio::test]
async fn approvals_the_newest_pipeline_and_statuses_of_the_commit_are_one_review() {
    let request = format!("{PROJECT}/merge_requests/7");
    let statuses = format!("{PROJECT}/repository/commits/{COMMIT}/statuses");
    let with = |approvals: &'static str| {
        let (request, statuses) = (request.clone(), statuses.clone());
        async move {
            let server = with_project().await;
            server
                .on(&format!("{request}/approvals"), Played::json(approvals))
                .on(
                    &format!("{request}/pipelines"),
                    Played::json(r#"[{"status":"failed","web_url":"p2"},{"status":"success"}]"#),
                )
                .on(
                    &statuses,
                    Played::json(
                        r#"[{"name":"jenkins/build","status":"success","target_url":"j"}]"#,
                    ),
                );
            gitlab(&server).review("bank/transfers", 7, COMMIT).await
        }
    };
    let review = with(
        r#"{"approvals_left":1,"approved_by":[{"user":{"username":"l.prado"}},{"user":null}]}"#,
    )
    .await
    .unwrap();
    assert_eq!(review.approved_by, ["l.prado"]);
    assert_eq!(review.missing, Some(1));
    let checks: Vec<_> = review
        .checks
        .iter()
        .map(|check| {
            (
                check.name.as_str(),
                check.status.as_str(),
                check.url.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        checks,
        [
            ("pipeline", "failed", Some("p2")),
            ("jenkins/build", "success", Some("j"))
        ]
    );
    let free = with("{}").await.unwrap();
    assert_eq!((free.approved_by.len(), free.missing), (0, None));
    let broken = with("[]").await.unwrap_err();
    assert_eq!(broken.kind, FaultKind::BadAnswer);
}
